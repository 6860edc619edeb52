// The rows of the feed. Each has a reason, and is there only where there is something true to show. The package orders each of them.

import { lastLiked } from "./liked.js";

/**
 * @import { App } from "./app.js"
 * @typedef {NonNullable<Awaited<ReturnType<App["order"]>>>} Ordered
 * @typedef {{ id: string, title: string, reason: string, decision: Ordered, facts?: Map<string, string>, ids?: string[] }} Row
 */

const DAY_MS = 86_400_000;
const NEW_DAYS = 30;
/** As the engine has it: an older count says nothing of now. */
const LIVE_DAYS = 3;
const A_ROW = 4;
/** One item alone makes no row. */
const LEAST = 2;

/** Orders some items as a row. @param {App} app @param {Omit<Row, "decision">} row @param {string[]} ids @returns {Promise<Row | null>} */
async function ordered(app, row, ids) {
  const decision = ids.length < LEAST ? null : await app.order(ids, A_ROW);
  return decision && decision.items.length >= LEAST ? { ...row, ids, decision } : null;
}

/** @param {App} app @param {Set<string>} shown */
export async function becauseYouLiked(app, shown) {
  const id = await lastLiked(app);
  const liked = id === null ? undefined : app.published?.items.get(id);
  if (!liked) return null;
  const like = [...app.published?.items.values() ?? []].filter((item) =>
    item.id !== id && !shown.has(item.id) && (item.category === liked.category || item.tags.some((tag) => liked.tags.includes(tag))));
  return ordered(app, {
    id: "liked", title: `Because you accepted “${liked.title}”`, reason: "These share its category or a topic with it.",
  }, like.map((item) => item.id));
}

/** @param {App} app @param {boolean} isPersonal */
export async function newForYou(app, isPersonal) {
  const now = Date.now();
  const fresh = [...app.published?.items.values() ?? []].filter(({ publishedAt }) => publishedAt <= now && publishedAt > now - NEW_DAYS * DAY_MS);
  return ordered(app, { id: "new", title: isPersonal ? "New for you" : "New", reason: `Published in the last ${NEW_DAYS} days.` }, fresh.map((item) => item.id));
}

/** Only with counts of people who agreed to be counted, of the last days; regulated items are never shown as popular. @param {App} app @param {boolean} isPersonal */
export async function trending(app, isPersonal) {
  const { popularity, items } = app.published ?? { popularity: null };
  const age = popularity ? Math.floor(Date.now() / DAY_MS) - popularity.asOfDay : -1;
  if (!popularity || !items || popularity.windowDays === 0 || age < 0 || age > LIVE_DAYS) return null;
  const here = isPersonal ? app.context().country : undefined;
  const near = here ? popularity.countries[here] : undefined;
  const counts = near ?? popularity.countries["*"] ?? {};
  const top = Object.entries(counts).filter(([id]) => items.get(id)?.isRegulated === false).sort(([, one], [, other]) => other - one).slice(0, A_ROW);
  const facts = new Map(top.map(([id, people]) => [id, `${people} people took this up in the last ${popularity.windowDays} days`]));
  const place = near && here ? ` in ${new Intl.DisplayNames("en", { type: "region" }).of(here)}` : "";
  return ordered(app, {
    id: "trending", title: near ? "Trending near you" : "Trending", facts,
    reason: `Most taken up${place} by people who agreed to be counted.`,
  }, top.map(([id]) => id));
}

/** What people like this person took up: the Worker knows, with consent to learning and to sharing. @param {App} app @param {() => Promise<string[]>} ask */
export async function peopleLikeYou(app, ask) {
  if (app.nearside.mode !== "server" || !app.allowed.behavioral || !app.allowed.sharing) return null;
  const ids = await ask().catch(() => []);
  const reason = "From people who agreed to share, of kinds that you have not seen.";
  return ordered(app, { id: "people", title: "People like you took these up", reason }, ids);
}

/** The categories with which the person's list begins. @param {App} app @param {readonly { category?: string }[]} items */
export function firstCategories({ published }, items) {
  const ids = [...new Set(items.map((item) => item.category))].slice(0, 3);
  return ids.flatMap((id) => published?.categories.filter((category) => category.id === id) ?? []);
}
