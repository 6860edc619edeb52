// The package under Node, with the real wasm: what a server that renders pages would meet.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { BASE, startSite } from "./small-site.mjs";

const { createNearside, init, NearsideError } = await import(at("build", "package", "nearside.js"));
const wasm = readFileSync(at("build", "package", "nearside_bg.wasm"));
const NOW = Date.UTC(2026, 10, 20, 9, 30);

let site;
before(async () => (site = await startSite()));
after(() => site.stop());

const create = (options = {}) => createNearside({ pack: "finance", base: site.origin + BASE, wasm, now: () => NOW, ...options });
const idsOf = (decision) => decision.items.map((item) => item.id);
const accept = (item, changes = {}) => ({ type: "RECOMMENDATION_ACCEPTED", target_type: "recommendation", target_id: item.id, category: item.category, ...changes });
const rejects = (doing, code) => assert.rejects(doing, (error) => error instanceof NearsideError && error.code === code && error.detail.length > 0);

test("init can be tried again after a failure, and calls at the same time share one promise", async () => {
  await rejects(init(new Uint8Array([1, 2, 3])), "engine-failed");
  const first = init(wasm);
  assert.equal(init(wasm), first);
  await first;
  assert.equal(init(), first);
});

test("before a choice everybody gets the general order, without a term", async () => {
  using nearside = await create();
  assert.equal(nearside.mode, "general");
  const decision = await nearside.rerank(site.published.items, { country: "GB" });
  assert.equal(decision.personalization, "none");
  assert.ok(decision.items.every((item) => item.terms === undefined));
  assert.deepEqual(await nearside.observe(accept(site.published.items[0])), { accepted: 0, duplicates: 0, withheld: 1, rejected: [] });
  await rejects(nearside.profile.set({ demographics: { age: 40 } }), "consent-required");
  await rejects(nearside.settings.set({ behavioral: false }), "consent-required");
});

test("a visit learns from clicks, counts an id once, and opting out gives the general order back at once", async () => {
  const changes = [];
  using nearside = await create({ onChange: (change) => changes.push([change.mode, change.cause]) });
  const { items } = site.published;
  const general = idsOf(nearside.rerankSync(items, { country: "GB" }));
  await nearside.setMode("visit");
  const liked = items.find((item) => item.id === general.at(-1));
  const id = "01930000-0000-7000-8000-000000000001";
  assert.equal((await nearside.observe(accept(liked, { id }))).accepted, 1);
  assert.equal((await nearside.observe(accept(liked, { id }))).duplicates, 1);
  for (let count = 0; count < 5; count += 1) await nearside.observe(accept(liked));
  const decision = await nearside.rerank(items, { country: "GB" }, { explain: "terms" });
  assert.equal(decision.personalization, "building");
  assert.notDeepEqual(idsOf(decision), general);
  for (const item of decision.items) {
    const sum = item.terms.reduce((total, term) => total + term.contribution, 0);
    const product = item.factors.reduce((total, factor) => total * factor.multiplier, 1);
    assert.ok(Math.abs(item.score - sum * product) < 1e-9, item.id);
  }
  const profile = await nearside.profile.get();
  assert.equal(profile.history.recommendations_accepted, 6);
  const asked = nearside.optOut();
  assert.deepEqual(idsOf(nearside.rerankSync(items, { country: "GB" })), general);
  await asked;
  // Node has no IndexedDB, and the package says so.
  assert.deepEqual(changes, [["visit", "choice"], ["general", "choice"], ["general", "storage"]]);
  assert.deepEqual(nearside.degraded, ["storage"]);
});

test("a paused visit learns nothing", async () => {
  using nearside = await create();
  await nearside.setMode("visit");
  nearside.pauseLearning(true);
  assert.equal((await nearside.observe(accept(site.published.items[0]))).withheld, 1);
  nearside.pauseLearning(false);
  assert.equal((await nearside.observe(accept(site.published.items[0]))).accepted, 1);
  assert.equal((await nearside.profile.get()).history.recommendations_accepted, 1);
});

test("what was stated, switched and given as feedback shows, and an explanation names its terms", async () => {
  using nearside = await create();
  await nearside.setMode("visit");
  assert.equal((await nearside.profile.set({ demographics: { age: 41 } })).demographics.age, 41);
  assert.equal((await nearside.settings.set({ location: false })).location, false);
  assert.equal((await nearside.settings.get()).personalization_enabled, true);
  const [item] = site.published.items;
  assert.equal((await nearside.feedback({ type: "NOT_RELEVANT", recommendation_id: item.id })).accepted, 1);
  assert.ok(idsOf(await nearside.rerank(site.published.items, {}, { showHidden: true })).includes(item.id));
  const explanation = await nearside.explain(site.published.items[1].id, { items: site.published.items });
  assert.ok(explanation.terms.length >= 5 && explanation.primary_reasons.length > 0);
  await rejects(nearside.explain("nothing-like-this"), "not-found");
  await rejects(nearside.observe({ type: "NO_SUCH_EVENT" }), "invalid_type");
  await rejects(nearside.rerank(undefined, {}, { scope: "nowhere" }), "unknown-scope");
});

