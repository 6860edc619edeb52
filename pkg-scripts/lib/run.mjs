// Runs one program as one step: a line when it is done, everything it said when it fails.
import { spawn } from "node:child_process";
import { environment } from "./environment.mjs";
import { root } from "./root.mjs";
import { step } from "./progress.mjs";

/** A step that failed in a way its own words explain; no stack trace helps. */
export class StepFailed extends Error {}

/** How long what a program wrote may take to arrive after its end. */
const LAST_WORDS_MS = 5_000;

/** What runs now, so that an interrupted script leaves nothing behind. */
const running = new Set();
let stopServer = null;

/** Has a signal run `stop` before the script ends. */
export function stopOnSignal(stop) {
  stopServer = stop;
}

/** Ends what runs now. */
export async function stopEverything(signal = "SIGTERM") {
  for (const child of running) child.kill(signal);
  await stopServer?.();
}

for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]]) {
  process.on(signal, async () => {
    await stopEverything(signal);
    process.exit(status);
  });
}

/**
 * Runs a program to its end and returns what it wrote.
 * @param {string} program
 * @param {string[]} parameters
 * @param {{env?: object, onOutput?: (text: string) => void}} options
 */
export async function capture(program, parameters = [], options = {}) {
  const child = spawn(program, parameters, { cwd: root, env: environment(options.env), stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (chunk) => {
      text += chunk;
      options.onOutput?.(chunk);
    });
  }
  const status = await new Promise((resolve) => {
    child.on("error", (error) => resolve(error));
    child.on("close", (code, signal) => resolve(code ?? signal));
    // A grandchild that outlives it holds the pipes open, and then they never close.
    child.on("exit", (code, signal) => setTimeout(() => resolve(code ?? signal), LAST_WORDS_MS).unref());
  });
  running.delete(child);
  if (status !== 0) {
    const reason = status instanceof Error ? status.message : `ended with ${status}`;
    throw new StepFailed(`${text.trimEnd()}\n${program} ${parameters.join(" ")}: ${reason}`);
  }
  return text;
}

/** Runs a program as a named step with a progress line, and returns what it wrote. */
export function run(label, program, parameters = [], options = {}) {
  return step(label, () => capture(program, parameters, options));
}
