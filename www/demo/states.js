// What a column shows while it has no list: that it waits, or what went wrong.

import { element, spoken } from "../shared/dom.js";
import { wordsFor } from "../shared/problem.js";

/** @import { Frame } from "./column-frame.js" */

/** Lines of a card that is not there yet; the style sheet gives them their widths. */
const SKELETON_LINES = 5;
const SKELETON_CARDS = 3;

/** @param {Frame} frame */
export function showLoading(frame) {
  frame.notices.replaceChildren();
  frame.list.setAttribute("aria-busy", "true");
  frame.cards.replaceChildren(...Array.from({ length: SKELETON_CARDS }, skeleton));
  frame.more.hidden = true;
}

/** @param {unknown} _ @param {number} index */
function skeleton(_, index) {
  const card = element("li", "card skeleton");
  card.append(...Array.from({ length: SKELETON_LINES }, () => element("span")));
  if (index === 0) card.append(spoken("Loading"));
  return card;
}

/**
 * @param {Frame} frame
 * @param {unknown} thrown
 * @param {() => void} again
 */
export function showProblem(frame, thrown, again) {
  frame.cards.replaceChildren();
  frame.more.hidden = true;
  const problem = element("div", "problem");
  problem.setAttribute("role", "alert");
  const button = element("button", "quiet", "Try again");
  button.type = "button";
  button.addEventListener("click", again);
  problem.append(element("p", "", `The list could not be loaded. ${wordsFor(thrown)}`), button);
  frame.notices.replaceChildren(problem);
}
