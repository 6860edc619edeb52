// node_modules as the lock file says. Only Node's own modules may be used here: nothing else exists yet.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { at } from "./root.mjs";
import { run } from "./run.mjs";

/** Inside node_modules, so that deleting the folder forgets it. */
const remembered = at("node_modules", ".nearside-lock");

/** Installs the packages when they are missing or the lock file has changed. */
export async function ensurePackages() {
  const lock = createHash("sha256").update(readFileSync(at("package-lock.json"))).update(process.arch).digest("hex");
  try {
    if (readFileSync(remembered, "utf8") === lock) return;
  } catch {
    // Nothing remembered: install.
  }
  // npm tells its children where it is; a bare `npm` would need one on PATH that fits this Node.
  const npm = process.env.npm_execpath;
  const command = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  await run("packages (npm ci)", command[0], [...command[1], "ci", "--no-audit", "--no-fund"]);
  writeFileSync(remembered, lock);
}
