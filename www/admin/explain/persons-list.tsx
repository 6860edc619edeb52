// The list that a person would get now, each item with a way to its reasons.

import type { Decision, Personalization } from "../../../src/browser/package/wire/decisions.js";
import { figure, plain, short } from "../format.js";

/** What the states of personalization mean. */
export const STATES: Readonly<Record<Personalization, string>> = {
  none: "general: nothing personal was read", building: "personal, still learning", full: "personal",
};

/** Names what an answer had to do without. */
export function Degraded({ parts }: { parts: readonly string[] }) {
  return parts.length === 0 ? null : <p class="notice">The answer had to do without: {parts.map(plain).join(", ")}.</p>;
}

/** The list as a table. */
export function PersonsList({ list, chosen, why }: { list: Decision; chosen: string; why: (item: string) => void }) {
  return (
    <section class="panel" aria-labelledby="list-title">
      <h3 id="list-title">Their list now</h3>
      <dl class="facts">
        <div><dt>Order</dt><dd>{STATES[list.personalization]}</dd></div>
        <div><dt>Model</dt><dd>{list.model_version ? <code title={list.model_version}>{short(list.model_version)}</code> : short(null)}</dd></div>
        {list.experiments && list.experiments.length > 0 && <div class="is-wide"><dt>Tests</dt><dd>{list.experiments.map(({ test_name, variant }) => `${test_name}: ${variant}`).join(", ")}</dd></div>}
      </dl>
      <Degraded parts={list.degraded} />
      {list.items.length === 0 ? <p>There is nothing to recommend to this person here.</p> : (
        <div class="table-frame" tabIndex={0} role="group" aria-labelledby="list-title">
          <table>
            <thead><tr><th scope="col" class="number">Rank</th><th scope="col">Item</th><th scope="col" class="number">Score</th><th scope="col" class="number">Confidence</th><th scope="col"><span class="visually-hidden">Reasons</span></th></tr></thead>
            <tbody>{list.items.map((item) => (
              <tr key={item.id} class={item.id === chosen ? "is-chosen" : ""}>
                <td class="number">{item.rank}</td><th scope="row" class="words">{item.title ?? item.id}<span class="soft">{item.id}</span></th>
                <td class="number">{item.score === undefined ? "–" : figure(item.score, 4)}</td><td class="number">{item.confidence === undefined ? "–" : figure(item.confidence, 2)}</td>
                <td><button type="button" class="quiet" aria-label={`Why ${item.title ?? item.id}?`} onClick={() => why(item.id)}>Why?</button></td>
              </tr>
            ))}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}
