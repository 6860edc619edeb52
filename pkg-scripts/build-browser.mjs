// Builds the browser package's wasm: build/browser/nearside.js and nearside_bg.wasm.
import { renameSync } from "node:fs";
import { at } from "./lib/root.mjs";
import { main } from "./lib/main.mjs";
import { bind, bindgen, buildBindgen, compile, IN_BROWSERS, sizeOf, squeeze } from "./lib/wasm.mjs";
import { whenChanged } from "./lib/stamp.mjs";

const folder = at("build", "browser");
const bound = at("build", "browser", "nearside_bg.wasm");
const squeezed = at("build", "browser", "squeezed.wasm");
const results = [at("build", "browser", "nearside.js"), bound];
const scripts = [at("pkg-scripts", "build-browser.mjs"), at("pkg-scripts", "lib", "wasm.mjs")];

/** Builds the wasm of the browser package unless nothing changed. */
export async function buildBrowser() {
  await buildBindgen();
  const wasm = await compile("nearside-browser");
  await whenChanged("browser", [wasm, bindgen, ...scripts], results, async () => {
    await bind("web", wasm, folder, "nearside");
    await squeeze(bound, squeezed, IN_BROWSERS);
    renameSync(squeezed, bound);
  });
  for (const file of results) console.log(`    ${sizeOf(file)}`);
}

await main(import.meta.url, buildBrowser);
