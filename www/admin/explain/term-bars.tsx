// The sum behind a score, as bars from a zero line and as a table that adds up. Own SVG.

import type { Factor } from "../../../src/browser/package/wire/decisions.js";
import type { ExplainedTerm } from "../../../src/browser/package/wire/explanations.js";
import { figure, plain, signed } from "../format.js";

const WIDTH = 100;
const HEIGHT = 8;

/** Terms, longest first, then the sum and the factors. */
export function TermBars({ terms, factors, score }: { terms: readonly ExplainedTerm[]; factors: readonly Factor[]; score: number }) {
  const sorted = [...terms].sort((one, other) => Math.abs(other.contribution) - Math.abs(one.contribution) || one.name.localeCompare(other.name));
  const lowest = Math.min(0, ...sorted.map(({ contribution }) => contribution));
  const span = Math.max(0, ...sorted.map(({ contribution }) => contribution)) - lowest || 1;
  const sum = terms.reduce((total, { contribution }) => total + contribution, 0);
  const product = factors.reduce((total, { multiplier }) => total * multiplier, 1);
  return (
    <>
      <p class="about">Contribution is value times weight; the score is their sum times the factors.</p>
      <div class="table-frame" tabIndex={0} role="group" aria-label="The sum">
        <table class="sum">
          <thead><tr><th scope="col">Term</th><td class="bar-cell" aria-hidden="true" /><th scope="col" class="number">Contribution</th><th scope="col" class="number">Value</th><th scope="col" class="number">Weight</th><th scope="col" class="number">Score without it</th></tr></thead>
          <tbody>
            {sorted.map((term) => {
              const [from, to] = [Math.min(0, term.contribution), Math.max(0, term.contribution)];
              const place = (value: number) => ((value - lowest) / span) * WIDTH;
              return (
                <tr key={term.name}>
                  <th scope="row">{term.label}</th>
                  <td class="bar-cell" aria-hidden="true">
                    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none"><rect class={term.contribution < 0 ? "is-less" : ""} x={place(from)} width={place(to) - place(from)} height={HEIGHT} /><line x1={place(0)} x2={place(0)} y1={0} y2={HEIGHT} /></svg>
                  </td>
                  <td class="number">{signed(term.contribution, 4)}</td><td class="number">{figure(term.value, 4)}</td><td class="number">{figure(term.weight, 4)}</td><td class="number">{figure(term.score_without, 4)}</td>
                </tr>
              );
            })}
          </tbody>
          <tfoot>
            <tr><th scope="row">Sum</th><td class="bar-cell" aria-hidden="true" /><td class="number">{figure(sum, 6)}</td><td colSpan={3} /></tr>
            {factors.map(({ name, multiplier }) => <tr key={name}><th scope="row">× {plain(name)}</th><td class="bar-cell" aria-hidden="true" /><td class="number">{figure(multiplier, 3)}</td><td colSpan={3} /></tr>)}
            <tr class="total"><th scope="row">Score</th><td class="bar-cell" aria-hidden="true" /><td class="number">{figure(score, 6)}</td><td colSpan={3}>{Math.abs(sum * product - score) > 1e-9 && "The terms do not add up to it: this is a fault of the engine."}</td></tr>
          </tfoot>
        </table>
      </div>
    </>
  );
}
