// Which items a search text is about: looked up here, in the catalogue that everybody has. The text goes nowhere.

/** @import { Published } from "./published.js" */

/** @param {string} text */
const wordsOf = (text) => text.toLocaleLowerCase("en").normalize("NFKD").replaceAll(/\p{M}/gu, "").split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/**
 * Returns the ids of the items that hold every word, or the beginning of one; all of a category where there is no text.
 * @param {Published} published
 * @param {string} text
 * @param {string | null} category
 */
export function matching({ items, categories }, text, category) {
  const asked = wordsOf(text);
  const names = new Map(categories.map(({ id, name }) => [id, name]));
  const found = [...items.values()].filter((item) => {
    if (category && item.category !== category) return false;
    const held = wordsOf(`${item.title} ${item.description} ${item.tags.join(" ")} ${names.get(item.category) ?? ""}`);
    return asked.every((word) => held.some((other) => other.startsWith(word)));
  });
  return found.map((item) => item.id);
}

/**
 * Suggests queries: the topics of what the person's list begins with.
 * @param {Published} published
 * @param {readonly { id: string }[]} first
 */
export function suggestedQueries({ items }, first) {
  const tags = first.flatMap(({ id }) => items.get(id)?.tags.slice(0, 1) ?? []);
  return [...new Set(tags)].slice(0, 5).map((tag) => tag.replaceAll("-", " "));
}
