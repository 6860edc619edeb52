// The package in a Worker of somebody's own: imported beside its compiled wasm, with a fetch that leads to the published routes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { startSite } from "./small-site.mjs";

const WORKER = `
  import { createNearside } from "./nearside.js";
  import wasm from "./nearside_bg.wasm";
  export default {
    async fetch(request, env) {
      const nearside = await createNearside({ pack: "finance", base: "http://site.test/api/v1/personalization", wasm, fetch: (...all) => env.SITE.fetch(...all) });
      const general = await nearside.rerank(undefined, { country: "GB" }, { limit: 5 });
      await nearside.setMode("visit");
      await nearside.observe({ type: "CLICKED", target_type: "recommendation", target_id: general.items[0].id });
      const { personalization, items } = await nearside.rerank(undefined, { country: "GB" }, { limit: 5, explain: "terms" });
      nearside.dispose();
      return Response.json({ general: general.personalization, personalization, items });
    },
  };`;

test("in workerd the package ranks and learns", async () => {
  const site = await startSite();
  const file = (name) => readFileSync(at("build", "package", name));
  const modules = [
    { type: "ESModule", path: "index.js", contents: WORKER },
    { type: "ESModule", path: "nearside.js", contents: file("nearside.js").toString() },
    { type: "CompiledWasm", path: "nearside_bg.wasm", contents: file("nearside_bg.wasm") },
  ];
  const host = new Miniflare(convertV4MiniflareOptions({
    host: "127.0.0.1", port: 0, log: new Log(LogLevel.NONE),
    workers: [{ name: "own", modules, compatibilityDate: "2026-10-01", serviceBindings: { SITE: (request) => fetch(site.origin + new URL(request.url).pathname + new URL(request.url).search) } }],
  }));
  try {
    const response = await host.dispatchFetch("http://own.test/");
    const answer = await response.json();
    assert.deepEqual([answer.general, answer.personalization, answer.items.length], ["none", "building", 5]);
    assert.ok(answer.items[0].terms.length >= 5);
  } finally {
    await host.dispose();
    await site.stop();
  }
});
