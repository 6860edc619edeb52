// Builds everything: the Worker, the host that runs the spec cases, the npm package with its wasm, and the pages that load it.
// What `npm start` left beside the pages goes: what is built is what is deployed.
import { removeDemoFiles } from "./lib/demo-files.mjs";
import { main } from "./lib/main.mjs";
import { setUp } from "./setup.mjs";
import { buildEdge } from "./build-edge.mjs";
import { buildSpecHost } from "./build-spec-host.mjs";
import { buildBrowser } from "./build-browser.mjs";
import { buildPackage } from "./build-package.mjs";
import { buildWww } from "./build-www.mjs";
import { buildPages } from "./build-pages.mjs";

await main(import.meta.url, async () => {
  await setUp();
  await buildEdge();
  await buildSpecHost();
  await buildBrowser();
  await buildPackage();
  await buildWww();
  buildPages();
  removeDemoFiles();
});
