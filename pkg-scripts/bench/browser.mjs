// The browser package in Chromium: what travels, the first use, and re-ranking beside a plain JavaScript peer.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { startSite } from "../../tests/package/small-site.mjs";
import { CHROMIUM_FLAGS, ensureChromium, findChromium } from "../lib/chromium.mjs";
import { at } from "../lib/root.mjs";
import { items, pack } from "./finance.mjs";

const NOW_MS = Date.parse("2026-11-20T09:30:00Z");
const SIZES = [100, 1000];
const FIVE = ["category_preference", "sophistication_match", "life_stage_relevance", "timing", "recency"];
/** By size: the limit in milliseconds, and how many times as fast as the peer. */
const TARGETS = { 100: { most: 1, ratio: 1 }, 1000: { most: 5, ratio: 2 } };

/** The finance pack with no weights but those of the five terms. */
function published() {
  const whole = pack();
  for (const name of Object.keys(whole.scoring.weights)) if (!FIVE.includes(name)) whole.scoring.weights[name] = 0;
  Object.assign(whole.scoring, { signals: [], factors: [] });
  const sorted = items(Math.max(...SIZES)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const [packText, catalogText] = [whole, { format: 1, pack: whole.id, items: sorted }].map((part) => JSON.stringify(part));
  const sha256 = (text) => createHash("sha256").update(text).digest("hex");
  const none = { popularity_version: "", model_version: "", experiments_version: "" };
  const versions = JSON.stringify({ pack: whole.id, pack_version: sha256(packText), catalog_version: sha256(catalogText), ...none });
  return { versions, packText, catalogText, nowMs: NOW_MS };
}

/** How often the first use is one: each in a browser of its own. */
const FIRST_USES = 9;

/** Measures the first uses, and the turns. */
async function inChromium(rounds) {
  await ensureChromium();
  const built = (name) => readFileSync(at("build", "browser", name));
  const site = await startSite({ folders: [at("pkg-scripts", "bench")], pages: { "/bindings.js": built("nearside.js"), "/bindings_bg.wasm": built("nearside_bg.wasm") } });
  const ask = async (what) => {
    const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_FLAGS });
    try {
      const page = await browser.newPage();
      await page.goto(site.origin);
      // The browser's own start is not ours.
      await page.waitForTimeout(1_000);
      const given = { what, ...published(), sizes: SIZES, rounds };
      return await page.evaluate(async ({ what, ...rest }) => (await import("/browser-page.mjs"))[what](rest).catch((error) => { throw new Error(error.detail ?? error.message); }), given);
    } finally {
      await browser.close();
    }
  };
  try {
    const firstUses = [];
    for (let time = 0; time < FIRST_USES; time += 1) firstUses.push(await ask("firstUse"));
    return { firstUses: firstUses.sort((one, other) => one - other), results: await ask("measure") };
  } finally {
    await site.stop();
  }
}

/** Sizes in KB gzip, medians in milliseconds, and how many times as fast as the peer. */
export async function benchBrowser() {
  const { firstUses, results } = await inChromium(100);
  const travels = [
    ["browser/size/wasm", at("build", "package", "nearside_bg.wasm"), 100],
    ["browser/size/js", at("build", "package", "nearside.js"), 10],
  ].filter(([, file]) => existsSync(file)).map(([name, file, most]) => {
    const value = gzipSync(readFileSync(file), { level: 9 }).length / 1024;
    return { name, value, unit: "KB gzip", target: `<= ${most}`, peer: "" };
  });
  const speeds = results.flatMap(({ size, array, json, peerArray, peerJson }) => [
    { name: `browser/rerank/${size}/array`, value: array, unit: "ms (median)", target: `<= ${TARGETS[size].most}`, peer: `call to array, by the package; plain JavaScript: ${peerArray.toPrecision(3)} ms` },
    { name: `browser/rerank/${size}/ratio`, value: peerArray / array, unit: "times as fast", target: `>= ${TARGETS[size].ratio}`, peer: "the same five terms, call to array" },
    { name: `browser/rerank/${size}/json`, value: json, unit: "ms (median)", target: "", peer: `request to JSON, by the engine; plain JavaScript: ${peerJson.toPrecision(3)} ms` },
    { name: `browser/rerank/${size}/json-ratio`, value: peerJson / json, unit: "times as fast", target: `>= ${TARGETS[size].ratio}`, peer: "the same five terms, the same JSON" },
  ]);
  return [...travels, { name: "browser/first-use", value: firstUses[Math.floor(FIRST_USES / 2)], unit: "ms (median)", target: "<= 100", peer: `wasm and parts at hand to 100 items in order, by the package: compiled, verified, 1,000 in the catalogue; in ${FIRST_USES} browsers ${firstUses[0].toFixed(0)} to ${firstUses.at(-1).toFixed(0)} ms` }, ...speeds];
}
