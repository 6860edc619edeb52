// An invented crowd that agreed to share: enough events for `nearside train` to learn from. Everybody leans to two
// categories, takes what others take, and comes back. Chance is a hash, so that every run makes the same people.
import { createHash } from "node:crypto";
import { readItems } from "./demo-pack.mjs";

const PEOPLE = 160;
const VISITS = 14;
const DAY_MS = 24 * 60 * 60 * 1000;
/** The Worker takes this many in one call. */
const A_CALL = 1000;

/** A number from 0 to 1 for a text, always the same. */
const chance = (...parts) => createHash("sha256").update(parts.join("/")).digest().readUInt32BE(0) / 2 ** 32;

/** A UUID for a text, always the same (version 8: made in our own way). */
function uuidOf(...parts) {
  const hex = createHash("sha256").update(parts.join("/")).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

/** Makes the crowd that is not there yet, and returns how many events were new. */
export async function seedCrowd(call, pack, now = Date.now()) {
  const items = readItems(pack).filter((item) => !item.countries?.length || item.countries.includes("GB"));
  const categories = [...new Set(items.map((item) => item.category))].sort();
  const people = Array.from({ length: PEOPLE }, (_, person) => uuidOf("crowd", person));
  const events = people.flatMap((user_id, person) => historyOf(user_id, person, items, categories, now));
  const sharing = { personalization_enabled: true, data_sharing_consent: true };
  for (let at = 0; at < people.length; at += 8) {
    await Promise.all(people.slice(at, at + 8).map((user_id) => call("POST", "/settings", { user_id, ...sharing })));
  }
  let accepted = 0;
  for (let at = 0; at < events.length; at += A_CALL) {
    const { json } = await call("POST", "/track-interactions?sync=1", { interactions: events.slice(at, at + A_CALL) });
    if (json.rejected.length > 0) throw new Error(`interaction ${json.rejected[0].index}: ${json.rejected[0].detail}`);
    accepted += json.accepted;
  }
  return accepted;
}

function historyOf(user_id, person, items, categories, now) {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const [first, second] = [0, 1].map((lean) => categories[Math.floor(chance("lean", person, lean) * categories.length)]);
  const weigh = (item) => {
    const lean = item.category === first ? 8 : item.category === second ? 4 : 0.4;
    return lean * (0.2 + chance("popular", item.id) ** 3 * 3);
  };
  const weights = items.map(weigh);
  const sum = weights.reduce((left, right) => left + right, 0);
  const pick = (...where) => {
    let rest = chance("pick", person, ...where) * sum;
    return items.find((_, at) => (rest -= weights[at]) <= 0) ?? items[0];
  };
  const visits = Array.from({ length: VISITS }, (_, visit) => {
    const daysAgo = Math.floor(1 + (VISITS - visit - chance("day", person, visit)) * 6);
    return ["accepted", "clicked", "read"].map((verb, step) => {
      const item = pick(visit, step);
      const type = { accepted: "RECOMMENDATION_ACCEPTED", clicked: "CLICKED", read: "CONTENT_READ" }[verb];
      const occurred_at = new Date(today - daysAgo * DAY_MS + (8 + step) * 60 * 60 * 1000).toISOString();
      return {
        id: uuidOf("event", user_id, visit, step),
        user_id,
        type,
        target_type: "recommendation",
        target_id: item.id,
        session_id: uuidOf("visit", user_id, visit),
        context: { country: "GB", utc_offset_minutes: 0 },
        occurred_at,
      };
    });
  });
  return visits.flat();
}
