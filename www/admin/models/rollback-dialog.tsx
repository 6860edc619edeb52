// Going back to a version that was live before, or to the pack's own weights.

import { useRef, useState } from "preact/hooks";
import { Dialog } from "../dialog.js";
import type { PackReport } from "../evaluations.js";
import { day, short } from "../format.js";
import { useSession } from "../session.js";

interface Question {
  readonly report: PackReport;
  readonly close: () => void;
  readonly done: (to: string) => void;
}

/** Where one can go: the one before first, then the others that were live, the pack's own weights, and what is live where only a canary ends. */
function waysOf({ versions, previous, live, canary }: PackReport): { to: string; words: string }[] {
  const were = versions.filter(({ version, promoted_at }) => promoted_at !== null && version !== live && version !== previous && !canary?.startsWith(version));
  const before = previous ? [{ to: previous, words: `${short(previous)}, the one before` }] : [];
  const others = were.map(({ version, promoted_at }) => ({ to: version, words: `${short(version)}, promoted on ${day(promoted_at ?? "")}` }));
  const own = live ? [{ to: "", words: "The pack's own weights" }] : [];
  const only = canary ? [{ to: live ?? "", words: `${short(live)}, as it is: only the canary ends` }] : [];
  return canary ? [...only, ...before, ...others, ...own.filter(() => live !== null)] : [...before, ...others, ...own];
}

/** Asks where to and why. */
export function RollbackDialog({ report, close, done }: Question) {
  const { api } = useSession();
  const ways = waysOf(report);
  const [to, setTo] = useState(ways[0]?.to ?? "");
  const reason = useRef<HTMLTextAreaElement>(null);
  const act = () => api.rollBack(report.pack, { to, reason: reason.current?.value.trim() ?? "", expected_live: report.live, expected_canary: report.canary });
  return (
    <Dialog title={`Roll back ${report.pack}?`} doIt="Roll back" isDangerous act={act} done={() => done(to)} close={close}>
      <p class="field"><label for="to">To</label>
        <select id="to" value={to} onChange={(event) => setTo(event.currentTarget.value)}>{ways.map((way) => <option key={way.to} value={way.to}>{way.words}</option>)}</select></p>
      <p>Everybody gets {short(to)} with their next answer{report.canary && "; the canary ends"}. The version that is live now is kept.</p>
      <p class="field"><label for="reason">Reason</label><textarea id="reason" ref={reason} rows={2} maxLength={256} required /></p>
    </Dialog>
  );
}
