// How every script begins and ends: it does not outlive npm, and a step that failed speaks for itself.
import { pathToFileURL } from "node:url";
import { stopEverything, StepFailed } from "./run.mjs";

/** How often a script looks whether npm is still there. */
const LOOK_MS = 500;

/** Runs `work` when the file at `url` is the program, not an import. */
export async function main(url, work) {
  if (pathToFileURL(process.argv[1] ?? "").href !== url) return;
  endWithNpm();
  try {
    await work();
  } catch (error) {
    console.error(error instanceof StepFailed ? `\n${error.message}\n` : error);
    await stopEverything();
    process.exit(1);
  }
}

/** npm ends the shell between us when it is told to end, and that shell tells nobody: look who the parent is. */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && process.kill(process.pid, "SIGTERM"), LOOK_MS).unref();
}
