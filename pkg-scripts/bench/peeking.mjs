// Experiments without a difference, looked at after every unit by the plan of the route: how often each test finds one all the
// same. With `npm run bench -- --long` only: 4,000 experiments of 40,000 units for each line take ten minutes.
import { spawnSync } from "node:child_process";
import { at } from "../lib/root.mjs";
import { environment } from "../lib/environment.mjs";

const TESTS = ["exact", "difference", "lift"];

/** Runs the simulation and returns its figures; what it prints goes to stderr too. */
export async function benchPeeking() {
  const words = ["run", "--profile", "tool", "--quiet", "-p", "nearside-engine", "--example", "peeking"];
  const { status, stdout } = spawnSync("cargo", words, { cwd: at(), env: environment(), encoding: "utf8", stdio: ["ignore", "pipe", 2] });
  if (status !== 0) throw new Error("the simulation failed");
  process.stderr.write(stdout);
  return stdout.split("\n").flatMap((line) => [...figuresOf(line), ...stoppingOf(line)]);
}

/** Of a line on a lift of 20 %: how soon half of the experiments have found it, as a part of the fixed horizon's sample. */
function stoppingOf(line) {
  const [, metric, power, horizon, , found] = /^(\S.{16,17}?)\s+(0\.\d+)\s+(\d+)\s+([\d.]+)\s+([\d.]+)$/.exec(line) ?? [];
  if (found === undefined) return [];
  // Who plans for few buyers states a larger minimum than the usual one, which the plan follows.
  const target = metric.includes("buy") ? "" : "<= 1.15";
  const peer = `${horizon} units of both arms for a single look with power ${power}`;
  return [{ name: `experiments/stops/${metric.trim()}/power ${power}`, value: Number(found), unit: "of the fixed horizon (median)", target, peer }];
}

/** The figures of one line: the metric, the true lift, then for each test "found <= upper end", in per cent. */
function figuresOf(line) {
  const [, metric, lift, rest] = /^(\S.{16,17}?)\s+(-?[\d.]+)\s+((?:-|[\d.]+ <= [\d.]+).*<=.*)$/.exec(line) ?? [];
  if (rest === undefined) return [];
  const cells = (rest.match(/-(?!\d)|[\d.]+ <= [\d.]+/g) ?? []).map((cell) => cell.split(" <= ").map(Number));
  const [peeked] = cells.splice(-1);
  return cells.flatMap(([value, upper], place) =>
    upper === undefined ? [] : [{
      name: `experiments/wrong/${metric.trim()}/lift ${lift}/${TESTS[place]}`,
      value, unit: "% of experiments", target: "<= 5", peer: `at most ${upper} with 95 % confidence; a z test that is peeked at: ${peeked[0]}`,
    }]);
}
