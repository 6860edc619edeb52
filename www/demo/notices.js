// Names what an answer had to do without.

import { element } from "../shared/dom.js";

/** @import { Decision } from "../shared/wire.js" */

/** @type {Record<string, string>} */
const MISSING = {
  consent: "the consent settings",
  features: "the learned part of the profile",
  pack: "the newest version of the pack",
  catalog: "the newest version of the catalogue",
  popularity: "what is popular in the country",
  model: "the newest model",
};

/** @param {Decision} decision @returns {HTMLElement[]} */
export function noticesFor({ degraded }) {
  const missing = degraded.filter((name) => name !== "outlier").map((name) => MISSING[name] ?? name.replaceAll("_", " "));
  const texts = missing.length > 0 ? [`Not everything could be read. Missing: ${missing.join(", ")}. The list does without.`] : [];
  if (degraded.includes("outlier")) texts.push("There is more activity here than one person can have, so it is set aside.");
  return texts.map((text) => element("p", "notice is-degraded", text));
}
