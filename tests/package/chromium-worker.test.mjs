// The person in the real Worker: nothing lost and nothing doubled over lost answers, offline, reloads and two tabs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, uuid } from "../support/api.mjs";
import { startWorker } from "../support/worker.mjs";
import { openTab, NOTHING, ready, startBoth, traces } from "./chromium-page.mjs";
import { BASE } from "./small-site.mjs";

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

let people = 0;
async function newPerson() {
  const user = uuid(0xf5, (people += 1));
  const options = { user, token: api.token("client", user) };
  const context = await both.person();
  return { user, options, context, ...api.as(user), open: () => openTab(context, both.site, options) };
}
const atWorker = async (person) => {
  const page = await person.open();
  await page.evaluate(() => globalThis.nearside.setMode("server"));
  return page;
};
const idsAt = async (person) => (await person.get(`/interactions/${person.user}`)).interactions.map((event) => event.id);
const observe = (page, ids) => page.evaluate(async (all) => {
  for (const [index, id] of all.entries()) await globalThis.nearside.observe(globalThis.accept(globalThis.items[index % 7], { id }));
}, ids);
const eventIds = (from, count) => Array.from({ length: count }, (_, number) => uuid(0xe0 + from, number));
const flush = (page) => page.evaluate(() => globalThis.nearside.flush());
const away = (path) => path.startsWith(BASE) && !path.includes("/published/");

test("the next list reads the last click, before and after it is sent", async () => {
  const person = await newPerson();
  const page = await atWorker(person);
  const everybodys = await page.evaluate(() => globalThis.order());
  both.site.requests.length = 0;
  await observe(page, eventIds(1, 3));
  const pending = await page.evaluate(() => globalThis.nearside.rerank(globalThis.items, { country: "GB" }));
  const asked = JSON.parse(both.site.requests.find(({ path }) => path.endsWith("/recommend")).body);
  assert.equal(asked.pending.length, 3);
  assert.equal(pending.personalization, "building");
  assert.equal(await flush(page), 0);
  assert.deepEqual((await idsAt(person)).sort(), eventIds(1, 3).sort());
  const sent = await page.evaluate(() => globalThis.nearside.rerank(globalThis.items, { country: "GB" }));
  assert.deepEqual(sent.items.map((item) => item.id), pending.items.map((item) => item.id));
  assert.notDeepEqual(sent.items.map((item) => item.id), everybodys);
  const explanation = await page.evaluate(() => globalThis.nearside.explain(globalThis.items[0].id, { items: globalThis.items }));
  assert.equal(explanation.recommendation_id, both.site.published.items[0].id);
  assert.equal((await page.evaluate(() => globalThis.nearside.profile.get())).history.recommendations_accepted, 3);
  await assert.rejects(page.evaluate(() => globalThis.nearside.rerankSync()), /needs-worker/);
  assert.equal(await page.evaluate(() => globalThis.nearside.assign("no-such-test")), undefined);
});

test("offline there is the general order, and what happened meanwhile arrives once, over a reload", async () => {
  const person = await newPerson();
  const page = await atWorker(person);
  both.site.fault = ({ path }) => (away(path) ? "drop" : null);
  await observe(page, eventIds(2, 5));
  const decision = await page.evaluate(() => globalThis.nearside.rerank(globalThis.items));
  assert.deepEqual([decision.personalization, decision.degraded], ["none", ["offline"]]);
  assert.equal(await flush(page), 5);
  await page.reload();
  await ready(page, both.site, person.options);
  assert.equal(await flush(page), 5);
  both.site.fault = null;
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.waitForFunction(() => globalThis.nearside.flush().then((left) => left === 0));
  assert.deepEqual((await idsAt(person)).sort(), eventIds(2, 5).sort());
});

