// The lift as it stood at the end of each day, with its confidence sequence.

import { element } from "../shared/dom.js";
import { asImage, figure, tableOf } from "./figure.js";
import { day, difference, differences, plain } from "./format.js";
import { timeChart } from "./time-chart.js";
import { legend } from "./variant-marks.js";

/** @import { TestResults } from "../shared/experiments-wire.js" */

/** @param {TestResults} results */
export function liftChart({ days, variants, successMetric }) {
  const kind = variants[0]?.metrics.find(({ metric }) => metric === successMetric)?.kind ?? "conversion";
  const scale = kind === "conversion" ? 100 : 1;
  const others = variants.slice(1).map(({ name }) => name);
  /** @param {number | null | undefined} value */
  const scaled = (value) => (value === null || value === undefined ? null : value * scale);
  const lines = others.map((name, index) => ({
    name,
    place: index + 1,
    values: days.map(({ lift }) => scaled(lift[name]?.mean)),
    low: days.map(({ lift }) => scaled(lift[name]?.interval[0])),
    high: days.map(({ lift }) => scaled(lift[name]?.interval[1])),
  }));
  const picture = element("div");
  const chart = timeChart({ days: days.map(({ day: date }) => date), lines, say: (value) => said(value, kind), range: rangeOf(lines) });
  const last = days.at(-1);
  const label = others.map((name) => `${name}: ${difference(last?.lift[name]?.mean ?? null, kind)}, ${differences(last?.lift[name]?.interval ?? [null, null], kind)}.`);
  picture.append(asImage(chart, `Difference to the control on the last day. ${label.join(" ")}`), legend(others, 1));
  const rows = days.map(({ day: date, lift }) => [day(date), ...others.flatMap((name) => [difference(lift[name]?.mean ?? null, kind), differences(lift[name]?.interval ?? [null, null], kind)])]);
  return figure({
    title: "Lift so far, day by day",
    about: `The difference in “${plain(successMetric)}” to the control, with the band that holds on all days at once.`,
    picture,
    table: tableOf("Difference to the control at the end of each day", ["Day", ...others.flatMap((name) => [name, `${name}: interval`])], rows),
  });
}

/** @param {number} value @param {string} kind */
const said = (value, kind) => (kind === "conversion" ? `${round(value)} pt` : String(round(value)));

/** @param {number} value */
const round = (value) => Number(value.toFixed(3));

/**
 * The part of the scale that is drawn. The first days know little: their ends may lie outside, or nothing of the later
 * ones would be seen.
 * @param {{ values: (number | null)[], low: (number | null)[], high: (number | null)[] }[]} lines
 * @returns {[number, number]}
 */
function rangeOf(lines) {
  const later = lines.flatMap(({ values, low, high }) => [...values.slice(-1), ...[low, high].flatMap((ends) => ends.slice(Math.floor(ends.length / 3)))]);
  const known = later.filter((value) => value !== null);
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)];
  const room = Math.max(0.05, (high - low) * 0.12);
  return [low - room, high + room];
}
