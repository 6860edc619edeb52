// The shapes of what the API says of experiments, as far as the results page reads them, and the parsers that make sure.

import { flag, list, number, numberOrNull, object, text, textOrEmpty } from "./read.js";

/**
 * @typedef {[number | null, number | null]} Interval an end that is null is not bounded yet
 * @typedef {{ absolute: number | null, relative: number | null, interval: Interval, relativeInterval: Interval,
 *   p: number | null, e: number | null, adjustedP: number | null, isGuardrail: boolean, guardrail: string }} Lift
 * @typedef {{ segment: string, sampleSize: number, mean: number | null, absolute: number | null, interval: Interval }} SegmentFigures
 * @typedef {{ metric: string, kind: "conversion" | "value", units: number, mean: number | null, lift: Lift | null, fixed: Lift | null,
 *   cuped: Lift | null }} MetricFigures
 * @typedef {{ sampleSize: number, acceptanceRate: number | null, dismissalRate: number | null, engagementRate: number | null }} Rates
 * @typedef {Rates & { name: string, significance: number | null, perOutcome: Rates | null, metrics: MetricFigures[],
 *   segments: SegmentFigures[] }} Variant
 * @typedef {{ e: number | null, p: number | null, isBroken: boolean, expected: number[], observed: number[] }} SampleRatio
 * @typedef {{ sampleRatio: SampleRatio, counters: Record<string, number>, hasMinimum: boolean }} Health
 * @typedef {{ exposed: number, target: number, perDay: number | null, daysLeft: number | null }} Progress
 * @typedef {{ epoch: number, stratum: number, openedAt: string, actor: string, action: string, reason: string }} Epoch
 * @typedef {{ day: string, exposures: Record<string, number>, lift: Record<string, { mean: number | null, interval: Interval }> }} Day
 * @typedef {{ name: string, environment: string, status: string, epoch: number, successMetric: string, method: string,
 *   variants: Variant[], winner: string | null, liftOverControl: number | null, recommendation: string,
 *   verdict: { code: string, text: string }, health: Health, progress: Progress, epochs: Epoch[], days: Day[],
 *   degraded: string[] }} TestResults
 * @typedef {{ name: string, status: string, description: string }} TestSummary
 */

/** Metrics that every test has; each counts a person once. */
const BUILT_IN = ["viewed", "accepted", "dismissed", "ignored", "completed", "engaged"];

/** @param {unknown} value @returns {Interval} */
function interval(value) {
  const ends = list(value, numberOrNull);
  return [ends[0] ?? null, ends[1] ?? null];
}

/** @template T @param {unknown} value @param {(entry: unknown) => T} parse @returns {Record<string, T>} */
const table = (value, parse) => Object.fromEntries(Object.entries(object(value ?? {})).map(([key, entry]) => [key, parse(entry)]));

/** @param {unknown} json @returns {Lift} */
function lift(json) {
  const { absolute, relative, interval: ends, relative_interval, p, e, adjusted_p, is_guardrail, guardrail } = object(json);
  return {
    absolute: numberOrNull(absolute),
    relative: numberOrNull(relative),
    interval: interval(ends),
    relativeInterval: interval(relative_interval),
    p: numberOrNull(p),
    e: numberOrNull(e),
    adjustedP: numberOrNull(adjusted_p),
    isGuardrail: is_guardrail === true,
    guardrail: textOrEmpty(guardrail),
  };
}

/** @param {unknown} json */
const liftOrNull = (json) => (json === undefined || json === null ? null : lift(json));

/** @param {unknown} json @returns {MetricFigures} */
function metric(json) {
  const figures = object(json);
  const name = text(figures.metric);
  const isConversion = figures.kind === undefined ? BUILT_IN.includes(name) : figures.kind === "conversion";
  return {
    metric: name,
    kind: isConversion ? "conversion" : "value",
    units: number(figures.units),
    mean: numberOrNull(figures.mean),
    lift: liftOrNull(figures.lift),
    fixed: liftOrNull(figures.fixed),
    cuped: liftOrNull(figures.cuped),
  };
}

