// Asking the job for a retraining or an evaluation.

import { useRef, useState } from "preact/hooks";
import { asProblem } from "../problem.js";
import type { Problem } from "../problem.js";
import { useSession } from "../session.js";
import { Failed } from "../states.js";
import type { JobRequestReport } from "../wire/answers.js";

/** One open request of a kind and pack is kept; asking again answers with that. */
export function AskForm({ packs, asked }: { packs: readonly string[]; asked: (report: JobRequestReport) => void }) {
  const { api } = useSession();
  const [pack, setPack] = useState(packs[0] ?? "");
  const [kind, setKind] = useState<JobRequestReport["kind"]>("TRAIN");
  const [problem, setProblem] = useState<Problem | null>(null);
  const reason = useRef<HTMLInputElement>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    const body = { pack, reason: reason.current?.value.trim() || null };
    try {
      asked(await (kind === "TRAIN" ? api.askTraining(body) : api.askEvaluation(body)));
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  return (
    <form class="panel" aria-labelledby="ask-title" onSubmit={(event) => void submit(event)}>
      <h3 id="ask-title">Ask the job</h3>
      <div class="filters">
        <p class="field"><label for="pack">Pack</label><select id="pack" value={pack} onChange={(event) => setPack(event.currentTarget.value)}>{packs.map((one) => <option key={one}>{one}</option>)}</select></p>
        <p class="field"><label for="kind">For</label>
          <select id="kind" value={kind} onChange={(event) => setKind(event.currentTarget.value === "TRAIN" ? "TRAIN" : "EVALUATE")}><option value="TRAIN">a retraining</option><option value="EVALUATE">an evaluation of what is live</option></select></p>
        <p class="field is-wide"><label for="why">Reason</label><input id="why" ref={reason} required maxLength={256} autocomplete="off" /></p>
      </div>
      {problem && <Failed problem={problem} />}
      <p class="buttons"><button type="submit" class="main">Ask</button></p>
      <p class="about">One open request a pack and kind: asking again while one waits answers with that one.</p>
    </form>
  );
}
