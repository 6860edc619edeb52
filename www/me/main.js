// Starts the person's pages and shows the view that the address names.

import { defineElements } from "../dist/nearside/elements.js";
import { element, find } from "../shared/dom.js";
import { startApp } from "./app.js";
import { choices } from "./choices.js";
import { drawChoice } from "./choice.js";
import { feed } from "./feed.js";
import { search } from "./search.js";
import { loading, problem } from "./states.js";
import { degradedWords, problemWords } from "./words.js";

/** @import { App } from "./app.js" */

const view = find(document, "#view", HTMLElement);
const notices = find(document, "#notices", HTMLElement);
const said = find(document, ".said", HTMLElement);
/** @type {App | undefined} */
let app;
/** The latest drawing wins. */
let turn = 0;
let shownView = "";
/** @type {ReturnType<typeof setTimeout> | undefined} */
let silence;

/** @param {string} text */
function say(text) {
  said.textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => (said.textContent = ""), 8_000);
}

/** @param {unknown} thrown */
const fail = (thrown) => say(problemWords(thrown));

/** @param {readonly string[]} degraded */
function drawNotices(degraded) {
  const all = new Set([...degraded, ...(app?.nearside.degraded ?? []), ...(navigator.onLine ? [] : ["no-network"])]);
  const isAway = all.delete("no-network") && !all.has("offline");
  // Which part is missing says more than that one is.
  if (all.has("catalog")) all.delete("published");
  const words = [...all].map(degradedWords);
  if (isAway) words.push("You are offline. What you see is put in order in this browser.");
  notices.replaceChildren(...words.map((text) => element("p", "note is-degraded", text)));
}

/** The key of what has the focus, to find it again. */
const focusedKey = () => /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.key;

async function draw() {
  if (!app) return;
  const mine = (turn += 1);
  const [name = "feed", category] = location.hash.slice(1).split("/");
  const isNewView = name !== shownView;
  const views = { feed, choices, search: (/** @type {App} */ of) => search(of, category) };
  const isView = Object.hasOwn(views, name);
  const make = isView ? views[/** @type {keyof typeof views} */ (name)] : feed;
  view.setAttribute("aria-busy", "true");
  let drawn;
  try {
    await app.begin();
    drawn = await make(app);
  } catch (thrown) {
    drawn = { title: "Something went wrong", nodes: [problem(problemWords(thrown), draw)], degraded: [] };
  }
  if (mine !== turn) return;
  const key = focusedKey();
  const choice = find(document, "#choice", HTMLElement);
  drawChoice(choice, app);
  // The preference centre begins with the same choice.
  choice.hidden = name === "choices";
  const isSame = drawn.nodes.length === view.children.length - 1 && drawn.nodes.every((node, index) => node === view.children[index + 1]);
  if (!isSame) view.replaceChildren(element("h1", "", drawn.title), ...drawn.nodes);
  view.removeAttribute("aria-busy");
  document.title = `${drawn.title} · Nearside`;
  drawNotices(drawn.degraded);
  for (const link of document.querySelectorAll("nav a")) {
    if (link.getAttribute("href") === `#${isView ? name : "feed"}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (isNewView && shownView) view.focus();
  else if (key && !isSame) /** @type {HTMLElement} */ (document.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? view).focus();
  else if (key) /** @type {HTMLElement | null} */ (document.querySelector(`[data-key="${CSS.escape(key)}"]`))?.focus();
  shownView = name;
}

async function start() {
  view.replaceChildren(...loading());
  view.setAttribute("aria-busy", "true");
  try {
    app = await startApp({ draw: () => void draw(), say, fail });
    await draw();
  } catch (thrown) {
    view.removeAttribute("aria-busy");
    view.replaceChildren(element("h1", "", "Suggestions"), problem(problemWords(thrown), () => void start()));
  }
}

defineElements();
addEventListener("hashchange", () => {
  say("");
  void draw();
});
for (const name of ["online", "offline"]) addEventListener(name, () => void draw());
document.addEventListener("nearside-change", () => app?.changed());
// The switches may have been moved elsewhere meanwhile.
document.addEventListener("visibilitychange", () => document.hidden || app?.own.changed());
await start();
