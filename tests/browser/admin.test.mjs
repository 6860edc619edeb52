// What an admin does from the pages, on the real Worker: what the page says happened did happen, and nothing else did.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assemblePack } from "../../pkg-scripts/lib/demo-pack.mjs";
import { assertGood, openAdmin, rowsOf, settled, startAdmin } from "./admin-site.mjs";
import { closeClean, picture } from "./demo-site.mjs";

let site;
before(async () => (site = await startAdmin()));
after(() => site.stop());

const short = (version) => version.slice(0, 12);
const models = async () => (await site.call("GET", "/models/finance")).json;
const status = (page, text) => page.getByRole("status").filter({ hasText: text });

test("the overview says what is live and how good it was, and nothing that nobody measured", async () => {
  const page = await openAdmin(site);
  await settled(page);
  assert.equal(await page.title(), "Overview – Nearside: admin");
  assert.match(await page.getByRole("region", { name: "Service" }).textContent(), /Answers; engine 0\.1\.0.*All answer.*Signed models are taken.*On/s);
  const finance = page.getByRole("region", { name: "finance", exact: true });
  assert.match(await finance.textContent(), new RegExp(`Live model${short(site.versions[1])}.*Canarynone`, "s"));
  const tiles = await finance.getByRole("list", { name: "What the last test of the live model found" }).getByRole("listitem").allTextContents();
  assert.deepEqual(tiles.map((tile) => /^(.*?)0\.\d{3}±/.exec(tile)?.[1]), ["NDCG@10, repeats allowed", "NDCG@10, new items only", "Hit rate@10, repeats allowed", "Catalogue coverage@10, repeats allowed", "List diversity@10, repeats allowed"]);
  await finance.locator(".time-chart canvas").waitFor();
  await finance.getByText("As a table").click();
  assert.equal((await rowsOf(page, "NDCG@10 by test")).length, 9);
  assert.match(await page.getByRole("region", { name: "retail", exact: true }).textContent(), /the pack's own weights.*none committed/s);
  assert.doesNotMatch(await page.locator("main").textContent(), /NaN|undefined|null|Infinity/);
  await closeClean(page);
});

test("the global switch asks first, turns everybody off, and on again", async () => {
  const page = await openAdmin(site);
  await settled(page);
  await page.getByRole("button", { name: "Switch it off for everybody" }).click();
  const dialog = page.getByRole("dialog", { name: "Switch personalization off for everybody?" });
  await dialog.getByRole("button", { name: "Leave it as it is" }).click();
  const isOn = async () => (await site.call("GET", "/health")).json.personalization_enabled;
  assert.equal(await isOn(), true);
  await page.getByRole("button", { name: "Switch it off for everybody" }).click();
  await dialog.getByRole("button", { name: "Switch off" }).click();
  await page.getByText("Off: everybody gets the general order").waitFor();
  assert.equal(await isOn(), false);
  await page.getByRole("button", { name: "Switch it on for everybody" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Switch on" }).click();
  await page.getByRole("button", { name: "Switch it off for everybody" }).waitFor();
  assert.equal(await isOn(), true);
  await closeClean(page);
});

test("the registry shows each version with its figures; those over few people are not shown", async () => {
  const page = await openAdmin(site, { hash: "#/models/finance" });
  await settled(page);
  const rows = await rowsOf(page, "Versions");
  assert.deepEqual(rows.map(([version, state, , people]) => [version, state, people]), [
    [short(site.versions[2]), "candidate", "fewer than 20"], [short(site.versions[1]), "live", "160"], [short(site.versions[0]), "retired", "160"],
  ].sort((one, other) => rows.findIndex(([version]) => version === one[0]) - rows.findIndex(([version]) => version === other[0])));
  const details = page.getByRole("region", { name: `Version ${short(site.versions[1])}` });
  assert.deepEqual((await details.locator(".bars").first().getByRole("listitem").allTextContents()).slice(0, 2), ["latest popularity0.9491", "category affinity0.7022"]);
  const widths = await details.locator(".bars rect").evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute("width"))));
  assert.equal(widths[0], 100);
  assert.ok(Math.abs(widths[1] - (100 * 0.7022) / 0.9491) < 1e-9);
  assert.equal(await details.getByText("Passed: NDCG@10 is not worse than what is live").count(), 1);
  await page.getByRole("button", { name: short(site.versions[2]) }).first().click();
  assert.equal(await page.getByText("It learned from fewer than 20 people: its figures are not shown.").count(), 1);
  await page.locator("summary").filter({ hasText: "earlier tests" }).click();
  await page.locator("summary").filter({ hasText: "gate test" }).click();
  assert.doesNotMatch(await page.locator("main").textContent(), /0\.1234|0\.4321/);
  assert.equal(await page.getByText("length of the history: other").first().locator("xpath=..").locator("td").first().textContent(), "fewer than 20");
  await closeClean(page);
});

