// What everybody may read of the tests: what a device assigns by, under the hash of its bytes, and nothing that an admin said
// besides.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, uuid } from "../support/api.mjs";
import { testDefinition } from "../support/tests.mjs";
import { startWorker } from "../support/worker.mjs";

const TESTER = uuid(0xd9, 1);

let worker, api;
before(async () => {
  worker = await startWorker({ direct: true });
  api = apiOf(worker);
  await seedFinance(api, (pack) => ({ ...pack, on_device: true, reasoning: "visible" }));
});
after(() => worker.dispose());

const admin = (method, path, body) => api.must(200, method, path, { role: "admin", body });
/** Writes a test with a word in everything that nobody needs, and starts it. */
async function begin(name, more = {}) {
  const variants = ["CONTROL", "OTHER"].map((one) => ({ name: one, traffic_percentage: 50, description: "secret look", value: { secret: one } }));
  const said = { description: "secret plan", hypothesis: "secret hope", reason: "secret reason", metrics: [{ name: "secret_metric", kind: "conversion", events: ["CLICKED"] }], minimum_sample_size: 4711 };
  await admin("PUT", `/ab-test/${name}`, testDefinition({ framing: null, pack: null, variants, ...said, ...more }));
  await admin("POST", `/ab-test/${name}/start`, { reason: "secret start" });
}
const live = async () => (await api.call("GET", "/published/finance")).json;
const part = (version, asked = "experiments") => api.call("GET", `/published/finance?part=${asked}&version=${version}`);

test("without a test there is no version, and nothing to fetch", async () => {
  assert.equal((await live()).experiments_version, "");
  assert.equal((await part("")).status, 404);
});

test("the version is the hash of the bytes, and the bytes are what assigning needs", async () => {
  await begin("OPEN_TEST");
  await begin("OVER_TEST");
  await admin("POST", "/ab-test/OVER_TEST/stop", { reason: "secret stop" });
  await admin("PUT", "/ab-test/DRAFT_TEST", testDefinition({ framing: null, pack: null, hypothesis: "secret draft" }));
  await admin("PUT", "/ab-test/OPEN_TEST/testers", { testers: [{ user_id: TESTER, variant: "OTHER" }], reason: "secret tester" });
  const { experiments_version: version } = await live();
  const answer = await part(version);
  assert.equal(answer.status, 200);
  assert.equal(createHash("sha256").update(answer.bytes).digest("hex"), version);
  assert.equal(answer.headers["cache-control"], "public, max-age=31536000, immutable");
  for (const word of ["secret", "4711", "DRAFT_TEST", TESTER]) assert.ok(!answer.text.includes(word), `${word}: ${answer.text}`);
  const { tests } = answer.json;
  assert.deepEqual(tests.map(({ test_name, status, salt }) => [test_name, status, salt !== ""]), [["OPEN_TEST", "ACTIVE", true], ["OVER_TEST", "STOPPED", false]]);
  assert.deepEqual(tests[0].definition.variants.map(({ name }) => name), ["CONTROL", "OTHER"]);
  assert.equal(tests[0].started_at_ms, null, "nor when what was decided");
});

test("the whole set has no address of its own", async () => {
  const db = await worker.db();
  const { value: whole } = await db.prepare("SELECT value FROM live_pointers WHERE name = 'experiments/production'").first();
  assert.notEqual(whole, (await live()).experiments_version);
  assert.equal((await part(whole)).status, 404);
});

test("what changes nothing on a device changes no version, and a change of shares does", async () => {
  const { experiments_version: before } = await live();
  await admin("PUT", "/ab-test/DRAFT_TWO", testDefinition({ framing: null, pack: null }));
  assert.equal((await live()).experiments_version, before);
  await admin("PUT", "/ab-test-holdout", { holdout_percentage: 5, reason: "secret" });
  const after = await live();
  assert.notEqual(after.experiments_version, before);
  assert.equal((await part(before)).status, 404);
  const { json } = await part(after.experiments_version);
  assert.deepEqual([json.holdout_percentage, json.salt !== ""], [5, true]);
});
