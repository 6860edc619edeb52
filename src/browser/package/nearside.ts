import type { Mode } from "./options.js";
import type { DecidedReason, Decision } from "./wire/decisions.js";
import type { Feedback, Interaction, TrackReport } from "./wire/events.js";
import type { Explanation } from "./wire/explanations.js";
import type { Context, Item } from "./wire/items.js";
import type { PreferencesUpdate, Profile } from "./wire/people.js";
import type { PersonExport, Settings, SettingsUpdate } from "./wire/settings.js";

/**
 * What is to be ordered: whole items, ids of the catalogue, or both. The engine reads an array once and knows it by its
 * identity: take it as immutable, and make a new array where something changes.
 */
export type Candidates = readonly (Item | string)[];

/** How to order. */
export interface RerankOptions {
  /** The surface that asks; the pack's first when absent. */
  readonly scope?: string;
  /** How many items to return. The Worker returns 50 at most. */
  readonly limit?: number;
  /** How much reasoning: none, reasons in words, terms without words, or both (the default). */
  readonly explain?: "none" | "summary" | "terms" | "full";
  /** True shows what the person's own dismissals hide. */
  readonly showHidden?: boolean;
  /** The time in milliseconds since 1970 as of which to order. Not for the Worker's home. */
  readonly now?: number;
  /** The decision's id; a fresh one when absent. Not for the Worker's home. */
  readonly decisionId?: string;
}

/** What to explain. */
export interface ExplainOptions {
  /** The list that the item stands in; the catalogue when absent. */
  readonly items?: Candidates;
  /** The situation. */
  readonly context?: Context;
  /** The surface; the pack's first when absent. */
  readonly scope?: string;
}

/** What a person sees of a test. */
export interface Assignment {
  readonly test_name: string;
  readonly variant: string;
  /** Which run of the test; null where nothing is known of it. */
  readonly epoch: number | null;
  readonly reason: DecidedReason;
  /** What the test's definition gives the variant; only the Worker says. */
  readonly value?: unknown;
}

/** The proof that everything about a person was removed. */
export interface ErasureReceipt {
  readonly receipt_id: string;
  /** RFC 3339. */
  readonly erased_at: string;
  /** Rows that were removed, by what they were. */
  readonly removed: { readonly [what: string]: number };
  /** Until when a database's own history could bring rows back; null where there is none. */
  readonly restorable_until: string | null;
}

/** The person's own data. */
export interface ProfileAccess {
  /** What is known, as far as it may be read. */
  get(): Promise<Profile>;
  /** States facts and preferences; `null` takes a statement back. */
  set(update: PreferencesUpdate): Promise<Profile>;
  /** Everything that is kept, also while the mode is `general`. */
  export(): Promise<PersonExport>;
  /** Removes everything: database, caches, memory and, if the Worker ever kept the profile, that. The mode is `general` after. */
  erase(): Promise<ErasureReceipt>;
}

/** The person's switches. */
export interface SettingsAccess {
  /** All of them. */
  get(): Promise<Settings>;
  /** Changes some. Switching `personalization_enabled` off is {@link Nearside.optOut}. */
  set(update: SettingsUpdate): Promise<Settings>;
}

/** One person's personalization on one page. */
export interface Nearside extends Disposable {
  /** How far the person is personalised now. `general` until they choose. */
  readonly mode: Mode;
  /** True while the browser sends the Global Privacy Control signal. Then an earlier choice counts only if it was made under it. */
  readonly hasPrivacySignal: boolean;
  /**
   * What does not work as it should: `storage` (nothing can be remembered), `published` (what is served may be older than what
   * is live), `opt-out` (the Worker was not told yet).
   */
  readonly degraded: readonly string[];
  /** Whether the person has chosen in this browser, and that still counts. If not: ask. */
  hasChosen(): Promise<boolean>;
  /**
   * Makes the person's choice and remembers it; call it when they chose, not before. `visit` is not remembered.
   * What a visit taught goes along to `device`. `server` switches personalization on in the Worker and rejects if that fails.
   */
  setMode(mode: Mode): Promise<void>;
  /** The general order, at once, in every tab, and after a reload. */
  optOut(): Promise<void>;
  /** Stops or resumes learning, until the page is left. */
  pauseLearning(isPaused: boolean): void;
  /** Orders a list, or the scope's catalogue. While the Worker cannot be reached it answers with the general order. */
  rerank(items?: Candidates, context?: Context, options?: RerankOptions): Promise<Decision>;
  /** Orders at once. Throws `needs-worker` while the mode is `server`. */
  rerankSync(items?: Candidates, context?: Context, options?: RerankOptions): Decision;
  /** Says why an item stands where it stands. */
  explain(id: string, options?: ExplainOptions): Promise<Explanation>;
  /** Takes an event in. It counts once, however often it is handed over under one id; an id is made where there is none. */
  observe(interaction: Interaction): Promise<TrackReport>;
  /** Takes feedback. */
  feedback(feedback: Feedback): Promise<TrackReport>;
  /** Returns the person's variant of a test; undefined where there is no such test or they take part in none. */
  assign(test: string, context?: Context): Promise<Assignment | undefined>;
  /** Sends what the Worker has not acknowledged, now. Returns how much is left. */
  flush(): Promise<number>;
  /** Looks for newer versions of what is published, and for what is missing. Returns whether it was loaded anew. */
  refresh(): Promise<boolean>;
  /** The person's own data. */
  readonly profile: ProfileAccess;
  /** The person's switches. */
  readonly settings: SettingsAccess;
  /** Frees the engine and stops listening. What is stored stays. */
  dispose(): void;
}
