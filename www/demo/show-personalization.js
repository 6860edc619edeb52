// Says how far a list is personal, and why it is not where it is not.

/**
 * @import { Decision, Settings } from "../shared/wire.js"
 * @import { Frame } from "./column-frame.js"
 */

/**
 * @param {Frame} frame
 * @param {Decision} decision
 * @param {Settings | null} settings null when they could not be read
 */
export function showPersonalization(frame, decision, settings) {
  const [chip, words] = stateOf(frame.name, decision, settings);
  frame.chip.textContent = chip;
  frame.stateText.textContent = words;
  frame.section.dataset.personalization = decision.personalization;
}

/** @param {string} name @param {Decision} decision @param {Settings | null} settings @returns {[string, string]} */
function stateOf(name, decision, settings) {
  if (decision.personalization === "full") return ["Full profile", "The order rests on what was done and stated."];
  if (decision.personalization === "building") return ["Still learning", decision.message];
  if (settings === null || decision.degraded.includes("consent")) return ["General order", "The consent could not be read, so nothing personal is used."];
  if (settings.isEnabled === null) return ["No consent", `${name} has not agreed to personalization. This is the general order.`];
  if (settings.isEnabled) return ["Paused", "Personalization is switched off for everybody at the moment. This is the general order."];
  return ["Switched off", `This is the general order. Nothing about ${name} is read or recorded.`];
}
