// A list for one person, in one script: the order, the reason, more and less of this, and the person's choice.
import { createNearside } from "./nearside/nearside.js";

const CONTEXT = { country: "GB", time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
const part = (id) => document.getElementById(id);
const say = (text) => (part("status").textContent = text);

/** Makes an element with its text and what it does when it is pressed. */
function element(name, text, onClick) {
  const made = document.createElement(name);
  made.textContent = text;
  if (onClick) made.addEventListener("click", onClick);
  return made;
}

function row(nearside, { id, title, personalized_reasoning: reasons = [] }) {
  const happened = (type) => () => nearside.observe({ type, target_type: "recommendation", target_id: id }).then(() => draw(nearside));
  const why = element("p", reasons.join(" "));
  const shown = document.createElement("li");
  shown.id = id;
  shown.append(element("h2", title), why, element("button", "Why this?", async () => {
    const explanation = await nearside.explain(id, { context: CONTEXT });
    why.textContent = [...explanation.primary_reasons, explanation.logic].join(" ");
  }), element("button", "More like this", happened("RECOMMENDATION_ACCEPTED")), element("button", "Not for me", happened("RECOMMENDATION_DISMISSED")));
  return shown;
}

async function draw(nearside) {
  const { items, degraded } = await nearside.rerank(undefined, CONTEXT, { explain: "summary" });
  part("list").replaceChildren(...items.map((item) => row(nearside, item)));
  part("mode").querySelector(`[value=${nearside.mode}]`).checked = true;
  say([`${items.length} suggestions.`, ...degraded.map((what) => `Not as it should be: ${what}.`)].join(" "));
}

try {
  const nearside = await createNearside({ pack: "finance", onChange: () => draw(nearside) });
  part("mode").addEventListener("change", ({ target }) => nearside.setMode(target.value));
  part("erase").addEventListener("click", async () => {
    const { receipt_id } = await nearside.profile.erase();
    await draw(nearside);
    say(`Everything is erased. Receipt: ${receipt_id}`);
  });
  await draw(nearside);
  part("mode").disabled = part("erase").disabled = false;
} catch (error) {
  say(`The suggestions cannot be shown: ${error.detail ?? error.message}`);
}
