// Every interaction counts once over rounds of offline, lost answers, reloads, closed tabs and duplicates. ROUNDS and SEED name
// more of them: ROUNDS=1000 node --test tests/package/chromium-rounds.test.mjs
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, uuid } from "../support/api.mjs";
import { startWorker } from "../support/worker.mjs";
import { openTab, startBoth } from "./chromium-page.mjs";
import { playRounds } from "./rounds.mjs";

const rounds = Number(process.env.ROUNDS ?? 50);
const seed = Number(process.env.SEED ?? 5);

let worker, api, both;
before(async () => {
  worker = await startWorker({ direct: true });
  api = apiOf(worker);
  await seedFinance(api);
  both = await startBoth({ worker: worker.url });
});
after(async () => {
  await both?.stop();
  await worker.dispose();
});

test(`${rounds} rounds with the Worker: it counts each event once`, async () => {
  const user = uuid(0xf6, 1);
  const options = { user, token: api.token("client", user) };
  const context = await both.person();
  const open = () => openTab(context, both.site, options);
  const { ids } = await playRounds({ site: both.site, options, open, mode: "server", rounds, seed, space: 0xe6 });
  const { history } = await api.as(user).get(`/profile/${user}`);
  assert.equal(history.recommendations_accepted, ids.length);
});

test(`${rounds} rounds on the device: it counts each event once, and every event is in the log`, async () => {
  const context = await both.person();
  const open = () => openTab(context, both.site);
  const { page, ids } = await playRounds({ site: both.site, options: {}, open, mode: "device", rounds, seed: seed + 1, space: 0xe7 });
  const log = await page.evaluate(async () => (await globalThis.nearside.profile.export()).event.map((event) => event.id));
  assert.deepEqual(log.sort(), [...ids].sort());
});
