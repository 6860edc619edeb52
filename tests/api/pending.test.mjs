// What a client has not seen acknowledged is folded into the answer, kept nowhere, and counted once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, tablesWith, uuid } from "../support/api.mjs";
import { startControlled } from "../support/control.mjs";
import { interaction } from "../support/examples.mjs";

let worker, api;
before(async () => {
  worker = await startControlled();
  api = apiOf(worker);
  await seedFinance(api);
});
after(() => worker.dispose());

let people = 0;
async function newPerson() {
  const user = uuid(0xf0, (people += 1));
  const person = { user, ...api.as(user) };
  await person.agree();
  return person;
}

const accepted = (more) => interaction({ type: "RECOMMENDATION_ACCEPTED", occurred_at: new Date(Date.now() - 60_000).toISOString(), ...more });
/** Says whether two answers score alike, but for what some milliseconds of decay can change. */
const isAlike = (left, right) => {
  const scores = new Map(right.items.map(({ id, score }) => [id, score]));
  return left.items.length === right.items.length && left.items.every(({ id, score }) => Math.abs(score - scores.get(id)) < 1e-5);
};
const alike = (left, right, message) => assert.ok(isAlike(left, right), message ?? "the two answers differ");
const ask = (person, pending) => person.recommend({ limit: 50, pending });

test("a pending acceptance moves the answer as if it were applied, and leaves no row", async () => {
  const person = await newPerson();
  const plain = await ask(person, []);
  const event = accepted({ session_id: "only-pending" });
  const folded = await ask(person, [event]);
  assert.ok(!isAlike(folded, plain));
  assert.deepEqual(await tablesWith(worker.sql, "only-pending"), {});
  alike(await ask(person, []), plain, "the next answer knows nothing of it");
  await person.trackNow(event);
  alike(await ask(person, []), folded, "applied, it says what it said while pending");
});

test("what the log holds by now is not counted again", async () => {
  const person = await newPerson();
  const event = accepted();
  await person.trackNow(event);
  const applied = await ask(person, []);
  alike(await ask(person, [event]), applied);
  alike(await ask(person, [{ ...event, id: event.id.toUpperCase() }]), applied, "an id has many spellings");
  alike(await ask(person, [event, event, event]), applied);
});

test("one that stands twice in the request counts once", async () => {
  const person = await newPerson();
  const event = accepted();
  alike(await ask(person, [event, event]), await ask(person, [event]));
});

test("32 are taken, 33 are not", async () => {
  const person = await newPerson();
  const events = Array.from({ length: 33 }, () => interaction());
  assert.equal((await ask(person, events.slice(0, 32))).personalization, "building");
  const refused = await person.call("POST", "/recommend", { pending: events });
  assert.equal(refused.status, 422);
  assert.match(refused.json.detail, /32/);
});

test("a bad one is named by its place, and nobody's id may stand in one", async () => {
  const person = await newPerson();
  const bad = await person.call("POST", "/recommend", { pending: [interaction(), interaction({ type: "NO_SUCH_TYPE" })] });
  assert.equal(bad.status, 422);
  assert.match(bad.json.detail, /^pending\[1\]/);
  assert.equal((await person.call("POST", "/recommend", { pending: [interaction({ user_id: person.user })] })).status, 422);
  const old = accepted({ occurred_at: new Date(Date.now() - 40 * 86_400_000).toISOString() });
  assert.equal((await person.call("POST", "/recommend", { pending: [old] })).status, 422);
});

test("without consent, or without the purpose to learn, pending events change nothing", async () => {
  const person = await newPerson();
  await person.settings({ behavioral: false });
  const plain = await ask(person, []);
  alike(await ask(person, [accepted()]), plain);
  await person.refuse();
  const general = await ask(person, []);
  assert.deepEqual((await ask(person, [accepted()])).items, general.items);
});
