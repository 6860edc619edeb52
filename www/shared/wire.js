// The shapes of the API's answers, as far as the page reads them, and the parsers that make sure of them.

import { list, number, numberOrNull, object, text, textOrEmpty } from "./read.js";

/**
 * @typedef {{ user_id: string, name: string, about: string, time_zone: string | null, token: string }} DemoPerson
 * @typedef {"none" | "building" | "full"} Personalization
 * @typedef {{ id: string, rank: number, category: string, title: string, description: string, descriptionFull: string,
 *   tone: string, reasons: string[], benefit: string }} Item
 * @typedef {{ decisionId: string, receipt: string, personalization: Personalization, message: string, degraded: string[], items: Item[] }} Decision
 * @typedef {{ label: string, value: number, weight: number, contribution: number }} Term
 * @typedef {{ label: string, multiplier: number }} Factor
 * @typedef {{ personalization: Personalization, rank: number | null, score: number | null, primaryReasons: string[],
 *   contributingFactors: string[], terms: Term[], factors: Factor[], dataUsed: string[], whatWouldChangeIt: string[],
 *   howToImprove: string[], logic: string, degraded: string[] }} Explanation
 * @typedef {{ isEnabled: boolean | null }} Settings
 * @typedef {{ accepted: number, duplicates: number, withheld: number, rejected: { detail: string }[] }} TrackReport
 * @typedef {{ id: string, type: "RECOMMENDATION_ACCEPTED" | "RECOMMENDATION_DISMISSED", target_type: "recommendation",
 *   target_id: string, action: string, decision_id: string, position: number, receipt?: string }} Interaction
 */

/** @param {unknown} value @returns {Personalization} */
function personalization(value) {
  if (value === "none" || value === "building" || value === "full") return value;
  throw new TypeError("not a state of personalization");
}

/** @param {unknown} json @returns {Item} */
function item(json) {
  const { id, rank, category, title, description, description_full, tone, personalized_reasoning, benefit_presentation } = object(json);
  return {
    id: text(id),
    rank: number(rank),
    category: textOrEmpty(category),
    title: textOrEmpty(title),
    description: textOrEmpty(description),
    descriptionFull: textOrEmpty(description_full),
    tone: textOrEmpty(tone),
    reasons: list(personalized_reasoning, text),
    benefit: textOrEmpty(benefit_presentation),
  };
}

/** @param {unknown} json @returns {Decision} */
export function parseDecision(json) {
  const decision = object(json);
  return {
    decisionId: text(decision.decision_id),
    receipt: textOrEmpty(decision.receipt),
    personalization: personalization(decision.personalization),
    message: textOrEmpty(decision.message),
    degraded: list(decision.degraded, text),
    items: list(decision.items, item),
  };
}

/** @param {unknown} json @returns {Term} */
function term(json) {
  const { name, label, value, weight, contribution } = object(json);
  return { label: textOrEmpty(label) || text(name), value: number(value), weight: number(weight), contribution: number(contribution) };
}

/** @param {unknown} json @returns {Factor} */
function factor(json) {
  const { name, label, multiplier } = object(json);
  const plain = text(name).replaceAll("_", " ");
  return { label: textOrEmpty(label) || plain.charAt(0).toUpperCase() + plain.slice(1), multiplier: number(multiplier) };
}

/** @param {unknown} json @returns {Explanation} */
export function parseExplanation(json) {
  const explanation = object(json);
  return {
    personalization: personalization(explanation.personalization),
    rank: numberOrNull(explanation.rank),
    score: numberOrNull(explanation.score),
    primaryReasons: list(explanation.primary_reasons, text),
    contributingFactors: list(explanation.contributing_factors, text),
    terms: list(explanation.terms, term),
    factors: list(explanation.factors, factor),
    dataUsed: list(explanation.data_used, text),
    whatWouldChangeIt: list(explanation.what_would_change_it, text),
    howToImprove: list(explanation.how_to_improve_relevance, text),
    logic: textOrEmpty(explanation.logic),
    degraded: list(explanation.degraded, text),
  };
}

/** @param {unknown} json @returns {Settings} */
export function parseSettings(json) {
  const { personalization_enabled: isEnabled } = object(json);
  return { isEnabled: typeof isEnabled === "boolean" ? isEnabled : null };
}

/** @param {unknown} json @returns {TrackReport} */
export function parseTrackReport(json) {
  const { accepted, duplicates, withheld, rejected } = object(json);
  const refused = list(rejected, (entry) => ({ detail: text(object(entry).detail) }));
  return { accepted: number(accepted), duplicates: number(duplicates), withheld: number(withheld), rejected: refused };
}

/** @param {unknown} json @returns {DemoPerson[]} */
export function parsePeople(json) {
  return list(json, (entry) => {
    const { user_id, name, about, time_zone, token } = object(entry);
    return { user_id: text(user_id), name: text(name), about: text(about), time_zone: textOrEmpty(time_zone) || null, token: text(token) };
  });
}
