// What the person took up last, read from their own record: the package's on this device, the Worker's in their account.

/** @import { App } from "./app.js" */

/** @param {Record<string, unknown>} row */
const ofDevice = ({ interaction }) => /** @type {Record<string, unknown> | undefined} */ (interaction);

/** @param {App} app @returns {Promise<string | null>} the item's id; none while what the person does may not be used */
export async function lastLiked({ allowed, own, published }) {
  if (!allowed.behavioral || !published) return null;
  const record = await own.read();
  const rows = [...(record.event ?? []).map(ofDevice), ...(record.user_interactions ?? [])].filter((row) => row !== undefined);
  const liked = rows.filter((row) => (row.type ?? row.interaction_type) === "RECOMMENDATION_ACCEPTED");
  const at = (/** @type {Record<string, unknown>} */ row) => new Date(/** @type {string | number} */ (row.occurred_at ?? row.timestamp ?? 0)).getTime();
  const ids = liked.sort((one, other) => at(other) - at(one)).map((row) => String(row.target_id ?? ""));
  return ids.find((id) => published.items.has(id)) ?? null;
}
