// The overview's figures, and the checker asked only to look: what the admin's pages say of them, on the real Worker.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assemblePack } from "../../pkg-scripts/lib/demo-pack.mjs";
import { assertGood, openAdmin, rowsOf, settled, startAdmin } from "./admin-site.mjs";
import { closeClean, picture } from "./demo-site.mjs";

let site;
before(async () => (site = await startAdmin()));
after(() => site.stop());

const status = (page, text) => page.getByRole("status").filter({ hasText: text });

/** An answer about 28 days, the last of which are of few people. */
function figuresOf(packs) {
  const dayOf = (daysAgo) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
  const none = { events: null, active_people: null, shown: null, accepted: null, dismissed: null, acceptance_rate: null, items_shown: null, coverage: null, diversity: null };
  const some = (number) => ({ events: 200, active_people: 40 + number, shown: 120, accepted: 30, dismissed: 10, acceptance_rate: 0.75, items_shown: 24, coverage: 0.4, diversity: 0.8125 });
  const days = Array.from({ length: 28 }, (_, at) => 27 - at).flatMap((daysAgo) => packs.map((pack) => ({ day: dayOf(daysAgo), pack, ...(pack === "finance" && daysAgo > 1 ? some(daysAgo) : none) })));
  const service = [2, 1, 0].map((daysAgo) => ({ day: dayOf(daysAgo), requests: daysAgo === 0 ? null : 1000 * daysAgo, general_share: daysAgo === 0 ? null : 0.1 * daysAgo, degraded_share: daysAgo === 0 ? null : 0, latency_ms: daysAgo === 0 ? { p50: null, p95: null, p99: null } : { p50: 5, p95: 20, p99: 50 } }));
  return { least_people: 20, until: `${dayOf(0)}T00:00:00.000Z`, people: { day: dayOf(0), known: 400, opted_out: 20, opt_out_rate: 0.05 }, days, service };
}

test("the figures of the last days are shown with what they mean, as pictures and as tables; those of few people are not", async () => {
  const asked = [];
  const page = await openAdmin(site, {
    prepare: (page) => page.route("**/admin/overview?*", (route) => { asked.push(new URL(route.request().url()).search); return route.fulfill({ json: figuresOf(["finance", "retail"]) }); }),
  });
  await settled(page);
  const panel = page.getByRole("region", { name: "Figures", exact: true });
  const tilesOf = (name) => panel.getByRole("list", { name }).getByRole("listitem").evaluateAll((items) => items.map((item) => [...item.children].slice(0, 2).map((part) => part.textContent).join(": ")));
  assert.deepEqual(await tilesOf("Choices and answers"), ["Opt-out rate: 5 %", "Lists asked for: 3,000", "General order: 16.7 %", "Degraded: 0 %", "Time to answer, 95 % within: 20 ms"]);
  assert.deepEqual(await tilesOf("What people do with finance"), ["Events: 5,200", "Active people: 42", "Acceptance: 75 %", "Catalogue coverage: 40 %", "Diversity of categories: 0.813"]);
  await panel.getByText("On none of these days were there 20 people who share what they do").waitFor();
  await panel.locator(".time-chart canvas").nth(3).waitFor();
  assert.equal(await panel.locator(".time-chart canvas").count(), 4);
  for (const summary of await panel.locator("summary").all()) await summary.click();
  const rows = await rowsOf(page, "People and what they did with finance, by day");
  assert.equal(rows.length, 28);
  assert.deepEqual(rows[0].slice(1), ["67", "120", "30", "10"]);
  assert.deepEqual(rows[27].slice(1), Array(4).fill("fewer than 20 people"));
  await assertGood(page, "figures");
  await picture(page, "admin-1440-light-figures", { fullPage: true });
  await panel.getByLabel("Last", { exact: true }).selectOption("90");
  await settled(page);
  await panel.getByText("Opt-out rate").first().waitFor();
  assert.deepEqual(asked, ["?days=28", "?days=90"]);
  assert.doesNotMatch(await page.locator("main").textContent(), /NaN|undefined|null|Infinity/);
  await closeClean(page);
});

test("with few people the real Worker shows no figure, and the page says why", async () => {
  const page = await openAdmin(site);
  await settled(page);
  const panel = page.getByRole("region", { name: "Figures", exact: true });
  assert.equal(await panel.getByText("On none of these days were there 20 people who share what they do").count(), 2);
  assert.match(await panel.getByRole("list", { name: "Choices and answers" }).textContent(), /Opt-out ratefewer than 20 peoplecounted by night; none was yet/);
  await closeClean(page);
});

test("figures that do not come are said, and the rest of the page stands", async () => {
  let isDown = true;
  const page = await openAdmin(site, { prepare: (page) => page.route("**/admin/overview?*", (route) => (isDown ? route.fulfill({ status: 503, json: { type: "/problems/unavailable", title: "Unavailable", status: 503 } }) : route.continue())) });
  const panel = page.getByRole("region", { name: "Figures", exact: true });
  await panel.getByRole("alert").filter({ hasText: "A store does not answer" }).waitFor();
  await page.getByRole("region", { name: "finance", exact: true }).waitFor();
  await assertGood(page, "no figures");
  isDown = false;
  await panel.getByRole("button", { name: "Try again" }).click();
  await panel.getByText("Opt-out rate").first().waitFor();
  await closeClean(page, { mayRefuse: true });
});

test("the checker says what it finds in what is live, in the draft and in a document, and nothing changes", async () => {
  const page = await openAdmin(site, { hash: "#/packs/finance" });
  await settled(page);
  const before = (await site.call("GET", "/health")).json;
  for (const [name, words] of [["Check the live pack", "The checker finds nothing in the live pack."], ["Check the live catalogue", "The checker finds nothing in the live catalogue."]]) {
    await page.getByRole("button", { name }).click();
    await status(page, words).waitFor();
  }
  await page.locator("summary").filter({ hasText: "Change the catalogue" }).click();
  await page.getByRole("button", { name: "Check the draft" }).click();
  await status(page, "The checker finds nothing in the draft.").waitFor();
  await page.getByLabel("Items (JSON)").fill(JSON.stringify([{ id: "broken", category: "NOWHERE", title: "Broken" }]));
  await page.getByRole("button", { name: "Check only" }).last().click();
  await page.getByRole("group", { name: "Findings" }).waitFor();
  assert.equal((await rowsOf(page, "Findings"))[0][2], '"NOWHERE"');
  await page.getByLabel("Pack (one JSON document)").fill(JSON.stringify({ ...JSON.parse(assemblePack("finance")), scopes: [] }));
  await page.getByRole("button", { name: "Check only" }).first().click();
  await page.getByRole("alert").filter({ hasText: "scopes" }).waitFor();
  await assertGood(page, "findings of a check");
  assert.deepEqual((await site.call("GET", "/health")).json, before);
  await closeClean(page, { mayRefuse: true });
});
