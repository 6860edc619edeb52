// What the origin job learns of single people, through the real Worker: similar people, whose choices are shown to each
// other, and corrections of the live model for people who chose often enough. Who stopped sharing is left out.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, seeded, uuid } from "../support/api.mjs";
import { leaveCandidate } from "../support/candidates.mjs";
import { crowdMember, crowdVisits, seedCrowd } from "../support/crowd.mjs";
import { nearsideIn } from "../support/nearside.mjs";
import { startWorker } from "../support/worker.mjs";

const DAY_MS = 86_400_000;
const LOYAL = uuid(0xb0, 1);
const term = (name, cuts, values, unknown) => ({ name, feature: name, among: "all", cuts, values, unknown });
/** Wrong for who comes back to what is put forward most: it likes the opposite, and repeats too little. */
const TERMS = [term("priority", [50, 55, 60], [0.6, 0.45, 0.3, 0], 0.3), term("repeat_frequency", [0.05], [0, 0.4], 0)];

let worker, api, near, favourites;
before(async () => {
  worker = await startWorker({ direct: true });
  api = apiOf(worker);
  near = nearsideIn(worker);
  const { items } = await seedFinance(api);
  const always = items.filter(({ countries = [], deadline, published_at }) => countries.length === 0 && !deadline && !published_at);
  favourites = always.filter(({ priority }) => priority >= 60).slice(0, 3);
  await seedCrowd(api, [...crowdVisits(), ...loyalVisits()]);
  await near.run("import --from-edge");
  leaveCandidate(near, null, { terms: TERMS });
  await near.run("publish");
});
after(async () => {
  near?.remove();
  await worker?.dispose();
});

/** Thirty visits, three of the favourites each. */
function loyalVisits() {
  const chance = seeded(5);
  return Array.from({ length: 90 }, (_, made) => ({
    id: uuid(0xb1, made),
    user_id: LOYAL,
    type: "RECOMMENDATION_ACCEPTED",
    target_type: "recommendation",
    target_id: chance.pick(favourites).id,
    session_id: uuid(0xb2, Math.floor(made / 3)),
    context: { country: "GB" },
    occurred_at: new Date(Date.now() - (30 - Math.floor(made / 3)) * 3 * DAY_MS + (made % 3) * 60_000).toISOString(),
  }));
}

const stopSharing = (person) => api.as(crowdMember(person)).settings({ data_sharing_consent: false });

test("people are shown what similar people took up, and nobody is similar who stopped sharing", async () => {
  const shown = async () => (await api.as(LOYAL).get("/recommendations/collaborative")).recommendations;
  assert.deepEqual(await shown(), []);
  const before = await near.json("similar-users");
  assert.deepEqual([before.people, before.withheld], [21, 0]);
  assert.ok(before.written > 0);
  const found = await shown();
  assert.equal(found.length, 5);
  for (const { source, relevance_score, recommendation_id } of found) {
    assert.ok(source === "COLLABORATIVE_FILTERING" && relevance_score > 0 && relevance_score <= 1);
    assert.ok(!favourites.some(({ id }) => id === recommendation_id));
  }
  await stopSharing(1);
  const after = await near.json("similar-users");
  assert.ok(after.withheld > 0 && after.written < before.written, JSON.stringify(after));
});

test("a person's own corrections are learned, sent, and part of the next answer's scores", async () => {
  const firstThree = async () => (await api.as(LOYAL).recommend({ limit: 3, context: { country: "GB" } })).items;
  const isFavourite = ({ id }) => favourites.some((one) => one.id === id);
  assert.ok(!(await firstThree()).some(isFavourite));
  const { people, judged, kept, written, withheld, ...accuracy } = await near.json("personal-models");
  assert.deepEqual({ people, judged, kept, written, withheld }, { people: 1, judged: 1, kept: 1, written: 1, withheld: 0 });
  assert.ok(accuracy.personal_accuracy > Math.max(0.7, accuracy.global_accuracy), JSON.stringify(accuracy));
  const [own] = (await api.as(LOYAL).get(`/profile/${LOYAL}/export`)).personalization_models;
  const { priority, repeat_frequency } = own.model_data;
  assert.ok(priority < 1 && repeat_frequency > 1, JSON.stringify(own.model_data));
  const shown = await firstThree();
  assert.ok(shown.every(isFavourite), "what everybody's model held back comes first");
  for (const { score } of shown) assert.ok(Math.abs(score - 0.4 * repeat_frequency) < 1e-9, `${score}`);
});
