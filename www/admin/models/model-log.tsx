// Who did what with the models of a pack, newest first.

import { moment, plain, short } from "../format.js";
import type { ModelLogRow } from "../wire/answers.js";

const FIRST = 10;

/** The log as a table. */
export function ModelLog({ log }: { log: readonly ModelLogRow[] }) {
  if (log.length === 0) return null;
  const rest = log.slice(FIRST);
  return (
    <section class="panel" aria-labelledby="log-title">
      <h3 id="log-title">Log</h3>
      <Rows rows={log.slice(0, FIRST)} caption="What was done, newest first" />
      {rest.length > 0 && <details class="as-table"><summary>{rest.length} earlier entries</summary><Rows rows={rest} caption="Earlier entries" /></details>}
    </section>
  );
}

function Rows({ rows, caption }: { rows: readonly ModelLogRow[]; caption: string }) {
  return (
    <div class="table-frame" tabIndex={0} role="group" aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Version</th><th scope="col">Live before</th><th scope="col">Reason</th><th scope="col">Who</th></tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.at} ${row.action} ${row.version}`}>
              <th scope="row">{moment(row.at)}</th><td>{plain(row.action)}</td>
              <td>{row.version ? <code title={row.version}>{short(row.version)}</code> : "the pack's own weights"}</td>
              <td>{row.from_version ? <code title={row.from_version}>{short(row.from_version)}</code> : "–"}</td>
              <td class="words">{row.reason ?? ""}</td><td><code title={row.actor}>{row.actor.slice(0, 8)}</code></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