/** @param {unknown} json @returns {Rates} */
function rates(json) {
  const { sample_size, acceptance_rate, dismissal_rate, engagement_rate } = object(json);
  return {
    sampleSize: number(sample_size),
    acceptanceRate: numberOrNull(acceptance_rate),
    dismissalRate: numberOrNull(dismissal_rate),
    engagementRate: numberOrNull(engagement_rate),
  };
}

/** @param {unknown} json @returns {SegmentFigures} */
function segment(json) {
  const { segment: name, sample_size, mean, absolute, interval: ends } = object(json);
  return { segment: text(name), sampleSize: number(sample_size), mean: numberOrNull(mean), absolute: numberOrNull(absolute), interval: interval(ends) };
}

/** @param {unknown} json @returns {Variant} */
function variant(json) {
  const { variant_name, statistical_significance, per_outcome, metrics, segments } = object(json);
  return {
    ...rates(json),
    name: text(variant_name),
    significance: numberOrNull(statistical_significance),
    perOutcome: per_outcome === undefined || per_outcome === null ? null : rates(per_outcome),
    metrics: list(metrics, metric),
    segments: list(segments, segment),
  };
}

/** @param {unknown} json @returns {Health} */
function health(json) {
  const { sample_ratio, counters, minimum_reached } = object(json);
  const { e, p, is_broken, expected, observed } = object(sample_ratio);
  return {
    sampleRatio: { e: numberOrNull(e), p: numberOrNull(p), isBroken: flag(is_broken), expected: list(expected, number), observed: list(observed, number) },
    counters: table(counters, number),
    hasMinimum: flag(minimum_reached),
  };
}

/** @param {unknown} json @returns {Epoch} */
function epoch(json) {
  const { epoch: place, stratum, opened_at, actor, action, reason } = object(json);
  return { epoch: number(place), stratum: number(stratum), openedAt: text(opened_at), actor: text(actor), action: text(action), reason: textOrEmpty(reason) };
}

/** @param {unknown} json @returns {Day} */
function day(json) {
  const { day: date, exposures, lift: lifts } = object(json);
  const liftOfDay = (/** @type {unknown} */ entry) => ({ mean: numberOrNull(object(entry).mean), interval: interval(object(entry).interval) });
  return { day: text(date), exposures: table(exposures, number), lift: table(lifts, liftOfDay) };
}

/** @param {unknown} json @returns {TestResults} */
export function parseResults(json) {
  const results = object(json);
  const { exposed, target, per_day, days_left } = object(results.progress);
  const { code, text: sentence } = object(results.verdict);
  return {
    name: text(results.test_name),
    environment: text(results.environment),
    status: text(results.status),
    epoch: number(results.epoch),
    successMetric: text(results.success_metric),
    method: text(results.method),
    variants: list(results.variant_performance, variant),
    winner: results.winner === null || results.winner === undefined ? null : text(results.winner),
    liftOverControl: numberOrNull(results.lift_over_control),
    recommendation: textOrEmpty(results.recommendation),
    verdict: { code: text(code), text: text(sentence) },
    health: health(results.health),
    progress: { exposed: number(exposed), target: number(target), perDay: numberOrNull(per_day), daysLeft: numberOrNull(days_left) },
    epochs: list(results.epochs, epoch),
    days: list(results.series, day),
    degraded: list(results.degraded, text),
  };
}

/** @param {unknown} json @returns {TestSummary[]} */
export function parseTests(json) {
  return list(object(json).tests, (entry) => {
    const { test_name, status, description, definition } = object(entry);
    const said = description ?? (definition === undefined || definition === null ? "" : object(definition).description);
    return { name: text(test_name), status: text(status), description: textOrEmpty(said) };
  });
}

/** @param {unknown} json @returns {string} */
export const parseAdmin = (json) => text(object(json).token);
