// The lift of each variant with both intervals: thick for the one that holds at all times, thin for a single look.

import { difference, mean, plain, signedInterval, signedPercent } from "./format.js";
import { element, find } from "../shared/dom.js";
import { asImage, figure, tableOf } from "./figure.js";
import { markOf } from "./variant-marks.js";

/** @import { Interval, Lift, TestResults } from "../shared/experiments-wire.js" */
/** @typedef {{ name: string, place: number, metric: string, lift: Lift, fixed: Lift | null, mean: string, difference: string }} Row */

/** Below this width a name stands above its metric. */
const NARROW = 420;
const AXIS = 34;
/** The lower part of a row, where the bars are; the words stand above. */
const BARS = 36;
/** Room beside the outermost ends, as a part of the whole. */
const MARGIN = 0.08;

/** @param {TestResults} results */
export function forestPlot(results) {
  const rows = rowsOf(results);
  const picture = element("div", "forest");
  new ResizeObserver(([entry]) => entry && picture.replaceChildren(draw(rows, Math.max(240, entry.contentRect.width)))).observe(picture);
  const key = element("ul", "legend");
  for (const [name, text] of [["always", "holds at all times"], ["fixed", "holds for one look"]]) {
    const entry = element("li");
    entry.append(element("span", `key is-${name}`), element("span", "", text));
    key.append(entry);
  }
  const frame = element("div");
  frame.append(picture, key);
  const section = figure({
    title: "Lift over the control",
    about: "How much more or less than the control, with the interval that allows for looking often and the one that does not.",
    picture: frame,
    table: tableOf("Lift over the control, with both intervals", ["Variant and metric", "Mean", "Difference", "Lift", "Always valid", "One look"], rows.map(cells)),
  });
  // The sentence of the picture is short: the table says the figures.
  asImage(picture, rows.length > 0 ? rows.map(sentence).join(" ") : "No figures yet.");
  const table = find(section, "table", HTMLTableElement);
  table.id = `${find(section, "h3", HTMLHeadingElement).id}-table`;
  picture.setAttribute("aria-describedby", table.id);
  return section;
}

/** @param {TestResults} results @returns {Row[]} */
function rowsOf({ variants, successMetric }) {
  return variants.flatMap((variant, place) =>
    place === 0 ? [] : variant.metrics
      .flatMap(({ metric, kind, lift, fixed, mean: value }) =>
        lift && (metric === successMetric || lift.isGuardrail)
          ? [{ name: variant.name, place, metric: plain(metric), lift, fixed, mean: mean(value, kind), difference: difference(lift.absolute, kind) }]
          : []));
}

/** @param {Row} row */
const metricOf = ({ metric, lift }) => `${metric}${lift.isGuardrail ? " (guardrail)" : ""}`;

/** @param {Row} row */
const cells = (row) => [`${row.name}: ${metricOf(row)}`, row.mean, row.difference, signedPercent(row.lift.relative), signedInterval(row.lift.relativeInterval), row.fixed ? signedInterval(row.fixed.relativeInterval) : ""];

/** @param {Row} row */
const sentence = ({ name, metric, lift }) => `${name}, ${metric}: ${signedPercent(lift.relative)}, ${signedInterval(lift.relativeInterval)}.`;

/** The part of the axis that is drawn: all bounded ends and zero. @param {Row[]} rows @returns {[number, number]} */
function span(rows) {
  const ends = rows.flatMap(({ lift, fixed }) => [lift.relative, ...lift.relativeInterval, ...(fixed?.relativeInterval ?? [])]).filter((end) => end !== null);
  const low = Math.min(-0.02, ...ends);
  const high = Math.max(0.02, ...ends);
  return [low - MARGIN * (high - low), high + MARGIN * (high - low)];
}

/** @param {number} width */
const rowHeight = (width) => (width < NARROW ? 84 : 66);

/** @param {Row[]} rows @param {number} width */
function draw(rows, width) {
  const row = rowHeight(width);
  const [low, high] = span(rows);
  /** @param {number} value */
  const x = (value) => Math.round(((Math.min(Math.max(value, low), high) - low) / (high - low)) * (width - 2)) + 1;
  const height = rows.length * row + AXIS;
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" });
  const bottom = rows.length * row;
  for (const tick of ticks(low, high, width)) {
    // A line of its own in each row, below the words: none runs through them.
    for (let top = 0; top < bottom; top += row) svg.append(shape("path", { class: tick === 0 ? "zero" : "grid", d: `M${x(tick)} ${top + row - BARS}V${top + row}` }));
    const label = shape("text", { class: "tick", x: x(tick), y: bottom + 20, "text-anchor": "middle" });
    label.textContent = tick === 0 ? "0 %" : signedPercent(tick).replace(".0 %", " %");
    svg.append(label);
  }
  rows.forEach((figures, index) => svg.append(...drawRow(figures, index * row, x, width)));
  return svg;
}

/** @param {Row} row @param {number} top @param {(value: number) => number} x @param {number} width */
function drawRow(row, top, x, width) {
  const { name, place, lift, fixed } = row;
  const middle = top + rowHeight(width) - 20;
  const lines = width < NARROW ? [name, metricOf(row)] : [`${name}: ${metricOf(row)}`];
  const labels = lines.map((text, index) => {
    const label = shape("text", { x: 0, y: top + 18 + 18 * index });
    label.textContent = text;
    return label;
  });
  const group = shape("g", { class: markOf(place).className });
  /** @param {Interval} ends @param {string} kind @param {number} y */
  const bar = ([from, to], kind, y) => {
    const isUnbounded = from === null && to === null;
    if (isUnbounded && kind === "fixed") return;
    const [start, end] = [from === null ? 1 : x(from), to === null ? width - 1 : x(to)];
    group.append(shape("path", { class: `interval is-${isUnbounded ? "unbounded" : kind}`, d: `M${start} ${y}H${end}` }));
    // An end that is not bounded goes on beyond the picture.
    if (from === null) group.append(shape("path", { class: "open", d: `M9 ${y - 6}L2 ${y}L9 ${y + 6}` }));
    if (to === null) group.append(shape("path", { class: "open", d: `M${width - 9} ${y - 6}L${width - 2} ${y}L${width - 9} ${y + 6}` }));
  };
  bar(lift.relativeInterval, "always", middle);
  if (fixed) bar(fixed.relativeInterval, "fixed", middle + 9);
  if (lift.relative !== null) group.append(shape("path", { class: "point", d: `M${x(lift.relative)} ${middle - 8}l7 8l-7 8l-7 -8z` }));
  return [...labels, group];
}

/** Round values from low to high, zero among them, about one every 80 pixels. @param {number} low @param {number} high @param {number} width */
function ticks(low, high, width) {
  const least = ((high - low) * 80) / width;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= least) ?? power;
  const found = [];
  for (let place = Math.ceil(low / step); place * step <= high; place += 1) found.push(place * step);
  const room = (high - low) * (28 / width);
  return found.filter((tick) => tick - low > room && high - tick > room);
}

/** @param {string} tag @param {Record<string, string | number>} attributes */
function shape(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
