// `nearside publish` ended by SIGKILL around each of its requests: before the Worker hears of it, in the middle of its body,
// and after it was done but before the answer. The Worker serves what it served, or what was published, and nothing else.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, uuid } from "../support/api.mjs";
import { leaveCandidate } from "../support/candidates.mjs";
import { interaction } from "../support/examples.mjs";
import { startKillingProxy } from "../support/killing-proxy.mjs";
import { nearsideIn } from "../support/nearside.mjs";
import { startWorker } from "../support/worker.mjs";

const USER = uuid(0xa0, 1);
/** The step that moves the pointer. */
const MOVE = /^POST .*\/models\/finance\/promote$/;

let worker, api, near, proxy;
before(async () => {
  worker = await startWorker({ direct: true });
  api = apiOf(worker);
  near = nearsideIn(worker);
  await seedFinance(api);
  await api.as(USER).agree();
  await api.as(USER).trackNow(interaction({ type: "RECOMMENDATION_ACCEPTED", target_id: "document-folder" }));
  proxy = await startKillingProxy(String(worker.url));
});
after(async () => {
  near?.remove();
  await proxy?.stop();
  await worker?.dispose();
});

const live = async () => (await api.call("GET", "/health")).json.models.finance ?? null;
let made = 0;
/** Leaves a candidate that was never seen before, judged against what is live. */
const leaveNext = async () => leaveCandidate(near, await live(), { seed: (made += 1) });
const publish = "publish --pack finance";
const throughProxy = () => near.start(publish, { NEARSIDE_URL: proxy.url });

/** Fails unless the Worker answers a person with this version, and says so everywhere. */
async function serves(version, when) {
  const answer = await api.as(USER).recommend({ limit: 5 });
  const found = [await live(), answer.model_version, answer.degraded, answer.personalization === "none", answer.items.length];
  assert.deepEqual(found, [version, version, [], false, 5], when);
}

test("killed at any step, publishing leaves a Worker that serves, and ends well when it is done again", async (t) => {
  await leaveNext();
  proxy.plan(null);
  const whole = await throughProxy().ended;
  assert.equal(whole.code, 0, whole.stderr);
  const steps = [...proxy.seen];
  const move = steps.findIndex((step) => MOVE.test(step));
  assert.ok(move > 0, steps.join("\n"));

  const plans = steps.flatMap((step, at) => ["before", ...(step.startsWith("GET") ? [] : ["halfway"]), "after"].map((moment) => ({ at, moment })));
  for (const { at, moment } of plans) {
    const when = `${moment} ${steps[at]} (request ${at + 1})`;
    const old = await live();
    await leaveNext();
    const { child, ended } = throughProxy();
    proxy.plan({ request: at + 1, moment, child });
    assert.equal((await ended).signal, "SIGKILL", when);
    const isMoved = at > move || (at === move && moment === "after");
    const killedWith = await live();
    if (isMoved) assert.notEqual(killedWith, old, when);
    await serves(isMoved ? killedWith : old, when);

    const again = await near.json(publish);
    assert.deepEqual([again.outcome, again.live_before], isMoved ? ["unchanged", killedWith] : ["promoted", old], when);
    if (isMoved) assert.equal(again.version, killedWith, when);
    await serves(again.version, `published again after it was killed ${when}`);
  }
  t.diagnostic(`${plans.length} kills around ${steps.length} requests: ${steps.map((step) => step.replace(/\/api\/v1\/personalization|[0-9a-f]{60}/g, "")).join(", ")}`);
  const { versions } = await api.must(200, "GET", "/models/finance", { role: "admin" });
  assert.ok(versions.length <= 10, "what was left behind by killed runs is not kept for ever");
});
