// What is stored, what leaves, and what remains: proved in a real browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { NOTHING, openTab, ready, startBoth, traces } from "./chromium-page.mjs";

let both;
before(async () => (both = await startBoth()));
after(() => both.stop());

const orderOn = (page) => page.evaluate(() => globalThis.order());
const general = async () => {
  const context = await both.person();
  const order = await orderOn(await openTab(context, both.site));
  await context.close();
  return order;
};
/** Likes what the general order puts last, until it no longer is. */
const likeTheLast = (page, last) => page.evaluate(async (id) => {
  const item = globalThis.items.find((known) => known.id === id);
  for (let count = 0; count < 5; count += 1) await globalThis.nearside.observe(globalThis.accept(item));
}, last);

test("before a choice, 1,000 lists write nothing anywhere and are everybody's", async () => {
  const page = await openTab(await both.person(), both.site);
  const orders = await page.evaluate(async () => {
    const { nearside, items, accept, order } = globalThis;
    const found = new Set();
    for (let count = 0; count < 1_000; count += 1) found.add(JSON.stringify(await order()));
    await nearside.observe(accept(items[0]));
    await nearside.profile.get();
    await nearside.profile.export();
    await nearside.setMode("visit");
    await nearside.observe(accept(items[0]));
    nearside.dispose();
    return [...found];
  });
  assert.deepEqual(orders, [JSON.stringify(await general())]);
  assert.deepEqual(await traces(page), NOTHING);
  assert.deepEqual(await page.context().cookies(), []);
  assert.deepEqual(page.troubles, []);
});

test("on the device, a whole session leaves no item, event or person in the traffic, and survives a reload", async () => {
  const context = await both.person();
  const user = "01930000-0000-7000-8000-0000000000aa";
  const page = await openTab(context, both.site, { user, token: "secret-token" });
  const everybodys = await orderOn(page);
  both.site.requests.length = 0;
  await page.evaluate(() => globalThis.nearside.setMode("device"));
  await likeTheLast(page, everybodys.at(-1));
  const personal = await orderOn(page);
  assert.notDeepEqual(personal, everybodys);
  await page.evaluate(async () => {
    const { nearside, items } = globalThis;
    await nearside.explain(items[0].id, { items });
    await nearside.feedback({ type: "HELPFUL", recommendation_id: items[1].id });
    await nearside.profile.set({ demographics: { age: 41 } });
    await nearside.settings.set({ location: false });
    await nearside.assign("any-test", { country: "GB" });
    await nearside.flush();
  });
  await page.reload();
  await ready(page, both.site, { user, token: "secret-token" });
  assert.equal(await page.evaluate(() => globalThis.nearside.mode), "device");
  assert.equal((await orderOn(page)).length, personal.length);
  const profile = await page.evaluate(() => globalThis.nearside.profile.get());
  assert.equal(profile.history.recommendations_accepted, 5);
  assert.equal(profile.demographics.age, 41);
  const events = await page.evaluate(async () => (await globalThis.nearside.profile.export()).event);
  assert.equal(events.length, 6);
  assert.ok(both.site.requests.length >= 3);
  for (const { method, path, headers, body } of both.site.requests) {
    assert.equal(method, "GET", path);
    assert.equal(body, "");
    const text = `${path} ${JSON.stringify(headers)}`;
    for (const secret of [user, "secret-token", "RECOMMENDATION", ...events.map((event) => event.id), ...both.site.published.items.map((item) => item.id)]) {
      assert.ok(!text.includes(secret), `${path} names ${secret}`);
    }
    assert.equal(headers.cookie, undefined);
    assert.equal(headers.authorization, undefined);
    if (path.includes("/published/")) assert.equal(headers.referer, undefined);
  }
  assert.deepEqual(page.troubles, []);
});

