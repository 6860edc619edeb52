// `nearside run --if-due` against the real Worker: nothing due, a request to train, and requests to evaluate what is live.
// Every request is closed, and the Worker can tell what came of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, seedFinance } from "../support/api.mjs";
import { crowdMember, laterVisits, seedCrowd } from "../support/crowd.mjs";
import { modelBody, signedModel } from "../support/models.mjs";
import { nearsideIn } from "../support/nearside.mjs";
import { startWorker } from "../support/worker.mjs";

/** Without optimisation ranking takes longer than the gate allows. */
const RUN = "run --if-due --most-us-per-100 1000000";

let worker, api, near;
before(async () => {
  worker = await startWorker({ direct: true });
  api = apiOf(worker);
  near = nearsideIn(worker);
  await seedFinance(api);
  await seedCrowd(api);
  // Somebody trained lately, so that age makes nothing due.
  await admin(200, "PUT", "/models/finance", signedModel(worker.keys.model, modelBody()));
});
after(async () => {
  near?.remove();
  await worker?.dispose();
});

const admin = (status, method, path, body) => api.must(status, method, path, { role: "admin", body });
const health = async () => (await api.call("GET", "/health")).json;
const performance = async () => (await admin(200, "GET", "/model-performance?pack=finance")).packs[0];
const open = async () => (await admin(200, "GET", "/retrain-models")).requests.map(({ id }) => id);
const ask = async (path, reason) => (await admin(202, "POST", path, { pack: "finance", reason })).id;
const sql = async (text, ...values) => (await (await worker.db()).prepare(text).bind(...values).all()).results;
/** How a request ended. */
async function ended(id) {
  const [{ status, result }] = await sql("SELECT status, result FROM retraining_requests WHERE id = ?", id);
  return { status, ...JSON.parse(result) };
}

test("nothing due is said, and nothing is done", async () => {
  const { stdout } = await near.run(RUN, { code: 5 });
  assert.equal(stdout, "finance: nothing is due\n");
  assert.deepEqual(await near.json(RUN, { code: 5 }), { pack: "finance", due: [], requests: [], evaluations: [] });
  assert.deepEqual((await performance()).log.map(({ action }) => action), ["uploaded"]);
});

test("an evaluation is made of the pack's own weights where no model is live, and trains nothing", async () => {
  const id = await ask("/admin/evaluate", "how are we doing");
  assert.match((await near.run(`${RUN} --dry-run`)).stdout, /due \(an evaluation is requested\)/);
  const said = await near.json(RUN);
  assert.deepEqual(said.evaluated.map(({ version, kind }) => [version, kind]), [["pack-weights", "manual"]]);
  const { status, version, ndcg_10, people } = await ended(id);
  assert.deepEqual([status, version, people, await open()], ["DONE", "pack-weights", 20, []]);
  const { evaluations: [kept] } = await performance();
  assert.deepEqual([kept.version, kept.kind, kept.metrics.repeats_ndcg_10.value], ["pack-weights", "manual", ndcg_10]);
  assert.equal((await near.start(RUN).ended).code, 5);
});

test("a request to train is honoured by a model that serves, and then nothing is due", async (t) => {
  const [training, evaluation] = [await ask("/retrain-models"), await ask("/admin/evaluate")];
  assert.deepEqual((await open()).sort(), [training, evaluation].sort());
  const { seconds, stdout } = await near.run(`${RUN} --json`);
  t.diagnostic(`${seconds.toFixed(2)} s: nearside ${RUN}`);
  const said = JSON.parse(stdout);
  assert.deepEqual([said.outcome, said.live_before, said.gate.passed], ["promoted", null, true]);
  assert.deepEqual((await health()).models, { finance: said.version });
  assert.deepEqual(await open(), []);
  const done = await ended(training);
  assert.deepEqual([done.status, done.published, done.version, done.gate_passed], ["DONE", true, said.version, true]);
  const [{ data_until_ms }] = await sql("SELECT MAX(timestamp) + 1 AS data_until_ms FROM user_interactions");
  const { log, evaluations, versions } = await performance();
  assert.deepEqual(log.slice(0, 3).map(({ action, version }) => [action, version]), [["retrained", said.version], ["promoted", said.version], ["uploaded", said.version]]);
  const { status, ...result } = done;
  assert.deepEqual(log[0].details, result);
  assert.equal(Date.parse(versions.find(({ version }) => version === said.version).trained_at), data_until_ms);
  assert.deepEqual(evaluations.slice(0, 2).map(({ version, kind }) => [version, kind]).sort(), [["pack-weights", "manual"], [said.version, "gate"]].sort());
  assert.equal((await near.start(RUN).ended).code, 5);
});

test("what is live is evaluated on what came after it, beside the pack's own weights", async () => {
  const version = (await health()).models.finance;
  await seedCrowd(api, laterVisits());
  await ask("/admin/evaluate");
  const { stdout } = await near.run(RUN);
  assert.match(stdout, new RegExp(`^finance: ${version.slice(0, 12)} is live with NDCG@10 [01]\\.\\d{4} for 20 people\n$`));
  const { evaluations } = await performance();
  const newest = evaluations.filter(({ evaluated_at }) => evaluated_at === evaluations[0].evaluated_at);
  const of = (wanted) => newest.find(({ version }) => version === wanted);
  const [live, weights] = [of(version), of("pack-weights")];
  assert.equal(live.window.from_ms, live.window.learned_until_ms, "the test begins where the model's data end");
  assert.deepEqual(weights.window, { ...live.window, learned_until_ms: null });
  const ndcg = ({ metrics }) => metrics.repeats_ndcg_10.value;
  assert.ok(ndcg(live) > ndcg(weights) + 0.2, `${ndcg(live)} against ${ndcg(weights)}`);
  assert.deepEqual(live.segments.map(({ segment, count }) => [segment, count]), [["under 10 items", 20]]);
  assert.equal((await near.start(RUN).ended).code, 5);
  const { evaluated } = await near.json(`${RUN} --evaluate nightly`);
  assert.deepEqual(evaluated.map(({ version, kind }) => [version, kind]), [[version, "nightly"], ["pack-weights", "nightly"]]);
  assert.equal((await performance()).evaluations[0].kind, "nightly");
});

test("who stops sharing leaves the store with the next run", async () => {
  const people = async () => /(\d+) events of (\d+) people/.exec((await near.run("doctor")).stdout).slice(1).map(Number);
  assert.deepEqual(await people(), [120, 20]);
  await api.as(crowdMember(1)).settings({ data_sharing_consent: false });
  await near.run(`${RUN} --evaluate weekly`);
  assert.deepEqual(await people(), [114, 19]);
  const { evaluations: [{ kind, segments }] } = await performance();
  assert.deepEqual([kind, segments[0].count], ["weekly", 19]);
});

test("a request that cannot be honoured is closed as failed, and says why", async () => {
  const id = await ask("/admin/evaluate");
  near.write("empty.db", "this is no store");
  const { stderr } = await near.run(`${RUN} --store empty.db`, { code: 1 });
  assert.match(stderr, /import: .*empty\.db/);
  const { status, error } = await ended(id);
  assert.equal(status, "FAILED");
  assert.match(error, /empty\.db/);
});
