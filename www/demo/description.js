// A card's text: as much as the person wants to read, and the whole of it behind a button.

import { element, find } from "../shared/dom.js";

/** @import { Item } from "../shared/wire.js" */

/** The pack's "[Show more]" at the end of a shortened text. */
const SHOW_MORE = /^([\s\S]*?)\s*\[([^\]\n]+)\]$/;

/**
 * @param {HTMLElement} card
 * @param {Item} item
 */
export function showDescription(card, item) {
  const place = find(card, ".description", HTMLElement);
  const button = find(card, ".expand", HTMLButtonElement);
  const [, short = item.description, label = ""] = SHOW_MORE.exec(item.description) ?? [];
  const isShortened = label !== "" && item.descriptionFull !== "" && item.descriptionFull !== short;
  let isOpen = false;
  const draw = () => {
    place.replaceChildren(...paragraphs(isOpen ? item.descriptionFull : short));
    button.textContent = isOpen ? "Show less" : label;
    button.setAttribute("aria-expanded", String(isOpen));
  };
  button.hidden = !isShortened;
  button.onclick = () => {
    isOpen = !isOpen;
    draw();
  };
  draw();
}

/** The text, and set apart what the pack adds behind an empty line: context, definitions, a date. @param {string} text */
function paragraphs(text) {
  return text.split("\n\n").filter(Boolean).map((part, index) => element("p", index === 0 ? "" : "context", part));
}