test("what no JSON can say is refused with a code at every entry, and changes nothing", async () => {
  using nearside = await create();
  await nearside.setMode("visit");
  const [item] = site.published.items;
  const circular = {};
  circular.itself = circular;
  let deep = 1;
  for (let depth = 0; depth < 5_000; depth += 1) deep = depth % 2 === 0 ? [deep] : { deep };
  const before = JSON.stringify(await nearside.profile.get());
  for (const wrong of [circular, { deep }, { big: 1n }]) {
    const asks = [
      () => nearside.rerankSync([{ ...item, attributes: wrong }]),
      () => nearside.rerank(undefined, wrong),
      () => nearside.explain(item.id, { items: [wrong] }),
      () => nearside.observe({ type: "CLICKED", target_type: "recommendation", target_id: item.id, context: wrong }),
      () => nearside.feedback({ type: "HELPFUL", recommendation_id: item.id, comment: wrong }),
      () => nearside.profile.set({ attributes: wrong }),
      () => nearside.settings.set(wrong),
      () => nearside.assign("any", wrong),
    ];
    for (const ask of asks) await rejects((async () => ask())(), "invalid-request");
  }
  assert.equal(JSON.stringify(await nearside.profile.get()), before);
});

test("what JSON leaves out of an event is left out, and the mode stays", async () => {
  const rows = new Map();
  using nearside = await create({ storage: {
    find: async () => rows.size > 0, create: async () => {}, erase: async () => rows.clear(), close: () => {},
    read: async (prefix) => [...rows].filter(([key]) => key.startsWith(prefix)),
    change: async (keys, apply) => {
      const { put, result } = apply(keys.map((key) => rows.get(key)));
      for (const [key, row] of Object.entries(put ?? {})) rows.set(key, structuredClone(row));
      return result;
    },
  } });
  await nearside.setMode("device");
  assert.equal((await nearside.observe(accept(site.published.items[0], { onDone: () => 1 }))).accepted, 1);
  assert.deepEqual([nearside.mode, nearside.degraded], ["device", []]);
});

test("a page of somebody between here and the Worker is no answer", async () => {
  const portal = async () => new Response("<html>log in to the wireless network</html>", { headers: { "content-type": "text/html" } });
  await rejects(create({ fetch: portal }), "offline");
});

test("switching personalization off in the settings is opting out", async () => {
  using nearside = await create();
  await nearside.setMode("visit");
  await nearside.settings.set({ personalization_enabled: false });
  assert.equal(nearside.mode, "general");
});

test("an array is read once and known again by its identity, unless its length changed", async () => {
  using nearside = await create();
  await nearside.setMode("visit");
  const [base] = site.published.items;
  const many = Array.from({ length: 1_000 }, (_, index) => ({ ...base, id: `item-${index}`, priority: 1 + (index % 100) }));
  assert.equal(nearside.rerankSync(many, {}, { explain: "none" }).items.length, 1_000);
  many[0] = { ...many[0], id: "put in place" };
  assert.ok(idsOf(nearside.rerankSync(many)).includes("item-0"), "what was put in place is not looked at");
  assert.ok(idsOf(nearside.rerankSync([...many])).includes("put in place"));
  many.pop();
  assert.equal(nearside.rerankSync(many, {}, { explain: "none" }).items.length, 999, "a changed length is noticed");
  const ids = site.published.items.slice(0, 3).map((item) => item.id);
  assert.deepEqual(idsOf(nearside.rerankSync(ids)).sort(), [...ids].sort());
});

test("a time zone's name and its offset give the same order and terms", async () => {
  using nearside = await create();
  await nearside.setMode("visit");
  const decide = (context) => nearside.rerankSync(site.published.items, context, { explain: "terms", decisionId: "01930000-0000-7000-8000-000000000009" });
  assert.deepEqual(decide({ time_zone: "Asia/Kolkata" }), decide({ utc_offset_minutes: 330 }));
  assert.deepEqual(decide({ time_zone: "Africa/Johannesburg" }), decide({ utc_offset_minutes: 120 }));
  assert.deepEqual(decide({ time_zone: "No/Where" }), decide({}));
});

test("what was published anew is taken over, and the person stays", async () => {
  const causes = [];
  using nearside = await create({ onChange: (change) => causes.push(change.cause) });
  await nearside.setMode("visit");
  await nearside.observe(accept(site.published.items[0]));
  assert.equal(await nearside.refresh(), false);
  const before = site.published;
  const items = before.items.slice(1);
  const catalog = JSON.stringify({ format: 1, pack: "finance", items });
  const { publishedOf } = await import("./small-site.mjs");
  site.published = publishedOf("finance", { catalog });
  try {
    assert.equal(await nearside.refresh(), true);
    assert.equal((await nearside.rerank()).catalog_version, site.published.versions.catalog_version);
    assert.equal((await nearside.profile.get()).history.recommendations_accepted, 1);
    assert.deepEqual(causes, ["choice", "published"]);
  } finally {
    site.published = before;
  }
});

