// Ports fail under a running test: people see CONTROL or what D1 says, never an error; and what they did counts once, however
// often its message came.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, until, uuid } from "../support/api.mjs";
import { startControlled } from "../support/control.mjs";
import { interaction } from "../support/examples.mjs";
import { testDefinition } from "../support/tests.mjs";

const TEST = "FAULTS";

let worker, api;
before(async () => {
  worker = await startControlled({
    change: ({ queueConsumers }) => Object.assign(queueConsumers["nearside-interactions"], { maxBatchSize: 5, maxBatchTimeout: 0.05 }),
  });
  api = apiOf(worker);
  await seedFinance(api, (pack) => ({ ...pack, consent_basis: "opt_out" }));
  await admin("PUT", "", testDefinition({ count_without_receipt: true }));
  await admin("POST", "/start", { reason: "go" });
});
after(() => worker.dispose());

const admin = (method, path, body) => api.must(200, method, `/ab-test/${TEST}${path}`, { role: "admin", body });
const fault = (...faults) => worker.set({ faults });

let people = 0;
function newPerson() {
  const user = uuid(0x74, (people += 1));
  return { user, ...api.as(user) };
}

/** Units and rows of a metric, of both variants together. */
async function counted(metric) {
  const [sum] = await worker.sql("SELECT TOTAL(units) AS units, TOTAL(rows) AS rows FROM ab_test_statistics WHERE test_name = ?1 AND metric = ?2 AND segment = ''", TEST, metric);
  return sum;
}

/** Waits until so many units are counted, and fails where it becomes more. */
async function countsExactly(metric, units, rows = units) {
  await until(async () => (await counted(metric)).units >= units, `${units} units of ${metric}`);
  assert.deepEqual(await counted(metric), { units, rows });
}

const accepted = (more) => interaction({ type: "RECOMMENDATION_ACCEPTED", ...more });

test("each call of an acceptance fails once, in both ways: it exposes once and counts once", async () => {
  await newPerson().trackNow(accepted());
  await fault();
  await newPerson().trackNow(accepted());
  const { calls } = await worker.state();
  assert.ok(calls.length >= 4, calls.join());
  for (const how of ["throw", "lose"]) {
    for (let at = 1; at <= calls.length; at += 1) {
      await fault({ at, how });
      const event = accepted();
      const person = newPerson();
      const answer = await person.call("POST", "/track-interaction?sync=1", event);
      await worker.reset();
      // A client that was not answered sends it again.
      if (answer.status !== 202) await person.trackNow(event);
    }
  }
  await countsExactly("exposure", people);
  await countsExactly("accepted", people);
});

test("a queue that delivers again counts nothing again", async () => {
  await worker.set({ failEvery: 2 });
  const before = await counted("accepted");
  await Promise.all(Array.from({ length: 20 }, async () => {
    const person = newPerson();
    const event = accepted();
    await person.track(interaction());
    await person.track(event);
    await person.track(event);
  }));
  await countsExactly("accepted", before.units + 20);
  const { failures } = await worker.state();
  assert.ok(failures > 0);
  await worker.reset();
  await until(async () => {
    const { seen, done } = await worker.state();
    return seen.every((id) => done.includes(id));
  }, "every message to be acknowledged");
  await countsExactly("accepted", before.units + 20);
  assert.deepEqual(await counted("exposure"), { units: before.units + 20, rows: before.units + 20 });
});

test("while the blob has not arrived, the tables serve the set", async () => {
  await admin("PUT", "", testDefinition({ description: "changed", reason: "a new version" }));
  await fault({ port: "BLOBS", at: "all", how: "throw" });
  const answer = await newPerson().variant(TEST);
  assert.deepEqual([answer.reason, answer.counted, answer.epoch], ["hash", true, 3]);
  await worker.reset();
});

test("with the database down, a variant is CONTROL, a list is answered, and events are counted when it is back", async () => {
  const person = newPerson();
  // The test was changed since it started: the token says what was shown.
  const { experiments_token } = await person.decide();
  await fault({ port: "DB", at: "all", how: "throw" });
  const answer = await person.variant(TEST);
  assert.deepEqual([answer.variant, answer.counted], ["CONTROL", false]);
  assert.ok((await person.recommend()).items.length > 0);
  const before = people - 1;
  assert.equal((await person.track({ ...accepted(), experiments_token })).accepted, 1);
  await worker.reset();
  // One of those before asked for a variant and accepted nothing.
  await countsExactly("exposure", before + 1);
  await countsExactly("accepted", before);
});
