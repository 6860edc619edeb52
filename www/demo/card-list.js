// The ordered list of cards: brought to a new order without losing the person's place.

import { element } from "../shared/dom.js";
import { showCard } from "./card.js";
import { glide } from "./glide.js";
import { OPEN_LENGTH } from "./list-length.js";

/**
 * @import { Item } from "../shared/wire.js"
 * @import { Choice } from "./choose.js"
 * @import { Frame } from "./column-frame.js"
 * @import { Move } from "./moves.js"
 */

/** @typedef {{ choose: (item: Item, choice: Choice) => void, why: (item: Item) => void }} CardActions */

/**
 * @param {Frame} frame
 * @param {CardActions | null} actions null where there is nobody to act
 */
export function cardList(frame, actions) {
  /** @type {Map<string, HTMLElement>} */
  let cards = new Map();
  let isOpen = false;

  const fold = () => {
    const all = [...cards.values()];
    all.forEach((card, index) => (card.hidden = !isOpen && index >= OPEN_LENGTH));
    const hidden = all.length - OPEN_LENGTH;
    frame.more.hidden = hidden <= 0;
    frame.more.textContent = isOpen ? "Show fewer" : `Show ${hidden} more`;
    frame.more.setAttribute("aria-expanded", String(isOpen));
  };
  frame.more.addEventListener("click", () => {
    isOpen = !isOpen;
    fold();
    if (isOpen) [...cards.values()][OPEN_LENGTH]?.querySelector("button")?.focus();
  });

  /**
   * @param {Item[]} items
   * @param {Map<string, Move>} [moves]
   */
  const show = (items, moves = new Map()) => {
    const place = placeOfFocus(frame.cards);
    const settle = glide(cards);
    cards = new Map(items.map((item) => [item.id, showCard(cards.get(item.id), item, moves.get(item.id) ?? null, actions)]));
    frame.cards.replaceChildren(...cards.values());
    if (items.length === 0) frame.cards.append(element("li", "notice", "There is nothing to recommend at the moment."));
    fold();
    settle(cards);
    if (place) restoreFocus(frame.cards, place);
  };
  return { show };
}

/** @typedef {{ focused: HTMLElement, index: number, className: string }} Place */

/** Where the keyboard is in the list, if it is there. @param {HTMLElement} list @returns {Place | null} */
function placeOfFocus(list) {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || !list.contains(focused)) return null;
  const index = [...list.children].findIndex((card) => card.contains(focused));
  return { focused, index, className: focused.className };
}

/** Follows the card that the keyboard was in; where it went out of sight, takes the card at its old place. @param {HTMLElement} list @param {Place} place */
function restoreFocus(list, { focused, index, className }) {
  const isVisible = list.contains(focused) && !focused.closest("[hidden]");
  const visible = [...list.children].filter((card) => card instanceof HTMLElement && !card.hidden);
  const instead = visible[Math.min(index, visible.length - 1)]?.getElementsByClassName(className)[0];
  const target = isVisible ? focused : instead;
  if (target instanceof HTMLElement) target.focus();
}
