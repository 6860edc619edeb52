// From a crate to a wasm file and its JavaScript side, with tools from the registries only.
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { cargoHome } from "./environment.mjs";
import { at, cargoTarget, root } from "./root.mjs";
import { run } from "./run.mjs";
import { whenChanged } from "./stamp.mjs";

/** The binding tool and the linker, after `buildBindgen`. */
export const bindgen = join(cargoTarget, "tool", "bindgen");
const linker = join(cargoTarget, "tool", "wasm-linker");

/** Panic messages name source files: the same wasm must come out of every machine, and name none of them. */
const withoutMachinePaths = `target.wasm32-unknown-unknown.rustflags=["--remap-path-prefix=${cargoHome}=cargo","--remap-path-prefix=${root}=nearside"]`;

let built = null;
/** Builds the binding tool, once a run. */
export const buildBindgen = () => (built ??= run("binding tool", "cargo", ["build", "--profile", "tool", "-p", "nearside-bindgen"]));

/**
 * Compiles one crate for wasm and returns the path of the file. Always `-p`: features leak across a workspace build. As a
 * cdylib alone: a crate that becomes an rlib too is linked without the optimisation across crates that the profile names.
 * @param {string} crate
 * @param {string[]} linkerFlags what `bindgen/linker.rs` takes
 */
export async function compile(crate, linkerFlags = []) {
  const how = ["--release", "--target", "wasm32-unknown-unknown", "-p", crate];
  // Cargo knows where its linker is, not what.
  await whenChanged(`linker-${crate}`, [linker], [], () => run(`${crate} (clean)`, "cargo", ["clean", ...how]));
  await run(`${crate} (wasm)`, "cargo", [
    "rustc", ...how, "--lib", "--crate-type", "cdylib", "--config", withoutMachinePaths,
    "--config", `target.wasm32-unknown-unknown.linker=${JSON.stringify(linker)}`,
    "--", ...linkerFlags.map((flag) => `-Clink-arg=${flag}`),
  ]);
  return join(cargoTarget, "wasm32-unknown-unknown", "release", `${crate.replaceAll("-", "_")}.wasm`);
}

/** Writes NAME.js and NAME_bg.wasm for `target` (worker or web) into `folder`. */
export function bind(target, wasm, folder, name) {
  return run(`${name} bindings`, bindgen, ["--target", target, "--out-dir", folder, "--name", name, wasm]);
}

/** What the compiler and wasm-bindgen use; with more, the optimiser would write what some runtime of ours does not read yet. */
export const IN_BROWSERS = ["simd", "bulk-memory", "sign-ext", "nontrapping-float-to-int", "mutable-globals", "reference-types", "multivalue"];
/** What comes on top for a Worker: instances that are replaced after a trap. */
export const IN_WORKERS = [...IN_BROWSERS, "exception-handling", "gc"];

/**
 * Makes a bound module smaller, function by function: their order is the binding tool's, and stays. The passes are those
 * that help what gzip leaves; all of `-Oz` would help it less. `--low-memory-unused`: the lowest kilobyte is the end of the
 * stack, which nothing reaches.
 */
export function squeeze(wasm, smaller, features) {
  const cleaning = ["--dce", "--remove-unused-brs", "--optimize-instructions", "--merge-blocks", "--remove-unused-names", "--vacuum"];
  return run("smaller wasm", process.execPath, [
    at("node_modules/binaryen/bin/wasm-opt"), ...features.map((name) => `--enable-${name}`), "--low-memory-unused", "--optimize-added-constants", "--precompute", "--rse",
    ...cleaning, ...cleaning, "--reorder-locals", wasm, "-o", smaller,
  ]);
}

/** Says how large a file is, as it is and as it travels. */
export function sizeOf(file) {
  const bytes = readFileSync(file);
  const kilobytes = (length) => `${(length / 1024).toFixed(1)} KB`;
  return `${relative(root, file)}: ${kilobytes(bytes.length)}, ${kilobytes(gzipSync(bytes, { level: 9 }).length)} gzip`;
}
