// One suggestion: what it is, why it is here, and what the person can do about it.

import { element } from "../shared/dom.js";

/**
 * @import { App } from "./app.js"
 * @typedef {import("../dist/nearside/nearside.js").DecidedItem} DecidedItem
 */

/** The pack's words at the end of a shortened text; the rest of it is one press away in any case. */
const SHOW_MORE = /\s*\[[^\]\n]+\]$/;

/**
 * @param {App} app
 * @param {DecidedItem} item
 * @param {{ decision: string, scope: string, row: string, fact?: string, items?: string[] }} place where the card stands
 */
export function card(app, item, { decision, scope, row, fact, items }) {
  const { nearside, published } = app;
  const shown = element("li", "card");
  const category = published?.categories.find(({ id }) => id === item.category)?.name ?? item.category ?? "";
  const top = element("p", "card-top");
  top.append(element("span", "category", category));
  const rest = element("div", "rest");
  rest.append(element("p", "description", (item.description ?? "").replace(SHOW_MORE, "")));
  if (item.description_full && item.description_full !== item.description) {
    const all = element("details");
    all.append(element("summary", "", "All of it"), element("p", "", item.description_full));
    rest.append(all);
  }
  if (fact) rest.append(element("p", "fact", fact));
  if (item.benefit_presentation) rest.append(element("p", "benefit", item.benefit_presentation));
  const reasons = element("ul", "reasons");
  reasons.append(...(item.personalized_reasoning ?? []).map((reason) => element("li", "", reason)));
  rest.append(reasons);
  shown.append(top, element("h3", "", item.title ?? item.id), rest);
  if (nearside.mode !== "general") shown.append(actions(app, item, decision, row));
  const why = /** @type {import("../dist/nearside/elements.js").WhyThisElement} */ (document.createElement("why-this"));
  Object.assign(why, { nearside, context: app.context(), items, decision, scope, item: item.id, label: item.title ?? item.id });
  why.dataset.key = `why-${row}-${item.id}`;
  shown.append(why);
  return shown;
}

/** @param {App} app @param {DecidedItem} item @param {string} decision @param {string} row */
function actions(app, item, decision, row) {
  const made = element("div", "actions");
  const kinds = [["Accept", "main accept", "RECOMMENDATION_ACCEPTED", "Accepted."], ["Dismiss", "quiet dismiss", "RECOMMENDATION_DISMISSED", "Dismissed."]];
  for (const [text, className, type, said] of kinds) {
    const button = element("button", className, text);
    button.type = "button";
    button.dataset.key = `${text}-${row}-${item.id}`;
    button.setAttribute("aria-label", `${text}: ${item.title}`);
    button.addEventListener("click", async () => {
      try {
        const { withheld } = await app.nearside.observe({
          type: /** @type {string} */ (type), target_type: "recommendation", target_id: item.id, category: item.category ?? null,
          decision_id: decision, position: item.rank,
        });
        app.say(withheld > 0 ? "Not kept: learning is paused or switched off." : `${said} The order follows.`);
        app.changed();
      } catch (thrown) {
        app.fail(thrown);
      }
    });
    made.append(button);
  }
  return made;
}
