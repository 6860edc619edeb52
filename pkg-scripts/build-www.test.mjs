// What is built of the admin's pages: how much travels, what it is made of, and that its types are the API's.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { adminFiles } from "./lib/admin-types.mjs";
import { at } from "./lib/root.mjs";

/** All script of the pages, what is fetched later too. */
const MOST_BYTES = 60 * 1024;
const MOST_LINES = 150;
const SOURCES = readdirSync(at("www", "admin"), { recursive: true }).filter((name) => /\.tsx?$/.test(name) && !name.startsWith("wire")).sort();
const read = (...path) => readFileSync(at(...path), "utf8");

test(`all script of the admin's pages has at most ${MOST_BYTES} bytes as it travels`, () => {
  const scripts = readdirSync(at("www", "dist", "admin")).filter((name) => name.endsWith(".js"));
  assert.deepEqual(scripts.sort(), ["admin.js", "plot.js"]);
  const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(at("www", "dist", "admin", name)), { level: 9 }).length, 0);
  assert.ok(bytes <= MOST_BYTES, `${bytes} bytes`);
});

test("the shapes of the API are those of its document", () => {
  for (const [name, expected] of Object.entries(adminFiles())) {
    assert.equal(read("www", "admin", "wire", name), expected, `${name}: run node pkg-scripts/write-wire-types.mjs`);
  }
});

test("sources are short, have no any, no default export, no markup from texts, and one door to the network", () => {
  assert.ok(SOURCES.length > 30);
  for (const name of SOURCES) {
    const source = read("www", "admin", name);
    assert.ok(source.startsWith("// "), `${name} says what it is`);
    assert.ok(source.split("\n").length <= MOST_LINES, `${name} has more than ${MOST_LINES} lines`);
    assert.doesNotMatch(source, /\bany\b(?=[;,)\]>])|: any\b|export default|innerHTML|dangerously|@ts-|eslint/, name);
    assert.ok(name === "api.ts" || !/\bfetch\(|XMLHttpRequest|sendBeacon|WebSocket/.test(source), `${name}: only api.ts asks`);
    assert.doesNotMatch(source, /localStorage|sessionStorage|indexedDB|document\.cookie/, `${name} stores nothing`);
  }
});

/** What one file of the pages exports, as this program runs it. */
async function load(...path) {
  const { outputFiles } = await build({ entryPoints: [at("www", "admin", ...path)], bundle: true, format: "esm", write: false, logLevel: "error" });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

test("an answer is held against its shape: what is missing or of another type is refused, what is more is not", async () => {
  const { hasShape } = await load("shape.ts");
  const { SHAPES } = await load("wire", "shapes.ts");
  const is = (name, value) => hasShape(value, { $ref: name }, SHAPES);
  const health = { status: "ok", stores: { d1: "ok" }, personalization_enabled: true, packs: {}, catalogs: {}, models: {}, canaries: {}, model_keys: "ok", engine_version: "0.1.0" };
  assert.ok(is("Health", health));
  assert.ok(is("Health", { ...health, region: "near" }));
  for (const bad of [{ status: "fine" }, { stores: { d1: "maybe" } }, { packs: { finance: 1 } }, { personalization_enabled: "true" }, { stores: null }]) assert.ok(!is("Health", { ...health, ...bad }), JSON.stringify(bad));
  const { status: _, ...without } = health;
  for (const bad of [without, null, [], "ok", undefined]) assert.ok(!is("Health", bad));
  assert.ok(is("OptionalVersion", null));
  assert.ok(!is("CatalogueReport", { pack: "finance", items: 1.5, version: null }));
  assert.ok(!is("Nobody", {}));
});

test("findings are read by place and rule, and what stands there comes from the document", async () => {
  const { findingsOf } = await load("problem.ts");
  const { textAt } = await load("packs", "place.ts");
  assert.deepEqual(findingsOf("categories[9].name [text-length]; the document [shape]"), [{ place: "categories[9].name", rule: "text-length" }, { place: "the document", rule: "shape" }]);
  assert.deepEqual(findingsOf("id: the pack's id is not that of the path"), [{ place: "id: the pack's id is not that of the path", rule: "" }]);
  const document = { categories: [{ name: "" }], long: "x".repeat(500) };
  assert.deepEqual(["categories[0].name", "categories[1].name", "the document", "long.length", ""].map((place) => textAt(document, place)), ['""', "", "", "", ""]);
  assert.equal(textAt(document, "long").length, 160);
});

test("figures have plain names, and those of few people are known", async () => {
  const { byWeight, figuresOf, isOfFew, measure } = await load("evaluations.ts");
  assert.deepEqual(["repeats_ndcg_10", "new_hit_rate_10", "training_ndcg_10", "ndcg_10", "training_lists", "auc"].map(measure), ["NDCG@10, repeats allowed", "Hit rate@10, new items only", "NDCG@10, on its own training lists", "NDCG@10", "lists, on its own training lists", "auc"]);
  assert.deepEqual(byWeight(["zeta", "new_ndcg_10", "repeats_recall_10", "repeats_ndcg_10"]), ["repeats_ndcg_10", "new_ndcg_10", "repeats_recall_10", "zeta"]);
  assert.deepEqual([...figuresOf({ a: 1, b: { value: 2, standard_error: 0.1 }, c: "3", d: null, e: { value: "4" } })], [["a", { value: 1, error: null }], ["b", { value: 2, error: 0.1 }]]);
  const test = (...people) => ({ segments: people.map((many) => ({ by: "country", label: "x", people: many })) });
  assert.deepEqual([test(), test(19), test(10, 10), test(159, 1), { segments: null }].map(isOfFew), [false, true, false, false, false]);
});
