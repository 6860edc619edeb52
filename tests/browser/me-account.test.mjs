// The person's pages on a real Worker, which serves them too: remembered in the account, and while the Worker is away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { closeClean, picture, startSite } from "./demo-site.mjs";
import { assertShown, choose, settled, titlesIn } from "./me-site.mjs";

let site;
before(async () => (site = await startSite()));
after(() => site.stop());

const API = "**/api/v1/personalization/**";
/** Two items that people like Amara took up: her neighbours are made nightly, and a test has no night. */
const NEIGHBOURS = { recommendations: ["gb-free-credit-report", "monthly-budget-start", "debt-payoff-order"].map((recommendation_id) => ({ recommendation_id })) };
const isPublic = (route) => route.request().url().includes("/published/");
const open = async (options) => {
  const page = await site.open({ path: "/me/", viewport: { width: 1280, height: 900 }, ...options });
  await settled(page);
  return page;
};
/** Waits until the Worker knows of the no: the page did not wait for it. */
async function isTold() {
  for (let tries = 0; (await site.ask(site.people[0].token, "/settings")).personalization_enabled !== false; tries += 1) assert.ok(tries < 300, "told in the end");
}

test("before a choice the Worker hears of nobody; after it the account's own list, with its reasons and its record", async () => {
  const heard = [];
  const page = await open({ prepare: async (page) => {
    page.on("request", (request) => heard.push(`${request.headers().authorization ?? ""}${request.url()}`));
    await page.route("**/recommendations/collaborative*", (route) => route.fulfill({ json: NEIGHBOURS }));
  } });
  assert.ok(heard.every((request) => !request.startsWith("Bearer") && !request.includes("demo-people")), "nobody is looked up");
  const everybodys = await titlesIn(page, "The general order");
  await site.ask(site.people[0].token, "/settings", { data_sharing_consent: true });
  await choose(page, "In my account");
  await page.getByRole("region", { name: /^Because you accepted/ }).waitFor();
  assert.notDeepEqual(await titlesIn(page, "Your list"), everybodys);
  assert.ok((await titlesIn(page, "People like you took these up")).length >= 2);
  await assertShown(page, "account");
  await picture(page, "me-account", { fullPage: true });
  await page.getByRole("button", { name: /^Why this/ }).first().click();
  await page.getByRole("dialog").getByRole("heading", { name: "How the score is made" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "My choices" }).click();
  const centre = page.locator("preference-centre");
  await centre.getByText("Savings", { exact: true }).first().waitFor();
  assert.equal(await centre.getByLabel("How much to read").inputValue(), "CONCISE", "what Amara stated");
  await centre.getByLabel("How well you know the subject").selectOption({ label: "Know it well" });
  await centre.getByRole("status").filter({ hasText: "Saved." }).waitFor();
  await picture(page, "me-account-choices", { fullPage: true });
  await site.ask(site.people[0].token, "/settings", { data_sharing_consent: false });
  await centre.getByRole("button", { name: "General order" }).click();
  await centre.getByText("Choose another to say").waitFor();
  await isTold();
  await closeClean(page);
});

test("the account's record is fetched once for a change; a switch that is off there makes no row here", async () => {
  const heard = [];
  const countOf = (what) => heard.filter((url) => url.includes(what)).length;
  const page = await open({ prepare: async (page) => page.on("request", (request) => heard.push(request.url())) });
  await choose(page, "In my account");
  const liked = page.getByRole("region", { name: /^Because you accepted/ });
  await liked.waitFor();
  const before = countOf("/export");
  for (const view of ["Search", "For you", "Search", "For you"]) {
    await page.getByRole("link", { name: view, exact: true }).click();
    await settled(page);
  }
  assert.equal(countOf("/export"), before, "drawn again from what is known");
  await site.ask(site.people[0].token, "/settings", { behavioral: false, location: false });
  await page.reload();
  await settled(page);
  await page.locator("#choice").getByRole("button", { name: "In my account", pressed: true }).waitFor();
  assert.equal(await liked.count(), 0);
  assert.equal(countOf("/export"), before, "nor is the record asked for");
  assert.equal(countOf("/recommendations/collaborative"), 0, "nor the neighbours, without a yes to sharing");
  await site.ask(site.people[0].token, "/settings", { behavioral: true, location: true });
  await page.locator("#choice").getByRole("button", { name: "General order" }).click();
  await isTold();
  await closeClean(page);
});

test("where the Worker could not read what is allowed, the rows do without the person as the list does", async () => {
  let isUnread = false;
  const page = await open({ prepare: (page) => page.route("**/recommend", async (route) => {
    if (!isUnread) return route.continue();
    const response = await route.fetch();
    return route.fulfill({ response, json: { ...(await response.json()), personalization: "none", degraded: ["consent"] } });
  }) });
  await choose(page, "In my account");
  await page.getByRole("region", { name: /^Because you accepted/ }).waitFor();
  isUnread = true;
  await page.getByRole("link", { name: "Search" }).click();
  await page.getByRole("link", { name: "For you" }).click();
  await page.getByText("so nothing about you is used until it can").waitFor();
  await page.getByRole("region", { name: "The general order" }).waitFor();
  assert.equal(await page.getByRole("heading", { name: /^Because you|^People like you|near you|for you$/ }).count(), 0);
  isUnread = false;
  await page.locator("#choice").getByRole("button", { name: "General order" }).click();
  await isTold();
  await closeClean(page);
});

test("while the Worker is away the account shows the general order and says so; it comes back", async () => {
  let isAway = false;
  const page = await open({ prepare: (page) => page.route(API, (route) => (isAway && !isPublic(route) ? route.abort() : route.continue())) });
  await choose(page, "In my account");
  isAway = true;
  await page.getByRole("button", { name: /^Accept/ }).first().click();
  await page.getByText("The server cannot be reached. You see the general order until it answers").waitFor();
  await page.getByRole("region", { name: "The general order" }).waitFor();
  await assertShown(page, "away");
  await picture(page, "me-account-away", { fullPage: true });
  await page.locator("#choice").getByRole("button", { name: "General order" }).click();
  await page.getByText("The server does not know yet that you said no").waitFor();
  isAway = false;
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await isTold();
  await closeClean(page, { mayRefuse: true });
});
