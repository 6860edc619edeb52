// Who is one unit, and what of theirs counts: seen through the Worker, where clocks are off, people log in, share devices, come
// back, and say no.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, readPack, seedFinance, uuid } from "../support/api.mjs";
import { freshId, interaction } from "../support/examples.mjs";
import { testDefinition } from "../support/tests.mjs";
import { startWorker } from "../support/worker.mjs";

let worker, api, db;
before(async () => {
  worker = await startWorker({ direct: true });
  api = apiOf(worker);
  await seedFinance(api, (pack) => ({ ...pack, consent_basis: "opt_out" }));
  db = await worker.db();
});
after(() => worker.dispose());

let people = 0;
const someone = () => {
  const user = uuid(0x42, (people += 1));
  return { user, ...api.as(user, "client") };
};
const admin = (method, path, body) => api.must(200, method, path, { role: "admin", body });
const shares = (control, loud) => ({ variants: [{ name: "CONTROL", traffic_percentage: control }, { name: "LOUD", traffic_percentage: loud }] });
const move = (name, to) => admin("POST", `/ab-test/${name}/${to}`, { reason: `${to} it` });
async function started(name, more) {
  await admin("PUT", `/ab-test/${name}`, testDefinition({ framing: null, pack: null, ...shares(0, 100), ...more }));
  await move(name, "start");
  return name;
}
const rows = async (sql, ...values) => (await db.prepare(sql).bind(...values).all()).results;
/** Units of a metric, whatever the variant. */
const units = async (name, metric) => {
  const [{ units: sum }] = await rows("SELECT SUM(units) AS units FROM ab_test_statistics WHERE test_name = ?1 AND metric = ?2 AND segment = ''", name, metric);
  return sum ?? 0;
};
const health = async (name, what) => (await rows("SELECT count FROM ab_test_health WHERE test_name = ?1 AND name = ?2", name, what))[0]?.count ?? 0;
const report = async (person, name, body) => {
  const answer = await person.call("POST", `/ab-test/${name}/outcome`, { id: freshId(), outcome: "ACCEPTED", ...body });
  assert.equal(answer.status, 202, answer.text);
  return answer.json;
};
const ago = (ms) => new Date(Date.now() - ms).toISOString();
const of = (answers, name) => answers.tests.find(({ test_name }) => test_name === name);

test("a receipt speaks only to the session that it was decided for", async () => {
  const name = await started("SESSIONS", { unit: "session" });
  const person = someone();
  const { receipt } = await person.decide({ session_id: "mine" });
  const bad = await health("", "bad_receipt");
  assert.equal((await person.trackNow(interaction({ session_id: "another", receipt }))).accepted, 1);
  assert.deepEqual([(await report(person, name, { session_id: "forged", receipt })).unexposed, await units(name, "exposure")], [1, 0]);
  assert.equal(await health("", "bad_receipt"), bad + 2);
  await person.trackNow(interaction({ session_id: "mine", receipt }));
  assert.equal(await units(name, "exposure"), 1);
});

test("clocks that are off lose no outcome", async () => {
  const name = await started("CLOCKS");
  for (const ms of [999, 2_000, 0]) {
    const person = someone();
    const { receipt } = await person.decide();
    await person.trackNow(interaction({ type: "RECOMMENDATION_ACCEPTED", receipt, occurred_at: ago(ms) }));
  }
  assert.deepEqual([await units(name, "accepted"), await health(name, "unexposed")], [3, 0]);
  const seen = await report(someone(), name, { outcome: "VIEWED", occurred_at: ago(2_000) });
  assert.deepEqual([seen.accepted, seen.variant], [1, "LOUD"]);
});

test("a tester who is set and taken back is counted once, and who never was one stays as they are", async () => {
  const name = await started("TESTERS");
  const person = someone();
  await person.variant(name);
  await report(person, name);
  for (const variant of [null, "CONTROL", null, null]) {
    await admin("PUT", `/ab-test/${name}/testers`, { testers: [{ user_id: person.user, variant }], reason: "to look at it" });
    const answer = await person.variant(name);
    assert.deepEqual([answer.variant, answer.reason], variant ? ["CONTROL", "forced"] : ["LOUD", "recorded"]);
    await report(person, name);
  }
  assert.deepEqual([await units(name, "exposure"), await units(name, "accepted")], [1, 1]);
  const onSessions = await started("TESTERS_OF_SESSIONS", { unit: "session", ...shares(100, 0) });
  await admin("PUT", `/ab-test/${onSessions}/testers`, { testers: [{ user_id: person.user, variant: "LOUD" }], reason: "to look at it" });
  const shown = await person.variant(onSessions, "?session_id=any");
  assert.deepEqual([shown.variant, shown.reason, await units(onSessions, "exposure")], ["LOUD", "forced", 0]);
});

