// How many units were exposed on each day, by variant.

import { element } from "../shared/dom.js";
import { asImage, figure, tableOf } from "./figure.js";
import { count, day } from "./format.js";
import { timeChart } from "./time-chart.js";
import { legend } from "./variant-marks.js";

/** @import { TestResults } from "../shared/experiments-wire.js" */

/** @param {TestResults} results */
export function exposureChart({ days, variants }) {
  const names = variants.map(({ name }) => name);
  const lines = names.map((name, place) => ({ name, place, values: days.map(({ exposures }) => exposures[name] ?? 0) }));
  const most = Math.max(1, ...lines.flatMap(({ values }) => values));
  const picture = element("div");
  const chart = timeChart({ days: days.map(({ day: date }) => date), lines, say: count, range: [0, most * 1.1] });
  const totals = lines.map(({ name, values }) => `${name}: ${count(values.reduce((sum, units) => sum + units, 0))}`);
  picture.append(asImage(chart, `Exposed over ${count(days.length)} days. ${totals.join(", ")}.`), legend(names));
  return figure({
    title: "Exposed a day",
    about: "Units that saw their variant for the first time, by the day of receipt in UTC.",
    picture,
    table: tableOf("Exposed on each day", ["Day", ...names], days.map(({ day: date, exposures }) => [day(date), ...names.map((name) => count(exposures[name] ?? 0))])),
  });
}
