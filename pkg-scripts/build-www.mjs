// Builds the pages that are written in TypeScript: www/admin into the git-ignored www/dist/admin, types checked first.
import { readdirSync } from "node:fs";
import { main } from "./lib/main.mjs";
import { step } from "./lib/progress.mjs";
import { at } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { whenChanged } from "./lib/stamp.mjs";
import { sizeOf } from "./lib/wasm.mjs";

const source = (...path) => at("www", "admin", ...path);
const result = (...path) => at("www", "dist", "admin", ...path);
const SHAPES = at("src", "browser", "package", "wire");

/** Builds the admin's pages unless nothing changed. */
export async function buildWww() {
  const inputs = [source(), SHAPES].flatMap(filesOf).concat(at("package-lock.json"), at("pkg-scripts", "build-www.mjs"));
  await whenChanged("www-admin", inputs, [result("admin.js")], async () => {
    await run("admin's pages (types)", at("node_modules", ".bin", "tsc"), ["-p", source()]);
    await step("admin's pages (bundle)", bundle);
  });
  console.log(`    ${sizeOf(result("admin.js"))}`);
}

const filesOf = (folder) =>
  readdirSync(folder, { recursive: true }).map((name) => `${folder}/${name}`).filter((file) => /\.(ts|tsx|json)$/.test(file)).sort();

async function bundle() {
  // A fresh clone has no packages yet when this file is read.
  const { build } = await import("vite");
  await build({
    configFile: false,
    envDir: false,
    root: source(),
    base: "/dist/admin/",
    publicDir: false,
    logLevel: "warn",
    build: {
      outDir: result(),
      emptyOutDir: true,
      target: "es2022",
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: source("main.tsx"),
        // The page names the file, so it has the same name after every build.
        output: { entryFileNames: "admin.js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" },
      },
    },
  });
}

await main(import.meta.url, buildWww);
