// A test from its start to its verdict: 5,000 people are assigned, shown and convert at rates that are known, and workerd is
// killed twice in the middle of their events. Whatever was not answered is sent again; nothing is lost and nothing doubled.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, seeded, uuid } from "../support/api.mjs";
import { startWorker } from "../support/worker.mjs";

const PEOPLE = 5_000;
/** So many of them see a list and echo its receipt; the others are known by their events alone. */
const SHOWN = 500;
const A_CALL = 1_000;
const TEST = "CROWD";
const VARIANTS = ["CONTROL", "MONETARY_FOCUS"];
/** So many of each hundred take the item up: who is in which arm is chance, what the arms do is not. */
const IN_A_HUNDRED = { CONTROL: 5, MONETARY_FOCUS: 8 };
const ITEM = "gb-make-a-will";

const person = (number) => uuid(0x4c, number);
const event = (number, kind, id, more = {}) => ({
  id: uuid(0x4d, number * 10 + id), user_id: person(number), type: kind, target_type: "recommendation", target_id: ITEM, ...more,
});

let storage, worker, api;

/** Starts on the same storage, with the keys of the first start. */
async function start(bindings = {}) {
  const next = await startWorker({ direct: true, storage, bindings });
  if (worker) next.keys = worker.keys;
  worker = next;
  api = apiOf(worker);
}

/** Kills the runtime that belongs to this worker, and starts another on what it left. */
async function killAndRestart() {
  const { authKeys } = worker.keys;
  for (const pid of runtimes()) process.kill(pid, "SIGKILL");
  await worker.dispose().catch(() => {});
  await start({ AUTH_KEYS: authKeys });
}

/** The workerd processes that this very process started. */
function runtimes() {
  const isOurs = (pid) => {
    try {
      const [, name, , parent] = /^\d+ \((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"));
      return name.startsWith("workerd") && Number(parent) === process.pid;
    } catch {
      return false;
    }
  };
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).filter(isOurs);
}

before(async () => {
  storage = mkdtempSync(join(tmpdir(), "nearside-crowd-"));
  await start();
  await seedFinance(api, (pack) => ({ ...pack, consent_basis: "opt_out" }));
  const definition = {
    description: "Is money the better word?", hypothesis: "It is", pack: "finance", framing: "BENEFIT_EMPHASIS",
    variants: VARIANTS.map((name) => ({ name, traffic_percentage: 50 })),
    success_metric: "accepted", minimum_sample_size: 400, reason: "to know",
    metrics: [{ name: "revenue", kind: "value", events: ["PURCHASED"], cap: 1_000 }],
    segments: ["device_type"], count_without_receipt: true,
  };
  await api.must(200, "PUT", `/ab-test/${TEST}`, { role: "admin", body: definition });
  await api.must(200, "POST", `/ab-test/${TEST}/start`, { role: "admin", body: { reason: "go" } });
});
after(async () => {
  await worker.dispose();
  rmSync(storage, { recursive: true, force: true });
});

/** How many events the log holds. */
const logged = async () => (await (await worker.db()).prepare("SELECT COUNT(*) AS events FROM user_interactions").first()).events;

const inParts = (list, size) => Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));

/**
 * Sends events in calls. At one of them, which goes in four parts at once, it kills the runtime, when the log `isRipe`; then it
 * sends again whatever was not answered.
 */
async function sendAll(events, killAt, isRipe = async () => true) {
  const send = (interactions) => api.must(202, "POST", "/track-interactions?sync=1", { role: "admin", body: { interactions } });
  const counts = { accepted: 0, duplicates: 0, unanswered: 0 };
  for (const [at, call] of inParts(events, A_CALL).entries()) {
    const parts = at === killAt ? inParts(call, A_CALL / 4) : [call];
    let reports = [];
    if (at === killAt) {
      const before = await logged();
      let waiting = parts.length;
      const answers = parts.map((part) => send(part).catch(() => undefined).finally(() => (waiting -= 1)));
      while (waiting > 0 && !(await isRipe(before))) await new Promise((resolve) => setTimeout(resolve, 2));
      await killAndRestart();
      reports = await Promise.all(answers);
      counts.unanswered += reports.filter((report) => !report).length;
    }
    for (const [part, interactions] of parts.entries()) {
      const report = reports[part] ?? (await send(interactions));
      assert.deepEqual([report.rejected, report.withheld], [[], 0]);
      counts.accepted += report.accepted;
      counts.duplicates += report.duplicates;
    }
  }
  return counts;
}

/** Runs one after another in a few lanes. */
async function inLanes(numbers, work, lanes = 8) {
  const left = [...numbers];
  await Promise.all(Array.from({ length: lanes }, async () => {
    while (left.length > 0) await work(left.shift());
  }));
}

