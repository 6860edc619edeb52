// A seeded shop for the round trip through Spark: people with a taste for one of four shelves, and beside their purchases
// everything that both sides must leave out in the same way.

const SHELVES = 4;
/** Of what people take, this share is from their own shelf. */
const OWN_SHELF_SHARE = 0.7;
const FIRST_DAY_MS = Date.UTC(2025, 0, 1);
const DAY_MS = 86_400_000;

/** Returns events as `nearside import` reads them, over 80 days from 2025-01-01. */
export function syntheticEvents(people, items) {
  const random = mulberry32(7);
  const below = (limit) => Math.floor(random() * limit);
  const events = [];
  const add = (person, item, type, more = {}) => {
    const occurred_at = new Date(FIRST_DAY_MS + below(80) * DAY_MS + below(DAY_MS)).toISOString();
    const id = `event-${events.length}`;
    events.push({ id, user_id: `person-${person}`, target_id: `item-${item}`, type, occurred_at, pack: "retail", ...more });
  };
  for (let person = 0; person < people; person++) {
    const item = () => (random() < OWN_SHELF_SHARE ? below(items / SHELVES) * SHELVES + (person % SHELVES) : below(items));
    for (let count = 3 + below(20); count > 0; count--) add(person, item(), random() < 0.5 ? "PURCHASED" : "CLICKED");
    add(person, item(), "RECOMMENDATION_VIEWED");
    add(person, item(), "RECOMMENDATION_DISMISSED");
    add(person, item(), "FEEDBACK", { action: "positive" });
    add(person, item(), "FEEDBACK", { action: "negative" });
    add(person, item(), "FEEDBACK", { action: "rating", value: 1 + below(5) });
    add(person, item(), "CLICKED", { target_type: "page" });
    add(person, item(), "PURCHASED", { pack: "finance" });
  }
  return events;
}

/** The well-known small generator of that name: uniform numbers in [0, 1) from a seed. */
function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
