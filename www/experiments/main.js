// Starts the page: a token, the list of tests, and the results of the one in the address.

import { readAdminToken, readResults, readTests } from "../shared/api.js";
import { find } from "../shared/dom.js";
import { resultsOf } from "./results.js";
import { empty, isTokenRefused, loading, nothingChosen, problem } from "./states.js";
import { addressOf, testList } from "./test-list.js";

/** @import { TestSummary } from "../shared/experiments-wire.js" */

const form = find(document, ".token", HTMLFormElement);
const field = find(form, "input", HTMLInputElement);
const tools = find(document, ".tools", HTMLElement);
const environment = find(tools, "select", HTMLSelectElement);
const loaded = find(tools, ".loaded", HTMLElement);
const nav = find(document, ".tests", HTMLElement);
const board = find(document, ".results", HTMLElement);

let token = "";
/** @type {TestSummary[]} */
let tests = [];
/** Answers that come after a later question are not shown. */
let asked = 0;

const chosen = () => new URLSearchParams(location.search).get("test");

/** @param {() => Promise<HTMLElement[]>} read @param {() => void} again */
async function show(read, again) {
  const question = (asked += 1);
  loaded.textContent = "";
  board.setAttribute("aria-busy", "true");
  board.replaceChildren(loading());
  try {
    const parts = await read();
    if (question !== asked) return;
    board.replaceChildren(...parts);
    loaded.textContent = `${find(board, "h2", HTMLHeadingElement).textContent} Loaded at ${new Date().toLocaleTimeString("en-GB")}.`;
  } catch (thrown) {
    if (question !== asked) return;
    board.replaceChildren(problem(thrown, again));
    if (isTokenRefused(thrown)) askForToken();
  } finally {
    if (question === asked) board.removeAttribute("aria-busy");
  }
}

function showTests() {
  tools.hidden = false;
  return show(async () => {
    tests = await readTests(token, environment.value);
    nav.hidden = tests.length === 0;
    if (tests.length === 0) return [empty(environment.value)];
    const [first] = tests;
    if (chosen() === null && first) history.replaceState(null, "", addressOf(first.name));
    listTests();
    return results();
  }, showTests);
}

const showResults = () => show(results, showResults);

async function results() {
  const name = chosen();
  if (name === null) return [nothingChosen("Choose a test.")];
  return resultsOf(await readResults(token, environment.value, name));
}

function listTests() {
  nav.replaceChildren(...testList(tests, chosen(), (name) => {
    history.pushState(null, "", addressOf(name));
    markChosen();
    void showResults();
  }));
}

/** Marks the chosen link without making the list anew: the keyboard stays where it is. */
function markChosen() {
  for (const link of nav.querySelectorAll("a")) {
    const isChosen = new URL(link.href).searchParams.get("test") === chosen();
    if (isChosen) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function askForToken() {
  form.hidden = false;
  tools.hidden = true;
  nav.hidden = true;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  token = field.value.trim();
  form.hidden = true;
  void showTests();
  // What had the focus is gone: go on where the next choice is.
  environment.focus();
});
find(tools, ".reload", HTMLButtonElement).addEventListener("click", () => void showTests());
environment.addEventListener("change", () => {
  // The other environment has tests of its own.
  history.replaceState(null, "", location.pathname);
  void showTests();
});
addEventListener("popstate", () => {
  markChosen();
  void showResults();
});

try {
  token = await readAdminToken();
  await showTests();
} catch {
  // No file of `npm start`: somebody brings a token of their own.
  askForToken();
}
