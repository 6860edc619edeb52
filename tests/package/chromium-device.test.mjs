// The person on this device: several tabs, a storage that fails, a network that is away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { NOTHING, openTab, ready, startBoth, traces } from "./chromium-page.mjs";
import { BASE } from "./small-site.mjs";

let both;
before(async () => (both = await startBoth()));
after(() => both.stop());

const acceptedBy = async (page) => (await page.evaluate(() => globalThis.nearside.profile.get())).history.recommendations_accepted;
const stateOf = (page) => page.evaluate(() => [globalThis.nearside.mode, globalThis.nearside.degraded]);
const remembered = async (path) => {
  const page = await openTab(await both.person(), both.site, {}, path);
  await page.evaluate(() => globalThis.nearside.setMode("device"));
  return page;
};

test("two tabs that take in 50 events each at the same time count all 100, and none twice", async () => {
  const page = await remembered();
  const second = await openTab(page.context(), both.site);
  assert.deepEqual(await stateOf(second), ["device", []]);
  const fifty = (tab, from) => tab.evaluate(async (first) => {
    const id = (number) => `01930000-0000-7000-8000-${String(first + number).padStart(12, "0")}`;
    const reports = await Promise.all(Array.from({ length: 50 }, (_, number) =>
      globalThis.nearside.observe(globalThis.accept(globalThis.items[number % 7], { id: id(number) }))));
    return reports.reduce((sum, report) => sum + report.accepted, 0);
  }, from);
  assert.deepEqual(await Promise.all([fifty(page, 0), fifty(second, 50)]), [50, 50]);
  await page.reload();
  await ready(page, both.site);
  assert.equal(await acceptedBy(page), 100);
  // Both send the same ids once more, over each other's.
  assert.deepEqual(await Promise.all([fifty(page, 25), fifty(second, 0)]), [0, 0]);
  assert.equal(await acceptedBy(page), 100);
  await second.waitForFunction(async () => (await globalThis.nearside.profile.get()).history.recommendations_accepted === 100);
  assert.deepEqual([...page.troubles, ...second.troubles], []);
});

test("what a visit taught goes along to the device, onto whoever is there already", async () => {
  const page = await openTab(await both.person(), both.site);
  await page.evaluate(async () => {
    await globalThis.nearside.setMode("visit");
    await globalThis.nearside.observe(globalThis.accept(globalThis.items[0]));
    await globalThis.nearside.setMode("device");
    await globalThis.nearside.setMode("visit");
    await globalThis.nearside.observe(globalThis.accept(globalThis.items[1]));
  });
  assert.equal(await acceptedBy(page), 1, "a visit begins with nobody");
  await page.evaluate(() => globalThis.nearside.setMode("device"));
  assert.equal(await acceptedBy(page), 2);
  await page.reload();
  await ready(page, both.site);
  assert.equal(await acceptedBy(page), 2);
  assert.equal(await page.evaluate(async () => (await globalThis.nearside.profile.export()).event.length), 2);
});

test("an id in capitals is the same id, also when a visit becomes remembered", async () => {
  const page = await openTab(await both.person(), both.site);
  await page.evaluate(async () => {
    const id = "01890A5D-AC96-774B-BCCE-B302099A8057";
    for (const mode of ["visit", "device"]) {
      await globalThis.nearside.setMode(mode);
      await globalThis.nearside.observe(globalThis.accept(globalThis.items[0], { id }));
    }
  });
  assert.equal(await acceptedBy(page), 1);
});

test("a visit that follows a remembered choice ends it: after a reload there is the general order", async () => {
  const page = await remembered();
  await page.evaluate(() => globalThis.nearside.setMode("visit"));
  await page.reload();
  await ready(page, both.site);
  assert.deepEqual(await stateOf(page), ["general", []]);
});

test("a storage that is full turns remembering into a visit, and loses nothing of it", async () => {
  const page = await remembered();
  await page.evaluate(async () => {
    await globalThis.nearside.observe(globalThis.accept(globalThis.items[0]));
    IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
    await globalThis.nearside.observe(globalThis.accept(globalThis.items[1]));
    await globalThis.nearside.observe(globalThis.accept(globalThis.items[2]));
  });
  assert.deepEqual(await stateOf(page), ["visit", ["storage"]]);
  assert.equal(await acceptedBy(page), 3);
  const decision = await page.evaluate(() => globalThis.nearside.rerank(globalThis.items));
  assert.ok(decision.degraded.includes("storage"));
  assert.deepEqual(await page.evaluate(() => globalThis.changes.at(-1)), { mode: "visit", degraded: ["storage"], cause: "storage" });
});

test("a no holds after a reload, though the storage failed once", async () => {
  const page = await remembered();
  await page.evaluate(async () => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = () => {
      IDBObjectStore.prototype.put = put;
      throw new DOMException("full", "QuotaExceededError");
    };
    await globalThis.nearside.optOut();
  });
  await page.reload();
  await ready(page, both.site);
  assert.deepEqual(await stateOf(page), ["general", []]);
});

