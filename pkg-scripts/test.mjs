// `npm test`: sets up what is missing, checks and tests everything, and says how many tests ran on each host.
import { main } from "./lib/main.mjs";
import { elapsed } from "./lib/progress.mjs";
import { run, StepFailed } from "./lib/run.mjs";
import { ensureChromium } from "./lib/chromium.mjs";
import { ensureLinters } from "./lib/rust.mjs";
import { nativeTests } from "./lib/native-tests.mjs";
import { nodeTests } from "./lib/node-tests.mjs";
import { setUp } from "./setup.mjs";
import { buildEdge } from "./build-edge.mjs";
import { buildSpecHost } from "./build-spec-host.mjs";
import { buildBrowser } from "./build-browser.mjs";
import { buildPackage } from "./build-package.mjs";
import { buildWww } from "./build-www.mjs";
import { buildPages } from "./build-pages.mjs";

const DENY = ["--", "--deny", "warnings"];
/** Every one of them must have run something: a host that is not tested is not supported. */
const HOSTS = ["native", "node-wasm", "workerd", "chromium"];

await main(import.meta.url, async () => {
  await setUp();
  await ensureLinters();
  // Two lanes for two cores: cargo locks the folders of native code and of wasm separately.
  const [native] = await Promise.all([nativeLane(), buildLane(), ensureChromium()]);
  const counts = { native, ...(await nodeTests()) };
  console.log(`\n${table(counts)}`);
  const missing = HOSTS.filter((host) => !counts[host]);
  if (missing.length > 0) throw new StepFailed(`No test ran on: ${missing.join(", ")}`);
  console.log(`\n  all passed in ${elapsed()}`);
});

async function nativeLane() {
  await run("format", "cargo", ["fmt", "--all", "--check"]);
  await run("lints", "cargo", ["clippy", "--workspace", "--all-targets", "--quiet", ...DENY]);
  return nativeTests();
}

async function buildLane() {
  await buildEdge();
  await buildSpecHost();
  await buildBrowser();
  await buildPackage();
  await buildWww();
  buildPages();
  // What is compiled for wasm only is seen by no native lint.
  const target = ["--target", "wasm32-unknown-unknown", "-p", "nearside-edge", "-p", "nearside-spec-host", "-p", "nearside-browser"];
  await run("lints (wasm)", "cargo", ["clippy", "--quiet", ...target, ...DENY]);
}

function table(counts) {
  const rows = [...HOSTS, ...Object.keys(counts).filter((host) => !HOSTS.includes(host))];
  const total = rows.reduce((sum, host) => sum + (counts[host] ?? 0), 0);
  const line = (name, count) => `  ${name.padEnd(12)}${String(count).padStart(6)}`;
  return [line("host", "tests"), ...rows.map((host) => line(host, counts[host] ?? 0)), line("total", total)].join("\n");
}
