// What a person can do on their own pages, by keyboard as well, and what is stored and sent meanwhile.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { NOTHING, traces } from "../package/chromium-page.mjs";
import { publishedOf } from "../package/small-site.mjs";
import { choose, closeClean, openView, settled, startPages, titlesIn } from "./me-site.mjs";

let both;
before(async () => (both = await startPages()));
after(() => both.stop());

const DAY_MS = 86_400_000;
const looks = { locale: "en-GB", timezoneId: "Europe/London", viewport: { width: 1280, height: 900 } };
const open = async (view, options) => openView(both, await both.person({ ...looks, ...options }), view);
const said = (page, text) => page.locator(".said", { hasText: text }).waitFor();
const modeOf = (page) => page.locator("#choice").getByRole("button", { pressed: true }).textContent();

/** Presses Tab until an element of that name has the focus. */
async function tabTo(page, name) {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      return active?.ariaLabel || active?.textContent?.trim() || "";
    });
    if (focused.startsWith(name)) return;
  }
  assert.fail(`no way to ${name} by keyboard`);
}

test("before a choice nothing is stored and nothing is chosen; four equals stand first; an explanation says that nothing was used", async () => {
  const page = await open();
  const sizes = await page.locator("#choice button").evaluateAll((buttons) => buttons.map((button) => {
    const { width, height } = button.getBoundingClientRect();
    return `${Math.round(width)} ${Math.round(height)} ${getComputedStyle(button).backgroundColor} ${button.getAttribute("aria-pressed")}`;
  }));
  assert.equal(sizes.length, 4);
  assert.equal(new Set(sizes).size, 1, "one size, one colour");
  assert.ok(await page.evaluate(() => document.querySelector("#choice").compareDocumentPosition(document.querySelector("#view")) & Node.DOCUMENT_POSITION_FOLLOWING));
  await page.getByRole("button", { name: /^Why this/ }).first().click();
  await page.getByRole("dialog").getByText("Nothing about you was used").waitFor();
  assert.equal(await page.getByRole("dialog").getByRole("button", { name: "More like this" }).count(), 0);
  await page.keyboard.press("Escape");
  for (const view of ["Search", "My choices"]) {
    await page.getByRole("link", { name: view }).click();
    await settled(page);
  }
  assert.deepEqual(await traces(page), NOTHING);
  await closeClean(page);
});

test("keyboard only: choose, accept, ask why, and the focus comes back to where it was", async () => {
  const page = await open();
  const everybodys = await titlesIn(page, "The general order");
  await tabTo(page, "On this device");
  await page.keyboard.press("Enter");
  await page.locator("#choice").getByRole("button", { name: "On this device", pressed: true }).waitFor();
  await settled(page);
  await tabTo(page, "Accept");
  await page.keyboard.press("Enter");
  await said(page, "Accepted");
  await page.getByRole("region", { name: /^Because you accepted/ }).waitFor();
  assert.notDeepEqual(await titlesIn(page, "Your list"), everybodys);
  await tabTo(page, "Why this?");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("heading", { name: "How the score is made" }).waitFor();
  const text = await dialog.innerText();
  const terms = [...text.matchAll(/^[+−](\d\.\d+)$/gm)].reduce((sum, [, value]) => sum + Number(value), 0);
  const factors = [...text.matchAll(/^× (\d\.\d+)$/gm)].reduce((product, [, value]) => product * Number(value), 1);
  assert.ok(Math.abs(terms * factors - Number(/Score\s+(\d\.\d+)/.exec(text)[1])) < 0.01, "the bars come to the score");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.match(await page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.textContent), /^Why this/);
  await closeClean(page);
});

test("no is one press from any page and any item, holds at once in a second tab and after a reload", async () => {
  for (const opt of ["page", "item", "dialog", "choices"]) {
    const page = await open();
    await choose(page, "On this device");
    const second = await openView(both, page.context(), "search");
    assert.equal(await modeOf(second), "On this device");
    if (opt === "page") await page.locator("#choice").getByRole("button", { name: "General order" }).click();
    if (opt === "item") await page.getByRole("button", { name: /^Show general order/ }).first().click();
    if (opt === "dialog") {
      await page.getByRole("button", { name: /^Why this/ }).first().click();
      await page.getByRole("dialog").getByRole("button", { name: "Show general order" }).click();
    }
    if (opt === "choices") {
      await page.getByRole("link", { name: "My choices" }).click();
      await page.locator("preference-centre").getByRole("button", { name: "General order" }).click();
      await page.getByRole("link", { name: "For you" }).click();
    }
    await page.getByRole("region", { name: "The general order" }).waitFor();
    await second.locator("#choice").getByRole("button", { name: "General order", pressed: true }).waitFor();
    await page.reload();
    await settled(page);
    assert.equal(await modeOf(page), "General order", opt);
    assert.equal(await page.getByRole("button", { name: /^Accept/ }).count(), 0);
    await closeClean(page);
  }
});

