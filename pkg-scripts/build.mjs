// Builds all wasm: the Worker and the host that runs the spec cases.
import { main } from "./lib/main.mjs";
import { setUp } from "./setup.mjs";
import { buildEdge } from "./build-edge.mjs";
import { buildSpecHost } from "./build-spec-host.mjs";

await main(import.meta.url, async () => {
  await setUp();
  await buildEdge();
  await buildSpecHost();
});
