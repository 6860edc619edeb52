// Models through the API of the real Worker: taken in when they verify, promoted, taken back; requests for the origin job;
// what it learned of single people, and who gets to see what of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ADMIN, apiOf, seedFinance, tablesWith, uuid } from "../support/api.mjs";
import { interaction } from "../support/examples.mjs";
import { modelBody, signedModel, versionOf } from "../support/models.mjs";
import { newKeys } from "../support/tokens.mjs";
import { startWorker } from "../support/worker.mjs";

let worker, api, finance;
before(async () => {
  worker = await startWorker({ direct: true });
  api = apiOf(worker);
  finance = await seedFinance(api);
});
after(() => worker.dispose());

const asAdmin = (method, path, body) => api.call(method, path, { role: "admin", body });
const must = (status, method, path, body) => api.must(status, method, path, { role: "admin", body });
const put = (document) => asAdmin("PUT", "/models/finance", document);
const health = async () => (await api.call("GET", "/health")).json;
const passed = { passed: true, paired: { lower: 0.001 } };
const sql = async (text, ...values) => (await (await worker.db()).prepare(text).bind(...values).all()).results;

/** Uploads a model that differs from all others, and returns its version. */
let made = 0;
async function upload(changes = {}) {
  const { version } = await must(200, "PUT", "/models/finance", signedModel(worker.keys.model, modelBody({ seed: (made += 1), ...changes })));
  return version;
}
const promote = (version, more = {}) => must(200, "POST", "/models/finance/promote", { version, gate: passed, ...more });
const statusOf = (report, version) => report.versions.find((one) => one.version === version)?.status;

test("a model is taken in once, and handed out as it came", async () => {
  const document = signedModel(worker.keys.model);
  const [first, second] = [await put(document), await put(document)];
  assert.equal(first.status, 200, first.text);
  assert.equal(second.text, first.text);
  assert.deepEqual(first.json, { pack: "finance", version: versionOf(document), size_bytes: document.length });
  const back = await asAdmin("GET", `/model-blobs/${first.json.version}`);
  assert.equal(back.text, document);
  assert.equal((await asAdmin("GET", `/model-blobs/${"0".repeat(64)}`)).status, 404);
  const { packs: [report] } = await must(200, "GET", "/models");
  assert.deepEqual([report.pack, report.live, report.canary, report.versions.length], ["finance", null, null, 1]);
  const { status, metrics, importance, window, uploaded_by, promoted_at } = report.versions[0];
  assert.deepEqual([status, metrics, importance, uploaded_by, promoted_at], ["CANDIDATE", { ndcg_10: 0.31 }, { recency: 0.6 }, ADMIN, null]);
  assert.equal(window.interactions, 3);
  assert.deepEqual((await health()).models, {}, "a candidate serves nobody");
});

test("what does not verify is refused with its reason, and changes nothing", async () => {
  const before = await tablesWith(sql, "finance");
  const key = worker.keys.model;
  const good = signedModel(key);
  const tries = [
    ["model-envelope", `${good}\n`],
    ["model-envelope", good.replace('"format":1,"key"', '"key"')],
    ["model-envelope", "{}"],
    ["model-signature", good.replace('"ndcg_10":0.31', '"ndcg_10":0.32')],
    ["model-signature", signedModel({ ...key, id: "another" })],
    ["model-signature", signedModel({ ...newKeys().model })],
    ["model-format", signedModel(key, modelBody({ format: 2 }))],
    ["model-engine", signedModel(key, modelBody({ engine: { from: "0.3.0", below: "0.4.0" } }))],
    ["model-engine", signedModel(key, modelBody({ engine: { from: "0.0.1", below: "0.1.0" } }))],
    ["model-clock", signedModel(key, modelBody({ trained_at_ms: Date.now() + 6 * 60_000 }))],
    ["model-pack", signedModel(key, modelBody({ pack: "retail" }))],
    ["model-shape", signedModel(key, modelBody({ metrics: [1] }))],
    ["model-shape", signedModel(key, "[]")],
  ];
  for (const [code, document] of tries) {
    const { status, json } = await put(document);
    assert.deepEqual([status, json.type], [422, `/problems/${code}`], json.detail);
  }
  assert.match((await put(tries[7][1])).json.detail, /needs engine 0\.3\.0 or newer, this Worker has 0\.1\.0/);
  assert.equal((await asAdmin("PUT", "/models/retail", good)).status, 404);
  assert.equal((await put(" ".repeat(8 * 1024 * 1024 + 1))).status, 413);
  assert.deepEqual(await tablesWith(sql, "finance"), before);
});