test("what an earlier page could not send goes out by itself; an answer of somebody else is none", async () => {
  const person = await newPerson();
  const page = await atWorker(person);
  both.site.fault = ({ path }) => (away(path) ? { status: 200, body: "<h1>Sign in to the network</h1>" } : null);
  await observe(page, eventIds(11, 2));
  assert.equal(await flush(page), 2);
  await assert.rejects(page.evaluate(() => globalThis.nearside.profile.erase()), /nobody answers/);
  both.site.fault = null;
  await page.reload();
  await ready(page, both.site, person.options);
  for (let tries = 0; tries < 50 && (await idsAt(person)).length < 2; tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual((await idsAt(person)).sort(), eventIds(11, 2).sort());
});

test("two tabs, and answers that get lost: each event counts once", async () => {
  const person = await newPerson();
  const page = await atWorker(person);
  const second = await person.open();
  assert.equal(await second.evaluate(() => globalThis.nearside.mode), "server");
  let lost = 0;
  both.site.fault = ({ path }) => (path.includes("/track-interactions") && (lost += 1) % 2 === 1 ? "lose" : null);
  const ids = eventIds(3, 100);
  await Promise.all([observe(page, ids.slice(0, 50)), observe(second, ids.slice(50)), flush(page), flush(second)]);
  await page.waitForFunction(() => globalThis.nearside.flush().then((left) => left === 0));
  both.site.fault = null;
  assert.ok(lost > 1);
  assert.equal((await person.get(`/profile/${person.user}`)).history.recommendations_accepted, 100);
});

test("an answer that does not account for each event removes none; an event that is none is named and does not block the rest", async () => {
  const person = await newPerson();
  const page = await atWorker(person);
  both.site.fault = ({ path }) => (path.includes("/track-interactions") ? { status: 202, body: '{"accepted":1,"duplicates":0,"withheld":0,"rejected":[]}' } : null);
  await observe(page, eventIds(4, 2));
  assert.equal(await flush(page), 2);
  both.site.fault = null;
  await page.evaluate(() => globalThis.nearside.observe({ type: "NO_SUCH_EVENT" }));
  const decision = await page.evaluate(() => globalThis.nearside.rerank(globalThis.items));
  assert.deepEqual(decision.degraded, [], "a list is not refused for it");
  assert.equal(await flush(page), 0);
  assert.deepEqual((await idsAt(person)).sort(), eventIds(4, 2).sort());
  assert.ok(await page.evaluate(() => globalThis.changes.some((change) => change.cause === "refused")));
});

test("what was taken in just before the page is left arrives", async () => {
  const person = await newPerson();
  const page = await atWorker(person);
  await page.evaluate(() => globalThis.nearside.rerank(globalThis.items));
  await observe(page, eventIds(5, 3));
  await page.goto("about:blank");
  for (let looks = 0; looks < 50 && (await idsAt(person)).length < 3; looks += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual((await idsAt(person)).sort(), eventIds(5, 3).sort());
});

test("an opt-out that the Worker could not be told of holds at once, and is told later", async () => {
  const person = await newPerson();
  const page = await atWorker(person);
  await observe(page, eventIds(6, 1));
  both.site.fault = ({ path }) => (away(path) ? "drop" : null);
  both.site.requests.length = 0;
  await page.evaluate(() => globalThis.nearside.optOut());
  assert.deepEqual(await page.evaluate(() => [globalThis.nearside.mode, globalThis.nearside.degraded]), ["general", ["opt-out"]]);
  assert.equal((await person.get("/settings")).personalization_enabled, true);
  await page.reload();
  both.site.fault = null;
  await ready(page, both.site, person.options);
  await page.waitForFunction(() => globalThis.nearside.degraded.length === 0);
  await page.waitForFunction(async () => globalThis.nearside.degraded.length === 0);
  assert.equal((await person.get("/settings")).personalization_enabled, false);
  assert.deepEqual(await idsAt(person), [], "what was pending was not sent any more");
});

test("who shares a browser shares no account: neither the yes nor the no that is owed is another's", async () => {
  const [alice, bob] = [await newPerson(), await newPerson()];
  const page = await atWorker(alice);
  await observe(page, eventIds(12, 1));
  const become = async (person) => {
    await page.reload();
    await ready(page, both.site, person.options);
  };
  const asked = () => page.evaluate(async () => [globalThis.nearside.mode, await globalThis.nearside.hasChosen()]);
  await become(bob);
  assert.deepEqual(await asked(), ["general", false], "the yes is not Bob's");
  await become(alice);
  assert.deepEqual(await asked(), ["server", true]);
  both.site.fault = ({ path }) => (path.endsWith("/settings") ? "drop" : null);
  await page.evaluate(() => globalThis.nearside.optOut());
  both.site.fault = null;
  await become(bob);
  await page.evaluate(() => globalThis.nearside.setMode("server"));
  assert.deepEqual(await page.evaluate(() => globalThis.nearside.degraded), []);
  const exported = JSON.stringify(await page.evaluate(() => globalThis.nearside.profile.export()));
  assert.ok(!exported.includes(alice.user), "what is Alice's is not in Bob's export");
  assert.equal((await bob.get("/settings")).personalization_enabled, true);
  assert.equal((await alice.get("/settings")).personalization_enabled, true, "Bob's token told nothing of Alice");
  await become(alice);
  assert.deepEqual(await asked(), ["general", false], "nor is Bob's yes Alice's");
  await page.waitForFunction(() => globalThis.nearside.degraded.length === 0);
  assert.equal((await alice.get("/settings")).personalization_enabled, false);
  assert.equal((await bob.get("/settings")).personalization_enabled, true, "Alice's no is not Bob's");
});

test("who is signed in may be known only after a reload: the yes is still theirs, and so is the no", async () => {
  const person = await newPerson();
  const page = await atWorker(person);
  const reloaded = async () => {
    await page.reload();
    await ready(page, both.site, { token: person.options.token });
  };
  await reloaded();
  assert.deepEqual(await page.evaluate(async () => [globalThis.nearside.mode, await globalThis.nearside.hasChosen()]), ["server", true]);
  await assert.rejects(page.evaluate(() => globalThis.nearside.profile.erase()), /no-user/, "whose profile is to be erased is not known");
  await page.evaluate(() => globalThis.nearside.optOut());
  await page.reload();
  await ready(page, both.site, person.options);
  await page.waitForFunction(() => globalThis.nearside.degraded.length === 0);
  assert.equal(await page.evaluate(() => globalThis.nearside.mode), "general");
  await page.waitForFunction(async () => (await globalThis.nearside.profile.export()).choice[0].mode === "general");
  for (let looks = 0; looks < 50 && (await person.get("/settings")).personalization_enabled; looks += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal((await person.get("/settings")).personalization_enabled, false);
});

test("an empty list is one in every home", async () => {
  const page = await atWorker(await newPerson());
  assert.deepEqual(await page.evaluate(async () => (await globalThis.nearside.rerank([])).items), []);
});

test("whoever moves from the Worker to the device has opted out there, and what was pending stays here", async () => {
  const person = await newPerson();
  const page = await atWorker(person);
  both.site.fault = ({ path }) => (path.includes("/track-interactions") ? "drop" : null);
  await observe(page, eventIds(8, 2));
  await page.evaluate(() => globalThis.nearside.setMode("device"));
  both.site.fault = null;
  assert.equal((await person.get("/settings")).personalization_enabled, false);
  assert.equal(await flush(page), 0);
  await page.reload();
  await ready(page, both.site, person.options);
  assert.equal(await page.evaluate(() => globalThis.nearside.mode), "device");
  assert.deepEqual(await idsAt(person), []);
  assert.equal((await page.evaluate(() => globalThis.nearside.profile.get())).history.recommendations_accepted, 0, "two homes are two profiles");
});

test("an opt-out overtakes a yes that hangs, is stored at once, and the Worker is told of both", async () => {
  const person = await newPerson();
  const page = await person.open();
  await page.evaluate(() => globalThis.nearside.setMode("device"));
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  let isFirst = true;
  both.site.fault = async ({ path, method }) => {
    if (!path.endsWith("/settings") || method !== "POST" || !isFirst) return null;
    isFirst = false;
    await held;
    return null;
  };
  await page.evaluate(() => {
    globalThis.asked = globalThis.nearside.setMode("server");
    return globalThis.nearside.optOut();
  });
  assert.equal(await page.evaluate(async () => (await globalThis.nearside.profile.export()).choice[0].mode), "general");
  letGo();
  await page.evaluate(() => globalThis.asked);
  both.site.fault = null;
  assert.equal(await page.evaluate(() => globalThis.nearside.mode), "general");
  assert.deepEqual(await page.evaluate(async () => [(await globalThis.nearside.profile.export()).choice[0].mode, globalThis.nearside.degraded]), ["general", []]);
  assert.equal((await person.get("/settings")).personalization_enabled, false);
});

test("erasing removes the Worker's profile and every trace here; where the Worker fails, nothing is removed", async () => {
  const person = await newPerson();
  const page = await atWorker(person);
  await observe(page, eventIds(7, 3));
  await flush(page);
  both.site.fault = ({ method }) => (method === "DELETE" ? "drop" : null);
  await assert.rejects(page.evaluate(() => globalThis.nearside.profile.erase()), /offline/);
  assert.equal(await page.evaluate(() => globalThis.nearside.mode), "server");
  both.site.fault = null;
  const receipt = await page.evaluate(() => globalThis.nearside.profile.erase());
  assert.equal(receipt.removed.user_interactions, 3);
  assert.ok(receipt.restorable_until);
  assert.deepEqual(await traces(page), NOTHING);
  assert.deepEqual(await idsAt(person), []);
});

test("without the Worker's yes there is no such home", async () => {
  const person = await newPerson();
  const page = await person.open();
  both.site.fault = ({ path }) => (away(path) ? "drop" : null);
  await assert.rejects(page.evaluate(() => globalThis.nearside.setMode("server")), /offline/);
  both.site.fault = null;
  assert.equal(await page.evaluate(() => globalThis.nearside.mode), "general");
  assert.deepEqual(await traces(page), NOTHING);
});
