// One version: what it learned from, what moves its scores, what the gate said of it.

import { learnedFromFew, numberIn, verdictsOf } from "../evaluations.js";
import { count, day, moment, people, short } from "../format.js";
import type { KeptModel } from "../wire/answers.js";
import { ImportanceBars } from "./importance-bars.js";

/** All that is kept of a version beside its figures. */
export function VersionDetails({ kept }: { kept: KeptModel }) {
  const isOfFew = learnedFromFew(kept);
  const [from, to] = [numberIn(kept.window, "from_ms"), numberIn(kept.window, "to_ms")];
  const events = numberIn(kept.window, "interactions");
  return (
    <section class="panel" aria-labelledby="details-title">
      <h3 id="details-title">Version <code title={kept.version}>{short(kept.version)}</code></h3>
      <dl class="facts">
        {from !== null && to !== null && <div><dt>Learned from</dt><dd>{day(from)} to {day(to)}</dd></div>}
        <div><dt>People</dt><dd>{people(numberIn(kept.window, "people"))}</dd></div>
        {!isOfFew && events !== null && <div><dt>Events</dt><dd>{count(events)}</dd></div>}
        <div><dt>Uploaded</dt><dd>{moment(kept.uploaded_at)}</dd></div>
        <div><dt>Last promoted</dt><dd>{kept.promoted_at ? moment(kept.promoted_at) : "never"}</dd></div>
        {kept.forced_reason && <div class="is-wide"><dt>Promoted by hand, because</dt><dd>{kept.forced_reason}</dd></div>}
      </dl>
      <h4>What moves its scores</h4>
      {isOfFew ? <p class="about">It learned from fewer than 20 people: its figures are not shown.</p> : <ImportanceBars importance={kept.importance} />}
      <h4>What the gate said</h4>
      <Gate gate={kept.gate} />
    </section>
  );
}

function Gate({ gate }: { gate: KeptModel["gate"] }) {
  if (!gate) return <p class="about">No gate has judged it at a promotion.</p>;
  const verdicts = verdictsOf(gate);
  if (verdicts.length === 0) return <p>{gate["passed"] === true ? "It passed." : "It did not pass."} No rule is noted.</p>;
  return (
    <ul class="verdicts">
      {verdicts.map(({ rule, figure, limit, isPassed }) => (
        <li key={rule} class={isPassed ? "is-good" : "is-bad"}>
          <span class="sign" aria-hidden="true">{isPassed ? "✓" : "!"}</span>
          <div><p><span class="visually-hidden">{isPassed ? "Passed: " : "Failed: "}</span><strong>{rule}</strong></p><p class="soft">{figure}; allowed: {limit}</p></div>
        </li>
      ))}
    </ul>
  );
}
