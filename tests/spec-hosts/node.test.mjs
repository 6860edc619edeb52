// The spec suite in wasm under Node: the same bytes as on the native host.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { readCases, readVectors } from "./cases.mjs";

const { initSync, run_case, hash_of } = await import(at("build", "spec-host", "host.js"));
initSync({ module: readFileSync(at("build", "spec-host", "host_bg.wasm")) });

const cases = readCases();
console.log(`    node-wasm: ${cases.length} spec cases`);

for (const { file, name, input, expected } of cases) {
  test(`${file}: ${name}`, () => assert.equal(run_case(input), expected));
}

test("hashes and buckets are those of the published vectors", () => {
  for (const vector of readVectors()) assert.equal(hash_of(JSON.stringify(vector)), `${vector.hash}/${vector.bucket}`);
});

test("a case that does not read says so and harms nobody", () => {
  assert.match(run_case("{"), /"broken"/);
  assert.match(run_case(JSON.stringify({ packs: {}, case: { name: "x", when: [] } })), /was not handed over/);
  assert.equal(run_case(cases[0].input), cases[0].expected);
});
