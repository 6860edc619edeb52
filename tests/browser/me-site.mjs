// The person's pages over the small site: the built package, what is published, and a real Worker where a test needs one.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { startBoth } from "../package/chromium-page.mjs";

const WAIT_MS = 30_000;
const axe = readFileSync(at("node_modules", "axe-core", "axe.min.js"), "utf8");

/** The policy that production sends with every page. */
export const policy = () => /Content-Security-Policy: (.+)/.exec(readFileSync(at("www", "_headers"), "utf8"))[1];

/** Starts the site with the pages. */
export const startPages = (options = {}) => startBoth({ folders: [at("www")], policy: policy(), ...options });

/**
 * Opens a view and waits for it. `page.troubles` collects what must stay empty.
 * @param {string} view `feed`, `search`, `choices`
 */
export async function openView(both, context, view = "feed", { prepare } = {}) {
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  page.troubles = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.troubles.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => page.troubles.push(`error: ${error.message}`));
  page.on("request", (request) => request.url().startsWith(both.site.origin) || request.url().startsWith("blob:") || page.troubles.push(`request: ${request.url()}`));
  await page.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  await prepare?.(page);
  await page.goto(`${both.site.origin}/me/index.html#${view}`);
  await settled(page);
  return page;
}

/** Waits until the page draws nothing any more. */
export const settled = (page) => page.waitForFunction(() => document.querySelector("#view h1") && !document.querySelector("#view[aria-busy], .skeleton"));

/** Presses one of the four equals. */
export async function choose(page, name) {
  await page.locator("#choice").getByRole("button", { name }).click();
  await page.locator("#choice").getByRole("button", { name, pressed: true }).waitFor();
  await settled(page);
}

/** Asserts that axe finds nothing, that nothing sticks out, and takes a picture. */
export async function assertShown(page, name) {
  await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document));
  assert.ok(passes.length > 10, "axe looked at the page");
  assert.deepEqual(violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html} ${nodes[0].failureSummary}`), [], name);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: nothing sticks out`);
}

/** Asserts that nothing happened that must not, and closes the context. */
export async function closeClean(page, { mayRefuse = false } = {}) {
  assert.deepEqual(await page.evaluate(() => globalThis.violations), [], "violations of the content security policy");
  assert.deepEqual(page.troubles.filter((line) => !mayRefuse || !line.includes("Failed to load resource")), []);
  await page.context().close();
}

/** The titles of a row, by its heading. */
export const titlesIn = (page, row) => page.getByRole("region", { name: row, exact: true }).locator(".card h3").allTextContents();
