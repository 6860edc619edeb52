// What stands where there is no list: waiting, nothing, and what went wrong.

import { element } from "../shared/dom.js";

/** @param {string} text */
export const empty = (text) => element("p", "note", text);

/** @param {string} text @param {() => void} [again] */
export function problem(text, again) {
  const made = element("div", "problem");
  made.setAttribute("role", "alert");
  made.append(element("p", "", text));
  if (again) {
    const button = element("button", "quiet", "Try again");
    button.type = "button";
    button.addEventListener("click", again);
    made.append(button);
  }
  return made;
}

/** Placeholders where the cards will be, under the title. @returns {Node[]} */
export function loading() {
  const cards = element("ul", "cards");
  cards.setAttribute("aria-label", "Loading");
  for (let count = 0; count < 3; count += 1) {
    const card = element("li", "card skeleton");
    card.append(...Array.from({ length: 4 }, () => element("span")));
    cards.append(card);
  }
  return [element("h1", "", "Suggestions"), cards];
}