test("every flip of a bit of a document is refused", async () => {
  const good = Buffer.from(signedModel(worker.keys.model));
  for (let at = 0; at < good.length; at += 17) {
    const bad = Buffer.from(good);
    bad[at] ^= 1;
    assert.equal((await put(new Uint8Array(bad))).status, 422, `byte ${at}`);
    assert.equal((await put(new Uint8Array(good.subarray(0, at)))).status, 422, `cut at ${at}`);
  }
});

test("keys that do not read trust nobody, and health says so", async () => {
  const other = newKeys();
  for (const [MODEL_KEYS, state, status] of [["not JSON", "malformed", 422], [null, "missing", 422], [other.modelKeys.replace("test", "old").replace("}", `,${worker.keys.modelKeys.slice(1)}`), "ok", 200]]) {
    const there = await startWorker({ direct: true, bindings: { MODEL_KEYS } });
    try {
      const theirs = apiOf(there);
      await seedFinance(theirs);
      assert.equal((await theirs.call("GET", "/health")).json.model_keys, state);
      const key = status === 200 ? worker.keys.model : there.keys.model;
      assert.equal((await theirs.call("PUT", "/models/finance", { role: "admin", body: signedModel(key) })).status, status, state);
    } finally {
      await there.dispose();
    }
  }
});

test("a promotion needs a passed gate or a reason, and moves the pointer", async () => {
  const [first, second] = [await upload(), await upload()];
  for (const gate of [undefined, null, { passed: false, segments: ["x"] }]) {
    const { status, json } = await asAdmin("POST", "/models/finance/promote", { version: first, gate });
    assert.deepEqual([status, json.type], [422, "/problems/model-gate"]);
  }
  assert.equal((await asAdmin("POST", "/models/finance/promote", { version: "0".repeat(64), gate: passed })).json.type, "/problems/model-version");
  assert.equal((await asAdmin("POST", "/models/finance/promote", { version: first, share: 0, gate: passed })).status, 422);
  const forced = await promote(first, { gate: { passed: false }, forced_reason: "the old one is broken" });
  assert.equal(forced.live, first);
  const { gate, forced_reason, promoted_at } = forced.versions.find(({ version }) => version === first);
  assert.deepEqual([gate, forced_reason], [{ passed: false }, "the old one is broken"]);
  assert.ok(Date.parse(promoted_at) > Date.now() - 60_000);
  assert.deepEqual((await health()).models, { finance: first });
  const report = await promote(second);
  assert.deepEqual([report.live, statusOf(report, first), statusOf(report, second)], [second, "RETIRED", "LIVE"]);
  const { packs: [{ log }] } = await must(200, "GET", "/model-performance?pack=finance");
  assert.deepEqual(log.slice(0, 2).map(({ action, version, from_version }) => [action, version, from_version]), [["promoted", second, first], ["promoted", first, null]]);
  assert.equal(log.find(({ action }) => action === "refused").version, first);
});

