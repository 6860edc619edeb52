// `npm run pack|token|replay -- …`: the native command line, built first when it has to be, without a word on stdout.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { capture } from "./lib/run.mjs";
import { cargoTarget, root } from "./lib/root.mjs";
import { ensureCompiler } from "./lib/rust.mjs";
import { ensureDevKeys } from "./lib/dev-keys.mjs";
import { environment } from "./lib/environment.mjs";
import { main } from "./lib/main.mjs";

/** A build that takes longer than this is announced, on stderr: stdout belongs to the command. */
const ANNOUNCE_AFTER_MS = 2_000;

await main(import.meta.url, async () => {
  await ensureCompiler();
  ensureDevKeys();
  const announce = setTimeout(() => console.error("building the command line …"), ANNOUNCE_AFTER_MS);
  await capture("cargo", ["build", "--quiet", "--profile", "tool", "-p", "nearside-origin"]);
  clearTimeout(announce);
  const child = spawn(join(cargoTarget, "tool", "nearside"), process.argv.slice(2), { cwd: root, stdio: "inherit", env: environment() });
  process.exitCode = await new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
});
