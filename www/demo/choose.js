// Accepting or dismissing an item: one interaction, and what became of it in words.

import { track } from "../shared/api.js";

/** @import { Decision, DemoPerson, Item } from "../shared/wire.js" */

/** @typedef {"accept" | "dismiss"} Choice */

/** @type {Record<Choice, { type: "RECOMMENDATION_ACCEPTED" | "RECOMMENDATION_DISMISSED", done: string }>} */
const CHOICES = {
  accept: { type: "RECOMMENDATION_ACCEPTED", done: "Accepted" },
  dismiss: { type: "RECOMMENDATION_DISMISSED", done: "Dismissed" },
};

/**
 * Reports the choice and returns the first words of the message.
 * @param {DemoPerson} person
 * @param {Decision | null} decision the list that the item stood in
 * @param {Item} item
 * @param {Choice} choice
 */
export async function choose(person, decision, item, choice) {
  const { type, done } = CHOICES[choice];
  const report = await track(person.token, {
    id: crypto.randomUUID(),
    type,
    target_type: "recommendation",
    target_id: item.id,
    action: choice,
    decision_id: decision?.decisionId ?? "",
    position: item.rank,
    ...(decision?.receipt && { receipt: decision.receipt }),
  });
  const [refused] = report.rejected;
  if (refused) return `Not recorded: ${refused.detail}.`;
  if (report.withheld > 0) return `Not recorded: personalization is off for ${person.name}.`;
  return `${done}.`;
}
