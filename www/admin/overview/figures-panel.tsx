// What people did, chose and got in the last days, in figures and over time. None is of fewer than twenty people.

import { LEAST_PEOPLE, moment } from "../format.js";
import { Shown } from "../states.js";
import type { Asked } from "../use-answer.js";
import type { Overview } from "../wire/answers.js";
import { countsOf, daysOfPack, FEW, latenciesOf, ratesOf, sharesOf, tilesOfPack, tilesOfService } from "./figures.js";
import type { Tile } from "./figures.js";
import type { Lines } from "./plot.js";
import { TimeChart } from "./time-chart.js";

/** The spans that can be asked for; the Worker knows ninety days at most. */
const SPANS = [7, 28, 90];

interface Panel {
  readonly asked: Asked<Overview>;
  readonly packs: readonly string[];
  readonly days: number;
  readonly choose: (days: number) => void;
}

/** The figures of the service, then of each pack. */
export function FiguresPanel({ asked, packs, days, choose }: Panel) {
  return (
    <section class="panel" aria-labelledby="figures-title">
      <div class="section-head">
        <h3 id="figures-title">Figures</h3>
        <p>
          <label for="days">Last</label>{" "}
          <select id="days" value={days} onChange={(event) => choose(Number(event.currentTarget.value))}>{SPANS.map((span) => <option key={span} value={span}>{span} days</option>)}</select>
        </p>
      </div>
      <Shown asked={asked} what="the figures">{(overview) => (
        <>
          <Tiles label="Choices and answers" tiles={tilesOfService(overview)} />
          <div class="columns-2">
            <Chart title="Time to answer by day, in milliseconds" lines={latenciesOf(overview.service)} />
            <Chart title="Shares of general and degraded lists, by day" lines={sharesOf(overview.service)} />
          </div>
          {packs.map((pack) => <PackFigures key={pack} pack={pack} overview={overview} />)}
          <Meaning until={overview.until} />
        </>
      )}</Shown>
    </section>
  );
}

function PackFigures({ pack, overview }: { pack: string; overview: Overview }) {
  const days = daysOfPack(overview, pack);
  const isEmpty = days.every((one) => one.active_people === null);
  return (
    <>
      <h4>What people do with {pack}</h4>
      {isEmpty
        ? <p class="about">On none of these days were there {LEAST_PEOPLE} people who share what they do: there is nothing to show.</p>
        : <Tiles label={`What people do with ${pack}`} tiles={tilesOfPack(days)} />}
      <div class="columns-2">
        <Chart title={`People and what they did with ${pack}, by day`} lines={countsOf(days)} />
        <Chart title={`Acceptance, coverage and diversity of ${pack}, by day`} lines={ratesOf(days)} />
      </div>
    </>
  );
}

function Tiles({ label, tiles }: { label: string; tiles: readonly Tile[] }) {
  return (
    <ul class="tiles" aria-label={label}>
      {tiles.map(({ name, value, about }) => (
        <li key={name}><span class="tile-name">{name}</span>{value === null ? <span>{FEW}</span> : <strong>{value}</strong>}<span class="soft">{about}</span></li>
      ))}
    </ul>
  );
}

function Chart({ title, lines }: { title: string; lines: Lines | null }) {
  return lines && <TimeChart title={title} lines={lines} none={FEW} label={`${title}, ${lines.times.length} days`} />;
}

function Meaning({ until }: { until: string }) {
  return (
    <details class="as-table">
      <summary>How this is counted</summary>
      <p class="about">Days are UTC; today is counted until {moment(until)}, days before it are counted by night, the last three once more for events that came late. Only people who agreed to share are counted, and nothing is shown of fewer than {LEAST_PEOPLE}, nor where the difference of two figures would tell it.</p>
      <dl class="facts">
        <div class="is-wide"><dt>Acceptance</dt><dd>accepted / (accepted + dismissed)</dd></div>
        <div class="is-wide"><dt>Catalogue coverage</dt><dd>different items shown / items of the catalogue when the day was closed</dd></div>
        <div class="is-wide"><dt>Diversity of categories</dt><dd>1 − Σ p², p the share of each category in what was shown (Gini–Simpson): the chance that two views are of different categories</dd></div>
        <div class="is-wide"><dt>Opt-out rate</dt><dd>people who said no / people with settings</dd></div>
        <div class="is-wide"><dt>General order, degraded</dt><dd>shares of the lists that were answered in the general order, and of those where something could not be read</dd></div>
        <div class="is-wide"><dt>Time to answer</dt><dd>from the Worker's own clock, which moves only when something is read or written; each isolate counts for itself, and what it had not written when it ended is missing</dd></div>
      </dl>
    </details>
  );
}
