// The types that a package shows: those that its contents page leads to.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { StepFailed } from "./run.mjs";

/** Removes the types that the public ones do not lead to. */
export function keepPublicTypes(folder) {
  const reached = new Set();
  const visit = (file) => {
    if (reached.has(file) || !existsSync(file)) return;
    reached.add(file);
    for (const [, name] of readFileSync(file, "utf8").matchAll(/from "(\.[^"]+)\.js"/g)) visit(join(dirname(file), `${name}.d.ts`));
  };
  visit(join(folder, "index.d.ts"));
  const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((file) => file.endsWith(".ts"));
  for (const file of files) if (!reached.has(file)) rmSync(file);
  if (!reached.size) throw new StepFailed("no types were written");
}