test(`${PEOPLE} people, two kills: the results are what happened`, async (t) => {
  const started = Date.now();
  const random = seeded(4);
  const shown = Array.from({ length: SHOWN }, (_, number) => number);
  const others = Array.from({ length: PEOPLE - SHOWN }, (_, number) => SHOWN + number);
  const device = (number) => ["mobile", "desktop"][number % 2];
  const variants = new Map();
  const receipts = new Map();
  await inLanes(shown, async (number) => {
    const body = { scope: "home", limit: 10, context: { country: "GB", device_type: device(number) } };
    const decision = await api.as(person(number)).recommend(body);
    variants.set(number, decision.experiments.find(({ test_name }) => test_name === TEST).variant);
    receipts.set(number, { receipt: decision.receipt, target_id: decision.items[0].id, position: 1, decision_id: decision.decision_id });
  });
  const seen = (number) => event(number, "RECOMMENDATION_VIEWED", 1, { device_type: device(number), ...receipts.get(number) });
  // The first kill comes before anything of a call is written, the second when some of it is.
  const viewed = await sendAll([...shown, ...others].map(seen), 2);
  const rows = await (await worker.db()).prepare("SELECT unit_id, variant, source FROM ab_test_assignments WHERE test_name = ?1").bind(TEST).all();
  assert.equal(rows.results.length, PEOPLE, "everybody is assigned once");
  const numbers = new Map([...shown, ...others].map((number) => [person(number), number]));
  for (const { unit_id, variant, source } of rows.results) {
    const number = numbers.get(unit_id);
    if (number < SHOWN) assert.equal(variant, variants.get(number), "what was shown is what is counted");
    assert.equal(source, number < SHOWN ? "receipt" : "interaction");
    variants.set(number, variant);
  }
  const truth = Object.fromEntries(VARIANTS.map((name) => [name, { units: 0, accepted: 0, dismissed: 0, revenue: 0, buyers: 0, rows: 0 }]));
  const events = [];
  for (const number of [...shown, ...others]) {
    const of = truth[variants.get(number)];
    of.units += 1;
    if (of.units % 100 < IN_A_HUNDRED[variants.get(number)]) {
      const value = 10 + random.below(500) / 4;
      events.push(event(number, "RECOMMENDATION_ACCEPTED", 2), event(number, "PURCHASED", 3, { value }));
      of.accepted += 1;
      of.rows += 2;
      of.buyers += 1;
      of.revenue += value;
    } else if (random.below(10) === 0) {
      events.push(event(number, "RECOMMENDATION_DISMISSED", 4));
      of.dismissed += 1;
    }
    // Others' wants come along, and count for nothing.
    if (random.below(20) === 0) events.push(event(number, "SAVED", 5));
  }
  const converted = await sendAll(random.shuffle(events), 0, async (before) => (await logged()) > before);
  assert.equal(converted.accepted + converted.duplicates >= events.length, true);
  const twice = await sendAll(events.slice(0, 500), -1);
  assert.deepEqual([twice.accepted, twice.duplicates], [0, 500], "what comes again is known");

  const results = await api.must(200, "GET", `/ab-test/${TEST}/results`, { role: "monitor", user: uuid(0x4e, 1) });
  for (const [at, name] of VARIANTS.entries()) {
    const of = results.variant_performance[at];
    const metric = (wanted) => of.metrics.find(({ metric }) => metric === wanted);
    const { units, accepted, dismissed, revenue, buyers, rows: acceptances } = truth[name];
    assert.deepEqual([of.variant_name, of.sample_size], [name, units]);
    assert.deepEqual([metric("viewed").units, metric("accepted").units, metric("dismissed").units, metric("revenue").units], [units, accepted, dismissed, buyers]);
    assert.ok(Math.abs(metric("revenue").mean * units - revenue) < 1e-6, `${metric("revenue").mean * units} for ${revenue}`);
    assert.ok(Math.abs(of.acceptance_rate - (100 * accepted) / units) < 1e-9);
    assert.deepEqual(of.per_outcome.sample_size, units + acceptances + dismissed);
    assert.deepEqual(of.segments.map(({ segment }) => segment), ["device_type=desktop", "device_type=mobile"]);
    assert.equal(of.segments.reduce((sum, { sample_size }) => sum + sample_size, 0), units);
  }
  const lift = results.variant_performance[1].metrics.find(({ metric }) => metric === "accepted").lift;
  const difference = (IN_A_HUNDRED.MONETARY_FOCUS - IN_A_HUNDRED.CONTROL) / 100;
  assert.ok(lift.interval[0] <= difference && difference <= lift.interval[1], `the interval holds the truth: ${lift.interval}`);
  assert.ok(lift.adjusted_p < 0.05 && lift.e > 20);
  assert.deepEqual([results.winner, results.verdict.code], ["MONETARY_FOCUS", "variant_wins"]);
  assert.equal(results.recommendation, "Roll out winning variant to all users");
  assert.deepEqual([results.health.sample_ratio.is_broken, results.health.minimum_reached], [false, true]);
  assert.deepEqual(results.health.counters, { conflict: 0, unexposed: 0, late: 0, bad_receipt: 0, no_receipt: 0 });
  const last = results.series.at(-1).lift.MONETARY_FOCUS;
  assert.ok(Math.abs(last.mean - lift.absolute) < 1e-12, "the days add up to the cells");
  t.diagnostic(`${viewed.unanswered + converted.unanswered} calls unanswered, ${viewed.duplicates + converted.duplicates} events known when they came again; ${Date.now() - started} ms`);
});