test("what is not relevant goes at once: here alone while the profile is new or where nothing may hide it, for good once it is full", async () => {
  const regulated = new Map(both.site.published.items.map((item) => [item.title, item.regulated === true]));
  const page = await open();
  await choose(page, "On this device");
  const inDialog = async (isRegulated, button, words) => {
    const titles = await titlesIn(page, "Your list");
    // A title that explains its long words is not the published one.
    const index = titles.findIndex((title) => regulated.get(title) === isRegulated);
    assert.ok(index >= 0, "there is one of that kind");
    await page.getByRole("region", { name: "Your list" }).locator(".card").nth(index).getByRole("button", { name: /^Why this/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: button }).click();
    await page.getByRole("dialog").getByRole("status").filter({ hasText: words }).waitFor();
    await page.keyboard.press("Escape");
    await settled(page);
    return titles[index];
  };
  const isGone = (title) => page.waitForFunction((gone) => ![...document.querySelectorAll(".card h3")].some((shown) => shown.textContent === gone), title);
  const snoozed = () => page.evaluate(() => Object.keys(JSON.parse(localStorage.getItem("nearside/snoozed") ?? "{}")).length);
  await isGone(await inDialog(false, "Not relevant to me", "nothing goes for good while your profile is new"));
  assert.equal(await snoozed(), 1);
  await isGone(await inDialog(false, "Hide it for 7 days", "Hidden here for 7 days"));
  assert.equal(await snoozed(), 2);
  await page.addInitScript((laterMs) => {
    const now = Date.now;
    Date.now = () => now() + laterMs;
  }, 31 * DAY_MS);
  await page.reload();
  await settled(page);
  await isGone(await inDialog(false, "Not relevant to me", "Your lists follow"));
  assert.equal(await snoozed(), 2, "the engine hides it, and remembers");
  await isGone(await inDialog(true, "Not relevant to me", "some things never do"));
  await closeClean(page);
});

test("a search text is neither stored nor sent; the order, the filters and the suggestions are the person's", async () => {
  const page = await open();
  await choose(page, "On this device");
  both.site.requests.length = 0;
  await page.getByRole("link", { name: "Search" }).click();
  await page.getByRole("searchbox").fill("secretword pension");
  await page.keyboard.press("Enter");
  await page.getByText("Nothing matches").waitFor();
  await page.getByRole("searchbox").fill("pension");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /result/ }).waitFor();
  assert.ok((await page.locator(".card h3").count()) > 1);
  await page.getByRole("searchbox").fill("");
  await page.keyboard.press("Enter");
  const filters = page.locator(".shelf").nth(1).getByRole("button");
  await filters.filter({ hasText: "Debt" }).click();
  await page.locator(".shelf").nth(1).getByRole("button", { name: "Debt", pressed: true }).waitFor();
  await settled(page);
  assert.deepEqual([...new Set(await page.locator(".card .category").allTextContents())], ["Debt"]);
  const kept = await page.evaluate(async () => {
    const [{ name }] = await indexedDB.databases();
    const db = await new Promise((resolve) => (indexedDB.open(name).onsuccess = ({ target }) => resolve(target.result)));
    const rows = await new Promise((resolve) => (db.transaction("rows").objectStore("rows").getAll().onsuccess = ({ target }) => resolve(target.result)));
    db.close();
    return JSON.stringify(rows) + JSON.stringify({ ...localStorage }) + location.href;
  });
  assert.match(kept, /SEARCH_PERFORMED/);
  assert.doesNotMatch(kept, /secretword/);
  assert.doesNotMatch(JSON.stringify(both.site.requests), /secretword|SEARCH_PERFORMED/);
  await closeClean(page);
});

