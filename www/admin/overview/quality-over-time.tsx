// How good what was live and what it is compared with were, test after test.

import { useEffect, useRef, useState } from "preact/hooks";
import { figuresOf, isOfFew } from "../evaluations.js";
import type { PackReport } from "../evaluations.js";
import { figure, moment } from "../format.js";
import type { Lines } from "./plot.js";

const FIGURES = ["repeats_ndcg_10", "ndcg_10", "new_ndcg_10"];
const IS_VERSION = /^[0-9a-f]{64}$/;

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
  return { times, lines: lines.filter(({ values }) => values.some((value) => value !== null)) };
}

/** A picture, and the same as a table. */
export function QualityOverTime({ report }: { report: PackReport }) {
  const frame = useRef<HTMLDivElement>(null);
  const [isMissing, setIsMissing] = useState(false);
  const lines = linesOf(report);
  const said = JSON.stringify(lines);
  useEffect(() => {
    const place = frame.current;
    if (!lines || !place) return;
    let stop = () => setIsMissing(false);
    let isOver = false;
    import("./plot.js").then(({ plot }) => { if (!isOver) stop = plot(place, lines); }, () => setIsMissing(!isOver));
    return () => { isOver = true; stop(); };
  }, [said]);
  if (!lines) return null;
  const last = lines.lines.map(({ name, values }) => `${name} ${figure(values.findLast((value) => value !== null) ?? 0)}`);
  return (
    <figure>
      <figcaption>NDCG@10 by test</figcaption>
      <div class="time-chart" hidden={isMissing} ref={frame} role="img" aria-label={`NDCG@10 over ${lines.times.length} tests; last: ${last.join(", ")}`} />
      {isMissing && <p class="about">The chart could not be fetched; the table has its figures.</p>}
      <details class="as-table" open={isMissing}>
        <summary>As a table</summary>
        <div class="table-frame" tabIndex={0} role="group" aria-label="NDCG@10 by test">
          <table>
            <thead><tr><th scope="col">Test of</th>{lines.lines.map(({ name }) => <th scope="col" key={name}>{name}</th>)}</tr></thead>
            <tbody>
              {lines.times.map((at, row) => (
                <tr key={at}><th scope="row">{moment(new Date(at).toISOString())}</th>{lines.lines.map(({ name, values }) => <td key={name}>{values[row] == null ? "not measured" : figure(values[row])}</td>)}</tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
