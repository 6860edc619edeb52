// What people get now, and the way back.

import type { PackReport } from "../evaluations.js";
import { canaryOf, short } from "../format.js";

/** The live version, the canary and the one before. */
export function Live({ report, rollBack }: { report: PackReport; rollBack: (() => void) | undefined }) {
  const canary = canaryOf(report.canary);
  const hasMoved = report.live !== null || canary !== null || report.previous !== null;
  return (
    <section class="panel" aria-labelledby="live-title">
      <div class="section-head">
        <h3 id="live-title">What people get</h3>
        {rollBack && hasMoved && <button type="button" class="quiet" onClick={rollBack}>Roll back…</button>}
      </div>
      <dl class="facts">
        <div><dt>Live</dt><dd>{report.live ? <code title={report.live}>{short(report.live)}</code> : short(null)}</dd></div>
        <div><dt>Canary</dt><dd>{canary ? <><code title={canary.version}>{short(canary.version)}</code><span class="soft">for {canary.share} % of people</span></> : "none"}</dd></div>
        <div><dt>Before it</dt><dd>{report.previous ? <code title={report.previous}>{short(report.previous)}</code> : short(null)}</dd></div>
      </dl>
    </section>
  );
}
