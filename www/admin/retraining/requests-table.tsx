// The requests, and how far each is.

import { moment } from "../format.js";
import { Empty } from "../states.js";
import type { JobRequestReport } from "../wire/answers.js";

/** Every request that is kept. */
export function RequestsTable({ requests, again }: { requests: readonly JobRequestReport[]; again: () => void }) {
  return (
    <section class="panel" aria-labelledby="requests-title">
      <div class="section-head"><h3 id="requests-title">Requests</h3><button type="button" class="quiet" onClick={again}>Load again</button></div>
      {requests.length === 0 ? <Empty title="No requests yet">The job works by its own calendar until somebody asks.</Empty> : (
        <div class="table-frame" tabIndex={0} role="group" aria-labelledby="requests-title">
          <table>
            <thead><tr><th scope="col">Asked</th><th scope="col">Pack</th><th scope="col">For</th><th scope="col">Status</th><th scope="col">Finished</th><th scope="col">Reason</th><th scope="col">Who</th></tr></thead>
            <tbody>{requests.map((request) => (
              <tr key={request.id}>
                <th scope="row">{moment(request.requested_at)}</th><td>{request.pack}</td><td>{request.kind === "TRAIN" ? "retraining" : "evaluation"}</td>
                <td><span class={`status is-${request.status.toLowerCase()}`}>{request.status.toLowerCase()}</span></td>
                <td>{request.finished_at ? moment(request.finished_at) : "–"}</td><td class="words">{request.reason ?? ""}</td><td><code title={request.requested_by}>{request.requested_by.slice(0, 8)}</code></td>
              </tr>
            ))}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}
