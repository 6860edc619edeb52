// What changed between two orders of one list, for the eye and in words.

/** @import { Item } from "../shared/wire.js" */

/**
 * @typedef {{ from: number | null, to: number }} Move `from` is null for an item that was not in the list
 * @typedef {{ byId: Map<string, Move>, sentence: string }} Moves
 */

/** @param {string} title */
const quoted = (title) => `“${title}”`;

/**
 * Compares two orders. `chosen` is the item that the person acted on: what became of it is said first.
 * @param {Item[]} before
 * @param {Item[]} after
 * @param {Item | null} chosen
 * @returns {Moves}
 */
export function compareOrders(before, after, chosen) {
  const ranks = new Map(before.map((item) => [item.id, item.rank]));
  /** @type {Map<string, Move>} */
  const byId = new Map();
  for (const { id, rank } of after) {
    const from = ranks.get(id) ?? null;
    if (before.length > 0 && from !== rank) byId.set(id, { from, to: rank });
  }
  const parts = chosen ? [wordsForChosen(chosen, byId, after)] : [];
  const others = after.filter((item) => byId.has(item.id) && item.id !== chosen?.id);
  const [first] = others.toSorted((a, b) => distance(byId, b, after.length) - distance(byId, a, after.length) || a.rank - b.rank);
  const move = first && byId.get(first.id);
  if (first && move) {
    parts.push(`${quoted(first.title)} ${move.from === null ? `is new at ${move.to}` : `moved from ${move.from} to ${move.to}`}.`);
  }
  if (others.length > 1) parts.push(others.length === 2 ? "One more moved." : `${others.length - 1} more moved.`);
  return { byId, sentence: parts.join(" ") };
}

/** @param {Item} chosen @param {Map<string, Move>} byId @param {Item[]} after */
function wordsForChosen(chosen, byId, after) {
  const move = byId.get(chosen.id);
  if (move && move.from !== null) return `${quoted(chosen.title)} moved from ${move.from} to ${move.to}.`;
  const isStill = after.some((item) => item.id === chosen.id);
  return isStill ? `${quoted(chosen.title)} stays at ${chosen.rank}.` : `${quoted(chosen.title)} left the first ${after.length}.`;
}

/** How far an item went; one that is new came from behind the list. @param {Map<string, Move>} byId @param {Item} item @param {number} length */
function distance(byId, item, length) {
  const move = byId.get(item.id);
  return move ? Math.abs((move.from ?? length + 1) - move.to) : 0;
}
