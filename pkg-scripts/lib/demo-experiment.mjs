// A test for the page of experiments: the finance pack's framing of urgency, with a day of invented visits. What people
// do depends on what they see, so that there is something to find; chance is a hash, as in the crowd.
import { createHash } from "node:crypto";

const TEST = "URGENCY_FRAMING";
const AT_ONCE = 8;
/** Of those who see a variant, how many take the item up, and how many send it away. */
const RATES = { CONTROL: [0.14, 0.05], HIGH_URGENCY: [0.24, 0.08], LOW_PRESSURE: [0.15, 0.03] };

const DEFINITION = {
  description: "Do people act sooner when a deadline is named, or when nothing hurries them?",
  hypothesis: "A deadline that is named truthfully helps; words of haste do not.",
  pack: "finance",
  framing: TEST,
  variants: [["CONTROL", 34], ["HIGH_URGENCY", 33], ["LOW_PRESSURE", 33]].map(([name, traffic_percentage]) => ({ name, traffic_percentage })),
  success_metric: "accepted",
  guardrails: [{ metric: "dismissed", worse: "up" }],
  segments: ["country", "device_type"],
  minimum_sample_size: 100,
  reason: "The demo's test",
};

/** A number from 0 to 1 for a text, always the same. */
const chance = (...parts) => createHash("sha256").update(parts.join("/")).digest().readUInt32BE(0) / 2 ** 32;

/** A UUID for a text, always the same (version 8: made in our own way). */
function uuidOf(...parts) {
  const hex = createHash("sha256").update(parts.join("/")).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

/**
 * Starts the test unless there is one of its name, and sends its visits. Returns how many people came.
 * @param {ReturnType<import("./demo-api.mjs").apiOf>} call
 * @param {number} [size] how many come
 */
export async function seedExperiment(call, size = 600) {
  const { status } = await call("GET", `/ab-test/${TEST}`);
  if (status !== 404) return 0;
  await call("PUT", `/ab-test/${TEST}`, DEFINITION);
  await call("POST", `/ab-test/${TEST}/start`, { reason: "So that the page has something to show" });
  const people = Array.from({ length: size }, (_, person) => uuidOf("visitor", person));
  const events = [];
  for (let at = 0; at < people.length; at += AT_ONCE) {
    const visits = await Promise.all(people.slice(at, at + AT_ONCE).map((user_id, place) => visit(call, user_id, at + place)));
    events.push(...visits.flat());
  }
  const { json } = await call("POST", "/track-interactions?sync=1", { interactions: events });
  if (json.rejected.length > 0) throw new Error(`interaction ${json.rejected[0].index}: ${json.rejected[0].detail}`);
  return people.length;
}

/** One person says yes, sees a variant, and does what people who see it do. */
async function visit(call, user_id, person) {
  await call("POST", "/settings", { user_id, personalization_enabled: true, experiments: true });
  const country = person % 3 === 0 ? "ZA" : "GB";
  const device_type = person % 2 === 0 ? "mobile" : "desktop";
  const { json } = await call("GET", `/ab-test/${TEST}/variant?user_id=${user_id}&country=${country}&device_type=${device_type}`);
  const [accepts, dismisses] = RATES[json.variant] ?? [0, 0];
  const luck = chance("does", person);
  const type = luck < accepts ? "RECOMMENDATION_ACCEPTED" : luck < accepts + dismisses ? "RECOMMENDATION_DISMISSED" : null;
  if (!type) return [];
  return [{ id: uuidOf("visit", user_id), user_id, type, target_type: "recommendation", target_id: "emergency-fund-start", context: { country, device_type } }];
}
