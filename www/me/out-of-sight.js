// Which items the person does not see because they said so: asked of the engine, which lists them with and without.

import { isSnoozed } from "../dist/nearside/elements.js";

/**
 * @import { App } from "./app.js"
 * @typedef {{ id: string, title: string, isSnoozed: boolean }} Gone
 */

/** As many as the Worker returns. */
const MOST = 50;

/** Whether a row of the record may have sent its item away. @param {Record<string, unknown>} row */
const isAgainst = ({ type, interaction_type: kind, feedback_type: said }) => /DISMISSED|FEEDBACK|NOT_RELEVANT|ALREADY_DONE/.test(`${type} ${kind} ${said}`);

/** @param {App} app @returns {Promise<Gone[]>} */
export async function outOfSight(app) {
  const { nearside, own, published } = app;
  if (nearside.mode === "general" || !published) return [];
  const record = await own.read();
  const rows = Object.values(record).flat().flatMap((row) => [row, row.interaction, row.feedback])
    .filter((row) => row !== null && typeof row === "object").map((row) => /** @type {Record<string, unknown>} */ (row));
  const said = rows.filter(isAgainst).map((row) => String(row.recommendation_id ?? row.target_id ?? ""));
  const known = [...new Set(said)].filter((id) => published.items.has(id)).slice(-MOST / 2);
  // Others stand beside them: the engine never hides the last of a list.
  const ids = [...new Set([...known, ...published.items.keys()])].slice(0, MOST);
  const ask = (/** @type {boolean} */ showHidden) => nearside.rerank(ids, app.context(), { scope: "home", limit: MOST, explain: "none", showHidden });
  const [all, shown] = known.length === 0 ? [null, null] : await Promise.all([ask(true), ask(false)]);
  const seen = new Set(shown?.items.map(({ id }) => id));
  const hidden = new Set(all?.items.map(({ id }) => id).filter((id) => known.includes(id) && !seen.has(id)));
  const snoozed = [...published.items.keys()].filter((id) => !hidden.has(id) && isSnoozed(nearside, id));
  return [...hidden, ...snoozed].map((id) => ({ id, title: published.items.get(id)?.title ?? id, isSnoozed: !hidden.has(id) }));
}
