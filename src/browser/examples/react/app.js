// A list for one person in React, without JSX: h is createElement.
import { createElement as h, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { useList } from "./use-list.js";
import { useNearside } from "./use-nearside.js";

/** The same object at each drawing: a new one would be a new question. */
const CONTEXT = { country: "GB" };
const MODES = [["general", "What everybody sees"], ["visit", "This visit only"], ["device", "On this device"]];

function Choice({ nearside }) {
  const option = ([mode, text]) => h("label", { key: mode },
    h("input", { type: "radio", name: "mode", checked: nearside.mode === mode, onChange: () => nearside.setMode(mode) }), ` ${text}`);
  return h("fieldset", null, h("legend", null, "What may this page remember?"), MODES.map(option));
}

function Suggestion({ item, onEvent }) {
  const happened = (type) => () => onEvent({ type, target_type: "recommendation", target_id: item.id });
  return h("li", null,
    h("h2", null, item.title),
    h("p", null, item.personalized_reasoning?.join(" ")),
    h("button", { onClick: happened("RECOMMENDATION_ACCEPTED") }, "More like this"),
    h("button", { onClick: happened("RECOMMENDATION_DISMISSED") }, "Not for me"));
}

function App() {
  const person = useNearside("finance");
  const decision = useList(person, CONTEXT, "home");
  const { nearside, error, touch } = person;
  if (error) return h("p", { role: "alert" }, `The suggestions cannot be shown: ${error.detail}`);
  if (!decision) return h("p", { role: "status" }, "Loading…");
  const onEvent = (interaction) => nearside.observe(interaction).then(touch);
  return h("main", null,
    h("h1", null, "For you"),
    h(Choice, { nearside }),
    h("ol", null, decision.items.map((item) => h(Suggestion, { key: item.id, item, onEvent }))));
}

createRoot(document.getElementById("root")).render(h(StrictMode, null, h(App)));
