// Every port fails: once at each position, for good, or without an end. Recommendations go on in the general order,
// nobody's data is shown while consent is unknown, and what was acknowledged is counted once.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, until, uuid } from "../support/api.mjs";
import { startControlled } from "../support/control.mjs";
import { interaction } from "../support/examples.mjs";

const storage = mkdtempSync(join(tmpdir(), "nearside-faults-"));
const start = () =>
  startControlled({
    storage,
    change: ({ queueConsumers }) => Object.assign(queueConsumers["nearside-interactions"], { maxBatchTimeout: 0.05 }),
  });

let worker, api, known;
before(async () => {
  worker = await start();
  api = apiOf(worker);
  await seedFinance(api);
  known = await newPerson();
  for (const target_id of ["za-make-a-will", "document-folder"]) await known.trackNow(interaction({ type: "RECOMMENDATION_ACCEPTED", target_id }));
});
after(async () => {
  await worker.dispose();
  rmSync(storage, { recursive: true, force: true });
});

let people = 0;
async function newPerson() {
  const user = uuid(0x70, (people += 1));
  const person = { user, ...api.as(user) };
  await person.agree();
  return person;
}

const fault = (...faults) => worker.set({ faults });
const heal = () => worker.reset();
const ids = ({ items }) => items.map(({ id }) => id);
const shape = ({ decision_id, degraded, ...decision }) => decision;
const generalOf = (person) => person.recommend({ mode: "general" });

/** Fails unless the answer is the general order, for the reason that consent is unknown. */
function isGeneral(decision, general) {
  assert.ok(decision.degraded.includes("consent"), JSON.stringify(decision.degraded));
  assert.equal(decision.personalization, "none");
  assert.deepEqual(shape(decision), shape(general));
}

/** The calls of the ports that a healthy request makes. */
async function callsOf(ask) {
  await fault();
  await ask();
  const { calls } = await worker.state();
  return calls;
}

/** Lets each call of a request fail once, in both ways. */
async function atEachPosition(ask, check) {
  const calls = await callsOf(ask);
  assert.ok(calls.length >= 1);
  for (const how of ["throw", "lose"]) {
    for (let at = 1; at <= calls.length; at += 1) {
      await fault({ at, how });
      await check(await ask(), `${how} at ${at} (${calls[at - 1]})`);
      await heal();
    }
  }
  return calls.length * 2;
}

test("with the database down, recommendations are the general order, and say why", async () => {
  const general = await generalOf(known);
  assert.notDeepEqual(ids(await known.recommend()), ids(general));
  await fault({ port: "DB", at: "all", how: "throw" });
  isGeneral(await known.recommend(), general);
  const explained = await known.get("/explain/gb-make-a-will");
  assert.deepEqual([explained.personalization, explained.data_used, explained.degraded], ["none", [], ["consent"]]);
  const health = (await api.call("GET", "/health")).json;
  assert.deepEqual([health.status, health.stores.d1], ["degraded", "unavailable"]);
  for (const [method, path] of [["GET", `/profile/${known.user}`], ["GET", "/settings"], ["GET", `/interactions/${known.user}`], ["DELETE", `/profile/${known.user}`], ["POST", `/profile/${known.user}/refresh`], ["GET", `/profile/${known.user}/export`]]) {
    const answer = await known.call(method, path);
    assert.deepEqual([answer.status, answer.json.type], [503, "/problems/unavailable"], path);
    assert.ok(answer.headers["retry-after"]);
  }
  assert.equal((await known.call("POST", "/settings", { personalization_enabled: false })).status, 503);
  await heal();
  assert.notDeepEqual(ids(await known.recommend()), ids(general), "nothing was changed or lost");
});

test("events that come while the database is down are kept, and consent is asked before they are applied", async () => {
  const [agreed, refused] = [await newPerson(), await newPerson()];
  await refused.refuse();
  await fault({ port: "DB", at: "all", how: "throw" });
  for (const person of [agreed, refused]) {
    assert.equal((await person.track(interaction({ type: "RECOMMENDATION_ACCEPTED" }))).accepted, 1);
    assert.equal((await person.trackNow(interaction())).accepted, 1);
  }
  await heal();
  await until(async () => (await agreed.get(`/interactions/${agreed.user}`)).interactions.length === 2, "the events");
  assert.deepEqual(await worker.sql("SELECT id FROM user_interactions WHERE user_id = ?", refused.user), []);
});

test("with the queue down, events are applied before the answer; with both down, none is acknowledged", async () => {
  const person = await newPerson();
  await fault({ port: "INTERACTIONS", at: "all", how: "throw" });
  const report = await person.track(interaction());
  assert.deepEqual([report.accepted, report.degraded], [1, ["queue"]]);
  assert.equal((await person.get(`/interactions/${person.user}`)).interactions.length, 1);
  await fault({ at: "all", how: "throw" });
  assert.equal((await person.call("POST", "/track-interaction", interaction())).status, 503);
  assert.equal((await person.call("POST", "/feedback", { type: "HELPFUL", recommendation_id: "gb-make-a-will" })).status, 503);
  await heal();
  assert.equal((await person.get(`/interactions/${person.user}`)).interactions.length, 1);
});

