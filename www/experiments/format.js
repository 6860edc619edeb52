// Numbers and dates as the page says them. What is not known is a dash that a screen reader can say.

const COUNT = new Intl.NumberFormat("en-GB");
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });

/** Said where there is no figure. */
export const NONE = "not known";

/** @param {number} value @param {number} digits */
const fixed = (value, digits) => new Intl.NumberFormat("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

/** @param {number | null} value */
export const count = (value) => (value === null ? NONE : COUNT.format(Math.round(value)));

/** A figure that is in per cent already. @param {number | null} value */
export const percent = (value) => (value === null ? NONE : `${fixed(value, 1)} %`);

/** A fraction with its sign, in per cent. @param {number | null} value */
export const signedPercent = (value) => (value === null ? NONE : `${sign(value)}${fixed(Math.abs(value) * 100, 1)} %`);

/** @param {number} value */
const sign = (value) => (value > 0 ? "+" : value < 0 ? "−" : "");

/** A relative interval; an open end is said. @param {import("../shared/experiments-wire.js").Interval} ends */
export function signedInterval([low, high]) {
  if (low === null && high === null) return "not bounded yet";
  if (low === null) return `up to ${signedPercent(high)}`;
  if (high === null) return `${signedPercent(low)} or more`;
  return `${signedPercent(low)} to ${signedPercent(high)}`;
}

/** A difference of means: percentage points of a conversion, plain of a value. @param {number | null} value @param {string} kind */
export function difference(value, kind) {
  if (value === null) return NONE;
  return kind === "conversion" ? `${sign(value)}${fixed(Math.abs(value) * 100, 2)} points` : `${sign(value)}${fixed(Math.abs(value), 2)}`;
}

/** An interval of differences; an open end is said. @param {import("../shared/experiments-wire.js").Interval} ends @param {string} kind */
export function differences([low, high], kind) {
  if (low === null && high === null) return "not bounded yet";
  return `${low === null ? "any" : difference(low, kind)} to ${high === null ? "any" : difference(high, kind)}`;
}

/** A mean: a share of people, or a value a person. @param {number | null} value @param {string} kind */
export function mean(value, kind) {
  if (value === null) return NONE;
  return kind === "conversion" ? `${fixed(value * 100, 2)} %` : fixed(value, 2);
}

/** A probability; what is too small to write is never nought. @param {number | null} value */
export function probability(value) {
  if (value === null) return NONE;
  if (value > 0 && value < 0.0001) return "below 0.0001";
  return fixed(value, 4);
}

/** Evidence as a factor. @param {number | null} value */
export function evidence(value) {
  if (value === null) return NONE;
  return value >= 10_000 ? "above 10,000" : value > 0 && value < 0.01 ? "below 0.01" : fixed(value, 2);
}

/** The day of an ISO date or time, in UTC. @param {string} iso */
export const day = (iso) => DAY.format(new Date(iso));

/** @param {string} iso */
export const moment = (iso) => `${MOMENT.format(new Date(iso))} UTC`;

/** A name of ours as people read it: "bad_receipt" is "bad receipt". @param {string} name */
export const plain = (name) => name.replaceAll("_", " ");
