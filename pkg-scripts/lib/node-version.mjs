// The Node that runs the scripts. The Workers tools need 22.12; the packages bring a Node 24 for Linux.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { at, root } from "./root.mjs";
import { environment } from "./environment.mjs";
import { StepFailed } from "./run.mjs";

const [major, minor] = process.versions.node.split(".").map(Number);
const isNewEnough = major > 22 || (major === 22 && minor >= 12);

/** Starts this script again under the Node that the packages bring, when the present one is too old. */
export async function useCurrentNode() {
  if (isNewEnough) return;
  const brought = at("node_modules", ".bin", "node");
  if (!existsSync(brought) || process.env.NEARSIDE_NODE) {
    throw new StepFailed(
      `Node ${process.versions.node} is too old: the Workers tools need 22.12 or newer.\n` +
        "On Linux (x64, arm64) the packages bring one, elsewhere install it from https://nodejs.org.",
    );
  }
  const child = spawn(brought, process.argv.slice(1), { cwd: root, stdio: "inherit", env: environment({ NEARSIDE_NODE: "brought" }) });
  // The terminal sends Ctrl-C to both; the child decides when it is done.
  process.removeAllListeners("SIGINT").on("SIGINT", () => {});
  process.removeAllListeners("SIGTERM").on("SIGTERM", () => child.kill("SIGTERM"));
  const status = await new Promise((resolve) => child.on("exit", (code, signal) => resolve(code ?? (signal ? 130 : 1))));
  process.exit(status);
}