test("every call of a recommendation fails once: the answer is a list, personal only with consent", async (t) => {
  const general = await generalOf(known);
  const ask = () => known.call("POST", "/recommend", {});
  const positions = await atEachPosition(ask, ({ status, json }, where) => {
    assert.equal(status, 200, where);
    if (json.personalization === "none") isGeneral(json, general);
    else assert.deepEqual(json.degraded, [], where);
  });
  const explained = await atEachPosition(() => known.call("GET", "/explain/gb-make-a-will"), ({ status }, where) => assert.equal(status, 200, where));
  const forced = await atEachPosition(() => known.call("POST", "/recommend", { mode: "general" }), ({ status, json }, where) => {
    assert.equal(status, 200, where);
    assert.deepEqual(ids(json), ids(general), where);
  });
  t.diagnostic(`${positions + explained + forced} positions`);
});

/** Writes that a client repeats until they are acknowledged, and what must then be true. */
const WRITES = {
  "an event applied at once": {
    ask: (person, id) => person.call("POST", "/track-interaction?sync=1", interaction({ id })),
    acknowledged: ({ json }) => json.accepted + json.duplicates === 1,
    events: 1,
  },
  "an event through the queue": {
    ask: (person, id) => person.call("POST", "/track-interaction", interaction({ id })),
    acknowledged: ({ json }) => json.accepted + json.duplicates === 1,
    events: 1,
  },
  "an accept": {
    ask: (person, id) => person.call("POST", "/track-interaction", interaction({ id, type: "RECOMMENDATION_ACCEPTED" })),
    acknowledged: ({ json }) => json.accepted + json.duplicates === 1,
    events: 1,
  },
  "feedback": {
    ask: (person, id) => person.call("POST", "/feedback", { id, type: "RATING", rating: 5, recommendation_id: "gb-make-a-will" }),
    acknowledged: ({ json }) => json.accepted + json.duplicates === 1,
    events: 1,
  },
  "preferences": {
    ask: (person) => person.call("PUT", `/profile/${person.user}/preferences`, { demographics: { age: 41 } }),
    acknowledged: () => true,
    events: 0,
    holds: async (person) => assert.equal((await person.get(`/profile/${person.user}`)).demographics.age, 41),
  },
  "a no": {
    ask: (person) => person.call("POST", "/settings", { personalization_enabled: false }),
    acknowledged: ({ json }) => json.personalization_enabled === false,
    events: 0,
    holds: async (person) => assert.equal((await person.recommend()).personalization, "none"),
  },
  "a rebuild": {
    ask: (person) => person.call("POST", `/profile/${person.user}/refresh`),
    acknowledged: () => true,
    events: 0,
  },
  "an erasure": {
    ask: (person) => person.call("DELETE", `/profile/${person.user}`),
    acknowledged: () => true,
    events: -1,
    holds: async (person) => assert.deepEqual((await person.get(`/profile/${person.user}/export`)).user_interactions, []),
  },
};

for (const [name, { ask, acknowledged, events, holds }] of Object.entries(WRITES)) {
  test(`every call of a write fails once: ${name} is done once in effect`, async (t) => {
    let people = 0;
    let person, id;
    const fresh = async () => {
      await heal();
      person = await newPerson();
      await person.trackNow(interaction());
      id = uuid(0x71, (people += 1) + Object.keys(WRITES).indexOf(name) * 1_000);
    };
    await fresh();
    const calls = await callsOf(() => ask(person, id));
    for (const how of ["throw", "lose"]) {
      for (let at = 1; at <= calls.length; at += 1) {
        const where = `${how} at ${at} (${calls[at - 1]})`;
        await fresh();
        await fault({ at, how });
        let answer = await ask(person, id);
        await heal();
        assert.ok(answer.status < 300 || answer.status === 503 || answer.status === 409, `${where}: ${answer.status} ${answer.text}`);
        if (answer.status >= 300) answer = await ask(person, id);
        assert.ok(answer.status < 300, `${where}: the second try: ${answer.status} ${answer.text}`);
        assert.ok(acknowledged(answer), `${where}: ${answer.text}`);
        await holds?.(person);
        await until(async () => (await countOf(person.user)) === 1 + events, `${where}: ${1 + events} events, not ${await countOf(person.user)}`, 30);
        await settled();
        assert.equal(await countOf(person.user), 1 + events, where);
        const [row] = await worker.sql("SELECT state FROM user_personalization_profiles WHERE user_id = ?", person.user);
        assert.equal(JSON.parse(row?.state ?? '{"n":0}').n, 1 + events, `${where}: the profile counts what the log holds`);
      }
    }
    t.diagnostic(`${calls.length * 2} positions`);
  });
}

const countOf = async (user) => (await worker.sql("SELECT COUNT(*) AS count FROM user_interactions WHERE user_id = ?", user))[0].count;

