// Pages of the small site in a real Chromium, with the package at hand and everything watched that must not happen.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { CHROMIUM_FLAGS, findChromium } from "../../pkg-scripts/lib/chromium.mjs";
import { BASE, startSite } from "./small-site.mjs";

/** Starts the small site and a browser; `options` are those of the site. */
export async function startBoth(options) {
  const site = await startSite(options);
  const executablePath = findChromium();
  assert.ok(executablePath, "no Chromium or Chrome: npm test installs one on Debian, elsewhere set CHROMIUM=/path/to/chrome");
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  return {
    site,
    /** A browser profile of its own. */
    person: (contextOptions) => browser.newContext(contextOptions),
    stop: async () => {
      await browser.close();
      await site.stop();
    },
  };
}

/** Opens a tab on which `nearside` is ready. `options` must survive JSON; `token` is the token itself. */
export async function openTab(context, site, options = {}, path = "/") {
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.troubles = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.troubles.push(message.text()));
  page.on("pageerror", (error) => page.troubles.push(error.message));
  await page.goto(site.origin + path);
  await ready(page, site, options);
  return page;
}

/** Makes `nearside` ready, also after a reload. */
export function ready(page, site, options = {}) {
  return page.evaluate(async ({ options: { token, ...options }, items, base }) => {
    const { createNearside } = await import("/nearside.js");
    globalThis.items = items;
    globalThis.changes = [];
    globalThis.accept = (item, more) => ({ type: "RECOMMENDATION_ACCEPTED", target_type: "recommendation", target_id: item.id, category: item.category, ...more });
    globalThis.order = async () => (await globalThis.nearside.rerank(items, { country: "GB" })).items.map((item) => item.id);
    globalThis.nearside = await createNearside({
      pack: "finance", base, onChange: (change) => globalThis.changes.push(change), ...(token && { token: () => token }), ...options,
    });
  }, { options, items: site.published.items, base: BASE });
}

/** Returns everything that a page can store, as far as it did. */
export function traces(page) {
  return page.evaluate(async () => ({
    cookies: document.cookie,
    localStorage: localStorage.length,
    sessionStorage: sessionStorage.length,
    databases: (await indexedDB.databases()).map((database) => database.name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
}

/** What `traces` returns where there is none. */
export const NOTHING = { cookies: "", localStorage: 0, sessionStorage: 0, databases: [], caches: [], workers: 0 };
