// What must not be published: a model by another key, for another engine, or from another time. Each is refused in words
// that say what to do, with exit code 1, and what was live still serves. What gets past everything serves nobody either.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ADMIN, apiOf, readPack, seedFinance, uuid } from "../support/api.mjs";
import { candidate, leaveCandidate } from "../support/candidates.mjs";
import { signedModel, versionOf } from "../support/models.mjs";
import { nearsideIn } from "../support/nearside.mjs";
import { mint, newKeys } from "../support/tokens.mjs";
import { startWorker } from "../support/worker.mjs";

const USER = uuid(0xa1, 1);
const HOUR_MS = 3_600_000;
const PUBLISH = "publish --pack finance";
/** An hour late, and says so in its answers, as Cloudflare does and the local runtime does not. */
const LATE = `
import worker from "./index.js";
const now = Date.now;
Date.now = () => now() - ${HOUR_MS};
export default {
  ...worker,
  async fetch(...given) {
    const answer = await worker.fetch(...given);
    const headers = new Headers(answer.headers);
    headers.set("date", new Date(Date.now()).toUTCString());
    return new Response(answer.body, { status: answer.status, headers });
  },
};`;

let worker, api, near, live;
before(async () => {
  worker = await startWorker({ direct: true });
  api = apiOf(worker);
  near = nearsideIn(worker);
  await seedFinance(api);
  await api.as(USER).agree();
  leaveCandidate(near, null, { seed: 1 });
  live = (await near.json(PUBLISH)).version;
});
after(async () => {
  near?.remove();
  await worker?.dispose();
});

/** Publishes in vain, and makes sure that nothing has changed. */
async function isRefused(said, options = {}) {
  const { stderr } = await near.run(PUBLISH, { code: 1, ...options });
  assert.match(stderr, said);
  const answer = await api.as(USER).recommend({ limit: 3 });
  assert.deepEqual([answer.model_version, answer.degraded, (await api.call("GET", "/health")).json.models], [live, [], { finance: live }]);
}
const tokenOf = (now, role = "admin") => mint({ ...worker.keys.hs256, role, user: ADMIN, now });

test("a model signed with another key is refused by the Worker", async () => {
  leaveCandidate(near, live, { seed: 2 });
  const { model } = worker.keys;
  for (const key of [newKeys().model, { ...newKeys().model, id: "another" }, { ...model, id: "another" }]) {
    near.writeKey(key);
    await isRefused(/stopped at: upload; what was live still is: .* not by a key that this Worker trusts; see MODEL_KEYS \(model-signature\)/);
  }
  near.writeKey(model);
});

test("a model for another engine is refused before it is sent", async () => {
  for (const [engine, said] of [
    [{ from: "0.3.0", below: "0.4.0" }, /cannot be published: the model needs engine 0\.3\.0 or newer/],
    [{ from: "0.0.1", below: "0.1.0" }, /cannot be published: the model needs engine older than 0\.1\.0/],
  ]) {
    leaveCandidate(near, live, { seed: 3, engine });
    await isRefused(said);
  }
});