test("a version is promoted as a canary, then for everybody, then taken back, each with its reason", async () => {
  const [first, live, candidate] = site.versions;
  const page = await openAdmin(site, { hash: "#/models/finance" });
  await settled(page);
  await page.getByRole("button", { name: `Promote ${short(candidate)}…` }).click();
  const dialog = page.getByRole("dialog", { name: `Promote ${short(candidate)}?` });
  await dialog.getByLabel("Per cent of people").fill("20");
  await dialog.getByRole("button", { name: "Start the canary" }).click();
  assert.equal((await models()).canary, null, "without a reason nothing is sent");
  await dialog.getByLabel("Reason").fill("a first look");
  await picture(page, "admin-1440-light-promote");
  await assertGood(page, "promote");
  await dialog.getByRole("button", { name: "Start the canary" }).click();
  await status(page, `${short(candidate)} is the canary for 20 % of people.`).waitFor();
  await settled(page);
  assert.equal((await models()).canary, `${candidate}:20`);

  await page.getByRole("button", { name: `Promote ${short(candidate)}…` }).click();
  await dialog.getByLabel("Everybody").check();
  await dialog.getByLabel("Reason").fill("it did well for 20 %");
  await dialog.getByRole("button", { name: "Promote for everybody" }).click();
  await status(page, `${short(candidate)} is live.`).waitFor();
  await settled(page);
  assert.deepEqual([(await models()).live, (await models()).canary], [candidate, null]);
  assert.deepEqual((await rowsOf(page, "What was done, newest first"))[0].slice(1, 5), ["promoted", short(candidate), short(live), "it did well for 20 %"]);

  await page.getByRole("button", { name: "Roll back…" }).click();
  const back = page.getByRole("dialog", { name: "Roll back finance?" });
  assert.deepEqual(await back.getByLabel("To").locator("option").evaluateAll((options) => options.map(({ value }) => value)), [live, first, ""]);
  await assertGood(page, "roll back");
  await back.getByLabel("Reason").fill("fewer acceptances");
  await back.getByRole("button", { name: "Roll back" }).click();
  await status(page, `Rolled back: ${short(live)} is live.`).waitFor();
  await settled(page);
  assert.equal((await models()).live, live);
  assert.equal((await rowsOf(page, "What was done, newest first"))[0][4], "fewer acceptances");
  await closeClean(page);
});

test("a move that somebody else made meanwhile is not undone", async () => {
  const [first, live] = site.versions;
  const page = await openAdmin(site, { hash: "#/models/finance" });
  await settled(page);
  await site.call("POST", "/models/finance/promote", { version: first, forced_reason: "meanwhile" });
  await page.getByRole("button", { name: "Roll back…" }).click();
  await page.getByLabel("Reason").fill("late");
  await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
  await page.getByRole("alert").filter({ hasText: "Somebody else moved the live model" }).waitFor();
  assert.equal((await models()).live, first);
  await site.call("POST", "/models/finance/promote", { version: live, forced_reason: "as before" });
  await closeClean(page, { mayRefuse: true });
});

