// `node pkg-scripts/bench/assignment-population.mjs [IDS]`: shares, independence and movement over a million ids, in wasm.
// It fails where they are not what chance allows.
import { buildSpecHost } from "../build-spec-host.mjs";
import { main } from "../lib/main.mjs";
import { checkPopulation } from "./assignment.mjs";

await main(import.meta.url, async () => {
  await buildSpecHost();
  console.log(JSON.stringify(await checkPopulation(Number(process.argv[2] ?? 1_000_000)), null, 2));
});
