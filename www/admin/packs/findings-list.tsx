// What the checker found, by place, with what stands there. The checker names places and rules only; the words there are the
// author's own, and so they come from the document in this page.

import { useEffect, useRef } from "preact/hooks";
import { plain } from "../format.js";
import type { Problem } from "../problem.js";
import { textAt } from "./place.js";

/** The Worker names this many at most. */
const MOST_NAMED = 20;

/** The findings as a table; anything else that went wrong as its words. */
export function FindingsList({ problem, document, check }: { problem: Problem; document: unknown; check: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), [problem]);
  const { findings } = problem;
  return (
    <div class="problem findings" role="alert" tabIndex={-1} ref={place}>
      <p><strong>{problem.message}</strong>{findings.length > 0 && <> {findings.length === 1 ? "1 finding" : `${findings.length}${findings.length >= MOST_NAMED ? " or more" : ""} findings`}:</>}</p>
      {findings.length > 0 && (
        <div class="table-frame" tabIndex={0} role="group" aria-label="Findings">
          <table>
            <thead><tr><th scope="col">Place</th><th scope="col">Rule</th><th scope="col">What stands there</th></tr></thead>
            <tbody>
              {findings.map(({ place: where, rule }) => (
                <tr key={`${where} ${rule}`}><th scope="row"><code>{where}</code></th><td>{plain(rule.replaceAll("-", " "))}</td><td class="words"><code>{textAt(document, where) || "–"}</code></td></tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {findings.length > 0 && check && <p class="about">{check}</p>}
    </div>
  );
}
