import { NearsideError } from "./errors.js";
import { EVENTS, exportRows, prune, readLog, writeLog, type Logged } from "./event-log.js";
import type { Failover } from "./failover.js";
import { reportOn, type Home } from "./home.js";
import { eventId } from "./ids.js";
import type { Answers, Observed } from "./local-engine.js";
import type { Assignment, Candidates, ExplainOptions, RerankOptions } from "./nearside.js";
import type { Page } from "./page.js";
import { PersonKeeper } from "./person-keeper.js";
import { withOffset } from "./time-zone.js";
import type { Decision } from "./wire/decisions.js";
import type { Feedback, Interaction, TrackReport } from "./wire/events.js";
import type { Explanation } from "./wire/explanations.js";
import type { Context } from "./wire/items.js";
import type { PreferencesUpdate, Profile } from "./wire/people.js";
import type { PersonExport, Settings, SettingsUpdate } from "./wire/settings.js";

/** After how many events old ones are looked for. */
const PRUNE_EVERY = 100;

/** The person on this device: the engine decides, the storage keeps. Each change is one step that no other tab comes between. */
export class LocalHome implements Home {
  readonly #page: Page;
  readonly #storage: Failover;
  readonly #keeper: PersonKeeper;
  #events = 0;

  constructor(page: Page, storage: Failover, onPersonChanged: () => void = () => {}) {
    this.#page = page;
    this.#storage = storage;
    this.#keeper = new PersonKeeper(page, storage, onPersonChanged);
  }

  /** Begins: takes over who is stored, or stores who is here. `taught` is what a visit learned before. */
  async enter(taught: readonly Logged[] = []): Promise<void> {
    const { engine } = this.#page;
    const wasStored = await this.#keeper.change([], (_, wasStored) => {
      const isOn = engine.settings().personalization_enabled === true;
      if (!isOn) engine.ask("changeSettings", { personalization_enabled: true }, this.#page.now());
      return { result: wasStored, isUnchanged: wasStored && isOn };
    });
    for (const { interaction, feedback } of wasStored ? taught : []) {
      if (interaction) await this.observe(interaction);
      if (feedback) await this.feedback(feedback);
    }
    // Who is stored for the first time knows these events: only the log is to learn of them.
    if (!wasStored) await writeLog(this.#storage, taught);
    await this.#prune();
  }

  /** Takes over what another tab stored. */
  reload(): Promise<void> {
    return this.#keeper.reload();
  }

  /** What was learned here, to be taken along. */
  taught(): Promise<readonly Logged[]> {
    return readLog(this.#storage);
  }

  rerankNow(items: Candidates | undefined, context: Context | undefined, options: RerankOptions): Decision {
    const nowMs = options.now ?? this.#page.now();
    return this.#page.engine.rerank(items, withOffset(context, nowMs), options, nowMs, this.#page.options.session);
  }

  async rerank(items: Candidates | undefined, context: Context | undefined, options: RerankOptions): Promise<Decision> {
    await this.#keeper.settled();
    return this.rerankNow(items, context, options);
  }

  async explain(id: string, { items, context, scope }: ExplainOptions): Promise<Explanation> {
    await this.#keeper.settled();
    const nowMs = this.#page.now();
    return this.#page.engine.ask("explain", { recommendation_id: id, scope, candidates: items, context: withOffset(context, nowMs) }, nowMs);
  }

  async observe(given: Interaction): Promise<TrackReport> {
    const nowMs = this.#page.now();
    const at = given.occurred_at ? Date.parse(given.occurred_at) : nowMs;
    const id = eventId(given.id, nowMs);
    const context = withOffset(given.context, Number.isNaN(at) ? nowMs : at);
    const interaction = { ...given, id, context, occurred_at: given.occurred_at ?? new Date(nowMs).toISOString() };
    return this.#take({ at, interaction }, id, () => this.#page.engine.ask("observe", interaction, nowMs));
  }

  async feedback(given: Feedback): Promise<TrackReport> {
    const nowMs = this.#page.now();
    const feedback = { ...given, id: eventId(given.id, nowMs) };
    return this.#take({ at: nowMs, feedback }, feedback.id, () => this.#page.engine.ask("feedback", feedback, nowMs));
  }

  async assign(test: string, context: Context | undefined): Promise<Assignment | undefined> {
    const nowMs = this.#page.now();
    return this.#page.engine.assign(test, withOffset(context, nowMs), nowMs);
  }

  async profile(): Promise<Profile> {
    await this.#keeper.settled();
    return this.#page.engine.profile(this.#page.now());
  }

  setProfile(update: PreferencesUpdate): Promise<Profile> {
    return this.#state("setPreferences", update);
  }

  exported(): Promise<PersonExport> {
    return exportRows(this.#storage, this.#page.user);
  }

  async settings(): Promise<Settings> {
    return this.#page.engine.settings();
  }

  changeSettings(update: SettingsUpdate): Promise<Settings> {
    return this.#state("changeSettings", update);
  }

  async flush(): Promise<number> {
    return 0;
  }

  close(): void {
    this.#keeper.close();
  }

  #state<What extends "setPreferences" | "changeSettings">(what: What, update: object): Promise<Answers[What]> {
    return this.#keeper.change([], () => ({ result: this.#page.engine.ask(what, update, this.#page.now()) }));
  }

  #take(entry: Logged, id: string, apply: () => Observed): Promise<TrackReport> {
    const key = EVENTS + id;
    const taking = this.#keeper.change([key], ([known]) => {
      if (known) return { result: reportOn("duplicates"), isUnchanged: true };
      if (apply().accepted === 0) return { result: reportOn("withheld"), isUnchanged: true };
      return { result: reportOn("accepted"), put: { [key]: entry } };
    });
    this.#events += 1;
    if (this.#events % PRUNE_EVERY === 0) void taking.then(() => this.#prune()).catch(() => {});
    return taking.catch(withheldIfClosed);
  }

  async #prune(): Promise<void> {
    await prune(this.#storage, this.#page.engine.retentionDays, this.#page.now());
  }
}

/** An event that came too late for the person's yes. */
function withheldIfClosed(error: unknown): TrackReport {
  if (error instanceof NearsideError && error.code === "consent-required") return reportOn("withheld");
  throw error;
}