test("consent is that of the pack that a test names", async () => {
  const { pack, items } = readPack("finance");
  await admin("PUT", "/packs/strict", { ...pack, id: "strict", consent_basis: "opt_in" });
  await admin("PUT", "/catalog/strict", { items: items.slice(0, 3) });
  await admin("POST", "/catalog/strict/commit");
  const name = await started("STRICT", { pack: "strict" });
  const person = someone();
  assert.equal((await person.variant(name)).reason, "no_consent");
  assert.equal(of(await person.decide(), name).reason, "no_consent");
  assert.equal((await report(person, name, { outcome: "VIEWED" })).withheld, 1);
  assert.equal(await units(name, "exposure"), 0);
});

test("what is shown is what is counted: a holdout ends it, and after the end date nobody is exposed", async () => {
  const name = await started("SHOWN");
  const person = someone();
  await person.variant(name);
  await admin("PUT", "/ab-test-holdout", { holdout_percentage: 100, reason: "to see what all of it does" });
  assert.equal((await person.variant(name)).variant, "CONTROL");
  assert.equal((await report(person, name)).unexposed, 1);
  await admin("PUT", "/ab-test-holdout", { holdout_percentage: 0, reason: "seen" });
  assert.equal(await units(name, "accepted"), 0);
  const ending = await started("ENDING", { end_date: new Date(Date.now() + 1_500).toISOString() });
  await person.variant(ending);
  await new Promise((resolve) => setTimeout(resolve, 1_700));
  assert.equal((await person.variant(ending)).reason, "ended");
  assert.equal((await report(person, ending)).accepted, 1);
  assert.equal((await report(someone(), ending, { outcome: "VIEWED" })).unexposed, 1);
  assert.equal((await admin("GET", `/ab-test/${ending}/results`)).status, "ENDED");
});

test("a login leaves one test of a layer, the one that was seen", async () => {
  const half = (from) => ({ layer: { name: "login", from, to: from + 50 } });
  const [first, second] = [await started("LAYER_A", half(0)), await started("LAYER_B", half(50))];
  const sees = async (name) => {
    for (;;) {
      const person = someone();
      const answers = await person.decide();
      if (of(answers, name).counted) return { person, token: answers.experiments_token };
    }
  };
  const [anonymous, known] = [await sees(first), await sees(second)];
  await known.person.variant(second);
  const merged = await known.person.decide({ experiments_token: anonymous.token });
  assert.deepEqual([of(merged, first).reason, of(merged, second).reason], ["other_layer", "recorded"]);
});

test("ids, erasures, pauses and drafts", async () => {
  const [one, two] = [await started("IDS_A"), await started("IDS_B")];
  const person = someone();
  await person.variant(one);
  await person.variant(two);
  const id = freshId();
  for (const name of [one, two, two]) await report(person, name, { id });
  assert.deepEqual([await units(one, "accepted"), await units(two, "accepted")], [1, 1]);
  const { receipt } = await person.decide();
  assert.equal((await person.call("DELETE", `/profile/${person.user}`)).status, 200);
  await person.trackNow(interaction({ type: "RECOMMENDATION_ACCEPTED", receipt }));
  assert.equal(await units(one, "exposure"), 1, "what was decided before the erasure exposes nobody");
  const other = someone();
  await other.variant(one);
  await move(one, "stop");
  await new Promise((resolve) => setTimeout(resolve, 20));
  const meanwhile = new Date().toISOString();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await move(one, "start");
  await other.trackNow(interaction({ type: "RECOMMENDATION_ACCEPTED", occurred_at: meanwhile }));
  assert.deepEqual([await units(one, "accepted"), await health(one, "late")], [1, 1]);
  await admin("PUT", "/ab-test/IDS_DRAFT", testDefinition({ framing: null, pack: null }));
  assert.equal(of(await other.decide(), "IDS_DRAFT"), undefined);
  const flags = await other.call("POST", "/ofrep/v1/evaluate/flags", { context: { targetingKey: other.user.toUpperCase() } });
  assert.equal(flags.status, 200, flags.text);
  assert.ok(!flags.json.flags.some(({ key }) => key === "IDS_DRAFT"));
});
