// Experiments in wasm under Node: nanoseconds a decision beside another engine's.
import { readFileSync } from "node:fs";
import { GrowthBookClient } from "@growthbook/growthbook";
import { at } from "../lib/root.mjs";

const IDS = 1_000;
const ROUNDS = 400;

/** A batch's nanoseconds a decision: the median, and the least, which is what it takes when nobody else is served. */
function measured(work, decisions) {
  for (let round = 0; round < ROUNDS; round += 1) work();
  const times = Array.from({ length: ROUNDS }, () => {
    const begun = process.hrtime.bigint();
    work();
    return Number(process.hrtime.bigint() - begun) / decisions;
  });
  times.sort((a, b) => a - b);
  return { median: times[ROUNDS / 2], least: times[0] };
}

async function loaded() {
  const host = await import(at("build", "spec-host", "host.js"));
  host.initSync({ module: readFileSync(at("build", "spec-host", "host_bg.wasm")) });
  return host.AssignmentBench;
}

/** The same tests in GrowthBook's own client: one that is kept for all people, and calls nobody back. */
function growthbook() {
  const rule = { condition: { country: { $in: ["ZA", "GB"] } }, variations: [0, 1], weights: [0.5, 0.5], hashVersion: 2 };
  const names = Array.from({ length: 20 }, (_, index) => `test-${index}`);
  const features = Object.fromEntries(names.map((key) => [key, { defaultValue: 0, rules: [{ ...rule, key }] }]));
  const client = new GrowthBookClient().initSync({ payload: { features } });
  const variant = (name, id) => client.evalFeature(name, { attributes: { id, country: "GB" } }).value;
  return { one: (id) => variant(names[0], id), twenty: (id) => names.reduce((sum, name) => sum + variant(name, id), 0) };
}

/** Nanoseconds of decisions, inside wasm and with the id copied in. */
export async function benchAssignment() {
  const AssignmentBench = await loaded();
  const bench = new AssignmentBench(IDS);
  // Through JSON, so that each is one piece in memory, as an id from a request is, and not two that were joined.
  const ids = JSON.parse(JSON.stringify(Array.from({ length: IDS }, (_, index) => `0192f0c1-2d3e-7a4b-8c5d-${String(index).padStart(12, "0")}`)));
  const each = (decide, some = ids) => measured(() => some.reduce((sum, id) => sum + decide(id), 0), some.length);
  const row = (name, { median, least }, target, peer) => ({ name: `experiments/${name}`, value: median, unit: "ns (median)", target, peer: `least ${Math.round(least)}; ${peer}` });
  const theirs = growthbook();
  const few = ids.slice(0, 50);
  const [one, twenty] = [each((id) => bench.of_id(id)), each((id) => bench.all_of_id(id), few)];
  const beside = (own, their) => `GrowthBook 1.8: ${Math.round(their.median)} ns, ${(their.median / own.median).toFixed(1)} times as long (wanted: 4)`;
  return [
    row("one", measured(() => bench.one(), IDS), "<= 60", "in wasm: one condition, one hash"),
    row("one/layer+holdout", measured(() => bench.layered(), IDS), "<= 150", "in wasm: one condition, three hashes"),
    row("twenty", measured(() => bench.twenty(), IDS), "<= 2000", "in wasm: 20 tests of one id"),
    row("one/from-js", one, "<= 250", beside(one, each(theirs.one))),
    row("twenty/from-js", twenty, "", beside(twenty, each(theirs.twenty, few))),
  ];
}
