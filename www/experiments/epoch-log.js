// What was changed when, by whom and why. Epochs of one stratum have the same shares and are analysed as one.

import { element } from "../shared/dom.js";
import { moment } from "./format.js";
import { tableOf } from "./figure.js";

/** @import { TestResults } from "../shared/experiments-wire.js" */

/** @param {TestResults} results */
export function epochLog({ epochs }) {
  const section = element("section", "panel is-wide");
  const heading = element("h3", "", "Epochs");
  heading.id = "epochs";
  section.setAttribute("aria-labelledby", "epochs");
  const newest = [...epochs].sort((left, right) => right.epoch - left.epoch);
  const rows = newest.map((epoch) => [String(epoch.epoch), moment(epoch.openedAt), epoch.action, epoch.reason, epoch.actor, `with ${epoch.stratum}`]);
  section.append(
    heading,
    element("p", "about", "Every change opens an epoch and stays on record. Figures are compared within epochs of equal shares, then put together."),
    tableOf("Epochs, the newest first", ["Epoch", "Opened", "Change", "Why", "Who", "Analysed"], rows),
  );
  return section;
}
