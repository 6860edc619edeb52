// People who agreed to share, and whose next step is learned from others, not guessed from categories: items stand on
// trails that cross all categories, and everybody walks one of them. Chance is seeded, so every run makes the same people;
// only their days follow today.
import { readPack, seeded, uuid } from "./api.mjs";

const DAY_MS = 86_400_000;
const TRAIL = 10;
const TRAILS = 2;
/** Somebody begins at every step of every trail; few enough to be learned from without optimisation in some seconds. */
const PEOPLE = 20;
const VISITS = 5;
/** The Worker takes this many in one call. */
const A_CALL = 1_000;

/** The id of one of the crowd. */
export const crowdMember = (person) => uuid(0xc0, person);

/** The trails of the finance catalogue: ten ids each, of items that everybody in GB may see on any day. */
export function trails(seed = 7) {
  const { items } = readPack("finance");
  const always = items.filter(({ countries = [], deadline, published_at }) => !deadline && !published_at && (countries.length === 0 || countries.includes("GB")));
  const ids = seeded(seed).shuffle(always.map(({ id }) => id));
  return Array.from({ length: TRAILS }, (_, trail) => ids.slice(trail * TRAIL, (trail + 1) * TRAIL));
}

/** What one visit leaves: the item taken up, for a day before `until`. */
const visitOf = (user_id, target_id, occurred, id) => ({
  id,
  user_id,
  type: "RECOMMENDATION_ACCEPTED",
  target_type: "recommendation",
  target_id,
  session_id: id,
  context: { country: "GB", utc_offset_minutes: 0 },
  occurred_at: new Date(occurred).toISOString(),
});

/** The item that one of the crowd takes up at a visit; everybody walks on along their trail. */
const stepOf = (person, visit) => {
  const ways = trails();
  return ways[person % ways.length][(Math.floor(person / ways.length) + visit) % TRAIL];
};

/** What others took up after the visits of one of the crowd. */
export const nextOf = (person) => stepOf(person, VISITS);

const personsVisit = (person, visit, day) =>
  visitOf(crowdMember(person), stepOf(person, visit), day + (8 + (person % 9)) * 3_600_000, uuid(0xc1, person * 1_000 + visit));

const today = (now) => Math.floor(now / DAY_MS) * DAY_MS;

/** Returns the visits of the crowd, five days apart, the last of them four to six days ago. */
export function crowdVisits(now = Date.now()) {
  const dayOf = (person, visit) => today(now) - (4 + (VISITS - 1 - visit) * 5 + (person % 3)) * DAY_MS;
  const visitsOf = (_, person) => Array.from({ length: VISITS }, (_, visit) => personsVisit(person, visit, dayOf(person, visit)));
  return Array.from({ length: PEOPLE }, visitsOf).flat();
}

/** Returns the visits that came after those: one each, yesterday. */
export const laterVisits = (now = Date.now()) =>
  Array.from({ length: PEOPLE }, (_, person) => personsVisit(person, VISITS, today(now) - DAY_MS));

/** Has the crowd agree to share, and sends what they did. Returns how many events were new. */
export async function seedCrowd(api, events = crowdVisits()) {
  const people = [...new Set(events.map(({ user_id }) => user_id))];
  const settings = { personalization_enabled: true, data_sharing_consent: true };
  for (let at = 0; at < people.length; at += 8) {
    await Promise.all(people.slice(at, at + 8).map((user) => api.as(user).settings(settings)));
  }
  let accepted = 0;
  for (let at = 0; at < events.length; at += A_CALL) {
    const body = { interactions: events.slice(at, at + A_CALL) };
    const report = await api.must(202, "POST", "/track-interactions?sync=1", { role: "admin", body });
    if (report.rejected.length > 0) throw new Error(JSON.stringify(report.rejected[0]));
    accepted += report.accepted;
  }
  return accepted;
}
