// The local Worker as a child process: started, waited for, ended with everything that it started.
import { spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync } from "node:fs";
import { environment } from "./environment.mjs";
import { at, root } from "./root.mjs";
import { StepFailed } from "./run.mjs";

/** What the Worker and wrangler say. */
export const logFile = at(".wrangler", "dev.log");

/** How long a start may take on a slow machine. */
const START_MS = 60_000;

/** Starts `wrangler dev` on 127.0.0.1 and returns once the health route answers. */
export async function startServer(port) {
  const url = `http://127.0.0.1:${port}`;
  await refuseTakenPort(url, port);
  mkdirSync(at(".wrangler"), { recursive: true });
  const log = openSync(logFile, "w");
  const parameters = ["dev", "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0", "--show-interactive-dev-session=false"];
  // A group of its own: Ctrl-C reaches only this script, which then ends the server in order.
  const child = spawn(at("node_modules", ".bin", "wrangler"), parameters, {
    cwd: root, env: environment(), stdio: ["ignore", log, log], detached: true,
  });
  let isStopping = false;
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const stop = async () => {
    isStopping = true;
    child.kill("SIGTERM");
    const kill = setTimeout(() => process.kill(-child.pid, "SIGKILL"), 5_000);
    await ended;
    clearTimeout(kill);
  };
  try {
    await waitForHealth(url, child);
  } catch (error) {
    await stop();
    throw error;
  }
  /** Waits for the end, which is a failure unless `stop` brought it about. */
  const untilStopped = async () => {
    await ended;
    if (!isStopping) throw new StepFailed(`${readFileSync(logFile, "utf8").slice(-4_000)}\nThe Worker ended by itself.`);
  };
  return { url, stop, untilStopped };
}

async function refuseTakenPort(url, port) {
  const isTaken = await fetch(url, { signal: AbortSignal.timeout(1_000) }).then(() => true, (error) => error.name === "TimeoutError");
  if (isTaken) throw new StepFailed(`Port ${port} is in use. Choose another: PORT=8788 npm start`);
}

async function waitForHealth(url, child) {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`${url}/api/v1/personalization/health`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new StepFailed(`${readFileSync(logFile, "utf8").slice(-4_000)}\nThe Worker did not answer at ${url} (log: .wrangler/dev.log)`);
}