test("a canary stands beside the live one and ends with a promotion or a way back", async () => {
  const [live, canary] = [await upload(), await upload()];
  await promote(live);
  assert.equal((await asAdmin("POST", "/models/finance/promote", { version: live, share: 5, gate: passed })).json.type, "/problems/model-version");
  const report = await promote(canary, { share: 5 });
  assert.deepEqual([report.live, report.canary, statusOf(report, canary)], [live, `${canary}:5`, "CANARY"]);
  assert.deepEqual((await health()).canaries, { finance: `${canary}:5` });
  const ended = await must(200, "POST", "/models/finance/rollback", { to: live, reason: "slower" });
  assert.deepEqual([ended.live, ended.canary, statusOf(ended, canary)], [live, null, "RETIRED"]);
  assert.equal((await asAdmin("POST", "/models/finance/rollback", { to: canary })).json.type, "/problems/model-version", "it never was live");
  await promote(canary, { share: 50 });
  const whole = await promote(canary);
  assert.deepEqual([whole.live, whole.canary, statusOf(whole, live)], [canary, null, "RETIRED"]);
});

test("a move that rests on another live version is refused, and moves nothing", async () => {
  const [first, second] = [await upload(), await upload()];
  await promote(first);
  const report = await must(200, "GET", "/models/finance");
  const refused = async (path, body) => {
    const { status, json } = await asAdmin("POST", `/models/finance/${path}`, body);
    assert.deepEqual([status, json.type], [409, "/problems/model-moved"], json.detail);
  };
  for (const expected of [{ expected_live: second }, { expected_live: null }, { expected_live: first, expected_canary: `${second}:5` }]) {
    await refused("promote", { version: second, gate: passed, ...expected });
    await refused("rollback", { reason: "odd", ...expected });
  }
  assert.deepEqual(await must(200, "GET", "/models/finance"), report);
  assert.equal((await promote(second, { expected_live: first, expected_canary: null })).live, second);
  assert.equal((await must(200, "POST", "/models/finance/rollback", { to: "", expected_live: second })).live, null);
  assert.equal((await promote(first, { expected_live: null })).live, first);
  assert.equal((await asAdmin("POST", "/models/finance/rollback", { version: first })).status, 422);
  assert.equal((await asAdmin("POST", "/models/finance/promote", { version: first, to: "" })).status, 422);
});

test("each way back leads further back, at last to no model", async () => {
  const db = await worker.db();
  await db.batch(["DELETE FROM model_versions", "DELETE FROM live_pointers WHERE name GLOB 'model/*' OR name GLOB 'canary/*'"].map((text) => db.prepare(text)));
  const [first, second, third] = [await upload(), await upload(), await upload()];
  for (const version of [first, second, third]) await promote(version);
  const back = async (body = {}) => (await must(200, "POST", "/models/finance/rollback", body)).live;
  assert.deepEqual([await back(), await back(), await back(), await back()], [second, first, null, null]);
  assert.deepEqual((await health()).models, {});
  assert.equal(await back({ to: third }), third);
  assert.equal(await back(), second);
});

test("a blob that has not arrived is waited for, and nothing moves until it has", async () => {
  const version = await upload();
  const kv = await worker.kv();
  const bytes = await kv.get(`model/${version}`, "arrayBuffer");
  const before = (await health()).models;
  for (const wrong of [null, "something else"]) {
    await (wrong ? kv.put(`model/${version}`, wrong) : kv.delete(`model/${version}`));
    const { status, json, headers } = await asAdmin("POST", "/models/finance/promote", { version, gate: passed });
    assert.deepEqual([status, json.type, headers["retry-after"]], [503, "/problems/model-blob", "5"]);
  }
  assert.deepEqual((await health()).models, before);
  await kv.put(`model/${version}`, bytes);
  assert.equal((await promote(version)).live, version);
});

