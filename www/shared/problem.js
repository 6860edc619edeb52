// What went wrong, in words that say what to do about it.

/** A request that did not end well. */
export class Problem extends Error {
  /**
   * @param {number} status the HTTP status; 0 when nothing answered, -1 when the answer did not read
   * @param {string} message for the person in front of the page
   */
  constructor(status, message) {
    super(message);
    this.name = "Problem";
    this.status = status;
  }
}

const OFFLINE = "You are offline. Try again when the connection is back.";

/** @type {Record<number, string>} */
const WORDS = {
  [-1]: "The answer did not have its documented shape. The page and the Worker may be of different versions: reload the page.",
  0: "Nothing answered. Is the Worker running? Start it with: npm start",
  401: "The demo's tokens are no longer valid; they last a day. Run npm start again, then reload this page.",
  503: "A store does not answer at the moment.",
};

/**
 * Makes a problem of a status and of the problem document that came with it, if one did.
 * @param {number} status
 * @param {unknown} json
 */
export function problemOf(status, json) {
  const detail = json && typeof json === "object" && "detail" in json && typeof json.detail === "string" ? json.detail : "";
  if (status === 0 && !navigator.onLine) return new Problem(status, OFFLINE);
  return new Problem(status, WORDS[status] ?? (detail ? `The request was refused: ${detail}.` : `The request failed with status ${status}.`));
}

/**
 * The words for anything that was thrown.
 * @param {unknown} thrown
 */
export function wordsFor(thrown) {
  if (thrown instanceof Problem) return thrown.message;
  console.error(thrown);
  return "Something in this page went wrong. Reload it.";
}
