// Remembers what a result was made from, so that a step whose inputs did not change is not done again.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { at } from "./root.mjs";

/** Returns one hash over the contents of files. */
export function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

/**
 * Runs `work` unless `results` exist and were made from the same `inputs`. Returns whether it ran.
 * @param {string} name
 * @param {string[]} inputs
 * @param {string[]} results
 * @param {() => Promise<void> | void} work
 */
export async function whenChanged(name, inputs, results, work) {
  const stamp = at("build", ".stamps", name);
  const now = hashOf(inputs);
  const before = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
  if (before === now && results.every((file) => existsSync(file))) return false;
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
  return true;
}
