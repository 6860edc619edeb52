// The names by which a wasm and its JavaScript side know one another, shortened in both: they travel to everybody.
import { execFileSync } from "node:child_process";
import { at } from "./root.mjs";
import { StepFailed } from "./run.mjs";

/**
 * Writes a wasm with short names.
 *
 * @returns {(glue: string) => string} what makes the binding tool's JavaScript ask by them
 */
export function shortenNames(wasm, shortened, features) {
  const how = [...features.map((name) => `--enable-${name}`), "--minify-imports-and-exports-and-modules", wasm, "-o", shortened];
  const { imports, exports } = JSON.parse(execFileSync(process.execPath, [at("node_modules/binaryen/bin/wasm-opt"), ...how], { encoding: "utf8" }));
  const short = new Map(exports);
  return (glue) => {
    const asked = glue.replace(/\bwasm\.(\w+)/g, (whole, name) => (short.has(name) ? `wasm.${short.get(name)}` : whole));
    return imports.reduce((text, [module, name, to]) => {
      if (!text.includes(`${name}: function`)) throw new StepFailed(`the JavaScript beside ${wasm} has no function ${name} (pkg-scripts/lib/short-names.mjs)`);
      return text.replace(`${name}: function`, `${to}: function`).replace(`"${module}": `, '"a": ');
    }, asked);
  };
}
