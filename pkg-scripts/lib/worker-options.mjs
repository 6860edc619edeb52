// What wrangler.toml says, in the form that Miniflare reads: tests and benchmarks run the Worker that is deployed.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { at } from "./root.mjs";
import { whenChanged } from "./stamp.mjs";

const file = at("build", "worker-options.json");

/** Reads wrangler.toml once and remembers the result: loading wrangler costs more than starting a Worker. */
export async function writeWorkerOptions() {
  const inputs = [at("wrangler.toml"), at("package-lock.json"), at("pkg-scripts", "lib", "worker-options.mjs")];
  await whenChanged("worker-options", inputs, [file], async () => {
    const { unstable_getMiniflareWorkerOptions: read } = await import("wrangler");
    // A file that is not there instead of .dev.vars: a developer's own secret must not reach a test.
    const { workerOptions } = read(at("wrangler.toml"), undefined, { envFiles: [".env.none"] });
    const { modulesRules, rootPath, ...kept } = workerOptions;
    // A build folder may move with its checkout.
    kept.assets.directory = relative(at("."), kept.assets.directory);
    mkdirSync(at("build"), { recursive: true });
    writeFileSync(file, JSON.stringify(kept, null, 2));
  });
}

/** Returns the options that `writeWorkerOptions` wrote. */
export function readWorkerOptions() {
  const options = JSON.parse(readFileSync(file, "utf8"));
  options.assets.directory = at(options.assets.directory);
  return options;
}
