// One test's results, from the verdict down to the last figure.

import { element } from "../shared/dom.js";
import { epochLog } from "./epoch-log.js";
import { exposureChart } from "./exposure-chart.js";
import { forestPlot } from "./forest-plot.js";
import { healthStrip } from "./health-strip.js";
import { liftChart } from "./lift-chart.js";
import { progress } from "./progress.js";
import { resultsTable } from "./results-table.js";
import { notices } from "./states.js";
import { verdict } from "./verdict.js";

/** @import { TestResults } from "../shared/experiments-wire.js" */

/** @param {TestResults} results @returns {HTMLElement[]} */
export function resultsOf(results) {
  const panels = element("div", "panels");
  const hasDays = results.days.length > 0;
  panels.append(forestPlot(results), ...(hasDays ? [liftChart(results), exposureChart(results)] : []), progress(results), resultsTable(results), epochLog(results));
  return [...notices(results.degraded), verdict(results), healthStrip(results), panels];
}
