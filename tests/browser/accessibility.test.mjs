// The page for everybody: no violation that axe knows of, at three widths, light and dark, in every state; and pictures of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { closeClean, column, listsLoaded, picture, saidIn, startSite } from "./demo-site.mjs";

const axe = readFileSync(at("node_modules", "axe-core", "axe.min.js"), "utf8");

let site;
before(async () => (site = await startSite()));
after(() => site.stop());

/** Asserts that axe finds nothing. Animations are ended first: a colour on its way to another is nobody's choice. */
async function assertAccessible(page, state) {
  await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document));
  assert.ok(passes.length > 10, "axe looked at the page");
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html} ${nodes[0].failureSummary}`);
  assert.deepEqual(found, [], state);
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [320, 768, 1440]) {
    test(`${width} pixels, ${colorScheme}: accessible with a choice made and everything open, and in the dialog`, async () => {
      const page = await site.open({ colorScheme, viewport: { width, height: width === 320 ? 720 : 1000 }, reducedMotion: "reduce" });
      await listsLoaded(page);
      await picture(page, `${width}-${colorScheme}`);
      await column(page, "Thabo").getByRole("button", { name: /^Accept/ }).nth(3).click();
      await saidIn(page, "Thabo", /^Accepted/);
      assert.equal(await page.evaluate(() => document.getAnimations().length), 0, "less motion was asked for");
      await picture(page, `${width}-${colorScheme}-accepted`);
      const closed = page.getByRole("button", { name: /^Show (\d+ )?more/ });
      while ((await closed.count()) > 0) await closed.first().click();
      for (const summary of await page.locator("summary").all()) await summary.click();
      await assertAccessible(page, "everything open");
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out");
      await column(page, "Thabo").getByRole("button", { name: /^Why am I seeing this/ }).first().click();
      await page.getByRole("dialog").getByRole("heading", { name: "Main reasons" }).waitFor();
      await assertAccessible(page, "dialog");
      await picture(page, `${width}-${colorScheme}-why`);
      await closeClean(page);
    });
  }

  test(`${colorScheme}: accessible with titles only, and switched off`, async () => {
    const page = await site.open({ colorScheme });
    await listsLoaded(page);
    await page.getByRole("checkbox", { name: "Titles only" }).check();
    await column(page, "Margaret").getByRole("switch").uncheck();
    await saidIn(page, "Margaret", /is off for Margaret/);
    await assertAccessible(page, "titles only");
    await picture(page, `1440-${colorScheme}-titles`);
    await page.getByRole("checkbox", { name: "Titles only" }).uncheck();
    await assertAccessible(page, "switched off");
    await picture(page, `1440-${colorScheme}-off`);
    await column(page, "Margaret").getByRole("switch").check();
    await saidIn(page, "Margaret", /is on for Margaret/);
    await closeClean(page);
  });
}

test("zoomed to 200 per cent, nothing is cut off", async () => {
  const page = await site.open({ viewport: { width: 720, height: 500 }, deviceScaleFactor: 2 });
  await listsLoaded(page);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out");
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll("button, h2, h3, p, label")]
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline" && !element.closest("dialog"))
      .map((element) => element.outerHTML.slice(0, 80)));
  assert.deepEqual(cut, []);
  await picture(page, "720-light-zoomed");
  await closeClean(page);
});

test("what has the keyboard's focus shows it", async () => {
  const page = await site.open();
  await listsLoaded(page);
  for (let presses = 0; presses < 12; presses += 1) {
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return document.activeElement === document.body ? "body" : `${outlineStyle} ${outlineWidth}`;
    });
    assert.equal(outline, "solid 3px");
  }
  await closeClean(page);
});

test("the page for an unknown address is accessible too", async () => {
  const page = await site.open();
  await listsLoaded(page);
  const response = await page.goto(`${site.origin}/nothing/here`);
  assert.equal(response.status(), 404);
  await assertAccessible(page, "not found");
  assert.deepEqual(page.troubles.filter((line) => !line.includes("404")), []);
  await page.context().close();
});
