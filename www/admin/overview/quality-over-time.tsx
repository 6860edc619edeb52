// How good what was live and what it is compared with were, test after test.

import { figuresOf, isOfFew } from "../evaluations.js";
import type { PackReport } from "../evaluations.js";
import { moment } from "../format.js";
import type { Lines } from "./plot.js";
import { TimeChart } from "./time-chart.js";

const FIGURES = ["repeats_ndcg_10", "ndcg_10", "new_ndcg_10"];
const IS_VERSION = /^[0-9a-f]{64}$/;

const says = (at: number) => moment(new Date(at).toISOString());

/** NDCG@10 of the models and of each baseline by the time of the test; null with fewer than two tests. */
function linesOf({ evaluations }: PackReport): Lines | null {
  const points = evaluations.filter((evaluation) => !isOfFew(evaluation)).flatMap(({ version, evaluated_at, metrics }) => {
    const figures = figuresOf(metrics);
    const found = FIGURES.map((name) => figures.get(name)).find(Boolean);
    return found ? [{ name: IS_VERSION.test(version) ? "models" : version, at: Date.parse(evaluated_at), value: found.value }] : [];
  });
  const times = [...new Set(points.map(({ at }) => at))].sort((one, other) => one - other);
  if (times.length < 2) return null;
  const names = [...new Set(["models", ...points.map(({ name }) => name).sort()])].slice(0, 4);
  const lines = names.map((name) => ({ name, values: times.map((at) => points.find((point) => point.name === name && point.at === at)?.value ?? null) }));
  return { axis: "Test of", says, isJoined: true, times, lines: lines.filter(({ values }) => values.some((value) => value !== null)) };
}

/** A picture, and the same as a table. */
export function QualityOverTime({ report }: { report: PackReport }) {
  const lines = linesOf(report);
  return lines && <TimeChart title="NDCG@10 by test" lines={lines} none="not measured" label={`NDCG@10 over ${lines.times.length} tests`} />;
}