test("rows are there only where they are true: popular with live counts and never what is regulated, new when it is new", async () => {
  const page = await open();
  assert.equal(await page.getByRole("heading", { name: /Trending|^New|Because|People like/ }).count(), 0);
  await closeClean(page);
  const { items } = publishedOf("finance");
  const fresh = new Set(items.filter((item) => !item.countries?.length).slice(0, 3).map((item) => item.id));
  const renewed = items.map((item) => (fresh.has(item.id) ? { ...item, published_at: new Date(Date.now() - 2 * DAY_MS).toISOString().replace(/\.\d+/, "") } : item));
  const counted = items.filter((item) => item.regulated).slice(0, 2).concat(items.filter((item) => !item.regulated && !item.countries?.length).slice(0, 3));
  const counts = Object.fromEntries(counted.map((item, index) => [item.id, 900 - index]));
  const listOf = (ageDays) => JSON.stringify({ format: 1, countries: { "*": counts, GB: counts }, window_days: 28, as_of_day: Math.floor(Date.now() / DAY_MS) - ageDays });
  const before = both.site.published;
  try {
    both.site.published = publishedOf("finance", { catalog: JSON.stringify({ format: 1, pack: "finance", items: renewed }), popularity: listOf(1) });
    const live = await open();
    await choose(live, "On this device");
    const row = live.getByRole("region", { name: "Trending near you" });
    await row.getByText(/\d+ people took this up in the last 28 days/).first().waitFor();
    const regulated = new Set(counted.filter((item) => item.regulated).map((item) => item.title));
    for (const title of await titlesIn(live, "Trending near you")) assert.ok(!regulated.has(title), title);
    assert.ok((await titlesIn(live, "New for you")).length >= 2);
    await closeClean(live);
    both.site.published = publishedOf("finance", { popularity: listOf(9) });
    const stale = await open();
    assert.equal(await stale.getByRole("heading", { name: /Trending|^New/ }).count(), 0);
    await closeClean(stale);
  } finally {
    both.site.published = before;
  }
});

test("the preference centre: pin, remove, switches, pause, download, reset, erase with a receipt and without a trace", async () => {
  const page = await open();
  await choose(page, "On this device");
  await page.getByRole("button", { name: /^Accept/ }).first().click();
  await said(page, "Accepted");
  await page.getByRole("link", { name: "My choices" }).click();
  const centre = page.locator("preference-centre");
  await centre.getByLabel("Pin another").selectOption({ label: "Debt" });
  await centre.getByRole("button", { name: "Unpin: Debt" }).waitFor();
  await centre.getByLabel("How much to read").selectOption({ label: "Short" });
  await centre.getByRole("status").filter({ hasText: "Saved." }).waitFor();
  await centre.getByRole("switch", { name: /^Email/ }).click();
  await centre.getByRole("switch", { name: /^Where you are/ }).click();
  await page.waitForFunction(() => document.querySelector("preference-centre").shadowRoot.querySelector("[data-key=location]").checked === false);
  await centre.getByRole("switch", { name: /^Don’t learn/ }).click();
  await page.getByRole("link", { name: "For you" }).click();
  await settled(page);
  await page.getByRole("button", { name: /^Dismiss/ }).first().click();
  await said(page, "Not kept");
  await page.getByRole("link", { name: "My choices" }).click();
  await centre.getByRole("switch", { name: /^Don’t learn/ }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), centre.getByRole("button", { name: "Download everything" }).click()]);
  const own = JSON.parse(readFileSync(await download.path(), "utf8"));
  assert.equal(own.event.filter(({ interaction }) => interaction?.type === "RECOMMENDATION_ACCEPTED").length, 1);
  assert.doesNotMatch(JSON.stringify(own.event), /DISMISSED/);
  await centre.getByRole("button", { name: "Forget what was learned" }).click();
  await centre.getByRole("status").filter({ hasText: "What was learned is gone" }).waitFor();
  await centre.getByRole("button", { name: "Unpin: Debt" }).waitFor();
  assert.equal(await centre.getByLabel("How much to read").inputValue(), "CONCISE");
  assert.equal(await centre.getByRole("switch", { name: /^Where you are/ }).isChecked(), false);
  await centre.getByRole("button", { name: "Remove: Debt" }).click();
  await centre.getByRole("status").filter({ hasText: "counts less now" }).waitFor();
  await centre.getByText("Erase everything", { exact: true }).click();
  await centre.getByRole("button", { name: "Yes, erase everything" }).click();
  await centre.getByRole("status").filter({ hasText: /Receipt: [0-9a-f-]{36}\. Removed: .*event/ }).waitFor();
  assert.deepEqual(await traces(page), NOTHING);
  await closeClean(page);
});

test("what could not be fetched is fetched again when somebody asks for it", async () => {
  for (const missing of ["**/published/**", /part=catalog/]) {
    const page = await openView(both, await both.person(looks), "feed", { prepare: (page) => page.route(missing, (route) => route.fulfill({ status: 503, body: "{}" })) });
    const again = page.getByRole("alert").getByRole("button", { name: "Try again" });
    await again.waitFor();
    await page.unroute(missing);
    await again.click();
    await page.getByRole("region", { name: "Featured" }).waitFor();
    assert.equal(await page.locator(".note.is-degraded").count(), 0);
    await closeClean(page, { mayRefuse: true });
  }
});

test("while the browser asks for privacy, a yes from before does not count", async () => {
  const page = await open();
  await choose(page, "On this device");
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true }));
  await page.reload();
  await settled(page);
  await page.getByText("Global Privacy Control").waitFor();
  await page.getByRole("region", { name: "The general order" }).waitFor();
  await closeClean(page);
});
