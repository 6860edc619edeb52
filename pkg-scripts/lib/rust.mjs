// Rust as rustup installs it: new enough, able to build wasm, and with a linker.
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { at } from "./root.mjs";
import { capture, run, StepFailed } from "./run.mjs";

const WASM = "wasm32-unknown-unknown";

/** Checks the compiler and adds what rustup can add; says what to do about the rest. */
export async function ensureRust() {
  await ensureCompiler();
  if (!(await hasWasm())) await run(`Rust target ${WASM}`, "rustup", ["target", "add", WASM]);
}

/** Adds the formatter and the linter where rustup was installed with its smallest profile. */
export async function ensureLinters() {
  for (const [program, component] of [["cargo-fmt", "rustfmt"], ["cargo-clippy", "clippy"]]) {
    const isThere = await capture(program, ["--version"]).then(() => true, () => false);
    if (!isThere) await run(`Rust component ${component}`, "rustup", ["component", "add", component]);
  }
}

/** Checks that there is a Rust compiler new enough for the workspace, and a linker. */
export async function ensureCompiler() {
  const needed = /rust-version = "([\d.]+)"/.exec(readFileSync(at("Cargo.toml"), "utf8"))[1];
  const version = await capture("rustc", ["--version"]).catch(() => null);
  if (version === null) {
    throw new StepFailed(`Rust is missing. Install it from https://rustup.rs (${needed} or newer), then run this again.`);
  }
  const found = /(\d+)\.(\d+)/.exec(version);
  const [major, minor] = needed.split(".").map(Number);
  if (Number(found[1]) < major || (Number(found[1]) === major && Number(found[2]) < minor)) {
    throw new StepFailed(`Rust ${found[0]} is too old: ${needed} or newer is needed. Run: rustup update stable`);
  }
  const hasLinker = (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, "cc")));
  if (!hasLinker && process.platform !== "win32") {
    throw new StepFailed("A C linker (cc) is missing, which Rust needs. On Debian: apt-get install -y gcc libc6-dev");
  }
}

async function hasWasm() {
  const folder = await capture("rustc", ["--print", "target-libdir", "--target", WASM]);
  return existsSync(folder.trim());
}
