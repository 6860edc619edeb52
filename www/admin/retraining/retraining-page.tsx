// What the origin job is asked for, and what is due.

import { useState } from "preact/hooks";
import { Said } from "../said.js";
import { useSession } from "../session.js";
import { Empty, Shown } from "../states.js";
import { useAnswer } from "../use-answer.js";
import type { JobRequestReport } from "../wire/answers.js";
import { AskForm } from "./ask-form.js";
import { DueTable } from "./due-table.js";
import { RequestsTable } from "./requests-table.js";

/** Requests to the job, due or asked for. */
export function RetrainingPage() {
  const { api } = useSession();
  const jobs = useAnswer(api.jobs, "jobs");
  const [said, setSaid] = useState("");
  const asked = ({ kind, pack, status }: JobRequestReport) => {
    setSaid(`${kind === "TRAIN" ? "A retraining" : "An evaluation"} of ${pack} is asked for; it is ${status.toLowerCase()}.`);
    jobs.again();
  };
  return (
    <>
      <Said text={said} />
      <Shown asked={jobs} what="the requests">{({ due, requests }) => due.length === 0
        ? <Empty title="No pack yet">There is nothing to train before a pack is live.</Empty>
        : (
          <>
            <DueTable due={due} />
            <AskForm packs={due.map(({ pack }) => pack)} asked={asked} />
            <RequestsTable requests={requests} again={jobs.again} />
          </>
        )}</Shown>
    </>
  );
}