test("ten versions are kept, with their blobs; what serves or served before is among them", async () => {
  const [before, live] = [await upload(), await upload()];
  await promote(before);
  await promote(live);
  for (let count = 0; count < 12; count += 1) await upload();
  const { versions } = await must(200, "GET", "/models/finance");
  assert.equal(versions.length, 10, "though nobody promotes");
  const blobsOf = async () => (await (await worker.kv()).list({ prefix: "model/" })).keys.map(({ name }) => name.slice("model/".length));
  for (const { version } of versions) assert.ok((await blobsOf()).includes(version));
  const last = await upload();
  const report = await promote(last, { share: 10 });
  assert.equal(report.versions.length, 10);
  for (const version of [before, live, last]) assert.ok(statusOf(report, version), version);
  const blobs = await blobsOf();
  for (const { version } of report.versions) assert.ok(blobs.includes(version));
  assert.equal((await sql("SELECT COUNT(*) AS count FROM model_versions"))[0].count, 10);
});

test("one open request a pack and kind, and a log of what came of it", async () => {
  const ask = (path, body) => must(202, "POST", path, body);
  const first = await ask("/retrain-models", { pack: "finance", reason: "new catalogue" });
  assert.deepEqual([first.status, first.kind, first.reason, first.requested_by], ["PENDING", "TRAIN", "new catalogue", ADMIN]);
  assert.equal((await ask("/retrain-models", { pack: "finance", reason: "again" })).id, first.id);
  const evaluation = await ask("/admin/evaluate", { pack: "finance" });
  assert.notEqual(evaluation.id, first.id);
  assert.equal((await asAdmin("POST", "/retrain-models", { pack: "no-such" })).status, 404);
  const { requests } = await must(200, "GET", "/retrain-models");
  assert.deepEqual(requests.map(({ kind }) => kind).sort(), ["EVALUATE", "TRAIN"]);
  const done = await must(200, "POST", `/retrain-models/${first.id}`, { status: "DONE", result: { version: "v" } });
  assert.deepEqual([done.status, done.result], ["DONE", { version: "v" }]);
  assert.equal((await must(200, "POST", `/retrain-models/${first.id}`, { status: "FAILED" })).status, "DONE");
  assert.equal((await asAdmin("POST", `/retrain-models/${uuid(0xdd, 1)}`, { status: "DONE" })).status, 404);
  assert.notEqual((await ask("/retrain-models", { pack: "finance" })).id, first.id);
});

test("age and significant feedback make a retraining due until one is logged", async () => {
  await sql("UPDATE model_versions SET trained_at_ms = 1000");
  await sql("INSERT INTO personalization_events_log VALUES ('x:1', ?, 'SIGNIFICANT_FEEDBACK', '{}', ?, 'PENDING')", uuid(0xdd, 2), Date.now() - 5_000);
  const due = async () => (await must(200, "GET", "/retrain-models")).due.find(({ pack }) => pack === "finance");
  assert.deepEqual(await due(), { pack: "finance", last_trained_at: "1970-01-01T00:00:01.000Z", significant_feedback: 1, reasons: ["AGE", "FEEDBACK"] });
  await upload();
  assert.deepEqual((await due()).reasons, ["FEEDBACK"]);
  const log = (more) => must(200, "POST", "/models/finance/log", { action: "retrained", ...more });
  await log({ data_until: new Date(Date.now() - 60_000).toISOString(), details: { seconds: 41 } });
  assert.deepEqual((await due()).reasons, ["FEEDBACK"], "what came after the data was read is not answered");
  await log({});
  assert.deepEqual((await due()).reasons, []);
  assert.equal((await asAdmin("POST", "/models/finance/log", { action: "promoted" })).status, 422);
  const { packs: [{ log: rows }] } = await must(200, "GET", "/model-performance");
  assert.deepEqual(rows.filter(({ action }) => action === "retrained").map(({ details }) => details), [null, { seconds: 41 }]);
});

