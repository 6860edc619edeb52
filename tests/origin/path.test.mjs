// The four lines of the README against the real Worker: what people get changes, the Worker names the version, and one more
// line changes it back. The same events give the same bytes.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { apiOf, seedFinance } from "../support/api.mjs";
import { crowdMember, crowdVisits, nextOf, seedCrowd } from "../support/crowd.mjs";
import { nearsideIn } from "../support/nearside.mjs";
import { startWorker } from "../support/worker.mjs";

/** Without optimisation ranking takes longer than the gate allows. */
const UNHURRIED = "--most-us-per-100 1000000";
const ME = 5;

let worker, api, near, events;
before(async () => {
  worker = await startWorker({ direct: true });
  api = apiOf(worker);
  near = nearsideIn(worker);
  await seedFinance(api);
  events = crowdVisits();
  assert.equal(await seedCrowd(api, events), events.length);
});
after(async () => {
  near?.remove();
  await worker?.dispose();
});

const health = async () => (await api.call("GET", "/health")).json;
const recommend = () => api.as(crowdMember(ME)).recommend({ limit: 10, context: { country: "GB", utc_offset_minutes: 0 } });
const ids = ({ items }) => items.map(({ id }) => id);

test("import, train, evaluate and publish change what people get, and rollback changes it back", async (t) => {
  const before = await recommend();
  assert.equal(before.model_version, null);
  const took = async (line) => {
    const result = await near.run(line);
    t.diagnostic(`${result.seconds.toFixed(2)} s: nearside ${[line].flat().join(" ")}`);
    return result.stdout;
  };
  assert.match(await took("import --from-edge"), new RegExp(` ${events.length}  events imported`));
  assert.match(await took("import --from-edge"), / 0 {2}events imported/);
  assert.match(await took("train --pack finance"), /^finance: \d+ terms from \d+ choices of \d+ people among 20 items/);
  assert.match(await took("evaluate --pack finance"), /pack priors[^]*candidate/);
  assert.match(await took(`publish --pack finance ${UNHURRIED}`), /finance: [0-9a-f]{12} is live/);

  const version = (await health()).models.finance;
  const during = await recommend();
  assert.deepEqual([during.model_version, during.degraded], [version, []]);
  assert.notDeepEqual(ids(during), ids(before));
  const place = (answer) => (ids(answer).indexOf(nextOf(ME)) + 11) % 11;
  assert.ok(place(during) < 3, `what others took next stands at ${place(during)}`);

  assert.match(await took("models list"), new RegExp(`${version.slice(0, 12)} .*LIVE`));
  assert.match(await took(`publish --pack finance ${UNHURRIED}`), /serves already/);
  await took(["rollback", "--pack", "finance", "--reason", "trying it"]);
  assert.deepEqual((await health()).models, {});
  assert.deepEqual(ids(await recommend()), ids(before));
  const { packs: [{ log, evaluations }] } = await api.must(200, "GET", "/model-performance?pack=finance", { role: "admin" });
  assert.deepEqual(log.map(({ action, reason }) => [action, reason]), [["rolled_back", "trying it"], ["promoted", null], ["uploaded", null]]);
  assert.deepEqual(evaluations.map(({ version, kind }) => [version, kind]), [[version, "gate"]]);
});

test("the same events and the same seed give the same bytes, in another store and on another day", async () => {
  const first = near.read(".nearside", "models", "finance-candidate.json");
  await near.run("import --from-edge --store other.db");
  await near.run("train --pack finance --store other.db --models other");
  assert.ok(near.read("other", "finance-candidate.json").equals(first));
});

test("a candidate that was changed by hand is not what was measured, and is not judged", async () => {
  const name = join(".nearside", "models", "finance-candidate.json");
  const good = near.read(name);
  const { terms, ...rest } = JSON.parse(good);
  const turned = terms.map((term) => ({ ...term, values: term.values.map((value) => -value) }));
  near.write(name, JSON.stringify({ ...rest, terms: turned }));
  const { stderr } = await near.run("evaluate --pack finance --only-engine", { code: 1 });
  assert.match(stderr, /the candidate in the folder is not what these events, this pack and catalogue, seed 1 and these settings make/);
  near.write(name, good);
});
