// The demo people's visits as interactions. Times follow today, ids do not: done again on any day, every one is a duplicate.
import { createHash } from "node:crypto";

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;
/** Between two things done in one visit. */
const STEP_MS = 90 * 1000;

const TYPES = {
  viewed: "RECOMMENDATION_VIEWED",
  accepted: "RECOMMENDATION_ACCEPTED",
  dismissed: "RECOMMENDATION_DISMISSED",
  read: "CONTENT_READ",
  clicked: "CLICKED",
  saved: "SAVED",
  shared: "SHARED",
};

/** Returns a UUID that is always the same for the same text (version 8: made in our own way). */
function uuidOf(text) {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

/** Returns everything that a person did, oldest first. */
export function historyOf(person, now = Date.now()) {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  return person.visits.flatMap(([daysAgo, hour, done], visit) =>
    done.map((words, step) => {
      const [verb, item] = words.split(" ");
      return {
        id: uuidOf(`${person.user_id}/${visit}/${step}`),
        user_id: person.user_id,
        type: TYPES[verb],
        target_type: "recommendation",
        target_id: item,
        action: verb,
        session_id: uuidOf(`${person.user_id}/${visit}`),
        device_type: "desktop",
        context: { time_zone: person.time_zone, country: person.stated.demographics.country },
        occurred_at: new Date(today - daysAgo * DAY_MS + hour * HOUR_MS + step * STEP_MS).toISOString(),
      };
    }),
  );
}
