// `nearside run --if-due` with a candidate that the gate refuses: that is work done, and what was live still is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { apiOf, seedFinance } from "../support/api.mjs";
import { seedCrowd } from "../support/crowd.mjs";
import { nearsideIn } from "../support/nearside.mjs";
import { startWorker } from "../support/worker.mjs";

test("a request to train that the gate refuses is done, and what was live still is", async (t) => {
  const worker = await startWorker({ direct: true });
  t.after(() => worker.dispose());
  const near = nearsideIn(worker);
  t.after(near.remove);
  const api = apiOf(worker);
  const admin = (status, method, path, body) => api.must(status, method, path, { role: "admin", body });
  await seedFinance(api);
  await seedCrowd(api);
  const { id } = await admin(202, "POST", "/retrain-models", { pack: "finance", reason: "new shelf" });
  assert.match((await near.run("run --if-due --dry-run")).stdout, /^finance: due \(requested: new shelf, age\)$/m);

  const { stdout } = await near.run("run --if-due --most-us-per-100 1000000 --most-bytes 1000", { code: 4 });
  assert.match(stdout, /size +\d+ bytes +1000 bytes +FAILED[^]*is refused; what was live still is/);
  const closed = await (await worker.db()).prepare("SELECT status, result FROM retraining_requests WHERE id = ?").bind(id).first();
  const result = JSON.parse(closed.result);
  assert.deepEqual([closed.status, result.published, result.gate_passed, result.live_before], ["DONE", false, false, null]);
  assert.deepEqual((await api.call("GET", "/health")).json.models, {});
  const { log, versions } = (await admin(200, "GET", "/model-performance?pack=finance")).packs[0];
  assert.deepEqual(log.map(({ action, version, details }) => [action, version, details]), [["retrained", null, result]]);
  assert.deepEqual(versions, [], "a refused candidate was never sent");
  const { stdout: next } = await near.run("run --if-due", { code: 5 });
  assert.match(next, /^finance: nothing is due$/m, "the same data would be refused again");
});
