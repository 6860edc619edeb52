// The online learner in wasm under Node: one event predicted and learned, with its features hashed already and not.
import { readFileSync } from "node:fs";
import { at } from "../lib/root.mjs";

const EVENTS = 500;
const ROUNDS = 200;
const CASES = [
  { name: "acceptance/predict+learn", method: "learn_hashed", target: "<= 5", peer: "20 columns, 32 terms, features hashed already" },
  { name: "acceptance/predict+learn/hash", method: "learn", target: "", peer: "the same, naming and hashing the features too" },
];

/** Medians in microseconds for an event; each round is a call that learns all events. */
export async function benchAcceptance() {
  const host = await import(at("build", "spec-host", "host.js"));
  host.initSync({ module: readFileSync(at("build", "spec-host", "host_bg.wasm")) });
  return CASES.map(({ name, method, target, peer }) => {
    const bench = new host.AcceptanceBench(EVENTS);
    for (let round = 0; round < ROUNDS; round += 1) bench[method]();
    const times = Array.from({ length: ROUNDS }, () => {
      const begun = process.hrtime.bigint();
      bench[method]();
      return Number(process.hrtime.bigint() - begun) / 1000 / EVENTS;
    });
    const value = Number(times.sort((a, b) => a - b)[ROUNDS / 2].toFixed(2));
    return { name, value, unit: "µs (median)", target, peer };
  });
}
