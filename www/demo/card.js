// One recommendation as a card.

import { copyOf, element, find, spoken } from "../shared/dom.js";
import { showDescription } from "./description.js";

/**
 * @import { Item } from "../shared/wire.js"
 * @import { CardActions } from "./card-list.js"
 * @import { Move } from "./moves.js"
 */

/** The item that a card shows now; its buttons act on this one. @type {WeakMap<HTMLElement, Item>} */
const itemOf = new WeakMap();

/**
 * Fills a card, or a new one, with an item.
 * @param {HTMLElement | undefined} known the card that showed the item before
 * @param {Item} item
 * @param {Move | null} move
 * @param {CardActions | null} actions
 */
export function showCard(known, item, move, actions) {
  const card = known ?? newCard(actions);
  itemOf.set(card, item);
  find(card, ".rank", HTMLElement).replaceChildren(spoken("Number "), String(item.rank));
  find(card, ".category", HTMLElement).textContent = item.category.replaceAll("_", " ");
  find(card, "h3", HTMLHeadingElement).textContent = item.title;
  showDescription(card, item);
  find(card, ".reasons", HTMLUListElement).replaceChildren(...item.reasons.map(reason));
  find(card, ".benefit", HTMLElement).textContent = item.benefit;
  find(card, ".tone", HTMLElement).textContent = item.tone && `Tone: ${item.tone.replaceAll("_", " ").toLowerCase()}`;
  // Ten buttons called "Accept" are of no use to somebody who cannot see where they stand.
  for (const button of card.querySelectorAll(".actions button, .why-open")) button.setAttribute("aria-label", `${button.textContent}: ${item.title}`);
  showMove(card, move);
  return card;
}

/** @param {string} text */
function reason(text) {
  const made = element("li");
  made.append(element("span", "", text));
  return made;
}

/** @param {CardActions | null} actions */
function newCard(actions) {
  const card = copyOf("card-template");
  if (!actions) {
    for (const row of [".actions", ".card-foot"]) find(card, row, HTMLElement).hidden = true;
    return card;
  }
  /** @param {string} selector @param {(item: Item) => void} act */
  const on = (selector, act) => find(card, selector, HTMLButtonElement).addEventListener("click", () => {
    const item = itemOf.get(card);
    if (item) act(item);
  });
  on(".accept", (item) => actions.choose(item, "accept"));
  on(".dismiss", (item) => actions.choose(item, "dismiss"));
  on(".why-open", (item) => actions.why(item));
  return card;
}

/** Marks a card that moved, until the next change. @param {HTMLElement} card @param {Move | null} move */
function showMove(card, move) {
  const badge = find(card, ".moved", HTMLElement);
  card.classList.remove("has-moved");
  badge.replaceChildren();
  if (!move) return;
  card.classList.add("has-moved");
  if (move.from === null) {
    badge.textContent = "New";
    return;
  }
  const arrow = element("span", "", `${move.from > move.to ? "↑" : "↓"} was ${move.from}`);
  arrow.setAttribute("aria-hidden", "true");
  badge.append(arrow, spoken(`moved ${move.from > move.to ? "up" : "down"} from ${move.from}`));
}
