// Measures the engine and the Worker, each against a limit or a peer of the same run. `--json` prints an array of
// {name, value, unit, target, peer}; without it, a table. `--long` adds what takes a quarter of an hour. Nothing here is a test: these machines are shared and noisy.
import { spawnSync } from "node:child_process";
import { at } from "./lib/root.mjs";
import { main } from "./lib/main.mjs";
import { useCurrentNode } from "./lib/node-version.mjs";

await main(import.meta.url, async () => {
  // What the build says goes to stderr: stdout belongs to the results.
  const built = spawnSync(process.execPath, [at("pkg-scripts", "build.mjs")], { stdio: ["ignore", 2, 2] });
  if (built.status !== 0) process.exit(1);
  await useCurrentNode();
  const { benchEngine } = await import("./bench/engine.mjs");
  const { benchAcceptance } = await import("./bench/acceptance.mjs");
  const { benchAssignment } = await import("./bench/assignment.mjs");
  const { benchBrowser } = await import("./bench/browser.mjs");
  const { benchEdge, wasmSize } = await import("./bench/edge.mjs");
  const { benchPeeking } = await import("./bench/peeking.mjs");
  const { table } = await import("./bench/table.mjs");
  const results = [];
  const parts = [["engine in wasm", benchEngine], ["online learner", benchAcceptance], ["experiments", benchAssignment], ["browser", benchBrowser], ["size", wasmSize], ["Worker", benchEdge]];
  if (process.argv.includes("--long")) parts.push(["experiments that are peeked at", benchPeeking]);
  for (const [name, measure] of parts) {
    process.stderr.write(`  … ${name}\n`);
    results.push(...(await measure()));
  }
  console.log(process.argv.includes("--json") ? JSON.stringify(results, null, 2) : table(results));
  process.exit(0);
});