test("opting out is at once, holds in a second tab and after a reload, and the profile is still theirs", async () => {
  const context = await both.person();
  const [page, second] = [await openTab(context, both.site), await openTab(context, both.site)];
  const everybodys = await orderOn(page);
  await page.evaluate(() => globalThis.nearside.setMode("device"));
  await second.waitForFunction(() => globalThis.nearside.mode === "device");
  await likeTheLast(page, everybodys.at(-1));
  await second.waitForFunction((id) => globalThis.order().then((order) => order.at(-1) !== id), everybodys.at(-1));
  const atOnce = await page.evaluate(() => {
    void globalThis.nearside.optOut();
    return globalThis.nearside.rerankSync(globalThis.items, { country: "GB" }).items.map((item) => item.id);
  });
  assert.deepEqual(atOnce, everybodys);
  await second.waitForFunction(() => globalThis.nearside.mode === "general");
  assert.deepEqual(await orderOn(second), everybodys);
  await page.reload();
  await ready(page, both.site);
  assert.equal(await page.evaluate(() => globalThis.nearside.mode), "general");
  assert.deepEqual(await orderOn(page), everybodys);
  assert.equal(await page.evaluate(async () => (await globalThis.nearside.profile.export()).event.length), 5);
  assert.deepEqual((await traces(page)).caches, []);
  assert.deepEqual([...page.troubles, ...second.troubles], []);
});

test("a no holds though the page is left in the same moment, while forty events wait for the database", async () => {
  const page = await openTab(await both.person(), both.site);
  await page.evaluate(() => globalThis.nearside.setMode("device"));
  await page.evaluate(() => {
    for (let count = 0; count < 40; count += 1) void globalThis.nearside.observe(globalThis.accept(globalThis.items[0]));
    void globalThis.nearside.optOut();
    location.href = "about:blank";
  });
  await page.waitForURL("about:blank");
  await page.goto(both.site.origin);
  await ready(page, both.site);
  assert.equal(await page.evaluate(() => globalThis.nearside.mode), "general");
  assert.equal(await page.evaluate(() => globalThis.nearside.hasChosen()), true);
  assert.equal((await traces(page)).localStorage, 0, "the database has it now");
  await page.evaluate(() => globalThis.nearside.setMode("device"));
  await page.reload();
  await ready(page, both.site);
  assert.equal(await page.evaluate(() => globalThis.nearside.mode), "device", "a later yes counts");
});

test("a no is heard in every tab, also where the one that said it is left in the same moment", async () => {
  const context = await both.person();
  const [page, second] = [await openTab(context, both.site), await openTab(context, both.site)];
  await page.evaluate(() => globalThis.nearside.setMode("device"));
  await second.waitForFunction(() => globalThis.nearside.mode === "device");
  await page.evaluate(() => {
    for (let count = 0; count < 40; count += 1) void globalThis.nearside.observe(globalThis.accept(globalThis.items[0]));
    void globalThis.nearside.optOut();
    location.href = "about:blank";
  });
  await second.waitForFunction(() => globalThis.nearside.mode === "general");
  assert.equal((await second.evaluate(() => globalThis.nearside.observe(globalThis.accept(globalThis.items[0])))).accepted, 0);
});

test("a no that is disposed of at once is heard and kept, and a yes that is is no no", async () => {
  const context = await both.person();
  const [page, second] = [await openTab(context, both.site), await openTab(context, both.site)];
  await page.evaluate(() => globalThis.nearside.setMode("device"));
  await second.waitForFunction(() => globalThis.nearside.mode === "device");
  await page.evaluate(() => {
    const leaving = globalThis.nearside.optOut();
    globalThis.nearside.dispose();
    return leaving;
  });
  await second.waitForFunction(() => globalThis.nearside.mode === "general");
  await page.reload();
  await ready(page, both.site);
  assert.equal(await page.evaluate(() => globalThis.nearside.mode), "general");
  assert.equal((await traces(page)).localStorage, 0);
});