test("a model from the future is refused on this machine, and by a Worker that is behind it", async () => {
  leaveCandidate(near, live, { seed: 4, trained_at_ms: Date.now() + HOUR_MS });
  await isRefused(/cannot be published: the model was trained \d+ s after now; set the job's clock/);
  const late = await startWorker({ direct: true, wrapper: LATE, bindings: { AUTH_KEYS: worker.keys.authKeys, MODEL_KEYS: worker.keys.modelKeys } });
  try {
    leaveCandidate(near, null, { seed: 4, trained_at_ms: Date.now() - 1_000 });
    const NEARSIDE_URL = String(late.url).replace(/\/$/, "");
    await isRefused(/401 .*: this clock is 3(59|60)\d s ahead of the Worker's, which refuses tokens of another time: set it/, { NEARSIDE_URL });
    assert.match((await near.run("doctor", { code: 1, NEARSIDE_URL })).stdout, /problem +clock +this clock is 3(59|60)\d s ahead of the Worker's/);
    const NEARSIDE_TOKEN = tokenOf(Date.now() - HOUR_MS + 60_000);
    const fill = (path, method, body) => late.fetch(`/api/v1/personalization${path}`, { method, headers: { authorization: `Bearer ${NEARSIDE_TOKEN}`, "content-type": "application/json" }, body: JSON.stringify(body) });
    const { pack, items } = readPack("finance");
    for (const answer of [await fill("/packs/finance", "PUT", pack), await fill("/catalog/finance", "PUT", { items }), await fill("/catalog/finance/commit", "POST")]) {
      assert.equal(answer.status, 200, await answer.text());
    }
    await isRefused(/stopped at: upload; .* trained 3\d{3} s after now; set the job's clock \(model-clock\)/, { NEARSIDE_URL, NEARSIDE_TOKEN });
  } finally {
    await late.dispose();
  }
});

test("a token of another time or role is refused, and says which", async () => {
  leaveCandidate(near, live, { seed: 5 });
  await isRefused(/401 .*: the token ended 3\d{3} s ago/, { NEARSIDE_TOKEN: tokenOf(Date.now() - 2 * HOUR_MS) });
  await isRefused(/401 .*: the token holds only in 3\d{3} s: the clock of whoever made it is ahead/, { NEARSIDE_TOKEN: tokenOf(Date.now() + HOUR_MS) });
  await isRefused(/401 .*: an admin's token is needed/, { AUTH_KEYS: newKeys().authKeys });
  await isRefused(/403 .*role.*: an admin's token is needed/, { NEARSIDE_TOKEN: tokenOf(Date.now(), "client") });
});

test("a move to what does not verify leads nobody away from what served before", async () => {
  const db = await worker.db();
  const kv = await worker.kv();
  // As every move does: the pointer, and in the same transaction the one to what served before.
  const point = (name, version) =>
    db.prepare("INSERT OR REPLACE INTO live_pointers (name, value, updated_at_ms) VALUES (?, ?, ?)").bind(name, version, Date.now());
  const pointTo = (version) => db.batch([point("model/finance", version), point("previous/finance", live)]);
  const engine = { from: "0.3.0", below: "0.4.0" };
  const { model } = worker.keys;
  const documents = [
    signedModel(newKeys().model, candidate({ seed: 6 })),
    signedModel(model, candidate({ seed: 7, engine })),
    signedModel(model, candidate({ seed: 8, trained_at_ms: Date.now() + HOUR_MS })),
    signedModel(model, candidate({ seed: 9 })).replace('"seed":9', '"seed":8'),
  ];
  for (const document of documents) {
    await kv.put(`model/${versionOf(document)}`, document);
    await pointTo(versionOf(document));
    const answer = await api.as(USER).recommend({ limit: 3 });
    assert.deepEqual([answer.model_version, answer.degraded], [live, ["model"]], document.slice(0, 200));
  }
  const serves = async (version, degraded) => {
    const answer = await api.as(USER).recommend({ limit: 3 });
    assert.deepEqual([answer.model_version, answer.degraded], [version, degraded]);
  };
  await pointTo(live);
  await serves(live, []);

  // By hand, nothing says what served before: it is what this Worker served itself, until somebody takes it back.
  const pointAlone = (version) => db.batch([db.prepare("DELETE FROM live_pointers WHERE name = 'previous/finance'"), point("model/finance", version)]);
  for (const document of documents) {
    await pointAlone(versionOf(document));
    await serves(live, ["model"]);
  }
  await pointAlone(live);
  await serves(live, []);
  await near.run("rollback --reason odd --pack finance");
  await pointAlone(versionOf(documents[0]));
  await serves(null, ["model"]);
  await pointAlone(live);
  await serves(live, []);
});
