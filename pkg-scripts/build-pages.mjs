// Puts the package beside the person's pages: www/dist/nearside, git-ignored. The pages themselves are plain modules.
import { copyFileSync, mkdirSync } from "node:fs";
import { buildBrowser } from "./build-browser.mjs";
import { buildPackage } from "./build-package.mjs";
import { main } from "./lib/main.mjs";
import { at } from "./lib/root.mjs";

const FILES = ["nearside.js", "nearside.js.map", "nearside_bg.wasm", "elements.js", "elements.js.map"];

/** Copies what the pages load from what `buildPackage` made. */
export function buildPages() {
  mkdirSync(at("www", "dist", "nearside"), { recursive: true });
  for (const name of FILES) copyFileSync(at("build", "package", name), at("www", "dist", "nearside", name));
}

await main(import.meta.url, async () => {
  await buildBrowser();
  await buildPackage();
  buildPages();
});
