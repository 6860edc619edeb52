// Builds the host of the spec cases: build/spec-host/host.js and host_bg.wasm, for Node and for a test-only Worker.
import { at } from "./lib/root.mjs";
import { main } from "./lib/main.mjs";
import { bind, bindgen, buildBindgen, compile, sizeOf } from "./lib/wasm.mjs";
import { whenChanged } from "./lib/stamp.mjs";

const results = [at("build/spec-host/host.js"), at("build/spec-host/host_bg.wasm")];

/** Builds the spec host unless nothing changed. */
export async function buildSpecHost() {
  await buildBindgen();
  const wasm = await compile("nearside-spec-host");
  await whenChanged("spec-host", [wasm, bindgen], results, () => bind("web", wasm, at("build/spec-host"), "host"));
  console.log(`    ${sizeOf(results[1])}`);
}

await main(import.meta.url, buildSpecHost);
