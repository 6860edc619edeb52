// How a variant is told from the others: by a hue, a dash and its name. Never by the hue alone.

import { element } from "../shared/dom.js";

const DASHES = [[], [10, 5], [3, 4], [12, 4, 3, 4], [6, 3, 2, 3, 2, 3], [16, 6], [2, 6], [8, 8], [14, 3, 3, 3]];

/**
 * The mark of a variant by its place; the control is first.
 * @param {number} place
 */
export function markOf(place) {
  const hue = place === 0 ? "control" : `hue-${((place - 1) % 4) + 1}`;
  return { className: `mark ${hue}`, dash: DASHES[place % DASHES.length] ?? [], property: place === 0 ? "--control" : `--hue-${((place - 1) % 4) + 1}` };
}

/** A swatch with the variant's line. @param {number} place */
export function swatch(place) {
  const { className, dash } = markOf(place);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("viewBox", "0 0 36 10");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", "M1 5H35");
  line.setAttribute("stroke-dasharray", dash.join(" "));
  svg.append(line);
  return svg;
}

/** The names of variants with their marks. @param {string[]} names @param {number} [first] the place of the first */
export function legend(names, first = 0) {
  const list = element("ul", "legend");
  names.forEach((name, index) => {
    const entry = element("li");
    entry.append(swatch(index + first), element("span", "", name));
    list.append(entry);
  });
  return list;
}
