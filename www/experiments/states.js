// What is shown where there are no results: that the page waits, that there is nothing, or what went wrong.

import { element, spoken } from "../shared/dom.js";
import { Problem, wordsFor } from "../shared/problem.js";

/** @returns {HTMLElement} */
export function loading() {
  const made = element("div", "loading");
  made.append(spoken("Loading"), ...Array.from({ length: 4 }, () => element("span")));
  return made;
}

/** @param {string} environment @returns {HTMLElement} */
export function empty(environment) {
  const made = element("section", "nothing");
  made.append(
    element("h2", "", `No tests in ${environment} yet`),
    element("p", "", "An admin makes one with PUT /api/v1/personalization/ab-test/NAME and begins it with …/start; the README has an example."),
  );
  return made;
}

/** @param {string} text @returns {HTMLElement} */
export function nothingChosen(text) {
  const made = element("section", "nothing");
  made.append(element("h2", "", text));
  return made;
}

/** @param {unknown} thrown */
export const isTokenRefused = (thrown) => thrown instanceof Problem && thrown.status === 401;

/** @param {unknown} thrown @param {() => void} again @returns {HTMLElement} */
export function problem(thrown, again) {
  const made = element("div", "problem");
  made.setAttribute("role", "alert");
  const button = element("button", "quiet", "Try again");
  button.type = "button";
  button.addEventListener("click", again);
  made.append(element("p", "", words(thrown)), button);
  return made;
}

/** @param {unknown} thrown */
function words(thrown) {
  const status = thrown instanceof Problem ? thrown.status : 0;
  if (status === 403) return "This token may not read experiments: that needs the role monitor or admin.";
  if (status === 404) return "There is no test of this name here.";
  return `The figures could not be loaded. ${wordsFor(thrown)}`;
}

/** Names what an answer had to do without. @param {string[]} degraded @returns {HTMLElement[]} */
export function notices(degraded) {
  if (degraded.length === 0) return [];
  return [element("p", "notice", `Not everything could be read. Missing: ${degraded.join(", ").replaceAll("_", " ")}. The figures do without.`)];
}
