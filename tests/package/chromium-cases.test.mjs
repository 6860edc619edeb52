// Ten thousand random worlds in a browser, asked of the very wasm that the package ships: the digests of the native host.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { parityFolders, readDigests } from "../spec-hosts/cases.mjs";
import { startBoth } from "./chromium-page.mjs";

const built = (file) => readFileSync(at("build", "browser", file));

let both;
before(async () => {
  both = await startBoth({ folders: [at("build", "spec-host")], pages: { "/bindings.js": built("nearside.js"), "/bindings_bg.wasm": built("nearside_bg.wasm") } });
});
after(() => both?.stop());

test("the package's engine answers random worlds as the native engine does", async () => {
  const { cases, chunk, digests } = readDigests();
  const page = await (await both.person()).newPage();
  await page.goto(both.site.origin);
  await page.evaluate(async (folders) => {
    const [host, own] = await Promise.all([import("/host.js"), import("/bindings.js")]);
    await Promise.all([host.default({ module_or_path: "/host_bg.wasm" }), own.default({ module_or_path: "/bindings_bg.wasm" })]);
    Object.assign(globalThis, { worlds: new host.Parity(folders), Engine: own.Engine });
  }, parityFolders());
  const found = [];
  for (let from = 0; from < cases; from += chunk) found.push(await page.evaluate(digestOf, [from, from + chunk]));
  assert.deepEqual(found, digests);
});

/** In the page: the digest over the answers of the package's engine. */
async function digestOf([from, end]) {
  const bytes = (text) => new TextEncoder().encode(text);
  const sha256 = async (text) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(text)))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const said = (ask, field = "detail") => {
    try {
      return ask();
    } catch (refused) {
      return refused[field];
    }
  };
  let engine;
  const hashes = [];
  for (let seed = from; seed < end; seed += 1) {
    if (!engine || globalThis.worlds.begins(seed)) {
      engine?.free();
      const { now_ms, versions, pack, catalog, model } = JSON.parse(globalThis.worlds.world(seed));
      engine = new globalThis.Engine(JSON.stringify(versions), bytes(pack), bytes(catalog), bytes(""), bytes(model ?? ""), bytes(""), now_ms);
    }
    const { now_ms: now, id, settings, preferences, events, request, explained } = JSON.parse(globalThis.worlds.case(seed));
    engine.setPerson(JSON.stringify({ format: 1, unit_id: id }));
    engine.ask("changeSettings", settings, now, id);
    const lines = [said(() => engine.ask("setPreferences", preferences, now, id), "code")];
    for (const [at, event] of events) {
      const refused = said(() => void engine.ask("observe", event, at, id));
      if (refused) lines.push(refused);
    }
    lines.push(said(() => engine.rerank(undefined, request, now, id)));
    lines.push(said(() => engine.ask("explain", JSON.stringify({ recommendation_id: explained }), now, id)));
    lines.push(engine.profile(now), engine.person());
    hashes.push(await sha256(lines.join("\n")));
  }
  return sha256(hashes.join(""));
}
