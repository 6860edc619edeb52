// Tests through the Worker: written, started, assigned, shown, counted, changed and ended; what clients carry cannot be
// forged; environments do not know of each other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, uuid } from "../support/api.mjs";
import { interaction } from "../support/examples.mjs";
import { testDefinition } from "../support/tests.mjs";
import { startWorker } from "../support/worker.mjs";

const DAY_MS = 86_400_000;
/** The item that every list of these tests can show, with a deadline in ten days. */
const ITEM = "gb-make-a-will";

let worker, api, db;
before(async () => {
  worker = await startWorker({ direct: true });
  api = apiOf(worker);
  const { items } = await seedFinance(api, (pack) => ({ ...pack, consent_basis: "opt_out" }));
  const item = { ...items.find(({ id }) => id === ITEM), regulated: false, deadline: new Date(Date.now() + 10 * DAY_MS).toISOString() };
  await api.must(200, "PUT", "/catalog/finance", { role: "admin", body: { items: [item] } });
  await api.must(200, "POST", "/catalog/finance/commit", { role: "admin" });
  db = await worker.db();
});
after(() => worker.dispose());

let people = 0;
const someone = (env) => {
  const user = uuid(0x40, (people += 1));
  return { user, ...api.as(user, "client", env) };
};
const admin = (status, method, path, body, env) => api.must(status, method, path, { role: "admin", body, env });
const put = (name, more, env) => admin(200, "PUT", `/ab-test/${name}`, testDefinition(more), env);
const move = (name, to, env) => admin(200, "POST", `/ab-test/${name}/${to}`, { reason: `${to} it` }, env);
const rows = async (sql, ...values) => (await db.prepare(sql).bind(...values).all()).results;
const assignments = (name) => rows("SELECT * FROM ab_test_assignments WHERE test_name = ?1 ORDER BY unit_id", name);
const cell = async (name, metric, variant, environment = "production") => {
  const sums = await rows(
    "SELECT SUM(units) AS units, SUM(rows) AS rows, SUM(total) AS total FROM ab_test_statistics WHERE environment = ?1 AND test_name = ?2 AND metric = ?3 AND variant = ?4 AND segment = ''",
    environment, name, metric, variant,
  );
  return { units: sums[0].units ?? 0, rows: sums[0].rows ?? 0, total: sums[0].total ?? 0 };
};
const health = async (name) => Object.fromEntries((await rows("SELECT name, count FROM ab_test_health WHERE test_name = ?1", name)).map(({ name: what, count }) => [what, count]));

/** Starts a test of its own name in a pack's scope, and returns the name. */
async function started(name, more, env) {
  await put(name, more, env);
  await move(name, "start", env);
  return name;
}

/** Asks strangers until one sees the variant. */
async function whoSees(name, variant) {
  for (let tries = 0; tries < 64; tries += 1) {
    const person = someone();
    const { tests } = await person.decide();
    if (tests.find((one) => one.test_name === name)?.variant === variant) return person;
  }
  throw new Error(`nobody sees ${variant} of ${name}`);
}