test("where nothing can be stored at all, the choice holds for the visit", async () => {
  const page = await openTab(await both.person(), both.site);
  await page.evaluate(async () => {
    IDBFactory.prototype.open = () => { throw new DOMException("private", "InvalidStateError"); };
    await globalThis.nearside.setMode("device");
    await globalThis.nearside.observe(globalThis.accept(globalThis.items[0]));
  });
  assert.deepEqual(await stateOf(page), ["visit", ["storage"]]);
  assert.equal(await acceptedBy(page), 1);
  assert.deepEqual((await traces(page)).databases, []);
});

test("without a network the last good set serves, and says so; a visitor without a choice is told that nothing can", async () => {
  const page = await remembered();
  await page.evaluate(() => globalThis.nearside.observe(globalThis.accept(globalThis.items[0])));
  both.site.fault = ({ path }) => (path.startsWith(BASE) ? "drop" : null);
  try {
    await page.reload();
    await ready(page, both.site);
    assert.deepEqual(await stateOf(page), ["device", ["published"]]);
    assert.equal(await acceptedBy(page), 1);
    const decision = await page.evaluate(() => globalThis.nearside.rerank());
    assert.ok(decision.items.length > 0 && decision.degraded.includes("published"));
    await assert.rejects(openTab(await both.person(), both.site), /offline/);
  } finally {
    both.site.fault = null;
  }
  assert.equal(await page.evaluate(() => globalThis.nearside.refresh()), true, "what stood in is fetched");
  assert.deepEqual(await stateOf(page), ["device", []]);
  assert.equal(await page.evaluate(() => globalThis.nearside.refresh()), false, "the same is live");
});

test("what was kept and no longer hashes to its version does not serve, and is fetched and kept anew", async () => {
  const page = await remembered();
  const spoil = (part) => page.evaluate(async (kind) => {
    const cache = await caches.open("nearside/finance");
    const { url } = (await cache.keys()).find((request) => request.url.includes(`part=${kind}`));
    await cache.put(url, new Response(`${await (await cache.match(url)).text()} `));
  }, part);
  const begin = async (isOffline) => {
    both.site.fault = ({ path }) => (isOffline && path.startsWith(BASE) ? "drop" : null);
    await page.reload();
    await ready(page, both.site);
    // A page does not wait for what is kept; whoever chooses does.
    await page.evaluate(() => globalThis.nearside.setMode("device"));
    return page.evaluate(() => globalThis.nearside.rerankSync(globalThis.items).degraded);
  };
  try {
    await spoil("catalog");
    assert.deepEqual(await begin(true), ["catalog", "published"]);
    assert.deepEqual(await begin(false), []);
    assert.deepEqual(await begin(true), ["published"], "it was kept anew");
    await spoil("pack");
    await assert.rejects(begin(true), /offline/);
    assert.deepEqual(await begin(false), []);
    assert.deepEqual(await begin(true), ["published"]);
  } finally {
    both.site.fault = null;
  }
});

test("an opt-out that comes while an event is on its way wins", async () => {
  const page = await remembered();
  const report = await page.evaluate(async () => {
    const observing = globalThis.nearside.observe(globalThis.accept(globalThis.items[0]));
    const leaving = globalThis.nearside.optOut();
    const [report] = await Promise.all([observing, leaving]);
    return { report, mode: globalThis.nearside.mode, decision: await globalThis.nearside.rerank(globalThis.items) };
  });
  assert.equal(report.report.withheld, 1);
  assert.equal(report.decision.personalization, "none");
  assert.deepEqual(page.troubles, []);
});

test("a profile of a later format is left as it is", async () => {
  const page = await remembered();
  const later = await page.evaluate(async () => {
    await globalThis.nearside.observe(globalThis.accept(globalThis.items[0]));
    globalThis.nearside.dispose();
    const database = await new Promise((resolve) => (indexedDB.open("nearside/finance").onsuccess = ({ target }) => resolve(target.result)));
    const rows = database.transaction("rows", "readwrite").objectStore("rows");
    const row = await new Promise((resolve) => (rows.get("person").onsuccess = ({ target }) => resolve(target.result)));
    row.document = row.document.replace('"format":1', '"format":99');
    rows.put(row, "person");
    database.close();
    return row.document;
  });
  await page.reload();
  await ready(page, both.site);
  assert.deepEqual(await stateOf(page), ["visit", ["storage"]]);
  await page.evaluate(() => globalThis.nearside.observe(globalThis.accept(globalThis.items[0])));
  const kept = await page.evaluate(() => new Promise((resolve) => {
    indexedDB.open("nearside/finance").onsuccess = ({ target }) => {
      target.result.transaction("rows").objectStore("rows").get("person").onsuccess = ({ target: { result } }) => resolve(result.document);
    };
  }));
  assert.equal(kept, later);
});

test("disposing stores and removes nothing", async () => {
  const page = await openTab(await both.person(), both.site);
  await page.evaluate(() => globalThis.nearside.dispose());
  assert.deepEqual(await traces(page), NOTHING);
});
