import { hasPrivacySignal } from "./choice.js";
import { exportRows } from "./event-log.js";
import { NearsideError } from "./errors.js";
import { erasePerson } from "./erase.js";
import { reportOn, type Home } from "./home.js";
import { jsonOf } from "./json.js";
import { LocalHome } from "./local-home.js";
import { isRemembered, type Modes } from "./modes.js";
import type {
  Assignment, Candidates, ErasureReceipt, ExplainOptions, Nearside, ProfileAccess, RerankOptions, SettingsAccess,
} from "./nearside.js";
import type { Mode } from "./options.js";
import type { Page } from "./page.js";
import type { Decision } from "./wire/decisions.js";
import type { Feedback, Interaction, TrackReport } from "./wire/events.js";
import type { Explanation } from "./wire/explanations.js";
import type { Context } from "./wire/items.js";
import type { PreferencesUpdate, Profile } from "./wire/people.js";
import type { PersonExport, Settings, SettingsUpdate } from "./wire/settings.js";
import { WorkerHome } from "./worker-home.js";

/** What `createNearside` returns: asks the person's home, wherever that is. */
export class Running implements Nearside {
  readonly #page: Page;
  readonly #modes: Modes;
  readonly #stop = new AbortController();
  readonly profile: ProfileAccess;
  readonly settings: SettingsAccess;

  constructor(page: Page, modes: Modes) {
    this.#page = page;
    this.#modes = modes;
    this.profile = {
      get: (): Promise<Profile> => modes.home.profile(),
      set: (update: PreferencesUpdate): Promise<Profile> => modes.home.setProfile(update),
      export: (): Promise<PersonExport> => this.#export(),
      erase: (): Promise<ErasureReceipt> => erasePerson(page, modes),
    };
    this.settings = {
      get: (): Promise<Settings> => modes.home.settings(),
      set: (update: SettingsUpdate): Promise<Settings> => this.#changeSettings(update),
    };
    // Not every host is a page.
    const { signal } = this.#stop;
    globalThis.addEventListener?.("online", () => void modes.remembered.settle().then(() => modes.home.flush()), { signal });
    globalThis.addEventListener?.("pagehide", () => modes.home instanceof WorkerHome && modes.home.leave(), { signal });
  }

  get mode(): Mode {
    return this.#page.mode;
  }

  get hasPrivacySignal(): boolean {
    return hasPrivacySignal();
  }

  get degraded(): readonly string[] {
    return [...this.#page.degraded];
  }

  async hasChosen(): Promise<boolean> {
    return (await this.#modes.remembered.mode()) !== undefined;
  }

  setMode(mode: Mode): Promise<void> {
    return this.#modes.set(mode);
  }

  optOut(): Promise<void> {
    return this.#modes.set("general");
  }

  pauseLearning(isPaused: boolean): void {
    this.#page.isLearningPaused = isPaused;
  }

  async rerank(items?: Candidates, context?: Context, options: RerankOptions = {}): Promise<Decision> {
    return this.#shown(await this.#atHome((home) => home.rerank(items, context, options)));
  }

  rerankSync(items?: Candidates, context?: Context, options: RerankOptions = {}): Decision {
    const { home } = this.#modes;
    if (!(home instanceof LocalHome)) throw new NearsideError("needs-worker", "the Worker decides: use rerank");
    return this.#shown(home.rerankNow(items, context, options));
  }

  explain(id: string, options: ExplainOptions = {}): Promise<Explanation> {
    return this.#atHome((home) => home.explain(id, options));
  }

  observe(interaction: Interaction): Promise<TrackReport> {
    return this.#learn("observe", interaction);
  }

  feedback(feedback: Feedback): Promise<TrackReport> {
    return this.#learn("feedback", feedback);
  }

  assign(test: string, context?: Context): Promise<Assignment | undefined> {
    return this.#modes.home.assign(test, context);
  }

  flush(): Promise<number> {
    return this.#modes.home.flush();
  }

  async refresh(): Promise<boolean> {
    const live = await this.#page.published.versions();
    // What could not be fetched is missing at the same versions.
    if (!this.#page.set.isStale && JSON.stringify(live) === JSON.stringify(this.#page.set.versions)) return false;
    await this.#page.open(isRemembered(this.mode));
    await this.#modes.keep();
    this.#page.tell("published");
    return true;
  }

  dispose(): void {
    this.#stop.abort();
    this.#modes.close();
    this.#page.engine.free();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** An answer that the person no longer wants when it arrives is asked for again where they are now. */
  async #atHome<T>(ask: (home: Home) => Promise<T>): Promise<T> {
    const { home } = this.#modes;
    const answer = await ask(home);
    return home === this.#modes.home ? answer : ask(this.#modes.home);
  }

  /** What is no JSON can be neither kept nor sent. */
  async #learn(how: "observe" | "feedback", event: object): Promise<TrackReport> {
    return this.#page.isLearningPaused ? reportOn("withheld") : this.#modes.home[how](JSON.parse(jsonOf(event)) as never);
  }

  #shown(decision: Decision): Decision {
    return this.#page.degraded.size === 0 ? decision : { ...decision, degraded: [...decision.degraded, ...this.#page.degraded] };
  }

  async #export(): Promise<PersonExport> {
    const { home, remembered: { storage } } = this.#modes;
    // What is kept is the person's, also while nothing of it is read.
    return { ...(this.mode !== "device" && (await exportRows(storage, this.#page.user))), ...(await home.exported()) };
  }

  async #changeSettings(update: SettingsUpdate): Promise<Settings> {
    if (this.mode === "general") throw new NearsideError("consent-required", "choose first");
    const settings = await this.#modes.home.changeSettings(update);
    if (update.personalization_enabled === false) await this.optOut();
    return settings;
  }
}