test("feedback makes the pack due that it was given on", async () => {
  await sql("INSERT INTO live_pointers (name, value, updated_at_ms) VALUES ('pack/retail', 'not here', 0)");
  const noted = (id, data) => sql("INSERT INTO personalization_events_log VALUES (?, ?, 'SIGNIFICANT_FEEDBACK', ?, ?, 'PENDING')", id, uuid(0xdd, 2), data, Date.now() - 5_000);
  const due = async () => Object.fromEntries((await must(200, "GET", "/retrain-models")).due.map(({ pack, significant_feedback }) => [pack, significant_feedback]));
  const retrained = (pack) => must(200, "POST", `/models/${pack}/log`, { action: "retrained" });
  assert.deepEqual(await due(), { finance: 0, retail: 0 });
  const person = uuid(0xdd, 4);
  await api.as(person).agree();
  for (let count = 0; count < 20; count += 1) {
    await api.must(202, "POST", "/feedback", { role: "client", user: person, body: { type: "HELPFUL", recommendation_id: "document-folder" } });
  }
  assert.deepEqual(await due(), { finance: 1, retail: 0 });
  await noted("x:2", "{}");
  assert.deepEqual(await due(), { finance: 2, retail: 1 }, "of which pack it was is not known");
  await retrained("retail");
  assert.deepEqual(await due(), { finance: 1, retail: 0 });
  await noted("x:3", JSON.stringify({ pack: "retail" }));
  await retrained("finance");
  assert.deepEqual(await due(), { finance: 0, retail: 1 });
  await sql("DELETE FROM live_pointers WHERE name = 'pack/retail'");
});

test("evaluations are stored once for their time and shown to dashboards", async () => {
  const row = { pack: "finance", version: "ease", kind: "nightly", evaluated_at: "2026-11-01T00:00:00Z", window: { to_ms: 1 }, metrics: { ndcg_10: { value: 0.21, standard_error: 0.004 } }, segments: { new: { ndcg_10: 0.1 } } };
  for (const value of [0.2, 0.21]) {
    const upload = { evaluations: [{ ...row, metrics: { ndcg_10: { value, standard_error: 0.004 } } }] };
    assert.deepEqual(await must(200, "PUT", "/admin/evaluations", upload), { written: 1, withheld: 0 });
  }
  const { evaluations } = await must(200, "GET", "/admin/evaluations?pack=finance");
  assert.deepEqual(evaluations, [{ ...row, evaluated_at: "2026-11-01T00:00:00.000Z" }]);
  const dashboard = await api.must(200, "GET", "/model-performance", { role: "monitor", user: uuid(0xdd, 3) });
  assert.deepEqual(dashboard.packs[0].evaluations, evaluations);
  assert.equal((await asAdmin("PUT", "/admin/evaluations", { evaluations: [{ ...row, kind: "hourly" }] })).status, 422);
});

/** A person who shares, whose first interaction is old enough for a full profile. */
async function sharer(number, { accepts = [], settings = {} } = {}) {
  const user = uuid(0xd0, number);
  await api.as(user).settings({ personalization_enabled: true, data_sharing_consent: true, ...settings });
  const old = new Date(Date.now() - 40 * 86_400_000).toISOString();
  const events = [interaction({ user_id: user, type: "SESSION_STARTED", target_type: null, target_id: null, occurred_at: old })];
  for (const id of accepts) events.push(interaction({ user_id: user, type: "RECOMMENDATION_ACCEPTED", target_id: id }));
  const report = await must(202, "POST", "/track-interactions?sync=1", { interactions: events });
  assert.deepEqual(report.rejected, []);
  return user;
}
const similar = (people) => must(200, "PUT", "/admin/similar-users", { pack: "finance", calculated_at: new Date().toISOString(), people });
const neighbours = (user, others) => ({ user_id: user, similar: others.map(([user_id, score]) => ({ user_id, score, common_attributes: ["age"] })) });
const collaborative = async (user) => (await api.as(user).get("/recommendations/collaborative")).recommendations;

