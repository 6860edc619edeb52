// What a Worker made live, served to a device: the same lists, the live model, the running test.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, uuid } from "../support/api.mjs";
import { seedModel } from "../support/models.mjs";
import { startWorker } from "../support/worker.mjs";
import { openTab, startBoth } from "./chromium-page.mjs";
import { publishedBy } from "./published-by.mjs";

const TEST = "URGENCY_FRAMING";
const VARIANTS = [["CONTROL", 34], ["HIGH_URGENCY", 33], ["LOW_PRESSURE", 33]].map(([name, traffic_percentage]) => ({ name, traffic_percentage }));

let worker, api, both;
before(async () => {
  worker = await startWorker({ direct: true });
  api = apiOf(worker);
  await seedFinance(api);
  await seedModel(api, worker.keys);
  const definition = { pack: "finance", framing: TEST, variants: VARIANTS, success_metric: "accepted", minimum_sample_size: 100, reason: "A test" };
  await api.must(200, "PUT", `/ab-test/${TEST}`, { role: "admin", body: definition });
  await api.must(200, "POST", `/ab-test/${TEST}/start`, { role: "admin", body: { reason: "A test" } });
  both = await startBoth({ worker: worker.url });
  both.site.published = await publishedBy(worker);
  both.site.isPublishedByWorker = true;
});
after(async () => {
  await both?.stop();
  await worker.dispose();
});

const CONTEXT = { country: "GB", device_type: "mobile", time_zone: "Europe/London" };
const rerank = (page, items, now) => page.evaluate(
  ([given, context, as]) => globalThis.nearside.rerank(given, context, { limit: 50, ...(as && { now: as }) }), [items, CONTEXT, now]);
const versions = ({ pack_version, catalog_version, model_version }) => [pack_version, catalog_version, model_version];

test("before a choice the device's list is the Worker's general order, word for word", async () => {
  const page = await openTab(await both.person(), both.site);
  const stranger = api.as(uuid(0xf7, 1));
  const ids = both.site.published.items.map((item) => item.id);
  const [here, there] = [await rerank(page, ids), await stranger.recommend({ candidates: ids, limit: 50, context: CONTEXT })];
  assert.deepEqual(here.items, there.items);
  assert.deepEqual(versions(here), versions(there));
});

test("after the same events the device ranks, words and explains as the Worker does, with the live model", async () => {
  const user = uuid(0xf7, 2);
  const person = api.as(user);
  await person.settings({ personalization_enabled: true, experiments: false });
  const { items } = both.site.published;
  const at = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
  const types = ["RECOMMENDATION_ACCEPTED", "RECOMMENDATION_VIEWED", "CLICKED", "RECOMMENDATION_DISMISSED"];
  const events = Array.from({ length: 24 }, (_, index) => {
    const item = items[(index * 5) % items.length];
    const target = { target_type: "recommendation", target_id: item.id, category: item.category };
    return { id: uuid(0xe8, index), type: types[index % 4], ...target, occurred_at: at(600 - index), context: { time_zone: "Europe/London" } };
  });
  await api.must(202, "POST", "/track-interactions?sync=1", { role: "client", user, body: { interactions: events } });
  const page = await openTab(await both.person(), both.site);
  await page.evaluate(async (all) => {
    await globalThis.nearside.setMode("device");
    await globalThis.nearside.settings.set({ experiments: false });
    for (const event of all) await globalThis.nearside.observe(event);
  }, events);
  const ids = items.map((item) => item.id);
  const now = Date.now() - 1_000;
  const asked = { user_id: user, as_of: new Date(now).toISOString(), candidates: ids, limit: 50, context: CONTEXT };
  const there = await api.must(200, "POST", "/recommend", { role: "admin", body: asked });
  const here = await rerank(page, ids, now);
  assert.equal(here.personalization, "building");
  assert.equal(here.model_version, both.site.published.versions.model_version);
  assert.deepEqual(versions(here), versions(there));
  assert.deepEqual(here.items, there.items);
});

test("the device takes part in the running test, always in the same variant, and nobody is told", async () => {
  const page = await openTab(await both.person(), both.site);
  assert.equal(await page.evaluate((name) => globalThis.nearside.assign(name), TEST), undefined, "nobody takes part before a choice");
  await page.evaluate(() => globalThis.nearside.setMode("device"));
  both.site.requests.length = 0;
  const assigned = await page.evaluate((name) => globalThis.nearside.assign(name, { country: "GB" }), TEST);
  assert.ok(VARIANTS.some(({ name }) => name === assigned.variant));
  assert.equal(assigned.reason, "hash");
  const { experiments } = await rerank(page);
  assert.deepEqual(experiments, [assigned]);
  assert.deepEqual(both.site.requests, []);
  await page.evaluate(() => globalThis.nearside.settings.set({ experiments: false }));
  assert.equal(await page.evaluate((name) => globalThis.nearside.assign(name), TEST), undefined);
});