test("where the storage cannot be read, erasing says so and gives no receipt", async () => {
  const page = await openTab(await both.person(), both.site);
  await page.evaluate(() => globalThis.nearside.setMode("device"));
  await page.evaluate(() => {
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function fails() {
      throw new DOMException("gone", "UnknownError");
    };
    globalThis.mend = () => (IDBDatabase.prototype.transaction = transaction);
  });
  await assert.rejects(page.evaluate(() => globalThis.nearside.profile.erase()), /unavailable/);
  assert.deepEqual((await traces(page)).databases, ["nearside/finance"]);
  await page.evaluate(() => globalThis.mend());
  await page.evaluate(() => globalThis.nearside.profile.erase());
  assert.deepEqual(await traces(page), NOTHING);
});

test("a no holds though nothing can be written to the database", async () => {
  const page = await openTab(await both.person(), both.site);
  await page.evaluate(async () => {
    await globalThis.nearside.setMode("device");
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    await globalThis.nearside.optOut();
  });
  await page.reload();
  await ready(page, both.site);
  assert.equal(await page.evaluate(() => globalThis.nearside.mode), "general");
});

test("erasing leaves no trace though another tab starts meanwhile", async () => {
  const context = await both.person();
  const page = await openTab(context, both.site);
  for (let count = 0; count < 5; count += 1) {
    await page.evaluate(() => globalThis.nearside.setMode("device"));
    const [second] = await Promise.all([openTab(context, both.site), page.evaluate(() => globalThis.nearside.profile.erase())]);
    await second.waitForFunction(() => globalThis.nearside.mode === "general");
    await second.evaluate(() => globalThis.nearside.refresh());
    assert.deepEqual(await traces(page), NOTHING);
    await second.close();
  }
});

test("erasing leaves no trace, here or in a second tab that is busy", async () => {
  const context = await both.person();
  const [page, second] = [await openTab(context, both.site), await openTab(context, both.site)];
  await page.evaluate(() => globalThis.nearside.setMode("device"));
  await second.waitForFunction(() => globalThis.nearside.mode === "device");
  await page.evaluate(() => globalThis.nearside.observe(globalThis.accept(globalThis.items[0])));
  await page.evaluate(async () => (await import("/elements.js")).snooze(globalThis.nearside, globalThis.items[2].id));
  assert.deepEqual(await traces(page), { ...NOTHING, localStorage: 1, databases: ["nearside/finance"], caches: ["nearside/finance"] });
  const busy = second.evaluate(async () => {
    for (let count = 0; count < 60; count += 1) await globalThis.nearside.observe(globalThis.accept(globalThis.items[1]));
  });
  const receipt = await page.evaluate(() => globalThis.nearside.profile.erase());
  await busy;
  assert.match(receipt.receipt_id, /^[0-9a-f-]{36}$/);
  assert.equal(receipt.removed.here_person, 1);
  assert.ok(receipt.removed.here_event >= 1);
  assert.equal(receipt.restorable_until, null);
  await second.waitForFunction(() => globalThis.nearside.mode === "general");
  assert.deepEqual(await traces(page), NOTHING);
  assert.equal((await page.evaluate(() => globalThis.nearside.profile.get())).history.recommendations_accepted, 0);
  assert.equal((await second.evaluate(() => globalThis.nearside.profile.get())).history.recommendations_accepted, 0);
  await page.reload();
  await ready(page, both.site);
  assert.equal(await page.evaluate(() => globalThis.nearside.mode), "general");
  assert.deepEqual(await traces(page), NOTHING);
  assert.deepEqual([...page.troubles, ...second.troubles], []);
});

test("the Global Privacy Control signal outweighs an earlier yes until the person says yes under it", async () => {
  const context = await both.person();
  const page = await openTab(context, both.site);
  await page.evaluate(() => globalThis.nearside.setMode("device"));
  await page.addInitScript(() => Object.defineProperty(navigator, "globalPrivacyControl", { value: true }));
  await page.reload();
  await ready(page, both.site);
  const state = () => page.evaluate(() => [globalThis.nearside.mode, globalThis.nearside.hasPrivacySignal]);
  assert.deepEqual(await state(), ["general", true]);
  await page.evaluate(() => globalThis.nearside.setMode("device"));
  await page.reload();
  await ready(page, both.site);
  assert.deepEqual(await state(), ["device", true]);
});
