// Whether the figures can be trusted: the sample ratio, what could not be counted, the minimum, and whether one may peek.

import { element } from "../shared/dom.js";
import { count, percent, plain, probability } from "./format.js";

/** @import { TestResults } from "../shared/experiments-wire.js" */

const SIGNS = { good: "✓", note: "i", bad: "✕" };

/** What each counter counts. */
const COUNTERS = {
  unexposed: "Outcomes without an exposure before",
  late: "outcomes past the window or the end",
  bad_receipt: "receipts that did not verify",
  no_receipt: "interactions without a receipt, so that it is not certain what was shown",
  conflict: "assignments unlike the recorded one, which was kept",
};

/** @param {TestResults} results */
export function healthStrip(results) {
  const section = element("section", "health");
  const heading = element("h3", "", "Can this be trusted?");
  heading.id = "health";
  section.setAttribute("aria-labelledby", "health");
  const list = element("ul");
  list.append(sampleRatio(results), missingData(results), minimum(results), peeking(results));
  section.append(heading, list);
  return section;
}

/** @param {"good" | "note" | "bad"} kind @param {string} title @param {string} text */
function check(kind, title, text) {
  const entry = element("li", `check is-${kind}`);
  const sign = element("span", "sign", SIGNS[kind]);
  sign.setAttribute("aria-hidden", "true");
  const words = element("div");
  words.append(element("strong", "", title), element("p", "", text));
  entry.append(sign, words);
  return entry;
}

/** @param {TestResults} results */
function sampleRatio({ health: { sampleRatio }, variants }) {
  const all = sampleRatio.observed.reduce((sum, units) => sum + units, 0);
  const shares = variants.map(({ name }, place) => {
    const observed = all > 0 ? percent((100 * (sampleRatio.observed[place] ?? 0)) / all) : "none";
    return `${name} ${observed} of ${percent(100 * (sampleRatio.expected[place] ?? 0))}`;
  });
  const said = `Seen of expected: ${shares.join(", ")}.`;
  return sampleRatio.isBroken
    ? check("bad", "Sample ratio broken", `${said} Chance alone would do this with probability ${probability(sampleRatio.p)}: something is lost or counted wrongly, so there is no verdict.`)
    : check("good", "Sample ratio as expected", said);
}

/** @param {TestResults} results */
function missingData({ health: { counters } }) {
  const told = Object.entries(counters).filter(([, times]) => times > 0);
  if (told.length === 0) return check("good", "No missing data", "Every outcome found its exposure, and every receipt was in order.");
  const texts = told.map(([name, times]) => `${COUNTERS[/** @type {keyof typeof COUNTERS} */ (name)] ?? plain(name)}: ${count(times)}`);
  return check("note", "Not counted", `${texts.join("; ")}.`);
}

/** @param {TestResults} results */
function minimum({ health, progress }) {
  return health.hasMinimum
    ? check("good", "Minimum sample reached", `${count(progress.exposed)} exposed, ${count(progress.target)} needed.`)
    : check("note", "Minimum sample not reached", `${count(progress.exposed)} of ${count(progress.target)} exposed; until then there is no verdict.`);
}

/** @param {TestResults} results */
function peeking({ method }) {
  return method === "always_valid"
    ? check("good", "Safe to look at any time", "The error rate holds however often somebody looks and whenever they stop.")
    : check("note", "One look only", "These figures hold for a single look on a day fixed before the start; looking more often finds differences that are not there.");
}
