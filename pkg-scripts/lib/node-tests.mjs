// The tests that run under Node, and the host that each of them really exercises.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { at } from "./root.mjs";
import { capture, StepFailed } from "./run.mjs";
import { step } from "./progress.mjs";

/** Where the files of each host live. */
const hosts = [
  ["node-wasm", /^tests\/(spec-hosts|package)\/node[^/]*\.test\.mjs$/],
  ["workerd", /^tests\/(api|faults|origin)\/.+|^tests\/spec-hosts\/worker[^/]*\.test\.mjs$|^tests\/package\/workerd\.test\.mjs$/],
  ["chromium", /^tests\/browser\/.+|^tests\/package\/chromium[^/]*\.test\.mjs$/],
  // What tests our own JavaScript rather than the product.
  ["node", /^(tests\/support|pkg-scripts)\/.+|^tests\/package\/package\.test\.mjs$/],
];

/** How long one file may take. A test that waits for what never comes is a failure with a name, not a silent stop. */
const FILE_MS = 600_000;

/** Returns the host of a test file. */
export function hostOf(file) {
  const found = hosts.find(([, pattern]) => pattern.test(file));
  if (!found) throw new StepFailed(`${file}: no host is known for this folder (pkg-scripts/lib/node-tests.mjs)`);
  return found[0];
}

/** Runs all test files and returns how many tests ran on each host. */
export async function nodeTests() {
  const files = ["tests", "pkg-scripts"].flatMap(testFiles).sort();
  files.forEach(hostOf);
  if (files.length === 0) return {};
  const counts = at("build", "test-counts.json");
  mkdirSync(dirname(counts), { recursive: true });
  rmSync(counts, { force: true });
  const reporter = new URL("./test-reporter.mjs", import.meta.url).href;
  // Two files at a time: each starts a workerd or a browser of its own.
  const parameters = ["--test", "--test-concurrency=2", `--test-timeout=${FILE_MS}`, `--test-reporter=${reporter}`, "--test-reporter-destination=stdout", ...files];
  await step(`${files.length} test files under Node`, () =>
    capture(process.execPath, parameters, { env: { NEARSIDE_TEST_COUNTS: counts }, onOutput: (text) => process.stdout.write(text) })
      .catch(() => { throw new StepFailed("Some tests failed; they are named above."); }),
  );
  if (!existsSync(counts)) throw new StepFailed("The test runner ended without a count.");
  const byHost = {};
  for (const [file, count] of Object.entries(JSON.parse(readFileSync(counts, "utf8")))) {
    byHost[hostOf(file)] = (byHost[hostOf(file)] ?? 0) + count;
  }
  return byHost;
}

/** Returns the test files under a folder, by their path from the root. */
function testFiles(folder) {
  const names = readdirSync(at(folder), { recursive: true }).map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
  return names.filter((name) => name.endsWith(".test.mjs"));
}
