// The engine in wasm under Node: catalogue prepared once, then a profile in and the bytes of the top 10 out.
import { readFileSync } from "node:fs";
import { at } from "../lib/root.mjs";
import { items, pack } from "./finance.mjs";

const NOW_MS = Date.parse("2026-11-20T09:30:00Z");
/** Size of the catalogue, events of the person in half a year, and the limit in microseconds, where there is one. */
const CASES = [
  { name: "engine/recommend/100", size: 100, events: 40, limit: 150 },
  { name: "engine/recommend/1000", size: 1000, events: 40, limit: 1000 },
  { name: "engine/recommend/100/busy", size: 100, events: 240 },
];
const stated = { age: 34, country: "GB", income_level: "MEDIUM", self_reported_expertise: "INTERMEDIATE" };

/** Medians in microseconds, one request at a time. */
export async function benchEngine() {
  const host = await import(at("build", "spec-host", "host.js"));
  host.initSync({ module: readFileSync(at("build", "spec-host", "host_bg.wasm")) });
  const encode = (value) => new TextEncoder().encode(JSON.stringify(value));
  return CASES.map(({ name, size, events, limit }) => {
    const catalogue = { format: 1, pack: "finance", items: items(size).sort((a, b) => (a.id < b.id ? -1 : 1)) };
    const bench = new host.Bench(encode(pack()), encode(catalogue), NOW_MS);
    const state = bench.state_of(events);
    const person = encode(stated);
    const bytes = bench.recommend(state, person).length;
    for (let round = 0; round < 1500; round += 1) bench.recommend(state, person);
    const times = Array.from({ length: 1500 }, () => {
      const begun = process.hrtime.bigint();
      bench.recommend(state, person);
      return Number(process.hrtime.bigint() - begun) / 1000;
    });
    const value = times.sort((a, b) => a - b)[times.length / 2];
    const peer = `${events} events, profile of ${state.length} bytes in, ${bytes} bytes out`;
    return { name, value, unit: "µs (median)", target: limit ? `<= ${limit}` : "", peer };
  });
}