test("a test is written, judged, started, changed, stopped and archived, and its epochs say who and why", async () => {
  const name = "LIFE";
  const draft = await put(name, { reason: "to learn" });
  assert.deepEqual([draft.status, draft.epoch, draft.active], ["DRAFT", 1, false]);
  const uneven = testDefinition({ variants: [{ name: "CONTROL", traffic_percentage: 50 }, { name: "HIGH_URGENCY", traffic_percentage: 49 }] });
  const judged = await admin(200, "POST", `/ab-test/${name}/validate`, uneven);
  assert.equal(judged.valid, false);
  assert.deepEqual(judged.findings.map(({ path, rule }) => `${path} ${rule}`), ["variants traffic-sum"]);
  const refused = await admin(422, "PUT", `/ab-test/${name}`, uneven);
  assert.equal(refused.type, "/problems/invalid-test");
  assert.equal((await admin(200, "POST", `/ab-test/${name}/validate`, testDefinition())).valid, true);
  await admin(422, "POST", `/ab-test/${name}/stop`, { reason: "too early" });
  assert.equal((await move(name, "start")).status, "ACTIVE");
  const fixed = await admin(422, "PUT", `/ab-test/${name}`, testDefinition({ unit: "device" }));
  assert.equal(fixed.type, "/problems/test-fixed");
  await put(name, { variants: [{ name: "CONTROL", traffic_percentage: 90 }, { name: "HIGH_URGENCY", traffic_percentage: 10 }], reason: "carefully" });
  assert.equal((await move(name, "stop")).status, "STOPPED");
  const ended = await move(name, "archive");
  assert.deepEqual(ended.epochs.map(({ epoch, stratum, action, reason }) => [epoch, stratum, action, reason]), [
    [1, 1, "created", "to learn"], [2, 1, "started", "start it"], [3, 3, "changed", "carefully"], [4, 3, "stopped", "stop it"], [5, 3, "archived", "archive it"],
  ]);
  assert.ok(ended.epochs.every(({ actor }) => actor === "0192f0c1-0000-7000-8000-00000000ad00"));
  assert.equal((await admin(422, "POST", `/ab-test/${name}/start`, { reason: "again" })).type, "/problems/test-status");
  assert.equal((await someone().call("GET", `/ab-test/${name}/variant`)).status, 404);
  assert.equal((await someone().call("GET", "/ab-test/NOBODY_KNOWS/variant")).status, 404);
  await assert.rejects(() => rows("DELETE FROM ab_test_epochs WHERE test_name = ?1", name), /constraint/i);
});

test("a test that does not run answers CONTROL and records nothing", async () => {
  const name = "DRAFTED";
  await put(name);
  const answer = await someone().variant(name);
  assert.deepEqual([answer.variant, answer.reason, answer.counted], ["CONTROL", "inactive", false]);
  await started("TOMORROW", { start_date: new Date(Date.now() + DAY_MS).toISOString() });
  assert.deepEqual((await someone().variant("TOMORROW")).reason, "not_started");
  assert.deepEqual([await assignments(name), await assignments("TOMORROW")], [[], []]);
  await admin(200, "POST", "/ab-test/TOMORROW/archive", { reason: "tidy" });
});

test("asking for a variant exposes once, and what is recorded holds", async () => {
  const name = await started("ASKED", { framing: null, pack: null });
  const person = someone();
  const first = await person.variant(name);
  assert.deepEqual([first.reason, first.counted, first.environment], ["hash", true, "production"]);
  const again = await Promise.all(Array.from({ length: 5 }, () => person.variant(name)));
  assert.ok(again.every(({ variant, reason }) => variant === first.variant && reason === "recorded"));
  const [row, ...others] = await assignments(name);
  assert.deepEqual([row.unit_id, row.variant, row.source, others.length], [person.user, first.variant, "asked", 0]);
  assert.deepEqual(await cell(name, "exposure", first.variant), { units: 1, rows: 1, total: 0 });
  // Everybody goes to the other one from now on, but for who saw this one.
  const other = first.variant === "CONTROL" ? "HIGH_URGENCY" : "CONTROL";
  const share = (variant) => ({ name: variant, traffic_percentage: variant === other ? 100 : 0 });
  await put(name, { framing: null, pack: null, variants: [share("CONTROL"), share("HIGH_URGENCY")], reason: "all of them" });
  assert.deepEqual([(await person.variant(name)).variant, (await someone().variant(name)).variant], [first.variant, other]);
});

test("strangers who ask at the same time are assigned once each", async () => {
  const name = await started("AT_ONCE", { framing: null, pack: null });
  const crowd = Array.from({ length: 8 }, () => someone());
  const answers = await Promise.all(crowd.flatMap((person) => [person.variant(name), person.variant(name), person.variant(name)]));
  const seen = await assignments(name);
  assert.equal(seen.length, crowd.length);
  for (const [at, person] of crowd.entries()) {
    const own = seen.find(({ unit_id }) => unit_id === person.user).variant;
    assert.deepEqual(answers.slice(3 * at, 3 * at + 3).map(({ variant }) => variant), [own, own, own]);
  }
});

