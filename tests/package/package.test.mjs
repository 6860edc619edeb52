// What is published to npm: its shape, its types, its size, and that importing it does nothing.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { wireFiles } from "../../pkg-scripts/lib/wire-types.mjs";

const MOST_SCRIPT_BYTES = 10 * 1024;
const MOST_ELEMENT_BYTES = 8 * 1024;
/** The aim is 100 KB, and not reached: it must not go further away. */
const MOST_WASM_BYTES = 166 * 1024;
const built = (...path) => at("build", "package", ...path);
const text = (...path) => readFileSync(at(...path), "utf8");
const types = readdirSync(built("types"), { recursive: true }).filter((name) => name.endsWith(".d.ts"));

/** A folder beside which npm has installed the package. */
function consumer(name, files) {
  const folder = at("build", "consumers", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(`${folder}/node_modules`, { recursive: true });
  symlinkSync(built(), `${folder}/node_modules/nearside`, "dir");
  for (const [file, contents] of Object.entries(files)) writeFileSync(`${folder}/${file}`, contents);
  return folder;
}

test("publint finds nothing to say", async () => {
  const { messages, pkg } = await publint({ pkgDir: built(), level: "suggestion", strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
  const { dependencies, peerDependencies, sideEffects, exports } = pkg;
  assert.deepEqual([dependencies, peerDependencies, sideEffects], [undefined, undefined, false]);
  assert.equal(Object.keys(exports["."])[0], "types");
});

const gzipped = (name) => gzipSync(readFileSync(built(name)), { level: 9 }).length;

for (const [name, most] of [["nearside.js", MOST_SCRIPT_BYTES], ["elements.js", MOST_ELEMENT_BYTES], ["nearside_bg.wasm", MOST_WASM_BYTES]]) {
  test(`${name} has at most ${most} bytes as it travels`, () => assert.ok(gzipped(name) <= most, `${gzipped(name)} bytes`));
}

test("there is no further script", () => {
  assert.deepEqual(readdirSync(built()).filter((name) => name.endsWith(".js")), ["elements.js", "nearside.js"]);
});

for (const moduleResolution of ["NodeNext", "Bundler"]) {
  test(`an app that uses every export compiles strictly (${moduleResolution})`, () => {
    const module = moduleResolution === "NodeNext" ? "NodeNext" : "ESNext";
    const lib = ["ES2022", "ESNext.Disposable", "DOM"];
    const compilerOptions = { strict: true, noEmit: true, skipLibCheck: false, target: "ES2022", module, moduleResolution, lib, types: [] };
    const folder = consumer(`types-${moduleResolution}`, {
      "consumer.ts": text("tests", "package", "consumer.ts"),
      "package.json": '{"type":"module"}',
      "tsconfig.json": JSON.stringify({ compilerOptions, files: ["consumer.ts"] }),
    });
    const { status, stdout, stderr } = spawnSync(process.execPath, [at("node_modules", "typescript", "bin", "tsc"), "-p", folder], { encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
  });
}

test("the app above uses every name, each name is documented, and none is of any type or a default", () => {
  const example = text("tests", "package", "consumer.ts");
  const contents = ["index.d.ts", "elements/index.d.ts"].map((file) => readFileSync(built("types", file), "utf8")).join("\n");
  const lists = [...contents.matchAll(/\{([^}]+)\}/g)].flatMap(([, list]) => list.split(","));
  const names = new Set(lists.map((name) => name.replace(/\btype\b/, "").trim()).filter(Boolean));
  for (const file of types) {
    const source = readFileSync(built("types", file), "utf8");
    assert.doesNotMatch(source, /\bany\b(?=[;,)\]>])|export default/, file);
    for (const [, documented, name] of source.matchAll(/(\*\/\s*)?export (?:declare )?(?:interface|type|class|function|const) (\w+)/g)) {
      if (file.startsWith("wire")) names.add(name);
      assert.ok(documented || !names.has(name), `${file}: ${name} has no documentation`);
    }
  }
  assert.ok(names.size > 40);
  assert.deepEqual([...names].filter((name) => !new RegExp(`\\b${name}\\b`).test(example)), []);
});

test("the types of the API are those of its document", () => {
  for (const [name, expected] of Object.entries(wireFiles())) {
    assert.equal(text("src", "browser", "package", "wire", name), expected, `${name}: run node pkg-scripts/write-wire-types.mjs`);
  }
});

test("what the package takes the wasm to offer is what it offers", () => {
  const methods = (source) => {
    const body = /class Engine \{([\s\S]*?)\n\}/.exec(source.replace(/\/\*[\s\S]*?\*\//g, ""))[1];
    const found = [...body.matchAll(/^\s+(\w+)\(([^)]*)\)/gm)].map(([, name, list]) => `${name}/${list.split(",").filter((part) => part.trim()).length}`);
    return found.sort();
  };
  assert.deepEqual(methods(text("src", "browser", "package", "engine.d.ts")), methods(text("build", "browser", "nearside.d.ts")));
});

/** What a module must not look at before somebody calls it. */
const HOST_THINGS = [
  "navigator", "indexedDB", "caches", "fetch", "document", "window", "self", "location", "localStorage", "sessionStorage",
  "BroadcastChannel", "customElements", "HTMLElement", "CSSStyleSheet", "crypto", "addEventListener", "setTimeout", "queueMicrotask", "WebAssembly", "process", "Intl",
];

test("importing reads none of the host's things, and a bundler may drop an import that is not used", async () => {
  const folder = consumer("import", {
    "package.json": '{"type":"module"}',
    "unused.js": 'import "nearside";\nimport "nearside/elements";\nimport { createNearside } from "nearside";\nimport { defineElements } from "nearside/elements";\n',
    "watch.js": `
      const touched = [];
      for (const name of ${JSON.stringify(HOST_THINGS)}) {
        const value = globalThis[name];
        Object.defineProperty(globalThis, name, { configurable: true, get: () => (touched.push(name), value) });
      }
      const before = Object.getOwnPropertyNames(globalThis).length;
      const names = [...Object.keys(await import("nearside")), ...Object.keys(await import("nearside/elements"))];
      const mine = [...touched];
      console.log(JSON.stringify({ touched: mine, added: Object.getOwnPropertyNames(globalThis).length - before, names }));`,
  });
  const { stdout, stderr, status } = spawnSync(process.execPath, [`${folder}/watch.js`], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), { touched: [], added: 0, names: ["NearsideError", "createNearside", "init", "defineElements", "english", "forgetSnoozes", "isSnoozed", "snooze"] });
  const { outputFiles } = await build({ entryPoints: [`${folder}/unused.js`], bundle: true, minify: true, format: "esm", write: false, logLevel: "error" });
  assert.equal(outputFiles[0].text.trim(), "");
});

test("the module under a host that renders pages can be made use of without a browser's things", () => {
  const folder = consumer("server", {
    "package.json": '{"type":"module"}',
    "render.js": `
      import { readFile } from "node:fs/promises";
      import { init, createNearside, NearsideError } from "nearside";
      for (const name of ["navigator", "indexedDB", "caches", "BroadcastChannel"]) delete globalThis[name];
      await init(await readFile(new URL(import.meta.resolve("nearside/nearside_bg.wasm"))));
      await createNearside({ pack: "finance", base: "http://127.0.0.1:9" }).catch((error) => console.log(error instanceof NearsideError, error.code));`,
  });
  const { stdout, stderr } = spawnSync(process.execPath, [`${folder}/render.js`], { encoding: "utf8" });
  assert.equal(stdout.trim(), "true offline", stderr);
});
