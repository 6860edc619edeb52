// `nearside run` ended by SIGKILL around its requests: the events that it read are not read twice, and the request that it
// was at work on is found again and closed by the next run.
import assert from "node:assert/strict";
import { test } from "node:test";
import { apiOf, seedFinance } from "../support/api.mjs";
import { crowdVisits, seedCrowd } from "../support/crowd.mjs";
import { startKillingProxy } from "../support/killing-proxy.mjs";
import { modelBody, signedModel } from "../support/models.mjs";
import { nearsideIn } from "../support/nearside.mjs";
import { startWorker } from "../support/worker.mjs";

const RUN = "run --if-due";

test("a run that was killed is taken up by the next one, which closes its request", async (t) => {
  const worker = await startWorker({ direct: true });
  t.after(() => worker.dispose());
  const proxy = await startKillingProxy(String(worker.url));
  t.after(proxy.stop);
  const api = apiOf(worker);
  const admin = (status, method, path, body) => api.must(status, method, path, { role: "admin", body });
  await seedFinance(api);
  await seedCrowd(api);
  // Somebody trained lately, so that only evaluations are due.
  await admin(200, "PUT", "/models/finance", signedModel(worker.keys.model, modelBody()));
  const ask = async () => (await admin(202, "POST", "/admin/evaluate", { pack: "finance" })).id;
  const open = async () => (await admin(200, "GET", "/retrain-models")).requests.map(({ id }) => id);

  /** A folder that has imported nothing yet; the import counts as coming from the proxy. */
  const newFolder = () => {
    const near = nearsideIn(worker);
    t.after(near.remove);
    return { ...near, start: (line) => near.start(line, { NEARSIDE_URL: proxy.url }) };
  };
  await ask();
  proxy.plan(null);
  const whole = await newFolder().start(RUN).ended;
  assert.equal(whole.code, 0, whole.stderr);
  const steps = [...proxy.seen];

  // What only asks which packs and models there are leaves nothing half done.
  const momentsOf = (step) => (!step.startsWith("GET") ? ["before", "after"] : /export|catalog/.test(step) ? ["after"] : []);
  const plans = steps.flatMap((step, at) => momentsOf(step).map((moment) => ({ at, moment })));
  for (const { at, moment } of plans) {
    const when = `${moment} ${steps[at]} (request ${at + 1})`;
    const id = await ask();
    const near = newFolder();
    const { child, ended } = near.start(RUN);
    proxy.plan({ request: at + 1, moment, child });
    assert.equal((await ended).signal, "SIGKILL", when);
    const isClosed = !(await open()).includes(id);
    assert.equal(isClosed, at === steps.length - 1 && moment === "after", when);

    proxy.plan(null);
    const again = await near.start(RUN).ended;
    assert.equal(again.code, isClosed ? 5 : 0, `${when}: ${again.stderr}`);
    assert.deepEqual(await open(), [], when);
    assert.match(again.stderr, /the run of process \d+ ended without a word; going on from what it left/, when);
    assert.match((await near.start("doctor").ended).stdout, new RegExp(`${crowdVisits().length} events of 20 people`), when);
  }
  t.diagnostic(`${plans.length} kills around ${steps.length} requests: ${steps.map((step) => step.replace(/\/api\/v1\/personalization|[0-9a-f]{28}/g, "")).join(", ")}`);
});
