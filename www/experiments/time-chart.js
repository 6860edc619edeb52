// Lines over days, drawn by uPlot. Colours come from the style sheet, so that a change of scheme is followed.

import uPlot from "/dist/uplot/uPlot.esm.js";
import { element } from "../shared/dom.js";
import { markOf } from "./variant-marks.js";

/**
 * @typedef {{ name: string, place: number, values: (number | null)[], low?: (number | null)[], high?: (number | null)[] }} Line
 * @typedef {{ days: string[], lines: Line[], say: (value: number) => string, range: [number, number] }} Chart
 */

const HEIGHT = 260;
/** In seconds. */
const HALF_DAY = 43_200;

/** Returns an element that draws itself as wide as it is. @param {Chart} chart */
export function timeChart(chart) {
  const frame = element("div", "time-chart");
  /** @type {uPlot | null} */
  let plot = null;
  const draw = () => {
    plot?.destroy();
    plot = frame.isConnected && frame.clientWidth > 0 ? made(chart, frame) : null;
  };
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  let width = -1;
  const observer = new ResizeObserver(() => {
    if (!frame.isConnected) {
      observer.disconnect();
      scheme.removeEventListener("change", draw);
      plot?.destroy();
      plot = null;
    } else if (frame.clientWidth !== width) {
      width = frame.clientWidth;
      draw();
    }
  });
  scheme.addEventListener("change", draw);
  observer.observe(frame);
  return frame;
}

/** @param {Chart} chart @param {HTMLElement} frame */
function made(chart, frame) {
  const data = dataOf(chart);
  const plot = new uPlot(optionsOf(chart, frame), data, frame);
  // Half a day of room on either side: a single day has its place, too.
  const days = data[0] ?? [];
  plot.setScale("x", { min: Number(days[0]) - HALF_DAY, max: Number(days.at(-1)) + HALF_DAY });
  return plot;
}

/** Days as seconds, then of each line its values and, where it has them, its ends. @param {Chart} chart */
function dataOf({ days, lines }) {
  return [days.map((day) => Date.parse(`${day}T00:00:00Z`) / 1000), ...lines.flatMap(({ values, low, high }) => (low && high ? [values, low, high] : [values]))];
}

/** @param {Chart} chart @param {HTMLElement} frame */
function optionsOf({ lines, say, range }, frame) {
  const style = getComputedStyle(frame);
  /** @param {string} property */
  const colour = (property) => style.getPropertyValue(property).trim();
  const axis = { stroke: colour("--ink-soft"), font: `12px ${style.fontFamily}`, grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 } };
  const series = lines.flatMap(({ name, place, low }) => seriesOf(name, place, colour, Boolean(low)));
  const bands = [];
  let next = 1;
  for (const { place, low } of lines) {
    if (low) bands.push({ series: [next + 2, next + 1], fill: faint(colour(markOf(place).property)) });
    next += low ? 3 : 1;
  }
  return {
    width: frame.clientWidth,
    height: HEIGHT,
    tzDate: (/** @type {number} */ seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: () => range } },
    axes: [
      { ...axis, space: 70, values: (/** @type {uPlot} */ _, /** @type {number[]} */ ticks) => ticks.map((tick) => dayOf(tick)), incrs: [1, 2, 3, 7, 14, 28, 56, 112].map((days) => days * 86_400) },
      { ...axis, size: 76, values: (/** @type {uPlot} */ _, /** @type {number[]} */ ticks) => ticks.map(say) },
    ],
    series: [{}, ...series],
    bands,
  };
}

/** @param {string} name @param {number} place @param {(property: string) => string} colour @param {boolean} hasEnds */
function seriesOf(name, place, colour, hasEnds) {
  const { dash, property } = markOf(place);
  const stroke = colour(property);
  const line = { label: name, stroke, width: 2.5, dash, points: { show: true, size: 6, stroke, fill: stroke } };
  const end = { stroke, width: 1, dash, points: { show: false } };
  return hasEnds ? [line, end, end] : [line];
}

/** The colour so faint that lines below it stay to be seen. @param {string} colour */
const faint = (colour) => `color-mix(in srgb, ${colour} 16%, transparent)`;

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

/** @param {number} seconds */
const dayOf = (seconds) => DAY.format(new Date(seconds * 1000));
