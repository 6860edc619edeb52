// From the request through the queue into the log and the profile: each accepted event counts once, whatever fails on
// the way, and consent is asked again at the end of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, seeded, tablesWith, until, uuid } from "../support/api.mjs";
import { startControlled } from "../support/control.mjs";
import { interaction } from "../support/examples.mjs";

const EVENTS = 10_000;
const DUPLICATES = EVENTS / 5;
const PEOPLE = 40;
const CALL = 100;
const POISON = 20;
const FAIL_EVERY = 7;

let worker, api, finance;
before(async () => {
  worker = await startControlled({
    change: ({ queueConsumers }) => {
      // Small batches, so that many of them fail, and no waiting for more.
      Object.assign(queueConsumers["nearside-interactions"], { maxBatchSize: 2, maxBatchTimeout: 0.05 });
      Object.assign(queueConsumers["nearside-interactions-dead"], { maxBatchTimeout: 0.05 });
    },
  });
  api = apiOf(worker);
  finance = await seedFinance(api);
});
after(() => worker.dispose());

const user = (number) => uuid(0x90, number);
const asNobody = () => api.as(uuid(0x91, 1));

/** Waits until the queue has delivered everything that was sent until now. */
async function drained() {
  const sentinel = uuid(0x92, Math.floor(Math.random() * 2 ** 40));
  const person = api.as(sentinel);
  await person.agree();
  await person.track(interaction());
  await until(async () => (await person.get(`/interactions/${sentinel}`)).interactions.length === 1, "the last message", 120);
  await until(async () => {
    const { seen, done } = await worker.state();
    return seen.every((id) => done.includes(id));
  }, "every message to be acknowledged", 120);
}

/** Sends a message that no producer of ours would send. */
const sendRaw = async (body) => (await worker.mf.getQueueProducer("INTERACTIONS")).send(body, { contentType: typeof body === "string" ? "text" : "json" });

function events(random) {
  const kinds = ["RECOMMENDATION_VIEWED", "RECOMMENDATION_VIEWED", "RECOMMENDATION_VIEWED", "RECOMMENDATION_ACCEPTED", "RECOMMENDATION_DISMISSED", "CLICKED", "SAVED", "CONTENT_READ", "TIME_SPENT", "FEATURE_USED", "SESSION_STARTED"];
  const now = Date.now();
  return Array.from({ length: EVENTS - DUPLICATES }, (_, index) => {
    const type = random.pick(kinds);
    const target = { TIME_SPENT: { target_type: "app", target_id: null, value: random.below(600) }, FEATURE_USED: { target_type: "feature", target_id: `feature-${random.below(9)}` }, SESSION_STARTED: { target_type: "app", target_id: null } }[type] ?? { target_id: random.pick(finance.items).id };
    return interaction({
      id: uuid(0x93, index + 1), user_id: user(random.below(PEOPLE)), type, ...target, session_id: `s${random.below(400)}`, device_type: "mobile",
      context: { time_zone: "Europe/London" }, occurred_at: new Date(now - random.below(29 * 86_400_000) - 60_000).toISOString(),
    });
  });
}

test(`${EVENTS} events with duplicates, in any order, through a queue that fails: each counts once`, async (t) => {
  const random = seeded(20261120);
  const distinct = events(random);
  const sent = random.shuffle([...distinct, ...Array.from({ length: DUPLICATES }, () => random.pick(distinct))]);
  await Promise.all(Array.from({ length: PEOPLE }, (_, number) => api.as(user(number)).agree()));
  await worker.set({ failEvery: FAIL_EVERY });
  let [accepted, duplicates] = [0, 0];
  const start = Date.now();
  for (let from = 0; from < sent.length; from += CALL) {
    const report = await api.must(202, "POST", "/track-interactions", { role: "admin", body: { interactions: sent.slice(from, from + CALL) } });
    assert.deepEqual([report.withheld, report.rejected], [0, []]);
    accepted += report.accepted;
    duplicates += report.duplicates;
    if ((from / CALL) % 20 === 5) for (const body of poison.splice(0, POISON / 5)) await sendRaw(body);
  }
  assert.equal(accepted + duplicates, sent.length);
  await drained();
  const { batches, failures } = await worker.state();
  t.diagnostic(`${batches} batches, ${failures} of them failed, ${Date.now() - start} ms`);
  assert.ok(failures >= 6, `${failures} failures are too few to prove anything`);
  await worker.set({ failEvery: 0 });
  await checkLog(distinct);
  await checkProfiles(distinct);
});

