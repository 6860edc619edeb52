// All figures of all variants, as a table.

import { element } from "../shared/dom.js";
import { count, difference, differences, evidence, mean, NONE, percent, plain, probability, signedInterval, signedPercent } from "./format.js";
import { tableOf } from "./figure.js";

/** @import { Lift, Rates, TestResults } from "../shared/experiments-wire.js" */

/** @param {TestResults} results */
export function resultsTable(results) {
  const section = element("section", "panel is-wide");
  const heading = element("h3", "", "All figures");
  heading.id = "figures";
  section.setAttribute("aria-labelledby", "figures");
  const more = element("details", "as-table");
  more.append(element("summary", "", "Every metric, with both tests"), metricsTable(results), outcomesTable(results), ...segmentsTable(results));
  section.append(heading, ratesTable(results), more);
  return section;
}

/** @param {Rates} rates */
const rateCells = (rates) => [count(rates.sampleSize), percent(rates.acceptanceRate), percent(rates.dismissalRate), percent(rates.engagementRate)];

/** @param {TestResults} results */
function ratesTable({ variants, successMetric }) {
  const rows = variants.map((variant, place) => {
    const figures = variant.metrics.find(({ metric }) => metric === successMetric);
    const lift = place === 0 ? ["control", ""] : [signedPercent(figures?.lift?.relative ?? null), signedInterval(figures?.lift?.relativeInterval ?? [null, null])];
    return [variant.name, ...rateCells(variant), ...lift];
  });
  const heads = ["Variant", "Exposed", "Accepted", "Dismissed", "Engaged", "Lift", "Interval"];
  return tableOf(`Rates per exposed unit, and the lift of “${plain(successMetric)}” over the control`, heads, rows);
}

/** @param {TestResults} results */
function metricsTable({ variants }) {
  const rows = variants.flatMap((variant, place) =>
    variant.metrics.flatMap(({ metric, kind, units, mean: value, lift, fixed, cuped }) => {
      const head = [`${variant.name}: ${plain(metric)}${guardrail(lift)}`, count(units), mean(value, kind)];
      if (place === 0 || !lift) return [[...head, place === 0 ? "control" : NONE, "", "", "", "", ""]];
      const line = (/** @type {string} */ test, /** @type {string[]} */ figures) => [...head, test, ...figures];
      const of = (/** @type {Lift} */ { absolute, interval, relativeInterval, p, e }) => [difference(absolute, kind), differences(interval, kind), signedInterval(relativeInterval), probability(p), evidence(e)];
      return [
        line("always valid", of(lift)),
        ...(fixed ? [line("one look", of({ ...fixed, absolute: lift.absolute, e: null }).with(4, ""))] : []),
        ...(cuped ? [line("always valid, with the time before taken out", of(cuped).with(2, "").with(4, ""))] : []),
      ];
    }),
  );
  const heads = ["Variant and metric", "Units", "Mean", "Test", "Difference", "Its interval", "Interval of the lift", "p", "Evidence"];
  return tableOf("Every metric of every variant; p and evidence go with the interval of the lift", heads, rows);
}

/** What is known of a metric that must not get worse. @param {Lift | null} lift */
const guardrail = (lift) => (lift?.isGuardrail ? ` (guardrail${lift.guardrail ? `, ${lift.guardrail}` : ""})` : "");

/** @param {TestResults} results */
function outcomesTable({ variants }) {
  const rows = variants.flatMap(({ name, perOutcome }) => (perOutcome ? [[name, ...rateCells(perOutcome)]] : []));
  return tableOf("Rates per recorded outcome", ["Variant", "Outcomes", "Accepted", "Dismissed", "Engaged"], rows);
}

/** Fewer people than this say nothing of their segment, and might be told apart. */
const LEAST_OF_SEGMENT = 20;

/** @param {TestResults} results @returns {HTMLElement[]} */
function segmentsTable({ variants, successMetric }) {
  const kind = variants[0]?.metrics.find(({ metric }) => metric === successMetric)?.kind ?? "conversion";
  const rows = variants.flatMap(({ name, segments }, place) =>
    segments.map(({ segment, sampleSize, mean: value, absolute, interval }) => {
      const head = [`${segment.replace("=", ": ").replaceAll("_", " ")}, ${name}`];
      if (sampleSize < LEAST_OF_SEGMENT) return [...head, `fewer than ${LEAST_OF_SEGMENT}`, "", "", ""];
      return [...head, count(sampleSize), mean(value, kind), ...(place === 0 ? ["control", ""] : [difference(absolute, kind), differences(interval, kind)])];
    }),
  );
  if (rows.length === 0) return [];
  return [tableOf(`“${plain(successMetric)}” by segment`, ["Segment and variant", "Exposed", "Mean", "Difference", "Its interval"], rows)];
}
