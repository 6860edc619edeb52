// Every state of the person's pages at three widths, light and dark: nothing that axe knows of, nothing sticks out, and pictures.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { picture } from "./demo-site.mjs";
import { assertShown, choose, closeClean, openView, settled, startPages } from "./me-site.mjs";

let both;
before(async () => (both = await startPages()));
after(() => both.stop());

const BASE = "/api/v1/personalization";
const PUBLISHED = `**${BASE}/published/**`;

/** Asserts, and keeps a picture of all of it. */
async function shown(page, name) {
  await assertShown(page, name);
  await picture(page, `me-${name}`, { fullPage: !name.endsWith("why") });
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [320, 768, 1440]) {
    const looks = { colorScheme, viewport: { width, height: width === 320 ? 720 : 1000 }, locale: "en-GB", timezoneId: "Europe/London", reducedMotion: "reduce" };
    const called = (state) => `${width}-${colorScheme}-${state}`;

    test(`${width} pixels, ${colorScheme}: before a choice, in the general order, and with a list of one's own`, async () => {
      const page = await openView(both, await both.person(looks));
      await shown(page, called("undecided"));
      await page.getByRole("button", { name: /^Why this/ }).first().click();
      await page.getByRole("dialog").getByText("This is the general order").waitFor();
      await shown(page, called("general-why"));
      await page.getByRole("button", { name: "Close" }).click();
      await choose(page, "On this device");
      await page.getByRole("button", { name: /^Accept/ }).nth(1).click();
      await page.getByRole("region", { name: /^Because you accepted/ }).waitFor();
      await shown(page, called("feed"));
      await page.getByRole("button", { name: /^Why this/ }).first().click();
      await page.getByRole("dialog").getByRole("heading", { name: "How the score is made" }).waitFor();
      await shown(page, called("why"));
      await page.getByRole("dialog").getByRole("heading", { name: "Tell us" }).scrollIntoViewIfNeeded();
      await picture(page, `me-${called("why-tell")}`);
      await page.getByRole("button", { name: "Close" }).click();
      await page.getByRole("link", { name: "My choices" }).click();
      await page.getByRole("heading", { name: "What may be used" }).waitFor();
      for (const summary of await page.locator("preference-centre summary").all()) await summary.click();
      await shown(page, called("choices"));
      await page.getByRole("link", { name: "Search" }).click();
      await page.getByRole("searchbox").fill("isa");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: /result/ }).waitFor();
      await settled(page);
      await shown(page, called("search"));
      await closeClean(page);
    });

    test(`${width} pixels, ${colorScheme}: waiting, nothing, refused, no choice, older, offline`, async () => {
      let release;
      const held = new Promise((resolve) => (release = resolve));
      const context = await both.person(looks);
      const opened = context.waitForEvent("page");
      const waiting = openView(both, context, "feed", { prepare: (page) => page.route(PUBLISHED, async (route) => (await held, route.continue())) });
      const loading = await opened;
      await loading.locator(".skeleton").first().waitFor();
      await picture(loading, `me-${called("loading")}`);
      release();
      const ready = await waiting;
      await ready.getByRole("link", { name: "My choices" }).click();
      await ready.getByText("Choose another to say what you like").waitFor();
      await shown(ready, called("choices-no-consent"));
      await ready.getByRole("link", { name: "Search" }).click();
      await ready.getByRole("searchbox").fill("zzzz");
      await ready.keyboard.press("Enter");
      await ready.getByText("Nothing matches").waitFor();
      await shown(ready, called("search-empty"));
      await ready.getByRole("link", { name: "For you" }).click();
      await choose(ready, "This visit");
      await context.setOffline(true);
      await ready.getByText("You are offline").waitFor();
      await shown(ready, called("offline"));
      await closeClean(ready);

      const down = await openView(both, await both.person(looks), "feed", { prepare: (page) => page.route(PUBLISHED, (route) => route.fulfill({ status: 503, body: "{}" })) });
      await down.getByRole("alert").waitFor();
      await shown(down, called("error"));
      await down.unroute(PUBLISHED);
      await down.getByRole("button", { name: "Try again" }).click();
      await down.getByRole("region", { name: "Featured" }).waitFor();
      await closeClean(down, { mayRefuse: true });

      const degraded = await openView(both, await both.person(looks), "feed", { prepare: (page) => page.route(/part=catalog/, (route) => route.fulfill({ status: 503, body: "{}" })) });
      await degraded.getByText("The catalogue of suggestions could not be fetched").waitFor();
      await shown(degraded, called("degraded"));
      await closeClean(degraded, { mayRefuse: true });
    });
  }
}

test("zoomed to 200 per cent, nothing is cut off", async () => {
  const page = await openView(both, await both.person({ viewport: { width: 720, height: 500 }, deviceScaleFactor: 2, locale: "en-GB" }));
  await choose(page, "On this device");
  for (const view of ["For you", "Search", "My choices"]) {
    await page.getByRole("link", { name: view, exact: true }).click();
    await settled(page);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${view}: nothing sticks out`);
  }
  await closeClean(page);
});