test("a part that does not hash to its version is left out and named; a pack that does not is refused", async () => {
  const before = site.published;
  const { publishedOf } = await import("./small-site.mjs");
  const whole = publishedOf("finance", { popularity: '{"format":1,"countries":{}}' });
  const spoilt = (kind) => (site.published = { ...whole, texts: { ...whole.texts, [kind]: `${whole.texts[kind]} ` } });
  const { model_version, experiments_version } = { model_version: "0".repeat(64), experiments_version: "f".repeat(64) };
  try {
    for (const kind of ["catalog", "popularity"]) {
      spoilt(kind);
      using nearside = await create();
      assert.deepEqual(nearside.rerankSync(before.items).degraded, [kind, "published"]);
    }
    const named = { ...whole, versions: { ...whole.versions, model_version, experiments_version } };
    // Bytes of something else.
    site.published = { ...named, texts: { ...whole.texts, model: whole.texts.catalog, experiments: '{"format":1,"experiments":[]}' } };
    using nearside = await create();
    assert.deepEqual(nearside.rerankSync(before.items).degraded, ["model", "experiments", "published"]);
    spoilt("pack");
    await rejects(create(), "no-pack");
  } finally {
    site.published = before;
  }
});

test("nothing to serve from says so", async () => {
  await rejects(createNearside({ pack: "finance", base: "http://127.0.0.1:9", wasm }), "offline");
  await rejects(create({ pack: "unknown" }), "no-pack");
});

test("a storage of one's own keeps the person on this device from one page to the next", async () => {
  const rows = new Map();
  const storage = {
    find: async () => rows.size > 0,
    create: async () => {},
    read: async (prefix) => [...rows].filter(([key]) => key.startsWith(prefix)),
    change: async (keys, apply) => {
      const { put, result } = apply(keys.map((key) => rows.get(key)));
      for (const [key, row] of Object.entries(put ?? {})) row ? rows.set(key, row) : rows.delete(key);
      return result;
    },
    erase: async () => rows.clear(),
    close: () => {},
  };
  using first = await create({ storage });
  assert.equal(rows.size, 0);
  await first.setMode("device");
  await first.observe(accept(site.published.items[0]));
  assert.deepEqual([...rows.keys()].map((key) => key.split("/")[0]), ["choice", "person", "event"]);
  using second = await create({ storage });
  assert.equal(second.mode, "device");
  assert.equal((await second.profile.get()).history.recommendations_accepted, 1);
  const { event, person } = await second.profile.export();
  assert.equal(event[0].interaction.target_id, site.published.items[0].id);
  assert.equal(person[0].document.settings.personalization_enabled, true);
  // Events that are too old go when a page begins; what they taught stays.
  using third = await create({ storage, now: () => NOW + 400 * 86_400_000 });
  assert.deepEqual([...rows.keys()], ["choice", "person"]);
  assert.equal((await third.profile.get()).history.recommendations_accepted, 1);
  const receipt = await third.profile.erase();
  assert.deepEqual(receipt.removed, { here_choice: 1, here_person: 1 });
  assert.equal(rows.size, 0);
});

test("after dispose nothing answers", async () => {
  const nearside = await create();
  nearside.dispose();
  nearside.dispose();
  assert.throws(() => nearside.rerankSync(), { code: "disposed" });
});

/** A value that nests so many levels deep. */
const nestedOf = (levels) => Array.from({ length: levels }).reduce((inner) => ({ secret_name: inner }), "secret text");

test("whatever is handed over, however deep, is refused with a code, and nothing of it is repeated", async () => {
  using nearside = await create();
  await nearside.setMode("visit");
  const [item] = site.published.items;
  // Deeper than some 4,000 levels JavaScript itself does not write.
  for (const levels of [20, 129, 3_000]) {
    const deep = nestedOf(levels);
    const tries = [
      () => nearside.rerank([{ ...item, attributes: { q: deep } }], {}),
      () => nearside.rerank([{ ...item, secret_name: deep }], {}),
      () => nearside.rerank([deep], {}),
      () => nearside.rerank([item], { place: deep }),
      () => nearside.observe(accept(item, { context: deep })),
      () => nearside.feedback({ type: "HELPFUL", recommendation_id: deep }),
      () => nearside.profile.set({ attributes: { secret_name: deep } }),
      () => nearside.settings.set({ behavioral: deep }),
    ];
    for (const [index, attempt] of tries.entries()) {
      await assert.rejects(async () => attempt(), (error) => {
        assert.ok(error instanceof NearsideError && error.code.startsWith("invalid-"), `${levels}, ${index}: ${error.code} ${error.message}`);
        assert.ok(!error.message.includes("secret"), error.message);
        return true;
      });
    }
  }
  assert.equal((await nearside.rerank([item], {})).items.length, 1, "it goes on");
});
