// The Rust tests of the workspace, with nextest where it is installed, and how many of them ran.
import { capture, run } from "./run.mjs";

/** Runs the native tests and returns their number. */
export async function nativeTests() {
  const hasNextest = await capture("cargo", ["nextest", "--version"]).then(() => true, () => false);
  const said = hasNextest
    ? await run("native tests", "cargo", ["nextest", "run", "--workspace", "--no-fail-fast", "--status-level", "fail", "--no-tests", "pass"])
    : await run("native tests", "cargo", ["test", "--workspace", "--quiet", "--lib", "--bins", "--tests", "--no-fail-fast"]);
  // Examples in the documentation are tests too, and nextest does not run them.
  const examples = await run("examples in the documentation", "cargo", ["test", "--workspace", "--quiet", "--doc"]);
  return passed(said) + passed(examples);
}

/** Adds up what the runner said: "12 tests run: 12 passed" or "test result: ok. 12 passed". */
export function passed(said) {
  const plain = said.replaceAll(/\x1b\[[\d;]*m/g, "");
  const counts = [...plain.matchAll(/tests? run: (\d+) passed|test result: ok\. (\d+) passed/g)];
  return counts.reduce((sum, [, nextest, cargo]) => sum + Number(nextest ?? cargo), 0);
}