test("another pack is chosen by its name, and says what it has not got yet", async () => {
  const page = await openAdmin(site, { hash: "#/models" });
  await settled(page);
  await page.getByLabel("Pack").selectOption("retail");
  await page.getByRole("heading", { name: "No model of this pack yet" }).waitFor();
  assert.match(page.url(), /#\/models\/retail$/);
  assert.equal(await page.getByRole("button", { name: /Promote|Roll back/ }).count(), 0);
  await page.getByRole("link", { name: "Packs and catalogues" }).click();
  await settled(page);
  await page.getByLabel("Pack", { exact: true }).selectOption("retail");
  await page.getByRole("heading", { name: "No catalogue yet" }).waitFor();
  await page.getByRole("button", { name: "Begin with the live pack" }).click();
  await page.waitForFunction(() => [...document.querySelectorAll("textarea")].some((field) => field.value.includes('"retail"')));
  await page.evaluate(() => (location.hash = "#/models/nobody"));
  await page.getByText("There is no pack nobody here; this is finance.").waitFor();
  await assertGood(page, "no such pack");
  await closeClean(page, { mayRefuse: true });
});

test("the findings of a bad pack are shown by place, and the live one stays", async () => {
  const version = async () => (await site.call("GET", "/health")).json.packs.finance;
  const before = await version();
  const page = await openAdmin(site, { hash: "#/packs/finance" });
  await settled(page);
  const pack = JSON.parse(assemblePack("finance"));
  const field = page.getByLabel("Pack (one JSON document)");
  await field.fill("{ not JSON");
  await page.getByRole("button", { name: "Check and publish…" }).click();
  await page.getByRole("alert").filter({ hasText: "This is not JSON" }).waitFor();
  await field.fill(JSON.stringify({ ...pack, categories: [...pack.categories, { id: "NAMELESS", name: "" }], scopes: [] }));
  await page.getByRole("button", { name: "Check and publish…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Check and publish" }).click();
  await page.getByRole("alert").filter({ hasText: "The checker refused it. Nothing was changed." }).waitFor();
  const found = await rowsOf(page, "Findings");
  assert.ok(found.some((row) => row.join() === 'categories[9].name,text length,""'), JSON.stringify(found));
  assert.ok(found.some((row) => row.join() === "scopes,count,[]"), JSON.stringify(found));
  await assertGood(page, "findings");
  await picture(page, "admin-1440-light-findings", { fullPage: true });
  assert.equal(await version(), before);

  await field.fill(JSON.stringify({ ...pack, title: "Money, a second edition" }));
  await page.getByRole("button", { name: "Check and publish…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Check and publish" }).click();
  await status(page, /The pack finance is live as [0-9a-f]{12}\./).waitFor();
  await page.getByText("Money, a second edition").first().waitFor();
  assert.notEqual(await version(), before);
  await closeClean(page, { mayRefuse: true });
});

test("the catalogue is looked through, changed as a draft, and committed", async () => {
  const page = await openAdmin(site, { hash: "#/packs/finance" });
  await settled(page);
  const { json: live } = await site.call("GET", "/catalog/finance");
  await page.getByText(`${live.items.length} items`, { exact: true }).waitFor();
  await page.getByLabel("Find in id, title or tags").fill("help-to-save");
  assert.deepEqual((await rowsOf(page, "Items")).map((row) => row[1]), ["gb-help-to-save"]);
  await page.locator("summary").filter({ hasText: "Change the catalogue" }).click();
  const field = page.getByLabel("Items (JSON)");
  await field.fill(JSON.stringify([{ id: "new-one", category: "NOPE", title: "" }]));
  await page.getByRole("button", { name: "Put into the draft" }).click();
  await page.getByRole("group", { name: "Findings" }).waitFor();
  assert.deepEqual(await rowsOf(page, "Findings"), [["items[0].category", "known category", '"NOPE"'], ["items[0].title", "text length", '""']]);
  await field.fill(JSON.stringify([{ id: "new-one", category: "TAX", title: "<b>A new one</b>" }]));
  await page.getByRole("button", { name: "Put into the draft" }).click();
  await status(page, `The draft has ${live.items.length + 1} items.`).waitFor();
  assert.equal((await site.call("GET", "/catalog/finance")).json.items.length, live.items.length);
  await page.getByRole("button", { name: "Commit the draft…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Commit" }).click();
  await status(page, `${live.items.length + 1} items are live as`).waitFor();
  await settled(page);
  await page.getByLabel("Find in id, title or tags").fill("new-one");
  await page.getByRole("group", { name: "Items", exact: true }).first().getByText("<b>A new one</b>", { exact: true }).waitFor();
  assert.equal(await page.locator("main b").count(), 0, "markup in a text stays text");
  await closeClean(page, { mayRefuse: true });
});

test("an explanation for a person and an item is the API's own, and its terms add up", async () => {
  const [, thabo] = site.people;
  const asked = [];
  const page = await openAdmin(site, { hash: "#/explain", prepare: async (page) => page.on("request", (request) =>
    /\/(explain|recommend)$/.test(request.url()) && request.postData() && asked.push(request.postDataJSON().context)) });
  await settled(page);
  await page.getByLabel("Person's id").fill(thabo.user_id);
  await page.getByLabel("Item's id").fill("za-gap-cover");
  await page.getByRole("button", { name: "Ask now" }).click();
  const why = page.getByRole("region", { name: "Why za-gap-cover" });
  await why.waitFor();
  const { json: said } = await site.call("POST", "/explain", { user_id: thabo.user_id, recommendation_id: "za-gap-cover", scope: "home" });
  const rows = await rowsOf(page, "The sum");
  assert.deepEqual(rows.map(([label]) => label).sort(), said.terms.map(({ label }) => label).sort());
  assert.equal(await why.getByText("do not add up").count(), 0);
  assert.match(await why.textContent(), /Main reasons.*Data used/s);
  assert.ok((await rowsOf(page, "Their list now")).length >= 5);
  await assertGood(page, "explanation");
  await picture(page, "admin-1440-light-explain", { fullPage: true });
  await page.getByRole("button", { name: /^Why / }).first().click();
  await until2(page);
  assert.deepEqual(asked, [{}, {}, {}, {}], "the admin's own clock is nobody's: nothing was stated, nothing is sent");
  await page.getByLabel("Country").selectOption("ZA");
  await page.getByLabel("Time zone").selectOption("Africa/Johannesburg");
  await page.getByRole("button", { name: "Ask now" }).click();
  await settled(page);
  assert.deepEqual(asked.slice(4), Array(2).fill({ country: "ZA", time_zone: "Africa/Johannesburg" }));
  assert.doesNotMatch(page.url(), new RegExp(thabo.user_id), "the id is in no address");
  await closeClean(page);

  async function until2(shown) {
    await shown.waitForFunction(() => document.querySelector("#explanation-title code")?.textContent !== "za-gap-cover" && !document.querySelector("[aria-busy=true]"));
  }
});

test("a person who said no has no sum, and an unknown item is said", async () => {
  const page = await openAdmin(site, { hash: "#/explain" });
  await settled(page);
  await page.getByLabel("Person's id").fill("0b8f7c52-6a41-4d0e-9d5b-2f6c1f0a7e11");
  await page.getByLabel("Item's id").fill("gb-help-to-save");
  await page.getByRole("button", { name: "Ask now" }).click();
  await page.getByText("There is no sum: in the general order nothing personal is read").waitFor();
  await page.getByLabel("Item's id").fill("nobody-has-this");
  await page.getByRole("button", { name: "Ask now" }).click();
  await page.getByRole("alert").filter({ hasText: "There is no such item" }).waitFor();
  await closeClean(page, { mayRefuse: true });
});

test("a retraining is asked for once, and the request is listed", async () => {
  const page = await openAdmin(site, { hash: "#/retraining" });
  await settled(page);
  for (const [what, words] of [["a retraining", "A retraining of finance is asked for; it is pending."], ["an evaluation of what is live", "An evaluation of finance is asked for; it is pending."]]) {
    await page.getByLabel("Pack").selectOption("finance");
    await page.getByLabel("For", { exact: true }).selectOption(what);
    await page.getByLabel("Reason").fill("new items");
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await status(page, words).waitFor();
    await settled(page);
  }
  const { json: jobs } = await site.call("GET", "/retrain-models");
  assert.deepEqual(jobs.requests.map(({ pack, kind, reason }) => [pack, kind, reason]).sort(), [["finance", "EVALUATE", "new items"], ["finance", "TRAIN", "new items"]]);
  assert.deepEqual((await rowsOf(page, "Requests")).map((row) => row.slice(1, 4)).sort(), [["finance", "evaluation", "pending"], ["finance", "retraining", "pending"]]);
  assert.match((await rowsOf(page, "What is due")).join(), /retail,due: nothing was trained within 7 days,never/);
  await closeClean(page);
});
