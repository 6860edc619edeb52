// What the person's pages read, and show, of a person: nothing before a choice, and after it what the purposes allow.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { NOTHING, traces } from "../package/chromium-page.mjs";
import { publishedOf } from "../package/small-site.mjs";
import { choose, closeClean, openView, settled, startPages, titlesIn } from "./me-site.mjs";
import { readsOf, watchReads } from "./reads.mjs";

let both;
const DAY_MS = 86_400_000;
before(async () => {
  both = await startPages();
  // What is popular in Britain and what is elsewhere differ.
  const some = publishedOf("finance").items.filter((item) => !item.regulated && !item.countries?.length).slice(0, 6);
  const counts = (from) => Object.fromEntries(some.slice(from, from + 3).map((item, index) => [item.id, 900 - index]));
  both.site.published = publishedOf("finance", {
    popularity: JSON.stringify({ format: 1, countries: { "*": counts(0), GB: counts(3) }, window_days: 28, as_of_day: Math.floor(Date.now() / DAY_MS) - 1 }),
  });
});
after(() => both.stop());

const open = async (options) => openView(both, await both.person({ locale: "en-GB", timezoneId: "Europe/London", viewport: { width: 1280, height: 900 } }), "feed", options);
const liked = (page) => page.getByRole("region", { name: /^Because you accepted/ });
const goTo = async (page, view) => {
  await page.getByRole("link", { name: view, exact: true }).click();
  await settled(page);
};
/** Moves a switch of the preference centre, and comes back. */
async function turn(page, name, isOn) {
  await goTo(page, "My choices");
  const toggle = page.locator("preference-centre").getByRole("switch", { name });
  await toggle.setChecked(isOn);
  await page.locator("preference-centre").getByRole("status").filter({ hasText: "Saved." }).waitFor();
  await goTo(page, "For you");
}
/** Counts how often the page reads everything that is kept. */
const countReads = (page) => page.addInitScript(() => {
  globalThis.exports = 0;
  const { getAll } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.getAll = function (range, ...more) {
    // What is read by its prefix is a part.
    if (!range?.lower) globalThis.exports += 1;
    return getAll.call(this, range, ...more);
  };
});

test("before a choice, and after a no, nothing is read of where the person is, of their device and of their clock", async () => {
  const page = await open({ prepare: watchReads });
  await page.getByRole("region", { name: "Trending", exact: true }).waitFor();
  for (const view of ["Search", "My choices", "For you"]) await goTo(page, view);
  await page.getByRole("button", { name: /^Why this/ }).first().click();
  await page.getByRole("dialog").getByText("Nothing about you was used").waitFor();
  await page.keyboard.press("Escape");
  assert.deepEqual(await readsOf(page), [], "before a choice");
  assert.deepEqual(await traces(page), NOTHING);
  await choose(page, "General order");
  for (const view of ["Search", "For you"]) await goTo(page, view);
  assert.deepEqual(await readsOf(page), [], "after a no");
  await choose(page, "This visit");
  assert.ok((await readsOf(page)).length > 0, "after a yes");
  await closeClean(page);
});

test("what the person did makes no row while it may not be used, in privacy mode, or in the general order; it comes back", async () => {
  const page = await open();
  await choose(page, "On this device");
  await page.getByRole("button", { name: /^Accept/ }).nth(1).click();
  await liked(page).waitFor();
  for (const [name, whenOff, whenOn] of [[/^What you do here/, false, true], [/^Totals only/, true, false]]) {
    await turn(page, name, whenOff);
    assert.equal(await liked(page).count(), 0, String(name));
    await turn(page, name, whenOn);
    await liked(page).waitFor();
  }
  await choose(page, "General order");
  assert.equal(await liked(page).count(), 0, "general order");
  await choose(page, "On this device");
  await liked(page).waitFor();
  await closeClean(page);
});

test("nothing is near the person while the place may not be used, and its name goes into no request for a list", async () => {
  const page = await open();
  const everywhere = await titlesIn(page, "Trending");
  assert.ok(everywhere.length >= 2);
  await choose(page, "On this device");
  const near = await titlesIn(page, "Trending near you");
  assert.ok(near.length >= 2 && near.every((title) => !everywhere.includes(title)), "another list");
  await page.getByText("Most taken up in United Kingdom").waitFor();
  for (const [name, whenOff, whenOn] of [[/^Where you are/, false, true], [/^Totals only/, true, false]]) {
    await turn(page, name, whenOff);
    assert.equal(await page.getByText(/near you|United Kingdom/).count(), 0, String(name));
    assert.deepEqual((await titlesIn(page, "Trending")).sort(), [...everywhere].sort());
    assert.equal(await page.locator("why-this").first().evaluate((why) => why.context.country), undefined, "nor is it asked with");
    await turn(page, name, whenOn);
    await page.getByRole("region", { name: "Trending near you" }).waitFor();
  }
  await closeClean(page);
});

test("everything that is kept is read once for a change, and not to draw again", async () => {
  const page = await open({ prepare: countReads });
  const read = () => page.evaluate(() => globalThis.exports);
  assert.equal(await read(), 0, "before a choice there is nothing to read");
  await choose(page, "On this device");
  await page.getByRole("button", { name: /^Accept/ }).nth(1).click();
  await liked(page).waitFor();
  const before = await read();
  for (const view of ["Search", "For you", "Search", "For you"]) await goTo(page, view);
  await liked(page).waitFor();
  assert.equal(await read(), before, "drawn again from what is known");
  await page.getByRole("button", { name: /^Dismiss/ }).nth(3).click();
  await page.locator(".said", { hasText: "Dismissed" }).waitFor();
  await settled(page);
  assert.equal(await read(), before + 1, "once for the change");
  await closeClean(page);
});

test("erasing takes along what was snoozed, also where it was erased by a page that knows of no snoozes", async () => {
  for (const by of ["the centre", "another tab"]) {
    const page = await open();
    await choose(page, "On this device");
    await page.getByRole("region", { name: "Your list" }).getByRole("button", { name: /^Why this/ }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Hide it for 7 days" }).click();
    await page.keyboard.press("Escape");
    await settled(page);
    assert.ok(await page.evaluate(() => localStorage.getItem("nearside/snoozed")), "it is kept");
    if (by === "the centre") {
      await goTo(page, "My choices");
      const centre = page.locator("preference-centre");
      await centre.getByText("Erase everything", { exact: true }).click();
      await centre.getByRole("button", { name: "Yes, erase everything" }).click();
      await centre.getByRole("status").filter({ hasText: "Receipt:" }).waitFor();
      await page.evaluate(() => (location.hash = "#feed"));
    } else {
      const other = await page.context().newPage();
      await other.goto(`${both.site.origin}/404.html`);
      await other.evaluate(async () => {
        const { createNearside } = await import("/dist/nearside/nearside.js");
        const nearside = await createNearside({ pack: "finance" });
        await nearside.profile.erase();
        nearside.dispose();
      });
      await other.close();
    }
    await page.getByRole("heading", { name: "How may this page order things for you?" }).waitFor();
    assert.deepEqual(await traces(page), NOTHING, by);
    await closeClean(page);
  }
});

test("what somebody else answers in the Worker's place is no answer, and says so", async () => {
  const page = await open({ prepare: (page) => page.route("**/published/finance?part=catalog*", (route) => route.fulfill({ status: 200, contentType: "text/html", body: "<h1>Sign in to the network</h1>" })) });
  await goTo(page, "Search");
  await page.getByRole("alert").getByText("The catalogue cannot be fetched at the moment.").waitFor();
  await closeClean(page);
});