test("a list is framed, names its tests, and its receipt ties what follows to what was shown", async () => {
  const name = await started("FRAMED");
  const [urged, calm] = [await whoSees(name, "HIGH_URGENCY"), await whoSees(name, "CONTROL")];
  const list = { scope: "home", limit: 50, context: { country: "GB" } };
  const [shown, plain] = [await urged.recommend(list), await calm.recommend(list)];
  const at = (decision) => decision.items.find(({ id }) => id === ITEM);
  assert.match(at(shown).description, /^⚠️ Less than 10 days left\. /);
  assert.deepEqual(at(shown).framing, ["URGENCY_FRAMING:HIGH_URGENCY"]);
  assert.deepEqual([at(plain).framing, at(plain).description.includes("⚠️")], [undefined, false]);
  assert.deepEqual(shown.experiments.find(({ test_name }) => test_name === name), { test_name: name, variant: "HIGH_URGENCY", epoch: 2, reason: "hash" });
  assert.equal((await assignments(name)).length, 0, "nothing is written when something is shown");
  for (const [person, decision, type] of [[urged, shown, "RECOMMENDATION_ACCEPTED"], [calm, plain, "RECOMMENDATION_VIEWED"]]) {
    const event = interaction({ type, target_id: ITEM, position: at(decision).rank, receipt: decision.receipt, decision_id: decision.decision_id });
    assert.equal((await person.trackNow(event)).accepted, 1);
    assert.equal((await person.trackNow(event)).duplicates, 1);
  }
  const seen = await assignments(name);
  assert.deepEqual(seen.map(({ source, epoch }) => [source, epoch]), [["receipt", 2], ["receipt", 2]]);
  assert.deepEqual(await cell(name, "exposure", "HIGH_URGENCY"), { units: 1, rows: 1, total: 0 });
  assert.deepEqual(await cell(name, "accepted", "HIGH_URGENCY"), { units: 1, rows: 1, total: 1 });
  assert.deepEqual(await cell(name, "accepted", "CONTROL"), { units: 0, rows: 0, total: 0 });
  assert.deepEqual(await cell(name, "engaged", "CONTROL"), { units: 1, rows: 1, total: 1 });
  const [logged] = await rows("SELECT receipt FROM user_interactions WHERE user_id = ?1", urged.user);
  assert.deepEqual([JSON.parse(logged.receipt).propensity, JSON.parse(logged.receipt).tests.length > 0], [1, true]);
});

test("a receipt that is another's, another list's or nobody's says nothing, and the event counts all the same", async () => {
  const name = await started("FORGED", { framing: null, success_metric: "viewed" });
  const [person, other] = [someone(), someone()];
  const decision = await person.recommend({ scope: "home", limit: 3, context: { country: "GB" } });
  const theirs = await other.recommend({ scope: "home", limit: 3, context: { country: "GB" } });
  const [first, second] = decision.items;
  const absent = "us-hsa"; // not looked at: any item that the list does not hold
  const turned = decision.receipt.slice(0, 40) + (decision.receipt[40] === "A" ? "B" : "A") + decision.receipt.slice(41);
  const bad = [
    { target_id: first.id, position: 1, receipt: theirs.receipt },
    { target_id: first.id, position: 1, receipt: turned },
    { target_id: first.id, position: 2, receipt: decision.receipt },
    { target_id: second.id, position: 1, receipt: decision.receipt },
    { target_id: first.id, position: 1, receipt: "nobody's" },
    { target_id: first.id, position: 1, receipt: decision.experiments_token.split(".")[1] },
  ];
  assert.ok(!decision.items.some(({ id }) => id === absent));
  for (const event of bad) assert.equal((await person.trackNow(interaction(event))).accepted, 1);
  assert.deepEqual(await assignments(name), []);
  assert.equal((await health(""))?.bad_receipt, bad.length);
  assert.equal((await person.trackNow(interaction({ target_id: first.id, position: 1, receipt: decision.receipt }))).accepted, 1);
  assert.equal((await assignments(name)).length, 1);
});

