// Versions at the real Worker: a canary for a share of people, the whole after it, a forced one with its reason, a way back,
// and what `models` says of them all.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, uuid } from "../support/api.mjs";
import { leaveCandidate } from "../support/candidates.mjs";
import { nearsideIn } from "../support/nearside.mjs";
import { startWorker } from "../support/worker.mjs";

const PEOPLE = 40;

let worker, api, near, first, second;
before(async () => {
  worker = await startWorker({ direct: true });
  api = apiOf(worker);
  near = nearsideIn(worker);
  await seedFinance(api);
  for (let person = 0; person < PEOPLE; person += 1) await api.as(uuid(0xb3, person)).agree();
  leaveCandidate(near, null, { seed: 1 });
  first = (await near.json("publish")).version;
});
after(async () => {
  near?.remove();
  await worker?.dispose();
});

const health = async () => (await api.call("GET", "/health")).json;
/** How many people each version answers. */
async function answered() {
  const counts = {};
  for (let person = 0; person < PEOPLE; person += 1) {
    const { model_version } = await api.as(uuid(0xb3, person)).recommend({ limit: 1 });
    counts[model_version] = (counts[model_version] ?? 0) + 1;
  }
  return counts;
}

test("a canary answers its share of people, always the same, and then everybody", async () => {
  leaveCandidate(near, first, { seed: 2, base: 1 });
  assert.match((await near.run("publish --share 50 --dry-run")).stdout, /would be published; nothing was changed/);
  assert.deepEqual((await health()).canaries, {});
  const { outcome, version } = await near.json("publish --share 50");
  second = version;
  assert.equal(outcome, "canary");
  const { models, canaries } = await health();
  assert.deepEqual([models.finance, canaries.finance], [first, `${second}:50`]);
  const counts = await answered();
  assert.equal(counts[first] + counts[second], PEOPLE);
  assert.ok(counts[second] > PEOPLE / 4 && counts[second] < (PEOPLE * 3) / 4, JSON.stringify(counts));
  assert.deepEqual(await answered(), counts);

  const smoke = uuid(0xb3, 0);
  assert.deepEqual(await near.json(`promote ${second.slice(0, 8)}`), { pack: "finance", live: second, canary: null });
  assert.deepEqual(await answered(), { [second]: PEOPLE });
  assert.match((await near.run(`publish --smoke-user ${smoke}`)).stdout, /serves already/);
});

test("versions are listed, shown and compared", async () => {
  const list = (await near.run("models list")).stdout.trim().split("\n");
  assert.equal(list.length, 3);
  assert.match(list.find((line) => line.startsWith(second.slice(0, 12))), /LIVE/);
  assert.match(list.find((line) => line.startsWith(first.slice(0, 12))), /RETIRED/);
  const shown = await near.json("models show live");
  assert.deepEqual([shown.version, shown.gate.passed, shown.forced_reason], [second, true, null]);
  assert.match((await near.run(`models diff ${first.slice(0, 8)} live`)).stdout, /base of scores +0 +1\n/);
  assert.match((await near.run("models show 0000", { code: 1 })).stderr, /no version 0000 is kept/);
});

test("what the gate refuses is published by force only, and the reason is kept", async () => {
  leaveCandidate(near, first, { seed: 3 });
  const refused = await near.json("publish", { code: 4 });
  assert.deepEqual([refused.outcome, (await health()).models.finance], ["refused", second]);
  assert.deepEqual(refused.gate.verdicts.filter(({ passed }) => !passed).map(({ rule }) => rule), ["it was compared with what is live"]);
  await near.run("publish --force", { code: 2 });
  const { stdout } = await near.run(["publish", "--force", "--reason", "the old one is broken"]);
  assert.match(stdout, /FAILED[^]*is live/);
  const forced = await near.json("models show live");
  assert.deepEqual([forced.gate.passed, forced.forced_reason], [false, "the old one is broken"]);
  const { packs: [{ log: [row] }] } = await api.must(200, "GET", "/model-performance", { role: "admin" });
  assert.deepEqual([row.action, row.reason], ["promoted", "the old one is broken"]);
});

test("each way back leads to what was live before, or to the version that is named", async () => {
  const back = async (...more) => (await near.json(`rollback --reason odd ${more.join(" ")}`.trim())).live;
  assert.equal(await back(), second);
  assert.equal(await back(), first);
  assert.equal(await back("--to", second), second);
  assert.deepEqual(await answered(), { [second]: PEOPLE });
  await back();
  assert.equal(await back(), null);
  assert.match((await near.run("rollback --reason odd", { code: 1 })).stderr, /there is nothing to take back/);
  assert.deepEqual(await answered(), { null: PEOPLE });
});
