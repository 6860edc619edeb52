// Builds the npm package into build/package: one module, its wasm, the elements beside it, their types.
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { buildBrowser } from "./build-browser.mjs";
import { main } from "./lib/main.mjs";
import { at } from "./lib/root.mjs";
import { keepPublicTypes } from "./lib/public-types.mjs";
import { run } from "./lib/run.mjs";
import { shortenNames } from "./lib/short-names.mjs";
import { slimGlue } from "./lib/slim-glue.mjs";
import { step } from "./lib/progress.mjs";
import { whenChanged } from "./lib/stamp.mjs";
import { IN_BROWSERS, sizeOf } from "./lib/wasm.mjs";

const source = (...path) => at("src", "browser", "package", ...path);
const elements = (...path) => at("src", "browser", "elements", ...path);
const result = (...path) => at("build", "package", ...path);
const GLUE = at("build", "browser", "nearside.js");
const RESULTS = ["nearside.js", "nearside_bg.wasm", "elements.js", "types/index.d.ts", "types/elements/index.d.ts", "package.json"].map((name) => result(name));
const WASM = at("build", "browser", "nearside_bg.wasm");
const BESIDE = [source("package.json"), source("README.md"), at("LICENSE-MIT"), at("LICENSE-APACHE")];
const HOW = ["slim-glue.mjs", "short-names.mjs"].map((name) => at("pkg-scripts", "lib", name));

/** Builds the package from what `buildBrowser` made, unless nothing changed. */
export async function buildPackage() {
  const sources = [source, elements].flatMap((folder) => readdirSync(folder(), { recursive: true }).map((name) => folder(name)))
    .filter((file) => /\.(ts|json|md)$/.test(file)).sort();
  const inputs = [...sources, GLUE, WASM, ...HOW, ...BESIDE.filter((file) => !sources.includes(file))];
  await whenChanged("package", inputs, RESULTS, async () => {
    rmSync(result(), { recursive: true, force: true });
    mkdirSync(result(), { recursive: true });
    const withShortNames = shortenNames(WASM, result("nearside_bg.wasm"), IN_BROWSERS);
    await step("package (one module, and the elements)", () => Promise.all([
      bundle(source("index.ts"), "nearside.js", { alias: { "nearside-engine": GLUE }, plugins: [slimGlue(GLUE, withShortNames)] }),
      bundle(elements("index.ts"), "elements.js"),
    ]));
    await run("package (types)", at("node_modules", ".bin", "tsc"), ["-p", source()]);
    keepPublicTypes(result("types"));
    // They import the types above by the package's name, as every app does.
    await run("elements (types)", at("node_modules", ".bin", "tsc"), ["-p", elements()]);
    keepPublicTypes(result("types", "elements"));
    for (const file of BESIDE) copyFileSync(file, result(file.split("/").at(-1)));
  });
  for (const name of ["nearside.js", "nearside_bg.wasm", "elements.js"]) console.log(`    ${sizeOf(result(name))}`);
}

async function bundle(entry, name, more = {}) {
  // A fresh clone has no packages yet when this file is read.
  const { build } = await import("esbuild");
  await build({
    entryPoints: [entry],
    outfile: result(name),
    bundle: true, minify: true, sourcemap: true, format: "esm", target: "es2022", platform: "neutral", legalComments: "none",
    tsconfigRaw: {},
    ...more,
  });
}

await main(import.meta.url, async () => {
  await buildBrowser();
  await buildPackage();
});
