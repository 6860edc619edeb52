// The feed: what comes first, the rest of the list, and the rows that have something to show.

import { element } from "../shared/dom.js";
import { card } from "./card.js";
import { readCollaborative } from "./collaborative.js";
import { empty, problem } from "./states.js";
import { becauseYouLiked, firstCategories, newForYou, peopleLikeYou, trending } from "./rows.js";

/**
 * @import { App } from "./app.js"
 * @import { Row } from "./rows.js"
 */

const LIST_LENGTH = 9;

/** @param {App} app @param {Row} row */
function section(app, { id, title, reason, decision, facts, ids }) {
  const made = element("section", `row ${id}`);
  const heading = element("h2", "", title);
  heading.id = `row-${id}`;
  made.setAttribute("aria-labelledby", heading.id);
  const cards = element("ul", "cards");
  cards.setAttribute("role", "list");
  cards.append(...decision.items.map((item) =>
    card(app, item, { decision: decision.decision_id, scope: decision.scope, row: id, fact: facts?.get(item.id), items: ids })));
  made.append(heading, element("p", "", reason), cards);
  return made;
}

/** @param {App} app @param {readonly import("../dist/nearside/nearside.js").DecidedItem[]} items */
function categories(app, items) {
  const made = element("section", "row");
  const heading = element("h2", "", "Categories for you");
  heading.id = "row-categories";
  made.setAttribute("aria-labelledby", heading.id);
  const shelf = element("ul", "shelf");
  shelf.setAttribute("role", "list");
  for (const { id, name } of firstCategories(app, items)) {
    const link = element("a", "", name);
    link.href = `#search/${id}`;
    const entry = element("li");
    entry.append(link);
    shelf.append(entry);
  }
  made.append(heading, element("p", "", "Your list begins with these."), shelf);
  return made;
}

/** @param {App} app @returns {Promise<{ title: string, nodes: Node[], degraded: readonly string[] }>} */
export async function feed(app) {
  const list = await app.order(undefined, LIST_LENGTH);
  const isPersonal = list !== null && list.personalization !== "none";
  const title = isPersonal ? "For you" : "Suggestions";
  if (!list || list.items.length === 0) {
    const isMissing = list?.degraded.some((what) => what === "catalog" || what === "published");
    const shown = isMissing ? problem("There is nothing to show yet.", app.again) : empty("There is nothing to suggest at the moment.");
    return { title, nodes: [shown], degraded: list?.degraded ?? [] };
  }
  const [first, ...others] = list.items;
  const shown = new Set(list.items.map((item) => item.id));
  // Where the list itself had to do without the person, so do its rows.
  const own = isPersonal ? [becauseYouLiked(app, shown), peopleLikeYou(app, readCollaborative)] : [];
  const rows = await Promise.all([...own, trending(app, isPersonal), newForYou(app, isPersonal)]);
  const nodes = [
    section(app, {
      id: "featured", title: "Featured", decision: { ...list, items: first ? [first] : [] },
      reason: isPersonal ? "The first of your list." : "The first of the general order.",
    }),
    section(app, {
      id: "list", title: isPersonal ? "Your list" : "The general order", decision: { ...list, items: others },
      reason: list.message ?? (isPersonal ? "In the order that fits what you allowed us to use. Each says why." : "The same for everybody. Nothing about you was used."),
    }),
    ...(isPersonal && app.published ? [categories(app, list.items)] : []),
    ...rows.flatMap((row) => (row ? [section(app, row)] : [])),
  ];
  return { title, nodes, degraded: list.degraded };
}