test("testers see what they are to see, and are never counted", async () => {
  const name = await started("TESTED");
  const person = await whoSees(name, "CONTROL");
  await admin(200, "PUT", `/ab-test/${name}/testers`, { testers: [{ user_id: person.user, variant: "HIGH_URGENCY" }], reason: "to look at it" });
  const answer = await person.variant(name);
  assert.deepEqual([answer.variant, answer.reason, answer.counted], ["HIGH_URGENCY", "forced", false]);
  const decision = await person.recommend({ scope: "home", limit: 50, context: { country: "GB" } });
  assert.ok(decision.items.some(({ framing }) => framing?.includes("URGENCY_FRAMING:HIGH_URGENCY")));
  await person.trackNow(interaction({ type: "RECOMMENDATION_ACCEPTED", target_id: ITEM, receipt: decision.receipt }));
  for (const metric of ["exposure", "accepted"]) assert.equal((await cell(name, metric, "HIGH_URGENCY")).units, 0);
  assert.equal((await admin(422, "PUT", `/ab-test/${name}/testers`, { testers: [{ user_id: person.user, variant: "NOBODYS" }], reason: "a slip" })).type, "/problems/invalid-test");
});

test("who does not agree to experiments takes part in none, and goes on when they agree again", async () => {
  const name = await started("AGREED", { framing: null, pack: null });
  const person = someone();
  const { variant } = await person.variant(name);
  await person.settings({ experiments: false });
  const without = await person.variant(name);
  assert.deepEqual([without.variant, without.reason, without.counted], ["CONTROL", "no_consent", false]);
  const { experiments, experiments_token: token } = await person.recommend();
  assert.deepEqual([experiments, token], [undefined, undefined]);
  await person.settings({ experiments: true });
  assert.deepEqual([(await person.variant(name)).variant, (await assignments(name)).length], [variant, 1]);
});

test("a token carries assignments where nothing is recorded, and nobody is flipped by it", async () => {
  const name = await started("CARRIED", { framing: null, pack: null });
  const of = (answer) => answer.tests.find(({ test_name }) => test_name === name);
  const person = someone();
  const first = await person.decide();
  assert.equal(of(first).reason, "hash");
  const other = of(first).variant === "CONTROL" ? "HIGH_URGENCY" : "CONTROL";
  const share = (variant) => ({ name: variant, traffic_percentage: variant === other ? 100 : 0 });
  await put(name, { framing: null, pack: null, variants: [share("CONTROL"), share("HIGH_URGENCY")], reason: "all of them" });
  const carried = await person.decide({ experiments_token: first.experiments_token });
  assert.deepEqual([of(carried).variant, of(carried).reason], [of(first).variant, "token"]);
  assert.equal(of(await person.decide()).variant, other, "without the token nobody knows");
  assert.equal(of(await person.decide({ experiments_token: "not.ours" })).variant, other);
  // Who logs in brings what they saw before along, and goes on as who they were.
  const known = someone();
  const merged = await known.decide({ experiments_token: first.experiments_token });
  assert.deepEqual([of(merged).variant, of(merged).reason], [of(first).variant, "merged"]);
  const used = await known.variant(name, `?experiments_token=${encodeURIComponent(merged.experiments_token)}`);
  assert.deepEqual([used.variant, used.reason], [of(first).variant, "merged"]);
  const [row] = (await assignments(name)).filter(({ unit_id }) => unit_id === known.user);
  assert.deepEqual([row.source, row.counts_as, row.variant], ["merged", person.user, of(first).variant]);
  assert.equal((await cell(name, "exposure", of(first).variant)).units, 1, "one person, who is exposed as who they were");
  await known.call("POST", `/ab-test/${name}/outcome`, { outcome: "ACCEPTED" });
  assert.equal((await cell(name, "accepted", of(first).variant)).units, 1, "what follows is theirs");
  assert.equal((await known.variant(name)).variant, of(first).variant);
});

