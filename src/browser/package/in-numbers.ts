import type { DecidedItem, Decision, Factor, Term } from "./wire/decisions.js";

/** The ids and categories of a list's items, in the engine's own order. */
export type Names = readonly (readonly [id: string, category: string])[];

/**
 * Makes the decision of what the engine answers in numbers: of each item its place in `shelf`, score, confidence, adjusted
 * priority, how many terms and factors; then the place of each term in the head and its value, and the place of each factor.
 * Making objects here takes a fraction of what reading their JSON would.
 */
export function decisionOf(id: string, numbers: Float64Array, head: string, shelf: Names): Decision {
  const { decision, names, weights } = JSON.parse(head) as { decision: Decision; names: readonly string[]; weights: readonly number[] };
  const items: DecidedItem[] = [];
  for (let at = 0; at < numbers.length; ) {
    const shelved = shelf[numbers[at]!]!;
    // As long as they get: arrays that grow reserve room for sixteen.
    const terms = new Array<Term>(numbers[at + 4]!);
    const factors = new Array<Factor>(numbers[at + 5]!);
    items.push({
      id: shelved[0], rank: items.length + 1, score: numbers[at + 1]!, confidence: numbers[at + 2]!, adjusted_priority: numbers[at + 3]!, category: shelved[1], terms, factors,
    });
    at += 6;
    for (let index = 0; index < terms.length; index += 1, at += 2) {
      const [place, value] = [numbers[at]!, numbers[at + 1]!];
      const weight = weights[place]!;
      terms[index] = { name: names[place]!, value, weight, contribution: value * weight };
    }
    for (let index = 0; index < factors.length; index += 1, at += 1) factors[index] = { name: names[numbers[at]!]!, multiplier: weights[numbers[at]!]! };
  }
  return { ...decision, decision_id: id, items };
}
