// The choice: four equals, first on every page. One press each way, with no second question.

import { element } from "../shared/dom.js";
import { MODES } from "./words.js";

/** @import { App } from "./app.js" */

const SIGNAL = "Your browser asks for privacy (Global Privacy Control). An earlier yes counts only if you gave it under that signal.";

/**
 * Draws the choice. Before the person chose, each option says what it means; after that one line is enough.
 * @param {HTMLElement} section
 * @param {App} app
 */
export function drawChoice(section, app) {
  const { nearside, choice: { isMade: hasChosen } } = app;
  const title = element("h2", "", hasChosen ? "Your order" : "How may this page order things for you?");
  title.id = "choice-title";
  const modes = element("div", "modes");
  modes.setAttribute("role", "group");
  modes.setAttribute("aria-labelledby", title.id);
  for (const { id, name, about } of MODES) {
    const button = element("button", "", "");
    button.type = "button";
    button.dataset.key = `choice-${id}`;
    button.setAttribute("aria-pressed", String(hasChosen && nearside.mode === id));
    button.append(element("strong", "", name));
    if (!hasChosen) button.append(element("small", "", about));
    button.addEventListener("click", () => app.choose(id));
    modes.append(button);
  }
  section.classList.toggle("is-open", !hasChosen);
  section.replaceChildren(title, modes);
  if (!hasChosen) section.append(element("p", "", "Until you choose you see the general order, and nothing is stored. You can change this at any time, here."));
  if (nearside.hasPrivacySignal) section.append(element("p", "", SIGNAL));
}