test("environments do not know of each other", async () => {
  const name = await started("APART", { framing: null, pack: null }, "test");
  assert.equal((await someone().call("GET", `/ab-test/${name}/variant`)).status, 404);
  const tester = someone("test");
  const answer = await tester.variant(name);
  assert.deepEqual([answer.environment, answer.counted], ["test", true]);
  assert.equal((await cell(name, "exposure", answer.variant, "test")).units, 1);
  assert.equal((await cell(name, "exposure", answer.variant, "production")).units, 0);
  await started("APART_TOO", { framing: null, pack: null });
  const { receipt, experiments_token: token } = await tester.decide();
  const person = api.as(tester.user);
  const decided = await person.decide({ experiments_token: token });
  assert.ok(decided.tests.every(({ reason }) => reason !== "token" && reason !== "merged"));
  const before = (await health("")).bad_receipt ?? 0;
  await person.trackNow(interaction({ receipt }));
  assert.equal((await health("")).bad_receipt, before + 1);
  const { tests } = await admin(200, "GET", "/ab-test?environment=test");
  assert.deepEqual(tests.map(({ test_name }) => test_name), [name]);
  assert.equal((await api.call("GET", "/ab-test?environment=staging", { role: "monitor", user: uuid(0x41, 1) })).status, 422);
});

test("a value beyond all bounds is refused, and spoils no sum", async () => {
  const metrics = [{ name: "spend", kind: "value", events: ["PURCHASED"] }];
  const name = await started("boundless", { framing: null, metrics, eligibility: null });
  const person = someone();
  await person.variant(name);
  const said = (value) => person.call("POST", `/ab-test/${name}/outcome`, { outcome: "COMPLETED", metric: "spend", value });
  assert.equal((await said(1e308)).status, 422);
  assert.equal((await said(-(2 ** 53))).status, 422);
  assert.equal((await said(12.5)).status, 202);
  const [{ total }] = await rows("SELECT SUM(total) AS total FROM ab_test_statistics WHERE test_name = ?1 AND metric = 'spend' AND segment = ''", name);
  assert.equal(total, 12.5);
});

test("devices and sessions are units of their own", async () => {
  const name = await started("DEVICES", { framing: null, pack: null, unit: "device" });
  const [one, two] = [someone(), someone()];
  assert.equal((await one.variant(name)).reason, "no_unit");
  const first = await one.variant(name, "?device_id=shared-tablet");
  const second = await two.variant(name, "?device_id=shared-tablet");
  assert.deepEqual([first.reason, second.reason, second.variant], ["hash", "recorded", first.variant]);
  const [row, ...others] = await assignments(name);
  assert.deepEqual([row.unit_kind, row.unit_id, others.length], ["device", "shared-tablet", 0]);
});

test("those held out see CONTROL everywhere, but for tests that touch everybody", async () => {
  const [name, everybody] = [await started("HELD", { framing: null, pack: null }), await started("EVERYBODY", { framing: null, pack: null, in_holdout: false })];
  assert.deepEqual(await admin(200, "PUT", "/ab-test-holdout", { holdout_percentage: 100, reason: "to see what all of it does" }), { holdout_percentage: 100 });
  const person = someone();
  const answers = [await person.variant(name), await person.variant(everybody)];
  assert.deepEqual(answers.map(({ reason, counted }) => [reason, counted]), [["holdout", false], ["hash", true]]);
  assert.equal(answers[0].variant, "CONTROL");
  await admin(200, "PUT", "/ab-test-holdout", { holdout_percentage: 0, reason: "seen" });
});

test("tests of one layer exclude each other", async () => {
  const half = (from) => ({ framing: null, pack: null, layer: { name: "words", from, to: from + 50 } });
  await started("LEFT", half(0));
  await started("RIGHT", half(50));
  const overlapping = testDefinition({ ...half(25), reason: "a slip" });
  await admin(200, "PUT", "/ab-test/MIDDLE", overlapping).catch(() => {});
  assert.equal((await admin(422, "POST", "/ab-test/MIDDLE/start", { reason: "now" })).type, "/problems/invalid-test");
  for (let tries = 0; tries < 20; tries += 1) {
    const { tests } = await someone().decide();
    const counted = tests.filter(({ test_name, counted }) => ["LEFT", "RIGHT"].includes(test_name) && counted);
    assert.equal(counted.length, 1);
    assert.equal(tests.find(({ test_name }) => ["LEFT", "RIGHT"].includes(test_name) && test_name !== counted[0].test_name).reason, "other_layer");
  }
});
