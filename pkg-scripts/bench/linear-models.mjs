// `node pkg-scripts/bench/linear-models.mjs FILE` times the linear models on Online Retail beside Python's `implicit`,
// where that is installed (NEARSIDE_PYTHON names the interpreter). Every figure is the best of a few runs; ours are the
// seconds of the baselines of `nearside evaluate`, whose EASE^R keeps every weight.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { at, cargoTarget } from "../lib/root.mjs";
import { main } from "../lib/main.mjs";
import { table } from "./table.mjs";

const RUNS = 3;
const PEERS = { ease: "numpy, f64", ials: "implicit" };
/** Trained on what came before. */
const TEST = ["--test-from", "2011-10-10", "--test-to", "2011-11-09"];

await main(import.meta.url, async () => {
  const file = process.argv[2];
  if (!file) throw new Error("usage: node pkg-scripts/bench/linear-models.mjs online_retail.csv.gz");
  const built = spawnSync("cargo", ["build", "--quiet", "--profile", "tool", "-p", "nearside-origin"], { cwd: at("."), stdio: ["ignore", 2, 2] });
  if (built.status !== 0) process.exit(1);
  const runs = Array.from({ length: RUNS }, () => nearside(file));
  const ours = (name) => Math.min(...runs.map((models) => models.find(({ model }) => model === name).seconds));
  const python = process.env.NEARSIDE_PYTHON ?? "python3";
  const hasPeer = spawnSync(python, ["-c", "import implicit"]).status === 0;
  if (!hasPeer) console.error(`  implicit is not installed for ${python}: the peer is left out`);
  const peer = (model) => (hasPeer ? `${PEERS[model]}: ${best(() => other(python, file, model)).toPrecision(3)} s` : "not installed");
  console.log(table([
    { name: "EASE^R", value: ours("EASE^R"), unit: "s", target: "<= 5", peer: peer("ease") },
    { name: "iALS-64, 16 sweeps", value: ours("iALS-64"), unit: "s", target: "<= 2", peer: peer("ials") },
  ]));
});

function best(measure) {
  return Math.min(...Array.from({ length: RUNS }, measure));
}

/** The figures of every baseline. */
function nearside(file) {
  return JSON.parse(output(join(cargoTarget, "tool", "nearside"), ["evaluate", "--data", file, ...TEST, "--only-baselines", "--json"]));
}

function other(python, file, model) {
  // implicit threads by itself and asks for a BLAS that does not; numpy's inverse needs one that does.
  const env = model === "ials" ? { ...process.env, OPENBLAS_NUM_THREADS: "1" } : process.env;
  return Number(output(python, [at("pkg-scripts", "bench", "implicit_peer.py"), file, model], env));
}

function output(program, args, env = process.env) {
  const done = spawnSync(program, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", 2] });
  if (done.status !== 0) throw new Error(`${program} ended with ${done.status ?? done.error}`);
  return done.stdout.trim();
}
