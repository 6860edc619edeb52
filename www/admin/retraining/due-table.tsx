// What the job would do of itself at its next run.

import { moment, people } from "../format.js";
import type { Jobs } from "../wire/answers.js";

const REASONS = { AGE: "nothing was trained within 7 days", FEEDBACK: "there is significant feedback" };

/** Each pack with what is due, and why. */
export function DueTable({ due }: { due: Jobs["due"] }) {
  return (
    <section class="panel" aria-labelledby="due-title">
      <h3 id="due-title">What is due</h3>
      <div class="table-frame" tabIndex={0} role="group" aria-labelledby="due-title">
        <table>
          <thead><tr><th scope="col">Pack</th><th scope="col">Retraining</th><th scope="col">Last trained</th><th scope="col">Significant feedback since</th></tr></thead>
          <tbody>{due.map((row) => (
            <tr key={row.pack}>
              <th scope="row">{row.pack}</th><td class="words">{row.reasons.length === 0 ? "not due" : `due: ${row.reasons.map((reason) => REASONS[reason]).join(", and ")}`}</td>
              <td>{row.last_trained_at ? moment(row.last_trained_at) : "never"}</td><td>{row.significant_feedback === 0 ? "none" : people(row.significant_feedback)}</td>
            </tr>
          ))}</tbody>
        </table>
      </div>
      <p class="about">The Worker trains nothing: <code>npm run nearside -- run --if-due</code> honours what is due and what is asked for.</p>
    </section>
  );
}
