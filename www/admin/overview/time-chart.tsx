// Lines over time as a picture, and the same as a table.

import { useEffect, useRef, useState } from "preact/hooks";
import { figure } from "../format.js";
import type { Lines } from "./plot.js";

/** The picture is fetched only here; `none` stands in the table where a line has no value. */
export function TimeChart({ title, lines, none, label }: { title: string; lines: Lines; none: string; label: string }) {
  const frame = useRef<HTMLDivElement>(null);
  const [isMissing, setIsMissing] = useState(false);
  const said = JSON.stringify(lines);
  useEffect(() => {
    const place = frame.current;
    if (!place) return;
    let stop = () => setIsMissing(false);
    let isOver = false;
    import("./plot.js").then(({ plot }) => { if (!isOver) stop = plot(place, lines); }, () => setIsMissing(!isOver));
    return () => { isOver = true; stop(); };
  }, [said]);
  const last = lines.lines.map(({ name, values }) => `${name} ${figure(values.findLast((value) => value !== null) ?? 0)}`);
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <div class="time-chart" hidden={isMissing} ref={frame} role="img" aria-label={`${label}; last: ${last.join(", ")}`} />
      {isMissing && <p class="about">The chart could not be fetched; the table has its figures.</p>}
      <details class="as-table" open={isMissing}>
        <summary>As a table</summary>
        <div class="table-frame" tabIndex={0} role="group" aria-label={title}>
          <table>
            <thead><tr><th scope="col">{lines.axis}</th>{lines.lines.map(({ name }) => <th scope="col" key={name}>{name}</th>)}</tr></thead>
            <tbody>
              {lines.times.map((at, row) => (
                <tr key={at}><th scope="row">{lines.says(at)}</th>{lines.lines.map(({ name, values }) => <td key={name}>{values[row] == null ? none : figure(values[row])}</td>)}</tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
