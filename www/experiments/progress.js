// How far the test has come, and how long it will take at the present rate.

import { element } from "../shared/dom.js";
import { count } from "./format.js";

/** @import { TestResults } from "../shared/experiments-wire.js" */

/** @param {TestResults} results */
export function progress({ progress: { exposed, target, perDay, daysLeft }, status }) {
  const section = element("section", "panel");
  const heading = element("h3", "", "Progress");
  heading.id = "progress";
  section.setAttribute("aria-labelledby", "progress");
  const bar = element("progress");
  bar.max = Math.max(target, 1);
  bar.value = Math.min(exposed, bar.max);
  bar.setAttribute("aria-labelledby", "progress");
  section.append(heading, bar, element("p", "", `${count(exposed)} exposed of ${count(target)} that are needed at least. ${pace(status, perDay, daysLeft)}`));
  return section;
}

/** @param {string} status @param {number | null} perDay @param {number | null} daysLeft */
function pace(status, perDay, daysLeft) {
  if (status !== "ACTIVE") return "The test is not running.";
  if (perDay === null) return "It has not run long enough to tell a rate.";
  const rate = `At the present rate of ${count(perDay)} a day`;
  if (daysLeft === null) return `${rate}.`;
  if (daysLeft <= 0) return `${rate}; the number that is needed is reached.`;
  const days = Math.ceil(daysLeft);
  return `${rate}, ${days === 1 ? "about one day is" : `about ${count(days)} days are`} left.`;
}
