// `node pkg-scripts/bench/assignment-population.mjs [IDS]`: shares, independence, flips and movement over a million ids, in
// wasm. Prints each figure with its limit, and fails where one is not kept.
import { buildSpecHost } from "../build-spec-host.mjs";
import { main } from "../lib/main.mjs";
import { StepFailed } from "../lib/run.mjs";
import { population } from "./population.mjs";

await main(import.meta.url, async () => {
  await buildSpecHost();
  const lines = await population(Number(process.argv[2] ?? 1_000_000));
  for (const { name, figure, limit, isKept } of lines) console.log(`${isKept ? "ok " : "NOT"}  ${name.padEnd(66)} ${limit.padEnd(11)} ${figure}`);
  const broken = lines.filter(({ isKept }) => !isKept);
  if (broken.length > 0) throw new StepFailed(`${broken.length} of ${lines.length} limits are not kept`);
  console.log(`${lines.length} limits are kept`);
});
