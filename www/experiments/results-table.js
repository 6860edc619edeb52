// All figures of all variants, as a table.

import { element } from "../shared/dom.js";
import { count, difference, evidence, mean, percent, plain, probability, signedInterval, signedPercent } from "./format.js";
import { tableOf } from "./figure.js";

/** @import { Lift, Rates, TestResults } from "../shared/experiments-wire.js" */

/** @param {TestResults} results */
export function resultsTable(results) {
  const section = element("section", "panel is-wide");
  const heading = element("h3", "", "All figures");
  heading.id = "figures";
  section.setAttribute("aria-labelledby", "figures");
  const more = element("details", "as-table");
  more.append(element("summary", "", "Every metric, with both tests"), metricsTable(results), outcomesTable(results));
  section.append(heading, ratesTable(results), more);
  return section;
}

/** @param {Rates} rates */
const rateCells = (rates) => [count(rates.sampleSize), percent(rates.acceptanceRate), percent(rates.dismissalRate), percent(rates.engagementRate)];

/** @param {TestResults} results */
function ratesTable({ variants, successMetric }) {
  const rows = variants.map((variant, place) => {
    const figures = variant.metrics.find(({ metric }) => metric === successMetric);
    const lift = place === 0 ? ["control", ""] : [signedPercent(figures?.lift.relative ?? null), signedInterval(figures?.lift.relativeInterval ?? [null, null])];
    return [variant.name, ...rateCells(variant), ...lift];
  });
  const heads = ["Variant", "Exposed", "Accepted", "Dismissed", "Engaged", "Lift", "Interval"];
  return tableOf(`Rates per exposed unit, and the lift of “${plain(successMetric)}” over the control`, heads, rows);
}

/** @param {TestResults} results */
function metricsTable({ variants }) {
  const rows = variants.flatMap((variant, place) =>
    variant.metrics.flatMap((figures) => {
      const name = `${variant.name}: ${plain(figures.metric)}${figures.lift.isGuardrail ? " (guardrail)" : ""}`;
      const head = [name, count(figures.units), mean(figures.mean, figures.kind)];
      if (place === 0) return [[...head, "control", "", "", "", "", ""]];
      /** @param {string} test @param {Lift | null} lift */
      const line = (test, lift) => (lift ? [[...head, test, difference(lift.absolute, figures.kind), signedPercent(lift.relative), signedInterval(lift.relativeInterval), probability(lift.p), evidence(lift.e)]] : []);
      return [...line("always valid", figures.lift), ...line("fixed horizon", figures.fixed), ...line("always valid, corrected by the time before", figures.cuped)];
    }),
  );
  const heads = ["Variant and metric", "Units", "Mean", "Test", "Difference", "Lift", "Interval of the lift", "p", "Evidence"];
  return tableOf("Every metric of every variant", heads, rows);
}

/** @param {TestResults} results */
function outcomesTable({ variants }) {
  const rows = variants.flatMap(({ name, perOutcome }) => (perOutcome ? [[name, ...rateCells(perOutcome)]] : []));
  return tableOf("Rates per recorded outcome", ["Variant", "Outcomes", "Accepted", "Dismissed", "Engaged"], rows);
}
