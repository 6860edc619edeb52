import type { Assignment, Candidates, ExplainOptions, RerankOptions } from "./nearside.js";
import type { Decision } from "./wire/decisions.js";
import type { Feedback, Interaction, TrackReport } from "./wire/events.js";
import type { Explanation } from "./wire/explanations.js";
import type { Context } from "./wire/items.js";
import type { PreferencesUpdate, Profile } from "./wire/people.js";
import type { PersonExport, Settings, SettingsUpdate } from "./wire/settings.js";

/** Where a person lives: here, or in the Worker. */
export interface Home {
  rerank(items: Candidates | undefined, context: Context | undefined, options: RerankOptions): Promise<Decision>;
  explain(id: string, options: ExplainOptions): Promise<Explanation>;
  observe(interaction: Interaction): Promise<TrackReport>;
  feedback(feedback: Feedback): Promise<TrackReport>;
  assign(test: string, context: Context | undefined): Promise<Assignment | undefined>;
  profile(): Promise<Profile>;
  setProfile(update: PreferencesUpdate): Promise<Profile>;
  exported(): Promise<PersonExport>;
  settings(): Promise<Settings>;
  changeSettings(update: SettingsUpdate): Promise<Settings>;
  /** Sends what is not acknowledged; returns how much is left. */
  flush(): Promise<number>;
  close(): void;
}

/** The report on one event. */
export function reportOn(verdict: "accepted" | "duplicates" | "withheld"): TrackReport {
  return { accepted: 0, duplicates: 0, withheld: 0, rejected: [], [verdict]: 1 };
}
