// The dialog "Why am I seeing this?": the explanation of one item's place, made by the API at this moment.

import { explain } from "../shared/api.js";
import { bullets, element, find } from "../shared/dom.js";
import { wordsFor } from "../shared/problem.js";
import { sumOf } from "./sum.js";

/** @import { DemoPerson, Explanation, Item } from "../shared/wire.js" */

/**
 * Opens the dialog and fills it.
 * @param {DemoPerson} person
 * @param {Item} item
 */
export async function openWhy(person, item) {
  const dialog = find(document, "#why", HTMLDialogElement);
  const body = find(dialog, ".why-body", HTMLElement);
  find(dialog, ".why-close", HTMLButtonElement).onclick = () => dialog.close();
  // A click beside the box closes it too; the box itself fills the element, so only the backdrop is the target.
  dialog.onclick = (event) => event.target === dialog && isOutside(dialog, event) && dialog.close();
  body.replaceChildren(element("p", "", "Working it out …"));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  try {
    body.replaceChildren(...contents(person, item, await explain(person, item.id)));
  } catch (thrown) {
    const again = element("button", "quiet", "Try again");
    again.type = "button";
    again.addEventListener("click", () => void openWhy(person, item));
    const problem = element("div", "problem");
    problem.append(element("p", "", `The explanation could not be loaded. ${wordsFor(thrown)}`), again);
    body.replaceChildren(problem);
  }
}

/** @param {HTMLDialogElement} dialog @param {MouseEvent} event */
function isOutside(dialog, { clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

/** @param {DemoPerson} person @param {Item} item @param {Explanation} explanation @returns {HTMLElement[]} */
function contents(person, item, explanation) {
  const place = element("p", "why-place");
  const where = explanation.rank === null ? `in the general order shown to ${person.name}` : `number ${explanation.rank} for ${person.name}`;
  place.append(element("strong", "", item.title), `, ${where}, worked out just now.`);
  const parts = [
    section("Main reasons", bullets(explanation.primaryReasons), explanation.primaryReasons.length),
    section("What else counted", bullets(explanation.contributingFactors), explanation.contributingFactors.length),
    section("How the score adds up", sumOf(explanation), explanation.terms.length),
    section("Data used", bullets(explanation.dataUsed), explanation.dataUsed.length),
    section("What would change it", bullets(explanation.whatWouldChangeIt), explanation.whatWouldChangeIt.length),
    section("How to make the list fit better", bullets(explanation.howToImprove), explanation.howToImprove.length),
  ];
  const logic = element("p", "why-logic", explanation.logic);
  return [place, ...parts.filter((part) => part !== null), ...(explanation.logic ? [logic] : [])];
}

/** A part of the explanation, unless it would be empty. @param {string} title @param {HTMLElement} content @param {number} size */
function section(title, content, size) {
  if (size === 0) return null;
  const made = element("section");
  made.append(element("h3", "", title), content);
  return made;
}
