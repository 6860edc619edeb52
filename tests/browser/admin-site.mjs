// The admin's pages on a real Worker with people, two packs, models that were measured, and requests to the job.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { apiOf } from "../../pkg-scripts/lib/demo-api.mjs";
import { publishPack } from "../../pkg-scripts/lib/demo-pack.mjs";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { modelBody, signedModel } from "../support/models.mjs";
import { startSite, until } from "./demo-site.mjs";

const axe = readFileSync(at("node_modules", "axe-core", "axe.min.js"), "utf8");
const DAY_MS = 86_400_000;
/** Tests of one night carry the same time. */
const NOW = Date.now();

/** What each term of the models moves; more than are shown at first. */
const IMPORTANCE = {
  latest_popularity: 0.9491, category_affinity: 0.7022, neighbours: 0.4826, recent_popularity: 0.4224, trend: 0.248, long_popularity: 0.1662,
  days_since_sold: 0.103, taken_before: 0.0781, category_preference: 0.0726, factors: 0.0583, content: 0.0547, priority: 0.0468,
};
/** Steps of single features, as training makes them. */
const TERMS = [
  { name: "category_preference", feature: "category_preference", among: "all", cuts: [0.55, 0.65, 0.75], values: [-0.095, 0.0538, 0.1009, 0.1653], unknown: -0.095 },
  { name: "recency", feature: "recency", among: "all", cuts: [0.57, 0.65, 0.75, 0.79], values: [-0.0029, 0.0459, 0.0343, -0.1172, -0.2216], unknown: -0.0029 },
  { name: "priority", feature: "priority", among: "all", cuts: [41, 57, 61, 85], values: [-0.0872, -0.0213, 0.0131, 0.0349, 0.0916], unknown: -0.0872 },
  { name: "sophistication_match", feature: "sophistication_match", among: "all", cuts: [0.6, 0.8], values: [-0.0311, 0.0124, 0.0402], unknown: 0 },
];
const WINDOW = { from_ms: Date.UTC(2026, 7, 29), to_ms: Date.UTC(2026, 10, 20), interactions: 6720, people: 160, items: 60 };
const GATE = {
  passed: true,
  verdicts: [
    { rule: "NDCG@10 is not worse than what is live", figure: "0.1325 (0.1091 to 0.1556)", limit: "lower bound 0 or more", passed: true },
    { rule: "no segment falls", figure: "lowest: 10 to 49 items +24.5 % (159 people)", limit: "5 % beyond its error", passed: true },
    { rule: "size", figure: "47848 bytes", limit: "8387584 bytes", passed: true },
  ],
};

const bodyOf = (seed, changes = {}) => modelBody({ seed, window: WINDOW, importance: IMPORTANCE, terms: TERMS, base: 1.2, metrics: { training_ndcg_10: 0.5523 }, ...changes });

/** A test of a version, some days ago; its second segment is of too few people to be shown. */
const testOf = (version, kind, daysAgo, ndcg) => ({
  pack: "finance", version, kind, evaluated_at: new Date(NOW - daysAgo * DAY_MS).toISOString(),
  window: { from_ms: NOW - (daysAgo + 14) * DAY_MS, to_ms: NOW - daysAgo * DAY_MS },
  metrics: {
    repeats_ndcg_10: { value: ndcg, standard_error: 0.0132 }, new_ndcg_10: { value: ndcg / 2, standard_error: 0.0255 },
    repeats_coverage_10: { value: 0.606, standard_error: 0.0052 }, repeats_diversity_10: { value: 0.768, standard_error: 0.0029 },
    repeats_hit_rate_10: { value: 0.941, standard_error: 0.011 }, repeats_novelty_10: { value: 1.746, standard_error: 0.02 },
  },
  segments: [
    { by: "length of the history", label: "10 to 49 items", people: 159, base: 0.5362, candidate: ndcg, difference_lower: 0.1, difference_upper: 0.15 },
    { by: "length of the history", label: "other", people: 3, base: 0.1234, candidate: 0.4321, difference_lower: null, difference_upper: null },
  ],
});

/** Starts the site; `options` are those of `startSite`. `versions` are the models, oldest first: the second is live, the first was, the third is a candidate. */
export async function startAdmin(options) {
  const site = await startSite(options);
  try {
    const call = apiOf(site.origin, site.sign("admin", randomUUID()));
    await publishPack(call, "retail");
    const versions = [];
    for (const seed of [1, 2, 3]) versions.push(await upload(site, call, bodyOf(seed, seed === 3 ? { window: { ...WINDOW, people: 4 } } : {})));
    for (const version of versions.slice(0, 2)) await call("POST", "/models/finance/promote", { version, gate: GATE });
    const nights = [9, 8, 7, 6, 5, 4, 3, 2].map((daysAgo, night) => testOf(versions[1], "nightly", daysAgo, 0.612 + Math.sin(night) * 0.02 + night * 0.006));
    const base = [9, 6, 2].map((daysAgo) => testOf("popularity", "nightly", daysAgo, 0.52 + daysAgo * 0.002));
    await call("PUT", "/admin/evaluations", { evaluations: [testOf(versions[0], "gate", 12, 0.598), ...base, ...nights] });
    return { ...site, call, versions, upload: (changes) => upload(site, call, bodyOf(randomUUID().length + Math.random(), changes)) };
  } catch (error) {
    await site.stop();
    throw error;
  }
}

async function upload(site, call, body) {
  const { json } = await call("PUT", "/models/finance", signedModel(site.keys.model, body));
  return json.version;
}

/** Opens a page of the admin's with a token of a role; `token: null` leaves none. */
export async function openAdmin(site, { hash = "", role = "admin", token = site.sign(role, randomUUID()), prepare, ...context } = {}) {
  return site.open({
    ...context,
    path: `/admin/${hash}`,
    prepare: async (page) => {
      await page.route("**/demo-admin.json", (route) => (token ? route.fulfill({ json: { token } }) : route.fulfill({ status: 404, body: "" })));
      await prepare?.(page);
    },
  });
}

/** Waits until nothing is on its way any more. */
export const settled = (page) => until(page, "a page of the admin's", () => document.querySelector(".board :is(.page-title, form)") && !document.querySelector("[aria-busy=true]"));

/** Asserts that axe finds nothing, and that nothing sticks out at the side. */
export async function assertGood(page, state) {
  await page.evaluate(() => document.getAnimations().forEach((animation) => animation.cancel()));
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document));
  assert.ok(passes.length > 10, "axe looked at the page");
  assert.deepEqual(violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html} ${nodes[0].failureSummary}`), [], state);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${state}: nothing sticks out`);
}

/** The cells of a table by the name of the frame that it stands in. */
export const rowsOf = (page, name) =>
  page.getByRole("group", { name, exact: true }).first().locator("tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim())));
