// `npm start`: sets up, builds, and serves the page and the API on http://127.0.0.1:8787 (PORT) until Ctrl-C.
import { main } from "./lib/main.mjs";
import { elapsed, step } from "./lib/progress.mjs";
import { run, stopOnSignal } from "./lib/run.mjs";
import { startServer } from "./lib/server.mjs";
import { setUp } from "./setup.mjs";
import { buildBrowser } from "./build-browser.mjs";
import { buildEdge } from "./build-edge.mjs";
import { buildWww } from "./build-www.mjs";
import { buildPackage } from "./build-package.mjs";
import { buildPages } from "./build-pages.mjs";
import { seed, whatToTry } from "./seed.mjs";

await main(import.meta.url, async () => {
  await setUp();
  await buildEdge();
  await buildWww();
  await buildBrowser();
  await buildPackage();
  buildPages();
  await run("D1 migrations", "wrangler", ["d1", "migrations", "apply", "nearside", "--local"]);
  const server = await step("Worker", () => startServer(Number(process.env.PORT ?? 8787)));
  stopOnSignal(server.stop);
  try {
    await step("pack, catalogue and demo people", () => seed(server.url, { hasCrowd: true }));
    console.log(`\nReady after ${elapsed()}. Open ${server.url}\n\n${await whatToTry(server.url)}\n\nCtrl-C ends it; the log is .wrangler/dev.log\n`);
    await server.untilStopped();
  } finally {
    await server.stop();
  }
});