/** Texts and structures that are no message of version 1. */
const poison = [
  "", "not JSON", "{", "[]", "null", "7", '"text"', "{}", '{"v":1}', `{"v":2,"received_at_ms":1,"events":[{"user":"${uuid(0x94, 2)}","event":{"id":"${uuid(0x94, 3)}","kind":"CLICKED","occurred_at_ms":1}}]}`, '{"v":1,"received_at_ms":1}',
  '{"v":1,"received_at_ms":"now","events":[]}', '{"v":1,"received_at_ms":1,"events":[{"user":"nobody","event":{}}]}', '{"v":1,"received_at_ms":1,"events":{},"more":1}',
  `{"v":1,"received_at_ms":1,"events":[{"user":"${uuid(0x94, 1)}","event":{"id":"x"}}]}`, "[".repeat(5_000), '{"v":1,"v":1}', "\u0007 \u001b", "x".repeat(60_000), { v: 1, received_at_ms: 1, events: new Array(1) },
];
const POISON_SENT = poison.length;

async function checkLog(distinct) {
  const results = await worker.sql("SELECT user_id, id, interaction_type, timestamp, sequence FROM user_interactions WHERE id LIKE ?", `${uuid(0x93, 0).slice(0, 13)}%`);
  assert.equal(results.length, distinct.length);
  const rows = new Map(results.map((row) => [row.id, row]));
  for (const event of distinct) {
    const row = rows.get(event.id);
    assert.deepEqual([row.user_id, row.interaction_type, row.timestamp], [event.user_id, event.type, Date.parse(event.occurred_at)]);
  }
  assert.equal(new Set(results.map(({ sequence }) => sequence)).size, distinct.length, "every row has a number of its own");
}

async function checkProfiles(distinct) {
  for (let number = 0; number < PEOPLE; number += 1) {
    const own = distinct.filter(({ user_id }) => user_id === user(number));
    const stored = await stateOf(user(number));
    assert.equal(stored.n, own.length, "events of the profile");
    const kinds = {};
    for (const { type } of own) kinds[type] = (kinds[type] ?? 0) + 1;
    assert.deepEqual(stored.k, kinds);
    await api.must(200, "POST", `/profile/${user(number)}/refresh`, { role: "client", user: user(number) });
    same(stored, await stateOf(user(number)), `state of ${number}`);
  }
}

const stateOf = async (id) => JSON.parse((await worker.sql("SELECT state FROM user_personalization_profiles WHERE user_id = ?", id))[0].state);

/** Counts and times are equal, sums within 1e-9 of their size. */
function same(stored, rebuilt, place) {
  if (typeof stored === "number" && typeof rebuilt === "number" && !(Number.isInteger(stored) && Number.isInteger(rebuilt))) {
    assert.ok(Math.abs(stored - rebuilt) <= 1e-9 * Math.max(1, Math.abs(stored)), `${place}: ${stored} and ${rebuilt}`);
  } else if (typeof stored === "object" && stored !== null) {
    assert.deepEqual(Object.keys(stored).sort(), Object.keys(rebuilt).sort(), place);
    for (const name of Object.keys(stored)) same(stored[name], rebuilt[name], `${place}.${name}`);
  } else {
    assert.equal(rebuilt, stored, place);
  }
}

test("poison messages are in the dead letters, once each, and nothing else is", async () => {
  const results = await worker.sql("SELECT payload, reason, attempts FROM dead_letters");
  assert.equal(results.length, POISON_SENT, results.map(({ payload }) => payload.slice(0, 40)).join("\n"));
  assert.ok(results.every(({ reason }) => reason.length > 0));
  assert.ok(results.some(({ payload }) => payload === "not JSON"));
});

/** What happens to events of a person that wait in the queue while something else happens. */
async function whileQueued(number, meanwhile) {
  const id = user(number);
  const person = { user: id, ...api.as(id) };
  await person.agree();
  await drained();
  await worker.set({ hold: true });
  const interactions = Array.from({ length: 30 }, () => interaction({ type: "CLICKED", session_id: `queued-${number}` }));
  assert.equal((await person.call("POST", "/track-interactions", { interactions })).json.accepted, 30);
  await meanwhile(person);
  await worker.set({ hold: false });
  await drained();
  return person;
}

