// A figure with the same figures as a table behind "Show as table", and tables in general.

import { element } from "../shared/dom.js";

let made = 0;

/** An id that no other element has. @param {string} stem */
export const freshId = (stem) => `${stem}-${(made += 1)}`;

/**
 * Makes a table with a caption. The first cell of each row names it.
 * @param {string} caption
 * @param {string[]} heads
 * @param {string[][]} rows
 */
export function tableOf(caption, heads, rows) {
  const table = element("table");
  table.append(element("caption", "", caption), row(heads, "thead", "col"), ...bodyOf(rows));
  // A wide table scrolls by itself, so it takes the keyboard too.
  const frame = element("div", "table-frame");
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", caption);
  frame.append(table);
  return frame;
}

/** @param {string[]} cells @param {"thead"} part @param {string} scope */
function row(cells, part, scope) {
  const group = element(part);
  const line = element("tr");
  for (const text of cells) {
    const cell = element("th", "", text);
    cell.scope = scope;
    line.append(cell);
  }
  group.append(line);
  return group;
}

/** @param {string[][]} rows */
function bodyOf(rows) {
  const body = element("tbody");
  for (const [name = "", ...cells] of rows) {
    const line = element("tr");
    const head = element("th", "", name);
    head.scope = "row";
    line.append(head, ...cells.map((text) => element("td", "", text)));
    body.append(line);
  }
  return [body];
}

/**
 * Makes a section with a heading, a picture and its table.
 * @param {object} parts
 * @param {string} parts.title
 * @param {string} parts.about one sentence on what is seen
 * @param {HTMLElement} parts.picture
 * @param {HTMLElement} parts.table
 */
export function figure({ title, about, picture, table }) {
  const section = element("section", "panel");
  const heading = element("h3", "", title);
  heading.id = freshId("figure");
  section.setAttribute("aria-labelledby", heading.id);
  const details = element("details", "as-table");
  details.append(element("summary", "", "Show as table"), table);
  section.append(heading, element("p", "about", about), picture, details);
  return section;
}

/**
 * Marks a picture as one image that a screen reader says in one sentence; its figures are in the table.
 * @template {Element} Picture
 * @param {Picture} picture
 * @param {string} label
 */
export function asImage(picture, label) {
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", label);
  return picture;
}
