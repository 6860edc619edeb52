// A state of a page in every look: three widths, light and dark, zoomed, and by keyboard. The page stays; its look changes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { picture } from "./demo-site.mjs";

const axe = readFileSync(at("node_modules", "axe-core", "axe.min.js"), "utf8");
/**
 * Axe is most of what a look costs. Contrast hangs on the scheme, what is there on the width: so all of its rules look at the
 * narrowest in light and at the widest in dark, and between them those that hang on the layout. Those without rules
 * are left out: whether something sticks out does not hang on the scheme. With pictures, each is looked at by all rules.
 */
const LOOKS = [
  { width: 320, colorScheme: "light", rules: {} },
  { width: 320, colorScheme: "dark" },
  { width: 768, colorScheme: "dark" },
  { width: 768, colorScheme: "light", rules: { runOnly: ["scrollable-region-focusable", "link-in-text-block"] } },
  { width: 1440, colorScheme: "light" },
  { width: 1440, colorScheme: "dark", rules: {} },
];
/** A window of 1440 by 1000, zoomed to 200 per cent. */
const ZOOMED = { width: 720, height: 500 };
/** More say nothing new. */
const MOST_PRESSES = 12;
/** Pictures for people to look at, and every rule in every look, cost thrice the time: `PICTURES=1 node --test tests/browser/…`. */
const hasPictures = Boolean(process.env.PICTURES);

/**
 * Asserts that a state is good in every look.
 * @param {import("playwright-core").Page} page
 * @param {string} name of the state; the pictures have it
 * @param {object} [options]
 * @param {boolean} [options.isDialog] whether a dialog is open, which is as high as the window
 */
export async function inEveryLook(page, name, { isDialog = false } = {}) {
  for (const { width, colorScheme, rules } of hasPictures ? LOOKS.map((look) => ({ ...look, rules: {} })) : LOOKS.filter((look) => look.rules)) {
    await page.setViewportSize({ width, height: width === 320 ? 720 : 1000 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const look = `${name}, ${width} pixels, ${colorScheme}`;
    await drawn(page);
    assert.deepEqual(await violationsOf(page, rules), [], look);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${look}: nothing sticks out`);
    if (hasPictures) await picture(page, `${name.replaceAll(/\W+/g, "-")}-${width}-${colorScheme}`, { fullPage: !isDialog });
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize(ZOOMED);
  await drawn(page);
  assert.deepEqual(await cutOff(page), [], `${name}: zoomed, nothing is cut off`);
  await page.setViewportSize({ width: 1440, height: 1000 });
  await byKeyboard(page, name);
}

/** Waits until a change of the look is drawn. */
const drawn = (page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));

/** What axe finds. Animations are ended first: a colour on its way to another is nobody's choice. */
async function violationsOf(page, rules) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const { violations, looked } = await page.evaluate(async (rules) => {
    document.getAnimations().forEach((animation) => animation.cancel());
    const { violations, passes, inapplicable } = await globalThis.axe.run(document, { resultTypes: ["violations"], preload: false, ...rules });
    return { violations, looked: passes.length + inapplicable.length };
  }, rules);
  assert.ok(looked > (rules.runOnly ? 0 : 10), "axe looked at the page");
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html} ${nodes[0].failureSummary}`);
}

/** What does not fit: texts that are wider than their place, or a page that is wider than its window. */
const cutOff = (page) => page.evaluate(() => {
  const isCut = (element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline"
    && !element.closest(".visually-hidden, dialog:not([open])");
  const roots = [document, ...[...document.querySelectorAll("*")].flatMap((element) => element.shadowRoot ?? [])];
  const texts = roots.flatMap((root) => [...root.querySelectorAll("button, h1, h2, h3, h4, p, label, dd, dt, a, small")]);
  const cut = texts.filter(isCut).map((element) => element.outerHTML.slice(0, 80));
  return document.documentElement.scrollWidth > innerWidth ? ["the page", ...cut] : cut;
});

/** Goes from control to control with Tab: each has a frame that is seen. */
async function byKeyboard(page, name) {
  // What the page itself gave the focus to, a title or a dialog's first button, needs no frame.
  const hasFocus = await page.evaluate(() => {
    globalThis.reached = [];
    globalThis.noteFocus ??= addEventListener("focusin", (event) => {
      const focused = event.composedPath()[0];
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      globalThis.reached.push({ what: focused.outerHTML.slice(0, 80), isSeen: outlineStyle !== "none" && outlineWidth !== "0px" });
    }) ?? true;
    return document.activeElement !== document.body;
  });
  for (let presses = 0; presses < MOST_PRESSES; presses += 1) await page.keyboard.press("Tab");
  const reached = await page.evaluate(() => globalThis.reached.map(({ what, isSeen }) => ({ what, isSeen })));
  assert.deepEqual(reached.filter(({ isSeen }) => !isSeen), [], `${name}: the focus is seen`);
  assert.ok(hasFocus || reached.length > 0, `${name}: something can be reached by keyboard`);
}
