// Builds the Worker: build/edge/index.js and index_bg.wasm, and what the tests need to know of wrangler.toml.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { at } from "./lib/root.mjs";
import { main } from "./lib/main.mjs";
import { step } from "./lib/progress.mjs";
import { bind, bindgen, buildBindgen, compile, IN_WORKERS, sizeOf, squeeze } from "./lib/wasm.mjs";
import { whenChanged } from "./lib/stamp.mjs";
import { StepFailed } from "./lib/run.mjs";
import { writeMigrations } from "./lib/migrations.mjs";
import { writeWorkerOptions } from "./lib/worker-options.mjs";

const out = at("build", "edge");
const bindings = at("build", "edge-bindings");
const bound = at("build", "edge-bindings", "index_bg.wasm");
const squeezed = at("build", "edge-bindings", "squeezed.wasm");
const shim = at("src", "edge", "shim.js");
const scripts = [at("pkg-scripts", "build-edge.mjs"), at("pkg-scripts", "lib", "wasm.mjs")];
/** What may travel, in KB gzip: 295 before experiments, and 60 that they may add. `npm run bench` holds the sum to it. */
const MOST_GZIP = 355;

/** Builds the Worker unless nothing changed. */
export async function buildEdge() {
  await buildBindgen();
  // The shim calls functions only.
  const wasm = await compile("nearside-edge", ["--without-classes"]);
  const results = [at("build/edge/index.js"), at("build/edge/index_bg.wasm")];
  await whenChanged("edge", [wasm, bindgen, shim, ...scripts], results, async () => {
    await bind("worker", wasm, bindings, "index");
    await squeeze(bound, squeezed, IN_WORKERS);
    await step("bundle", bundle);
  });
  await writeWorkerOptions();
  await writeMigrations();
  for (const file of results) console.log(`    ${sizeOf(file)}`);
  console.log(`    target: <= ${MOST_GZIP} KB gzip together`);
}

async function bundle() {
  const generated = at("build/edge-bindings/index.js");
  const code = withDroppableClasses(safeAfterTraps(readFileSync(generated, "utf8")));
  writeFileSync(generated, code);
  writeFileSync(at("build/edge-bindings/shim.js"), readFileSync(shim));
  mkdirSync(out, { recursive: true });
  const esbuild = await import("esbuild");
  await esbuild.build({
    entryPoints: [at("build/edge-bindings/shim.js")],
    outfile: at("build/edge/index.js"),
    bundle: true,
    format: "esm",
    target: "es2024",
    minify: true,
    external: ["./index_bg.wasm", "cloudflare:*"],
    logLevel: "warning",
  });
  const wasm = readFileSync(squeezed);
  checkNames(code, readFileSync(at("build/edge/index.js"), "utf8"), wasm);
  writeFileSync(at("build/edge/index_bg.wasm"), wasm);
}

/** Lets the bundler leave out a class that nobody makes, and the registry of its values. */
function withDroppableClasses(code) {
  return code
    .replaceAll(/^if \(Symbol\.dispose\) (\w+)\.prototype\[Symbol\.dispose\] = \1\.prototype\.free;\n/gm, "")
    .replaceAll(": new FinalizationRegistry(", ": /* @__PURE__ */ new FinalizationRegistry(");
}

/** Fails when what was bundled names an export that the linker left out (`bindgen/linker.rs`). */
function checkNames(code, bundled, wasm) {
  const exported = new Set(WebAssembly.Module.exports(new WebAssembly.Module(wasm)).map(({ name }) => name));
  const named = new Set([...code.matchAll(/\bwasm\.(\w+)/g)].map(([, name]) => name));
  const missing = [...named].filter((name) => !exported.has(name) && bundled.includes(`.${name}`));
  if (missing.length > 0) throw new StepFailed(`the bundle uses what the wasm does not export: ${missing.join(", ")}`);
}

/**
 * Edits what the generated code does after a trap. The instance is replaced when a handler is called next; until then
 * every closure of the old one must be refused. As generated, such a closure (an answer from D1 that comes late) would
 * itself have the instance replaced, and then meet the new memory with its old pointers; and old closures would be
 * freed in the new memory.
 */
function safeAfterTraps(code) {
  const edits = [
    ["if (state.instance !== __wbg_instance_id) {", "if (state.instance !== __wbg_instance_id || __wbg_called_abort) {"],
    ["if (--state.cnt === 0) {", "if (--state.cnt === 0 && state.instance === __wbg_instance_id && !__wbg_called_abort) {"],
    // The shim answers whoever waits for the old instance.
    ["    __wbg_call_abort_hook();\n    throw e;", "    __wbg_call_abort_hook();\n    globalThis.nearsideTrapped?.();\n    throw e;"],
    // The runtime imports wasm as a module; source-phase imports are not read by every tool yet.
    ["import source wasmModule from", "import wasmModule from"],
  ];
  return edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new StepFailed(`the bindings no longer contain: ${from}`);
    return text.replaceAll(from, to);
  }, code);
}

await main(import.meta.url, buildEdge);
