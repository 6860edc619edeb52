// An explanation in full: the sum, the reasons, what was used and what would change it.

import { useEffect, useRef } from "preact/hooks";
import type { Explanation } from "../../../src/browser/package/wire/explanations.js";
import { figure } from "../format.js";
import { Degraded, STATES } from "./persons-list.js";
import { TermBars } from "./term-bars.js";

/** Why this item. */
export function ExplanationView({ explanation }: { explanation: Explanation }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [explanation]);
  const { terms = [], factors = [], score, rank } = explanation;
  return (
    <section class="panel" aria-labelledby="explanation-title">
      <h3 id="explanation-title" tabIndex={-1} ref={heading}>Why <code>{explanation.recommendation_id}</code></h3>
      <dl class="facts">
        <div><dt>Order</dt><dd>{STATES[explanation.personalization]}</dd></div>
        {rank !== undefined && <div><dt>Rank</dt><dd>{rank}</dd></div>}
        {score !== undefined && <div><dt>Score</dt><dd>{figure(score, 6)}</dd></div>}
        <div><dt>Hidden</dt><dd>{explanation.is_hidden ? "yes, as the person asked" : "no"}</dd></div>
      </dl>
      <Degraded parts={explanation.degraded} />
      {terms.length > 0 && score !== undefined
        ? <TermBars terms={terms} factors={factors} score={score} />
        : <p class="about">There is no sum: in the general order nothing personal is read, and items stand by the pack's own order.</p>}
      <div class="columns-2">
        <Texts title="Main reasons" texts={explanation.primary_reasons} />
        <Texts title="What also counted" texts={explanation.contributing_factors} />
        <Texts title="Data used" texts={explanation.data_used} />
        <Texts title="What would change it" texts={explanation.what_would_change_it} />
        <Texts title="What would make it fit better" texts={explanation.how_to_improve_relevance} />
      </div>
      <p class="about">{explanation.logic}</p>
    </section>
  );
}

function Texts({ title, texts }: { title: string; texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return <div><h4>{title}</h4><ul class="texts">{texts.map((text) => <li key={text}>{text}</li>)}</ul></div>;
}
