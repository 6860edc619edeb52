// Every version that is kept, newest first, with its figures beside those of the others.

import { byWeight, figuresOf, isOfFew, learnedFromFew, measure, numberIn } from "../evaluations.js";
import type { Figure, PackReport } from "../evaluations.js";
import { day, figure, people, plain, short, size } from "../format.js";
import type { KeptModel } from "../wire/answers.js";

/** As many figures as can be compared at a glance; the details have all. */
const MOST_FIGURES = 3;

interface Choice {
  readonly report: PackReport;
  readonly chosen: string;
  readonly choose: (version: string) => void;
  readonly promote: ((version: string) => void) | undefined;
}

/** The figures of a version: those of its last test, else those that it carries. */
function figuresFor(kept: KeptModel, { evaluations }: PackReport): Map<string, Figure> {
  const last = evaluations.find((evaluation) => evaluation.version === kept.version);
  if (last) return isOfFew(last) ? new Map() : figuresOf(last.metrics);
  return learnedFromFew(kept) ? new Map() : figuresOf(kept.metrics);
}

/** The versions as a table; a version's button shows its details below. */
export function VersionTable({ report, chosen, choose, promote }: Choice) {
  const figures = new Map(report.versions.map((kept) => [kept.version, figuresFor(kept, report)]));
  const names = byWeight(new Set([...figures.values()].flatMap((of) => [...of.keys()]))).slice(0, MOST_FIGURES);
  const said = (found: Figure | undefined) => (found ? `${figure(found.value)}${found.error === null ? "" : ` ± ${figure(found.error)}`}` : "–");
  return (
    <section class="panel" aria-labelledby="versions-title">
      <h3 id="versions-title">Versions</h3>
      <div class="table-frame" tabIndex={0} role="group" aria-labelledby="versions-title">
        <table>
          <caption>Newest first. Figures are of the version's last test, ± one standard error.</caption>
          <thead>
            <tr>
              <th scope="col">Version</th><th scope="col">Status</th><th scope="col">Trained</th><th scope="col">People</th><th scope="col">Size</th>
              {names.map((name) => <th scope="col" key={name} class="number">{measure(name)}</th>)}
              {promote && <th scope="col"><span class="visually-hidden">What can be done</span></th>}
            </tr>
          </thead>
          <tbody>
            {report.versions.map((kept) => (
              <tr key={kept.version} class={kept.version === chosen ? "is-chosen" : ""}>
                <th scope="row"><button type="button" class="link" aria-pressed={kept.version === chosen} title={kept.version} onClick={() => choose(kept.version)}><code>{short(kept.version)}</code></button></th>
                <td><span class={`status is-${plain(kept.status)}`}>{plain(kept.status)}</span></td>
                <td>{day(kept.trained_at)}</td>
                <td>{people(numberIn(kept.window, "people"))}</td>
                <td>{size(kept.size_bytes)}</td>
                {names.map((name) => <td key={name} class="number">{said(figures.get(kept.version)?.get(name))}</td>)}
                {promote && <td>{kept.status !== "LIVE" && <button type="button" class="quiet" aria-label={`Promote ${short(kept.version)}…`} onClick={() => promote(kept.version)}>Promote…</button>}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
