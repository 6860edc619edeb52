// Builds the browser package's wasm: build/browser/nearside.js and nearside_bg.wasm.
import { at } from "./lib/root.mjs";
import { main } from "./lib/main.mjs";
import { bind, bindgen, buildBindgen, compile, sizeOf } from "./lib/wasm.mjs";
import { whenChanged } from "./lib/stamp.mjs";

const results = [at("build/browser/nearside.js"), at("build/browser/nearside_bg.wasm")];

/** Builds the wasm of the browser package unless nothing changed. */
export async function buildBrowser() {
  await buildBindgen();
  const wasm = await compile("nearside-browser");
  await whenChanged("browser", [wasm, bindgen], results, () => bind("web", wasm, at("build/browser"), "nearside"));
  for (const file of results) console.log(`    ${sizeOf(file)}`);
}

await main(import.meta.url, buildBrowser);
