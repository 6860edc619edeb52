// What tests of versions and of baselines found, newest first: all figures, and segments of people where they are many enough.

import { byWeight, figuresOf, isOfFew, measure, segmentsOf } from "../evaluations.js";
import type { PackReport } from "../evaluations.js";
import { figure, LEAST_PEOPLE, moment, people, short } from "../format.js";
import type { StoredEvaluation } from "../wire/answers.js";

/** As many as are looked at; the others are behind one more thing that opens. */
const FIRST = 6;

/** Every stored test, closed until somebody opens it. */
export function Evaluations({ report }: { report: PackReport }) {
  if (report.evaluations.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="evaluations-title">
      <h3 id="evaluations-title">Tests</h3>
      <p class="about">Offline, on past choices of people who share theirs.</p>
      <Tests evaluations={report.evaluations.slice(0, FIRST)} />
      {report.evaluations.length > FIRST && (
        <details class="as-table"><summary>{report.evaluations.length - FIRST} earlier tests</summary><Tests evaluations={report.evaluations.slice(FIRST)} /></details>
      )}
    </section>
  );
}

const Tests = ({ evaluations }: { evaluations: readonly StoredEvaluation[] }) => (
  <div class="parts">{evaluations.map((evaluation) => <Test key={`${evaluation.version} ${evaluation.kind} ${evaluation.evaluated_at}`} evaluation={evaluation} />)}</div>
);

function Test({ evaluation }: { evaluation: StoredEvaluation }) {
  const name = evaluation.version.length === 64 ? short(evaluation.version) : evaluation.version;
  const figures = figuresOf(evaluation.metrics);
  const segments = segmentsOf(evaluation.segments);
  const title = `${name}, ${evaluation.kind} test of ${moment(evaluation.evaluated_at)}`;
  return (
    <details class="as-table">
      <summary>{title}</summary>
      {isOfFew(evaluation) ? <p class="about">Measured on fewer than {LEAST_PEOPLE} people: the figures are not shown.</p> : (
        <div class="table-frame" tabIndex={0} role="group" aria-label={title}>
          <table>
            <caption>Figures</caption>
            <thead><tr><th scope="col">Figure</th><th scope="col" class="number">Value</th><th scope="col" class="number">Standard error</th></tr></thead>
            <tbody>{byWeight(figures.keys()).map((key) => {
              const { value, error } = figures.get(key) ?? { value: 0, error: null };
              return <tr key={key}><th scope="row">{measure(key)}</th><td class="number">{figure(value, 4)}</td><td class="number">{error === null ? "–" : figure(error, 4)}</td></tr>;
            })}</tbody>
          </table>
          {segments.length > 0 && (
            <table>
              <caption>By segment: NDCG@10</caption>
              <thead><tr><th scope="col">Segment</th><th scope="col" class="number">People</th><th scope="col" class="number">What was live</th><th scope="col" class="number">This version</th></tr></thead>
              <tbody>{segments.map((segment) => {
                const shown = (value: number | null) => (segment.people < LEAST_PEOPLE ? "not shown" : value === null ? "–" : figure(value, 4));
                return <tr key={`${segment.by} ${segment.label}`}><th scope="row">{segment.by}: {segment.label}</th><td class="number">{people(segment.people)}</td><td class="number">{shown(segment.base)}</td><td class="number">{shown(segment.candidate)}</td></tr>;
              })}</tbody>
            </table>
          )}
        </div>
      )}
    </details>
  );
}