test("people see what their neighbours took up, of kinds they have not seen", async () => {
  const open = finance.items.filter(({ countries = [], deadline, published_at }) => countries.length === 0 && !deadline && !published_at);
  const byType = new Map(open.map((item) => [item.type ?? item.id, item]));
  const [seen, common, rare] = [...byType.values()].map(({ id }) => id);
  const self = await sharer(1, { accepts: [seen] });
  const others = [];
  for (const [index, accepts] of [[seen, common, rare], [common], [common]].entries()) others.push(await sharer(2 + index, { accepts }));
  assert.deepEqual(await collaborative(self), []);
  const scores = [0.5, 0.25, 0.25];
  assert.deepEqual(await similar([neighbours(self, others.map((user, index) => [user, scores[index]]))]), { written: 3, withheld: 0 });
  const found = await collaborative(self);
  assert.deepEqual(found.map((one) => [one.recommendation_id, one.relevance_score, one.similar_user_count, one.source]), [
    [common, 1, 3, "COLLABORATIVE_FILTERING"],
    [rare, 0.5, null, "COLLABORATIVE_FILTERING"],
  ]);
  await api.as(others[1]).settings({ data_sharing_consent: false });
  const fewer = await collaborative(self);
  assert.deepEqual(fewer.map((one) => [one.recommendation_id, one.similar_user_count]), [[common, null], [rare, null]]);
  const answer = await api.as(self).call("GET", "/recommendations/collaborative");
  assert.equal(answer.headers["cache-control"], "private, no-store");
  for (const other of others) assert.ok(!answer.text.includes(other));
  await api.as(self).settings({ data_sharing_consent: false });
  assert.deepEqual(await collaborative(self), []);
  await api.as(self).settings({ data_sharing_consent: true });
  assert.deepEqual(await collaborative(self), [], "what was taken away does not come back by itself");
});

test("the names of the export lead back to people who share now, and to nobody else", async () => {
  const [self, hashed, plain] = [await sharer(11), await sharer(12), await sharer(13, { settings: { hash_user_id: false } })];
  const { text } = await asAdmin("GET", "/export/interactions");
  const lines = text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const names = new Map();
  for (const user of [self, hashed]) {
    const [{ id }] = await sql("SELECT id FROM user_interactions WHERE user_id = ?", user);
    names.set(user, lines.find(({ interaction: one }) => one?.id === id).user_id);
  }
  assert.notEqual(names.get(hashed), hashed);
  const rows = [neighbours(names.get(self), [[names.get(hashed), 0.9], [plain, 0.8], ["f".repeat(64), 0.7], [uuid(0xd0, 99), 0.6], [names.get(self), 1]]), neighbours("e".repeat(64), [[plain, 0.5]])];
  assert.deepEqual(await similar(rows), { written: 2, withheld: 4 });
  const stored = await sql("SELECT similar_user_id FROM similar_user_mappings WHERE user_id = ? ORDER BY similarity_score DESC", self);
  assert.deepEqual(stored.map(({ similar_user_id }) => similar_user_id), [hashed, plain]);
  const model = (user_id) => ({ user_id, model_type: "RECOMMENDATION_RANKING", model_version: "v1", weights: { recency: 0.1 }, performance: { accuracy: 0.8 } });
  assert.deepEqual(await must(200, "PUT", "/admin/user-models", { models: [model(names.get(self)), model(plain), model("f".repeat(64))] }), { written: 2, withheld: 1 });
  assert.equal((await asAdmin("PUT", "/admin/user-models", { models: [{ ...model(plain), weights: { recency: "much" } }] })).status, 422);
  const own = await api.as(self).get(`/profile/${self}/export`);
  assert.deepEqual(own.personalization_models.map(({ model_data, active }) => [model_data, active]), [[{ recency: 0.1 }, 1]]);
  assert.equal(own.similar_user_mappings.length, 2);
  assert.ok(!JSON.stringify(own.similar_user_mappings).includes(plain), "whose neighbour one is stays the other's");
  await api.as(self).settings({ behavioral: false });
  assert.deepEqual((await api.as(self).get(`/profile/${self}/export`)).personalization_models, []);
  await api.as(self).call("DELETE", `/profile/${self}`);
  assert.deepEqual(Object.keys(await tablesWith(sql, self)).sort(), ["audit_log", "erasure_tombstones"]);
});
