// The spec suite inside the Workers runtime: a test-only Worker whose one module is the spec host.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { parityFolders, readCases, readDigests, readVectors } from "./cases.mjs";

const host = (name) => at("build", "spec-host", name);

const main = `
import { initSync, run_case, hash_of, Parity } from "./host.js";
import wasm from "./host_bg.wasm";
initSync({ module: wasm });
let parity;
export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const digest = (folders) => (parity ??= new Parity(folders)).digest(searchParams.get("from"), searchParams.get("end"));
    const run = { "/hash": hash_of, "/digest": digest }[pathname] ?? run_case;
    return new Response(run(await request.text()));
  },
};`;

let mf;
before(async () => {
  mf = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      log: new Log(LogLevel.NONE),
      compatibilityDate: "2026-10-20",
      modulesRoot: host(""),
      modules: [
        { type: "ESModule", path: host("main.js"), contents: main },
        { type: "ESModule", path: host("host.js") },
        { type: "CompiledWasm", path: host("host_bg.wasm"), contents: readFileSync(host("host_bg.wasm")) },
      ],
    }),
  );
  await mf.ready;
});
after(() => mf.dispose());

const post = async (path, body) => (await mf.dispatchFetch(`http://spec.test${path}`, { method: "POST", body })).text();

const cases = readCases();
console.log(`    workerd: ${cases.length} spec cases`);

for (const { file, name, input, expected } of cases) {
  test(`${file}: ${name}`, async () => assert.equal(await post("/", input), expected));
}

test("hashes and buckets are those of the published vectors", async () => {
  for (const vector of readVectors()) assert.equal(await post("/hash", JSON.stringify(vector)), `${vector.hash}/${vector.bucket}`);
});

const { cases: worlds, chunk, digests } = readDigests();
test(`${worlds} random worlds are answered as natively`, async () => {
  const folders = parityFolders();
  for (const [at, digest] of digests.entries()) {
    assert.equal(await post(`/digest?from=${at * chunk}&end=${(at + 1) * chunk}`, folders), digest, `cases from ${at * chunk}`);
  }
});
