// How much each term of a model moves, as bars: own SVG, with the figures as text beside them.

import { numberIn } from "../evaluations.js";
import { figure, plain } from "../format.js";

/** As many as are looked at; the others are behind a button. */
const FIRST = 10;
/** The width of the drawing in its own units. */
const WIDTH = 100;

/** Bars, longest first. */
export function ImportanceBars({ importance }: { importance: Readonly<Record<string, unknown>> }) {
  const all = Object.keys(importance).map((name) => ({ name, value: numberIn(importance, name) ?? 0 })).sort((one, other) => other.value - one.value || one.name.localeCompare(other.name));
  if (all.length === 0) return <p class="about">The document names no term.</p>;
  const most = Math.max(...all.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  const [first, rest] = [all.slice(0, FIRST), all.slice(FIRST)];
  return (
    <>
      <p class="about">How far a term spreads the scores: the standard deviation of its contribution over all candidates it learned from.</p>
      <Bars bars={first} most={most} />
      {rest.length > 0 && <details class="as-table"><summary>{rest.length} more terms</summary><Bars bars={rest} most={most} /></details>}
    </>
  );
}

function Bars({ bars, most }: { bars: readonly { name: string; value: number }[]; most: number }) {
  return (
    <ul class="bars">
      {bars.map(({ name, value }) => (
        <li key={name}>
          <span class="bar-name">{plain(name)}</span>
          <svg viewBox={`0 0 ${WIDTH} 8`} preserveAspectRatio="none" aria-hidden="true"><rect width={(Math.abs(value) / most) * WIDTH} height="8" /></svg>
          <span class="bar-value">{figure(value, 4)}</span>
        </li>
      ))}
    </ul>
  );
}