test("consent withdrawn while events are queued: none of them is applied", async () => {
  const person = await whileQueued(1_001, ({ refuse }) => refuse());
  assert.deepEqual(await tablesWith(worker.sql, "queued-1001"), {});
  assert.deepEqual(await worker.sql("SELECT state FROM user_personalization_profiles WHERE user_id = ?", person.user), [{ state: null }]);
});

test("a new yes does not bring back what was taken before the no", async () => {
  const person = await whileQueued(1_002, async ({ refuse, agree }) => {
    await refuse();
    await agree();
  });
  assert.deepEqual(await tablesWith(worker.sql, "queued-1002"), {});
  assert.equal((await person.get(`/profile/${person.user}`)).behavior.engagement_level, null);
  assert.equal((await person.track(interaction())).accepted, 1);
  await drained();
  assert.equal((await person.get(`/interactions/${person.user}`)).interactions.length, 1);
});

test("a person erased while events are queued stays erased, even after a new yes", async () => {
  const erase = ({ call, user: id }) => call("DELETE", `/profile/${id}`);
  const gone = await whileQueued(1_003, erase);
  assert.deepEqual(await tablesWith(worker.sql, "queued-1003"), {});
  assert.deepEqual(await tablesWith(worker.sql, gone.user), { erasure_tombstones: 1, audit_log: 1 });
  await whileQueued(1_004, async (person) => {
    await erase(person);
    await person.agree();
  });
  assert.deepEqual(await tablesWith(worker.sql, "queued-1004"), {});
});

test("the purpose to learn withdrawn, or privacy mode, while events are queued: none is applied", async () => {
  await whileQueued(1_005, ({ settings }) => settings({ behavioral: false }));
  await whileQueued(1_006, ({ settings }) => settings({ privacy_mode: true }));
  assert.deepEqual(await tablesWith(worker.sql, "queued-1005"), {});
  assert.deepEqual(await tablesWith(worker.sql, "queued-1006"), {});
});

test("events of people who stay are applied though others of the same message went", async () => {
  const [stays, goes] = [user(1_007), user(1_008)];
  for (const id of [stays, goes]) await api.as(id).agree();
  await drained();
  await worker.set({ hold: true });
  const interactions = [stays, goes, stays, goes].map((user_id) => interaction({ user_id, type: "CLICKED" }));
  await api.must(202, "POST", "/track-interactions", { role: "admin", body: { interactions } });
  await api.as(goes).refuse();
  await worker.set({ hold: false });
  await drained();
  const results = await worker.sql("SELECT user_id FROM user_interactions WHERE user_id IN (?, ?)", stays, goes);
  assert.deepEqual(results.map(({ user_id }) => user_id), [stays, stays]);
});

test("one event sent by both ways at once counts once", async () => {
  const id = user(1_009);
  const person = api.as(id);
  await person.agree();
  const event = interaction({ type: "CLICKED" });
  await Promise.all([person.track(event), person.trackNow(event), person.track(event), person.trackNow(event), person.trackNow(event)]);
  await drained();
  assert.equal((await person.get(`/interactions/${id}`)).interactions.length, 1);
  assert.equal((await stateOf(id)).n, 1);
});

test("many writers of one person at once lose nothing", async () => {
  const id = user(1_010);
  const person = api.as(id);
  await person.agree();
  const answers = await Promise.all(Array.from({ length: 8 }, () => person.call("POST", "/track-interaction?sync=1", interaction({ type: "CLICKED" }))));
  const accepted = answers.filter(({ status }) => status === 202).length;
  await drained();
  assert.ok(answers.every(({ status }) => status === 202), answers.map(({ status, text }) => `${status} ${text}`).join("\n"));
  assert.equal((await stateOf(id)).n, accepted);
  assert.equal((await person.get(`/interactions/${id}`)).interactions.length, accepted);
});

test("without a queue events are applied before the answer", async () => {
  await worker.set({ bindings: { INTERACTIONS: null } });
  const id = user(1_011);
  const person = api.as(id);
  await person.agree();
  const report = await person.track(interaction());
  assert.equal(report.accepted, 1);
  assert.deepEqual(report.degraded, ["queue"]);
  assert.equal((await person.get(`/interactions/${id}`)).interactions.length, 1);
  await worker.reset();
});
