// Rounds of what goes wrong between a page and the network: every event counts once, whatever happens.
import assert from "node:assert/strict";
import { seeded, uuid } from "../support/api.mjs";
import { ready } from "./chromium-page.mjs";
import { BASE } from "./small-site.mjs";

/** What a site does with a request to the Worker. */
const WEATHER = ["fine", "fine", "drop", "lose", "mixed"];

/**
 * Plays rounds in two tabs of one person and asserts the count at the end.
 * @param {object} scene
 * @param {object} scene.site the small site
 * @param {object} scene.options those of `createNearside`
 * @param {() => Promise<import("playwright-core").Page>} scene.open opens a tab of the person, ready
 * @param {"device" | "server"} scene.mode
 * @param {number} scene.rounds
 * @param {number} scene.seed
 * @param {number} scene.space keeps the ids of two plays apart
 * @returns {Promise<{page: import("playwright-core").Page, ids: string[]}>} a tab, and every event that was taken in
 */
export async function playRounds({ site, options, open, mode, rounds, seed, space }) {
  const { next, below, pick } = seeded(seed);
  const tabs = [await open()];
  await tabs[0].evaluate((chosen) => globalThis.nearside.setMode(chosen), mode);
  tabs.push(await open());
  const ids = [];
  let weather = "fine";
  site.fault = ({ path }) => {
    if (!path.startsWith(BASE) || path.includes("/published/") || weather === "fine") return null;
    return weather === "mixed" ? [null, "drop", "lose"][below(3)] : weather;
  };
  for (let round = 0; round < rounds; round += 1) {
    weather = pick(WEATHER);
    const fresh = Array.from({ length: 1 + below(3) }, (_, index) => uuid(space, ids.length + index));
    const again = ids.length > 0 && next() < 0.5 ? [pick(ids)] : [];
    ids.push(...fresh);
    const both = next() < 0.3;
    await Promise.all((both ? tabs : [pick(tabs)]).map((tab) => observe(tab, [...fresh, ...again])));
    const what = below(6);
    const index = below(2);
    if (what === 0) await reload(tabs[index], site, options);
    if (what === 1) tabs[index] = await replace(tabs[index], open);
    if (what === 2) await Promise.all(tabs.map((tab) => tab.evaluate(() => void globalThis.nearside.flush())));
    if (what === 3) await tabs[index].evaluate(() => globalThis.nearside.rerank(globalThis.items));
    if (what === 4) await tabs[index].evaluate(() => dispatchEvent(new Event("online")));
  }
  site.fault = null;
  await tabs[0].waitForFunction(() => globalThis.nearside.flush().then((left) => left === 0));
  const profile = await tabs[0].evaluate(() => globalThis.nearside.profile.get());
  assert.equal(profile.history.recommendations_accepted, ids.length, `${rounds} rounds of seed ${seed}`);
  for (const tab of tabs) assert.deepEqual(tab.troubles.filter((line) => !/Failed to load resource|net::ERR/.test(line)), []);
  return { page: tabs[0], ids };
}

const observe = (tab, all) => tab.evaluate(async (given) => {
  for (const [index, id] of given.entries()) await globalThis.nearside.observe(globalThis.accept(globalThis.items[index], { id }));
}, all);

async function reload(tab, site, options) {
  await tab.reload();
  await ready(tab, site, options);
}

async function replace(tab, open) {
  await tab.close();
  return open();
}
