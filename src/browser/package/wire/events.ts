// Written by pkg-scripts/write-wire-types.mjs from www/openapi.json. Change that, not this.

import type { Context } from "./items.js";
import type { Detail, NotificationFrequency } from "./people.js";

/** One event, unique per user and id. `value`: seconds for TIME_SPENT, 1 to 5 for ratings, money or count where the type says so. */
export interface Interaction {
  /** For FEEDBACK: positive, negative, helpful, not_helpful, rating, already_done, not_relevant, restore, general. */
  readonly action?: string | null;
  readonly category?: string | null;
  readonly context?: Context | null;
  readonly decision_id?: string | null;
  readonly device_id?: string | null;
  readonly device_type?: string | null;
  /** The latest token, where there is no receipt: what was carried is what was shown. One that is not ours is passed over. */
  readonly experiments_token?: string | null;
  /** Made by the host when absent; then a repeated request is a second event. */
  readonly id?: string | null;
  /** Within 30 days past and 5 minutes ahead of the server's time; the server's time when absent. */
  readonly occurred_at?: string | null;
  readonly position?: number | null;
  readonly reason?: string | null;
  /** That of the answer which showed the item. One that does not verify, or did not show the item at `position` (counted from 1), is passed over. */
  readonly receipt?: string | null;
  readonly session_id?: string | null;
  readonly target_id?: string | null;
  readonly target_type?: string | null;
  /** One of EventType, or the name that the pack gives one. */
  readonly type: EventType | (string & {});
  readonly value?: number | null;
}

/** What can happen. */
export type EventType = "RECOMMENDATION_ACCEPTED" | "RSVP" | "PURCHASED" | "INSTALLED" | "GOAL_COMPLETED" | "GOAL_CREATED" | "FEEDBACK" | "SAVED" | "SHARED" | "CONTENT_COMPLETED" | "CONTENT_READ" | "CLICKED" | "FEATURE_USED" | "NOTIFICATION_OPENED" | "RECOMMENDATION_VIEWED" | "SEARCH_PERFORMED" | "TIME_SPENT" | "RECOMMENDATION_DISMISSED" | "SESSION_STARTED" | "NOTIFICATION_SENT";

/** What a person says of an item, a feature or the whole. */
export interface Feedback {
  readonly category?: string | null;
  readonly feature_name?: string | null;
  readonly feedback_text?: string | null;
  readonly id?: string | null;
  readonly notification_frequency?: NotificationFrequency;
  readonly preferred_channels?: readonly ("EMAIL" | "IN_APP" | "SMS" | "PUSH")[] | null;
  readonly preferred_style?: Detail;
  readonly rating?: number | null;
  readonly recommendation_id?: string | null;
  readonly type: FeedbackType;
}

/** What kind of feedback it is. */
export type FeedbackType = "RECOMMENDATION_RATING" | "FEATURE_RATING" | "CONTENT_PREFERENCE" | "NOTIFICATION_PREFERENCE" | "GENERAL_FEEDBACK" | "RATING" | "HELPFUL" | "NOT_HELPFUL" | "ALREADY_DONE" | "NOT_RELEVANT" | "RESTORE";

/** What became of the events of one call. */
export interface TrackReport {
  readonly accepted: number;
  readonly degraded?: readonly string[];
  /** Within the request, and against the store when applied at once. */
  readonly duplicates: number;
  readonly rejected: readonly {
    readonly code: string;
    readonly detail: string;
    readonly index: number;
  }[];
  /** Not taken: the person has not agreed. */
  readonly withheld: number;
}
