// The verdict in one sentence, and what to do.

import { element } from "../shared/dom.js";
import { signedPercent } from "./format.js";

/** @import { TestResults } from "../shared/experiments-wire.js" */

/** Which signs stand before which verdicts: the words say it too. */
const SIGNS = { wins: "✓", withheld: "?", harm: "!", open: "…" };

/** @param {string} code */
function kindOf(code) {
  if (code === "variant_wins" || code === "control_wins") return "wins";
  if (code === "guardrail") return "harm";
  return code === "running" || code === "no_difference" ? "open" : "withheld";
}

/** @param {TestResults} results */
export function verdict(results) {
  const kind = kindOf(results.verdict.code);
  const section = element("section", `verdict is-${kind}`);
  section.setAttribute("aria-labelledby", "verdict");
  const heading = element("h2", "", results.verdict.text);
  heading.id = "verdict";
  const name = element("p", "verdict-test");
  name.append(element("span", "test-name", results.name), ` in ${results.environment}, epoch ${results.epoch}, measured by “${results.successMetric.replaceAll("_", " ")}”`);
  const sign = element("span", "sign", SIGNS[kind]);
  sign.setAttribute("aria-hidden", "true");
  const words = element("div");
  words.append(name, heading, ...advice(results));
  section.append(sign, words);
  return section;
}

/** @param {TestResults} results @returns {HTMLElement[]} */
function advice({ winner, liftOverControl, recommendation, variants }) {
  const lines = [];
  if (winner !== null) {
    const lift = liftOverControl === null || winner === variants[0]?.name ? "" : `, ${signedPercent(liftOverControl / 100)} over the control`;
    lines.push(element("p", "", `Best so far: ${winner}${lift}.`));
  }
  if (recommendation) lines.push(element("p", "recommendation", recommendation));
  return lines;
}
