// Ten thousand random worlds in wasm under Node: the digests of the native host.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { parityFolders, readDigests } from "./cases.mjs";

const { initSync, Parity } = await import(at("build", "spec-host", "host.js"));
initSync({ module: readFileSync(at("build", "spec-host", "host_bg.wasm")) });

const { cases, chunk, digests } = readDigests();

test(`${cases} random worlds are answered as natively`, () => {
  const parity = new Parity(parityFolders());
  digests.forEach((digest, at) => assert.equal(parity.digest(at * chunk, (at + 1) * chunk), digest, `cases from ${at * chunk}`));
});
