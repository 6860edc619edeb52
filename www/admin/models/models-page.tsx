// The registry: which versions there are, how good they are, which one is live, and moving between them.

import { useState } from "preact/hooks";
import type { PackReport } from "../evaluations.js";
import { short } from "../format.js";
import { PackChooser } from "../pack-chooser.js";
import { Said } from "../said.js";
import { mayChange, useSession } from "../session.js";
import { Empty, Shown } from "../states.js";
import { useAnswer } from "../use-answer.js";
import { Evaluations } from "./evaluations-table.js";
import { Live } from "./live.js";
import { ModelLog } from "./model-log.js";
import { PromoteDialog } from "./promote-dialog.js";
import { RollbackDialog } from "./rollback-dialog.js";
import { VersionDetails } from "./version-details.js";
import { VersionTable } from "./version-table.js";

/** The models of one pack. */
export function ModelsPage({ pack }: { pack: string }) {
  const { api } = useSession();
  const models = useAnswer(api.models, "models");
  const [said, setSaid] = useState("");
  return (
    <>
      <Said text={said} />
      <Shown asked={models} what="the models">{({ packs }) => {
        const report = packs.find((one) => one.pack === pack) ?? packs[0];
        if (!report) return <Empty title="No pack yet">A model belongs to a pack. Publish one on the page of <a href="#/packs">packs and catalogues</a>.</Empty>;
        const moved = (words: string) => { setSaid(words); models.again(); };
        return (
          <>
            <PackChooser page="models" packs={packs.map((one) => one.pack)} chosen={report.pack} />
            {pack && pack !== report.pack && <p class="notice">There is no pack {pack} here; this is {report.pack}.</p>}
            <Registry report={report} moved={moved} key={report.pack} />
          </>
        );
      }}</Shown>
    </>
  );
}

function Registry({ report, moved }: { report: PackReport; moved: (said: string) => void }) {
  const { role } = useSession();
  const [chosen, setChosen] = useState(report.live ?? report.versions[0]?.version ?? "");
  const [asking, setAsking] = useState<{ promote: string } | "rollback" | null>(null);
  const isAdmin = mayChange(role);
  const kept = report.versions.find(({ version }) => version === chosen);
  const promoted = asking && asking !== "rollback" ? report.versions.find(({ version }) => version === asking.promote) : undefined;
  const close = () => setAsking(null);
  return (
    <>
      <Live report={report} rollBack={isAdmin ? () => setAsking("rollback") : undefined} />
      {!isAdmin && <p class="notice">A {role}'s token reads the models. Promoting and rolling back need an admin's.</p>}
      {report.versions.length === 0
        ? <Empty title="No model of this pack yet">People get the pack's own weights. The origin job makes a model: <code>npm run nearside -- train --pack {report.pack}</code>, then <code>publish</code>.</Empty>
        : <VersionTable report={report} chosen={chosen} choose={setChosen} promote={isAdmin ? (version) => setAsking({ promote: version }) : undefined} />}
      {kept && <VersionDetails kept={kept} />}
      <Evaluations report={report} />
      <ModelLog log={report.log} />
      {promoted && <PromoteDialog report={report} kept={promoted} close={close} done={(words) => { close(); moved(words); }} />}
      {asking === "rollback" && <RollbackDialog report={report} close={close} done={(to) => { close(); moved(`Rolled back: ${short(to)} is live.`); }} />}
    </>
  );
}
