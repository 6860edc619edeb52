// What is published for everybody: the catalogue, the categories, and how many people took things up. Public and cacheable; who asks is not said.

import { readPublishedPart } from "../shared/api.js";
import { list, number, object, text, textOrEmpty } from "../shared/read.js";

/**
 * @typedef {{ id: string, category: string, title: string, description: string, tags: string[], publishedAt: number, isRegulated: boolean }} Known
 * @typedef {{ windowDays: number, asOfDay: number, countries: Record<string, Record<string, number>> }} Popularity
 * @typedef {{ items: Map<string, Known>, categories: { id: string, name: string }[], countries: string[], tones: string[], popularity: Popularity | null }} Published
 */

/** @param {unknown} json @returns {Known} */
function known(json) {
  const { id, category, title, description, tags, published_at: published, regulated } = object(json);
  return {
    id: text(id), category: text(category), title: text(title), description: textOrEmpty(description), tags: list(tags, text),
    publishedAt: published ? Date.parse(text(published)) : Number.NaN, isRegulated: regulated === true,
  };
}

/** @param {import("../shared/read.js").Json} json @returns {Popularity} */
function popularity({ window_days: windowDays, as_of_day: asOfDay, countries }) {
  const counts = Object.entries(object(countries)).map(([country, items]) => {
    const people = Object.entries(object(items)).map(([id, count]) => /** @type {const} */ ([id, number(count)]));
    return /** @type {const} */ ([country, Object.fromEntries(people)]);
  });
  return { windowDays: number(windowDays ?? 0), asOfDay: number(asOfDay ?? 0), countries: Object.fromEntries(counts) };
}

/** The tones that a person may choose from, where the pack declares that. @param {import("../shared/read.js").Json | null} pack */
function tones(pack) {
  const { profile } = object(pack?.attributes ?? {});
  const { tone } = object(profile ?? {});
  return list(object(tone ?? {}).values, text);
}

/** Reads what is live. @returns {Promise<Published>} */
export async function readPublished() {
  const versions = await readPublishedPart("finance");
  /** @param {string} kind */
  const part = (kind) => (versions[`${kind}_version`] ? readPublishedPart("finance", kind, text(versions[`${kind}_version`])) : null);
  // Without the counts there is one row less; without the others there are no rows and no search.
  const [pack, catalog, counts] = await Promise.all([part("pack"), part("catalog"), Promise.resolve(part("popularity")).catch(() => null)]);
  const items = list(catalog?.items, known);
  return {
    items: new Map(items.map((item) => [item.id, item])),
    categories: list(pack?.categories, (entry) => ({ id: text(object(entry).id), name: textOrEmpty(object(entry).name) || text(object(entry).id) })),
    countries: list(pack?.countries, text),
    tones: tones(pack),
    popularity: counts && popularity(counts),
  };
}
