// What is live of one pack, and what the last test of it found.

import { byWeight, figuresOf, isOfFew, measure } from "../evaluations.js";
import type { PackReport } from "../evaluations.js";
import { canaryOf, day, figure, moment, short } from "../format.js";
import { addressOf } from "../route.js";
import type { Health, StoredEvaluation } from "../wire/answers.js";
import { QualityOverTime } from "./quality-over-time.js";

/** The figures that stand in front; the page of models has the others. */
const SHOWN = /ndcg_10$|coverage_10$|diversity_10$|hit_rate_10$/;

/** One pack at a glance. */
export function LivePack({ report, health }: { report: PackReport; health: Health }) {
  const { pack, live } = report;
  const kept = report.versions.find(({ version }) => version === live);
  const canary = canaryOf(report.canary);
  const title = `pack-${pack}`;
  return (
    <section class="panel" aria-labelledby={title}>
      <div class="section-head">
        <h3 id={title}>{pack}</h3>
        <p><a href={addressOf("models", pack)}>Models of {pack}</a> <a href={addressOf("packs", pack)}>Pack and catalogue of {pack}</a></p>
      </div>
      <dl class="facts">
        <div><dt>Live model</dt><dd>{live ? <code title={live}>{short(live)}</code> : short(null)}{kept && <span class="soft">trained on {day(kept.trained_at)}</span>}</dd></div>
        <div><dt>Canary</dt><dd>{canary ? <><code title={canary.version}>{short(canary.version)}</code><span class="soft">for {canary.share} % of people</span></> : "none"}</dd></div>
        <div><dt>Pack version</dt><dd><code title={health.packs[pack]}>{short(health.packs[pack] ?? null)}</code></dd></div>
        <div><dt>Catalogue version</dt><dd>{health.catalogs[pack] ? <code title={health.catalogs[pack]}>{short(health.catalogs[pack])}</code> : "none committed"}</dd></div>
      </dl>
      <LastTest evaluation={report.evaluations.find(({ version }) => version === live)} />
      <QualityOverTime report={report} />
    </section>
  );
}

function LastTest({ evaluation }: { evaluation: StoredEvaluation | undefined }) {
  if (!evaluation) return <p class="about">What is live has not been measured yet. <code>npm run nearside -- run --if-due --evaluate nightly</code> measures it.</p>;
  if (isOfFew(evaluation)) return <p class="about">What is live was measured on fewer than 20 people: the figures are not shown.</p>;
  const figures = figuresOf(evaluation.metrics);
  const names = byWeight(figures.keys()).filter((name) => SHOWN.test(name));
  return (
    <>
      <ul class="tiles" aria-label="What the last test of the live model found">
        {names.map((name) => {
          const { value, error } = figures.get(name) ?? { value: 0, error: null };
          return <li key={name}><span class="tile-name">{measure(name)}</span><strong>{figure(value)}</strong>{error !== null && <span class="soft">± {figure(error)}</span>}</li>;
        })}
      </ul>
      <p class="about">Offline, on past choices of people who share theirs: the {evaluation.kind} test of {moment(evaluation.evaluated_at)}. ± is one standard error.</p>
    </>
  );
}
