// Reading values of an answer: each function returns what it promises or throws.

/** @typedef {Record<string, unknown>} Json */

/** @param {unknown} value @returns {Json} */
export function object(value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new TypeError("not an object");
  return /** @type {Json} */ (value);
}

/** @template T @param {unknown} value @param {(entry: unknown) => T} parse @returns {T[]} */
export function list(value, parse) {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new TypeError("not a list");
  return value.map(parse);
}

/** @param {unknown} value @returns {string} */
export function text(value) {
  if (typeof value !== "string") throw new TypeError("not a text");
  return value;
}

/** @param {unknown} value @returns {number} */
export function number(value) {
  if (typeof value !== "number") throw new TypeError("not a number");
  return value;
}

/** @param {unknown} value */
export const textOrEmpty = (value) => (value === undefined || value === null ? "" : text(value));

/** @param {unknown} value */
export const numberOrNull = (value) => (value === undefined || value === null ? null : number(value));

/** @param {unknown} value @returns {boolean} */
export function flag(value) {
  if (typeof value !== "boolean") throw new TypeError("not a flag");
  return value;
}
