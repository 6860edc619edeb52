// Making a version live, or a canary: for how many, and why.

import { useRef, useState } from "preact/hooks";
import { Dialog } from "../dialog.js";
import type { PackReport } from "../evaluations.js";
import { canaryOf, short } from "../format.js";
import { useSession } from "../session.js";
import type { KeptModel } from "../wire/answers.js";

const FIRST_SHARE = 5;

interface Question {
  readonly report: PackReport;
  readonly kept: KeptModel;
  readonly close: () => void;
  readonly done: (said: string) => void;
}

/** Asks for whom and why. What was live when the page was loaded is said, so that nobody's move in between is undone. */
export function PromoteDialog({ report, kept, close, done }: Question) {
  const { api } = useSession();
  const [isCanary, setIsCanary] = useState(kept.status === "CANDIDATE" && report.live !== null);
  const [share, setShare] = useState(FIRST_SHARE);
  const reason = useRef<HTMLTextAreaElement>(null);
  const gate = kept.gate && { ...kept.gate, passed: kept.gate["passed"] === true };
  const act = () => api.promote(report.pack, {
    version: kept.version, gate, forced_reason: reason.current?.value.trim() ?? "", expected_live: report.live, expected_canary: report.canary,
    ...(isCanary ? { share } : {}),
  });
  const name = short(kept.version);
  const said = isCanary ? `${name} is the canary for ${share} % of people.` : `${name} is live.`;
  const canary = canaryOf(report.canary);
  return (
    <Dialog title={`Promote ${name}?`} doIt={isCanary ? "Start the canary" : "Promote for everybody"} act={act} done={() => done(said)} close={close}>
      <fieldset>
        <legend>For whom</legend>
        <label class="choice"><input type="radio" name="whom" checked={!isCanary} onChange={() => setIsCanary(false)} /> Everybody</label>
        <label class="choice"><input type="radio" name="whom" checked={isCanary} onChange={() => setIsCanary(true)} /> A canary beside what is live</label>
        {isCanary && (
          <p class="field"><label for="share">Per cent of people</label>
            <input id="share" type="number" min={1} max={99} step={1} required value={share} onInput={(event) => setShare(event.currentTarget.valueAsNumber || FIRST_SHARE)} /></p>
        )}
      </fieldset>
      <p>{isCanary ? `${share} % of people get ${name}, all others stay with ${short(report.live)}.` : `Everybody gets ${name} instead of ${short(report.live)} with their next answer.`}
        {canary && canary.version !== kept.version && ` The canary ${short(canary.version)} ends.`}</p>
      <p class="about">{gate ? `The gate ${gate.passed ? "passed" : "did not pass"} it at its last promotion, against what was live then.` : "No gate has judged it; the origin job's publish does."} A promotion from here is by hand, so its reason is kept with the version.</p>
      <p class="field"><label for="reason">Reason</label><textarea id="reason" ref={reason} rows={2} maxLength={256} required /></p>
    </Dialog>
  );
}
