// The frame of a column: its head, and the places that the other parts fill.

import { copyOf, find } from "../shared/dom.js";

/**
 * @typedef {{ id: string, initial: string, name: string, about: string, hue: number }} Heading
 * @typedef {ReturnType<typeof columnFrame>} Frame
 */

/**
 * Makes an empty column.
 * @param {Heading} heading
 */
export function columnFrame({ id, initial, name, about, hue }) {
  const section = copyOf("column-template");
  section.id = id;
  section.classList.add(`hue-${hue}`);
  const title = find(section, "h2", HTMLHeadingElement);
  title.id = `${id}-title`;
  title.textContent = name;
  section.setAttribute("aria-labelledby", title.id);
  find(section, ".initial", HTMLElement).textContent = initial;
  find(section, ".about", HTMLElement).textContent = about;
  const said = find(section, ".said p", HTMLElement);
  find(section, ".said button", HTMLButtonElement).addEventListener("click", () => (said.textContent = ""));
  return {
    name,
    section,
    switch: find(section, ".switch", HTMLLabelElement),
    chip: find(section, ".chip", HTMLElement),
    stateText: find(section, ".state-text", HTMLElement),
    stored: find(section, ".stored p", HTMLElement),
    list: find(section, ".list", HTMLElement),
    notices: find(section, ".notices", HTMLElement),
    cards: find(section, ".cards", HTMLOListElement),
    more: find(section, ".more", HTMLButtonElement),
    said,
  };
}