/** Waits until the queue holds nothing. */
const settled = () =>
  until(async () => {
    const { seen, done } = await worker.state();
    return seen.every((id) => done.includes(id));
  }, "the queue");

test("every call of the consumer fails once: the queued event is applied once", async (t) => {
  const person = await newPerson();
  await worker.set({ calls: [] });
  await person.track(interaction());
  await until(async () => (await countOf(person.user)) === 1, "the event");
  const { calls } = await worker.state();
  let expected = 1;
  for (const how of ["throw", "lose"]) {
    for (let at = 1; at <= calls.length; at += 1) {
      await fault({ at, how });
      const answer = await person.call("POST", "/track-interaction", interaction());
      expected += answer.status === 202 ? 1 : 0;
      await until(async () => (await countOf(person.user)) >= expected, `${how} at ${at} (${calls[at - 1]})`, 30);
      await heal();
    }
  }
  await settled();
  // A send whose answer was lost is applied directly as well: the log keeps the second one out.
  assert.equal(await countOf(person.user), expected);
  t.diagnostic(`${calls.length * 2} positions`);
});

test("with the blob store down, what the isolate holds goes on; a new version waits", async () => {
  const before = await known.recommend();
  await fault({ port: "BLOBS", at: "all", how: "throw" });
  const during = await known.recommend();
  assert.deepEqual([during.personalization, during.degraded, ids(during)], ["building", [], ids(before)]);
  await heal();
  const [{ value: live }] = await worker.sql("SELECT value FROM live_pointers WHERE name = 'pack/finance'");
  const point = (hash) => worker.sql("UPDATE live_pointers SET value = ? WHERE name = 'pack/finance'", hash);
  await point("0".repeat(64));
  const missing = await known.recommend();
  assert.deepEqual([missing.personalization, missing.degraded, missing.pack_version], ["building", ["pack"], live], "the last good pack serves");
  const kv = await worker.kv();
  await kv.put(`pack/${"0".repeat(64)}`, "{}");
  assert.deepEqual((await known.recommend()).degraded, ["pack"], "a blob that is not what its name says never serves");
  await kv.delete(`pack/${"0".repeat(64)}`);
  await point(live);
  assert.deepEqual((await known.recommend()).degraded, []);
});

test("a database that never answers does not keep a recommendation waiting", async () => {
  const general = await generalOf(known);
  await fault({ port: "DB", at: "all", how: "hang" });
  const started = Date.now();
  const decision = await known.recommend();
  const waited = Date.now() - started;
  await heal();
  isGeneral(decision, general);
  assert.ok(waited < 8_000, `${waited} ms`);
});

test("a stored state that does not read is as good as none, and the answer says so", async () => {
  const person = await newPerson();
  await person.trackNow(interaction({ type: "RECOMMENDATION_ACCEPTED" }));
  await worker.sql("UPDATE user_personalization_profiles SET state = '{broken' WHERE user_id = ?", person.user);
  const decision = await person.recommend();
  assert.deepEqual([decision.personalization, decision.degraded], ["building", ["features"]]);
  await person.call("POST", `/profile/${person.user}/refresh`);
  assert.deepEqual((await person.recommend()).degraded, [], "a rebuild mends it");
  assert.equal((await person.get(`/profile/${person.user}`)).history.recommendations_accepted, 1);
});

test("stated facts that do not read never keep a person from saying no", async () => {
  const person = await newPerson();
  await worker.sql("UPDATE user_personalization_profiles SET stated = '{\"age\":\"old\"}' WHERE user_id = ?", person.user);
  assert.equal((await person.recommend()).personalization, "building");
  await person.refuse();
  assert.equal((await person.recommend()).personalization, "none");
});

test("a fresh isolate answers whatever is down", async () => {
  const general = await generalOf(known);
  await worker.dispose();
  const cases = [
    ["the database", [{ port: "DB", at: "all", how: "throw" }], (decision) => isGeneral(decision, general)],
    ["the blob store", [{ port: "BLOBS", at: "all", how: "throw" }], ({ degraded }) => assert.deepEqual(degraded, ["pack"])],
    ["both", [{ at: "all", how: "throw" }], ({ degraded }) => assert.deepEqual(degraded.sort(), ["consent", "pack"])],
    ...[1, 2, 3, 4].map((at) => [`call ${at}`, [{ at, how: "throw" }], () => {}]),
  ];
  for (const [what, faults, check] of cases) {
    worker = await start();
    api = apiOf(worker);
    await fault(...faults);
    const answer = await api.call("POST", "/recommend", { role: "client", user: known.user, body: {} });
    assert.equal(answer.status, 200, `${what}: ${answer.text}`);
    check(answer.json);
    assert.equal(answer.json.use, "ordering_only");
    await heal();
    const next = await api.as(known.user).recommend();
    assert.deepEqual([next.personalization, next.degraded], ["building", []], `after ${what}`);
    await worker.dispose();
  }
  worker = await start();
});
