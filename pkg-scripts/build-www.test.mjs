// What is built of the admin's pages: how much travels, what it is made of, and that its types are the API's.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
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
