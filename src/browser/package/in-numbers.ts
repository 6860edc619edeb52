import type { DecidedItem, Decision, Factor, Term } from "./wire/decisions.js";

/** The ids and categories of a list's items, in the engine's own order. */
export type Names = readonly (readonly [id: string, category: string])[];

/**
 * Makes the decision of what the engine answers in numbers: of each item its place in `shelf`, score, confidence, adjusted
 * priority, how many terms and factors; then those. Making objects here takes a fraction of what reading their JSON would.
 */
export function decisionOf(bytes: Uint8Array<ArrayBuffer>, shelf: Names): Decision {
  const numbers = new Float64Array(bytes.buffer);
  const end = numbers[0]!;
  const { decision, names } = JSON.parse(new TextDecoder().decode(bytes.subarray(end * 8))) as { decision: Decision; names: readonly string[] };
  const items: DecidedItem[] = [];
  for (let at = 1; at < end; ) {
    const [id, category] = shelf[numbers[at]!]!;
    const terms: Term[] = [];
    const factors: Factor[] = [];
    items.push({
      id, rank: items.length + 1, score: numbers[at + 1]!, confidence: numbers[at + 2]!, adjusted_priority: numbers[at + 3]!, category, terms, factors,
    });
    const endOfTerms = at + 6 + 4 * numbers[at + 4]!;
    const endOfFactors = endOfTerms + 2 * numbers[at + 5]!;
    for (at += 6; at < endOfTerms; at += 4) {
      terms.push({ name: names[numbers[at]!]!, value: numbers[at + 1]!, weight: numbers[at + 2]!, contribution: numbers[at + 3]! });
    }
    for (; at < endOfFactors; at += 2) factors.push({ name: names[numbers[at]!]!, multiplier: numbers[at + 1]! });
  }
  return { ...decision, items };
}
