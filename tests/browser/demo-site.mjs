// The demo page in a real browser on a real Worker: started, seeded, and watched for everything that must not happen.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { CHROMIUM_FLAGS, findChromium } from "../../pkg-scripts/lib/chromium.mjs";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { tokenSigner } from "../../pkg-scripts/lib/demo-tokens.mjs";
import { seed } from "../../pkg-scripts/seed.mjs";
import { startControlled } from "../support/control.mjs";
import { startWorker } from "../support/worker.mjs";

const BASE = "/api/v1/personalization";
/** A machine that builds at the same time is slow. */
const WAIT_MS = 30_000;

/**
 * Starts a Worker with the demo people, and a browser.
 * @param {object} [options]
 * @param {boolean} [options.canFail] whether its stores fail when they are told to: `site.fault`, `site.heal`
 */
export async function startSite({ canFail = false } = {}) {
  const worker = canFail ? await startControlled({ assets: true }) : await startWorker({ assets: true });
  try {
    return await siteOf(worker);
  } catch (error) {
    // A Worker that is left running would keep the test process from ending.
    await worker.dispose();
    throw error;
  }
}

/** Starts a Worker that serves the pages, and a browser; the store is empty. `options` are those of `startSite`. */
export async function startPages({ canFail = false } = {}) {
  const worker = canFail ? await startControlled({ assets: true }) : await startWorker({ assets: true });
  try {
    const origin = await originOf(worker);
    const browser = await startBrowser();
    return {
      origin, keys: worker.keys, sign: tokenSigner(worker.keys.authKeys), ...faultsOf(worker),
      open: (options) => openPage(browser, origin, [], options), stop: () => stopBoth(browser, worker),
    };
  } catch (error) {
    await worker.dispose();
    throw error;
  }
}

/** Where its pages are; `worker.url` may lead past them. */
const originOf = async (worker) => new URL(String(await worker.mf.ready)).origin;

/** What makes its stores fail, and well again. */
const faultsOf = (worker) => ({
  /** Lets all stores fail, or those of one port: `DB`, `BLOBS`, `INTERACTIONS`. */
  fault: (...ports) => worker.set({ faults: (ports.length > 0 ? ports : [undefined]).map((port) => ({ port, at: "all", how: "throw" })) }),
  heal: () => worker.reset(),
});

function startBrowser() {
  const executablePath = findChromium();
  assert.ok(executablePath, "no Chromium or Chrome: npm test installs one on Debian, elsewhere set CHROMIUM=/path/to/chrome");
  return chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
}

async function stopBoth(browser, worker) {
  await browser.close();
  await worker.dispose();
}

async function siteOf(worker) {
  const origin = await originOf(worker);
  const { authKeys } = worker.keys;
  const people = await seed(origin, { authKeys, peopleFile: null, say: () => {} });
  const browser = await startBrowser();
  return {
    origin,
    people,
    keys: worker.keys,
    sign: tokenSigner(authKeys),
    ...faultsOf(worker),
    /** Asks the API as one person. */
    ask: async (token, path, body) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const response = await fetch(`${origin}${BASE}${path}`, body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
      return response.json();
    },
    open: (options) => openPage(browser, origin, people, options),
    stop: () => stopBoth(browser, worker),
  };
}

/**
 * Opens the page. `page.troubles` collects what must stay empty: console errors, uncaught errors, violations of the
 * policy, requests to other origins.
 * @param {object} [options]
 * @param {object[]} [options.shownPeople] whom the page finds in its list of people
 * @param {(page: import("playwright-core").Page) => Promise<void>} [options.prepare] runs before the page loads
 * @param {string} [options.path] which page
 */
async function openPage(browser, origin, people, options = {}) {
  const { shownPeople = people, prepare, path = "/", ...contextOptions } = options;
  const context = await browser.newContext({ timezoneId: "Europe/London", locale: "en-GB", viewport: { width: 1440, height: 1000 }, ...contextOptions });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  page.troubles = [];
  const missing = [];
  const isNeeded = (request) => ["document", "script", "stylesheet"].includes(request.resourceType());
  page.on("response", (response) => response.status() >= 400 && isNeeded(response.request()) && missing.push(`${response.status()} ${new URL(response.url()).pathname}`));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.troubles.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => page.troubles.push(`error: ${error.message}`));
  page.on("request", (request) => new URL(request.url()).origin === origin || page.troubles.push(`request: ${request.url()}`));
  await page.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(event.violatedDirective));
  });
  // The Worker of a test has keys of its own, so the file that `npm start` writes would not do.
  await page.route("**/demo-people.json", (route) => route.fulfill({ json: shownPeople }));
  await prepare?.(page);
  await page.goto(`${origin}${path}`);
  // Whoever waits for what a missing file will never show waits long, and learns nothing.
  assert.deepEqual(missing, [], `${path} needs files that are not there; npm test makes what is made (pkg-scripts/setup.mjs)`);
  return page;
}

/** Waits until a claim about the page holds; one that never does is said with what the page shows instead. */
export async function until(page, what, claim, argument) {
  await page.waitForFunction(claim, argument).catch(async (error) => {
    const shown = await page.locator("body").innerText().catch(() => "nothing");
    throw new Error(`${what}: not in time. ${page.url()} shows: ${shown.slice(0, 1_000)}\nTroubles: ${page.troubles.join("; ") || "none"}`, { cause: error });
  });
}

/**
 * Asserts that nothing happened that must not, and closes the page. A refused request is in the browser's log whatever
 * the page does: `mayRefuse` is for tests that bring one about.
 */
export async function closeClean(page, { mayRefuse = false } = {}) {
  await page.waitForLoadState("networkidle");
  assert.deepEqual(await page.evaluate(() => globalThis.violations), [], "violations of the content security policy");
  assert.deepEqual(page.troubles.filter((line) => !mayRefuse || !line.includes("Failed to load resource")), []);
  await page.context().close();
}

/** One column by the name of its person, or "General order". */
export const column = (page, name) => page.getByRole("region", { name });

/** Waits until every column has its list. */
export async function listsLoaded(page, count = 4) {
  await until(page, `${count} columns with their lists`, (least) => document.querySelectorAll(".column").length >= least && !document.querySelector(".skeleton, [aria-busy]"), count);
}

/** All titles of a column in order, those behind "Show more" too. */
export const titlesOf = (page, name) => column(page, name).locator(".card h3").allTextContents();

/** Waits for the next message of a column. */
export async function saidIn(page, name, pattern) {
  const said = column(page, name).getByRole("status").filter({ hasText: pattern });
  await said.waitFor();
  await page.waitForFunction(() => !document.querySelector("[aria-busy]"));
  return said.textContent();
}

/** Saves a picture for people to look at. */
export async function picture(page, name, options = {}) {
  mkdirSync(at("build", "screenshots"), { recursive: true });
  await page.screenshot({ path: at("build", "screenshots", `${name}.png`), ...options });
}
