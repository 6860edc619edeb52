// Search: matched here, ordered by the package. What is told is the category that it led to, and nothing else.

import { element } from "../shared/dom.js";
import { card } from "./card.js";
import { matching, suggestedQueries } from "./matching.js";
import { firstCategories } from "./rows.js";
import { empty, problem } from "./states.js";

/** @import { App } from "./app.js" */

/** The view's own state, in memory alone. */
const asked = { text: "", category: /** @type {string | null} */ (null) };
const MOST = 20;

/** @param {App} app @param {string} category */
const tell = (app, category) =>
  app.nearside.observe({ type: "SEARCH_PERFORMED", target_type: "category", target_id: category, category }).then(app.own.changed, () => {});

/** @param {string} text @param {string} key @param {boolean} isPressed @param {() => void} onPress */
function pill(text, key, isPressed, onPress) {
  const button = element("button", "quiet", text);
  button.type = "button";
  button.dataset.key = key;
  button.setAttribute("aria-pressed", String(isPressed));
  button.addEventListener("click", onPress);
  const entry = element("li");
  entry.append(button);
  return entry;
}

/** @param {string} title @param {string} reason @param {HTMLLIElement[]} pills */
function shelf(title, reason, pills) {
  const made = element("section", "row");
  const heading = element("h2", "", title);
  const list = element("ul", "shelf");
  list.setAttribute("role", "list");
  list.append(...pills);
  made.append(heading, element("p", "", reason), list);
  return made;
}

/** @param {App} app */
function form(app) {
  const made = element("form", "search");
  made.setAttribute("role", "search");
  const label = element("label", "", "Search the suggestions");
  const input = element("input");
  Object.assign(input, { type: "search", value: asked.text, autocomplete: "off", enterKeyHint: "search" });
  input.dataset.key = "search-text";
  label.append(input);
  const button = element("button", "main", "Search");
  made.append(label, button);
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    asked.text = input.value.trim();
    app.draw();
  });
  return made;
}

/** @param {App} app @param {string | undefined} category from the address; a search text never is */
export async function search(app, category) {
  const title = "Search";
  if (!app.published) return { title, nodes: [problem("The catalogue cannot be fetched at the moment.", app.again)], degraded: [] };
  if (category !== undefined) asked.category = category || null;
  const { published } = app;
  const begin = await app.order(undefined, MOST);
  const isGeneral = !begin || begin.personalization === "none";
  const ids = matching(published, asked.text, asked.category);
  const found = await app.order(asked.text || asked.category ? ids : undefined, MOST, "search");
  const whose = isGeneral ? "the general order" : "your list";
  const queries = suggestedQueries(published, begin?.items ?? []).map((query) => pill(query, `query-${query}`, asked.text === query, () => {
    asked.text = query;
    app.draw();
  }));
  const own = isGeneral ? [] : firstCategories(app, begin?.items ?? []);
  const filters = [...own, ...published.categories.filter(({ id }) => !own.some((first) => first.id === id))].map(({ id, name }) =>
    pill(name, `filter-${id}`, asked.category === id, () => {
      asked.category = asked.category === id ? null : id;
      if (asked.category) void tell(app, id);
      history.replaceState(null, "", "#search");
      app.draw();
    }));
  const results = element("section", "row");
  const heading = element("h2", "", found && found.items.length > 0 ? resultWords(found.items.length, Boolean(asked.text || asked.category)) : "No results");
  const cards = element("ul", "cards");
  cards.setAttribute("role", "list");
  cards.append(...(found?.items ?? []).map((item) => {
    const made = card(app, item, { decision: found?.decision_id ?? "", scope: "search", row: "search", items: ids });
    // Reading one is where a search leads.
    if (asked.text) made.querySelector("details")?.addEventListener("toggle", () => item.category && tell(app, item.category), { once: true });
    return made;
  }));
  const isNothing = !found || found.items.length === 0;
  const where = app.nearside.mode === "server" ? " The server is sent the numbers of the items that match, to put them in order; not the text." : "";
  const how = `In ${isGeneral ? "the general order" : "your order"}. The text is matched in this browser, and is neither stored nor sent.${where}`;
  results.append(heading, element("p", "", isNothing ? "" : how), isNothing ? empty("Nothing matches. Try fewer words, or another category.") : cards);
  return {
    title,
    nodes: [
      form(app),
      shelf("Suggested searches", `Topics from the beginning of ${whose}.`, queries),
      shelf("Categories", isGeneral ? "In the catalogue’s order." : "Those that your list begins with come first.", filters),
      results,
    ],
    degraded: found?.degraded ?? begin?.degraded ?? [],
  };
}

/** @param {number} count @param {boolean} isAsked whether anything was asked for */
function resultWords(count, isAsked) {
  if (!isAsked) return count >= MOST ? `The first ${MOST} of everything` : "Everything";
  return count >= MOST ? `The first ${MOST} results` : count === 1 ? "1 result" : `${count} results`;
}
