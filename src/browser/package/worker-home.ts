import { NearsideError } from "./errors.js";
import type { Failover } from "./failover.js";
import { reportOn, type Home } from "./home.js";
import { eventId } from "./ids.js";
import type { Assignment, Candidates, ExplainOptions, RerankOptions } from "./nearside.js";
import type { Page } from "./page.js";
import { PendingEvents } from "./pending-events.js";
import { withOffset } from "./time-zone.js";
import type { Decision } from "./wire/decisions.js";
import type { Feedback, Interaction, TrackReport } from "./wire/events.js";
import type { Explanation } from "./wire/explanations.js";
import type { Context } from "./wire/items.js";
import type { PreferencesUpdate, Profile } from "./wire/people.js";
import type { PersonExport, Settings, SettingsUpdate } from "./wire/settings.js";
import { isPassing, type WorkerApi } from "./worker-api.js";

/** The Worker takes this many with a request. */
const MOST_PENDING = 32;
/** The Worker returns this many at most. */
const MOST_ITEMS = 50;
/** Of how many answers the receipts are remembered. */
const MOST_RECEIPTS = 50;

/** The person in the Worker: it answers, and while it cannot be reached everybody's order does. */
export class WorkerHome implements Home {
  readonly #page: Page;
  readonly #api: WorkerApi;
  readonly #pending: PendingEvents;
  readonly #receipts = new Map<string, string>();
  #experimentsToken: string | undefined;

  constructor(page: Page, api: WorkerApi, storage: Failover) {
    this.#page = page;
    this.#api = api;
    this.#pending = new PendingEvents(page, api, storage);
  }

  async rerank(items: Candidates | undefined, context: Context | undefined, options: RerankOptions): Promise<Decision> {
    const { scope, limit, explain, showHidden: show_hidden } = options;
    const most = limit ?? (items?.length || undefined);
    const body = {
      scope: scope && this.#scope(scope), limit: most && Math.min(most, MOST_ITEMS), candidates: items, context, explain, show_hidden,
      session_id: this.#page.options.session, experiments_token: this.#experimentsToken,
    };
    const pending = await this.#pending.latest(MOST_PENDING);
    const decided = this.#api.send<Decision>("POST", "/recommend", { body: { ...body, pending } }).catch((error: unknown) => {
      // One event that is no event must not cost the person their list; sending it tells what is wrong with it.
      if (pending.length === 0 || !(error instanceof NearsideError) || error.status !== 422) throw error;
      return this.#api.send<Decision>("POST", "/recommend", { body });
    });
    return this.#orLocally(decided.then((decision) => this.#noted(decision)), () => {
      const nowMs = this.#page.now();
      return this.#page.engine.rerank(items, withOffset(context, nowMs), options, nowMs);
    });
  }

  explain(id: string, { items, context, scope }: ExplainOptions): Promise<Explanation> {
    const request = { recommendation_id: id, candidates: items, context, scope };
    const body = { ...request, scope: scope && this.#scope(scope) };
    return this.#orLocally(this.#api.send<Explanation>("POST", "/explain", { body }), () => {
      const nowMs = this.#page.now();
      return this.#page.engine.ask("explain", { ...request, context: withOffset(context, nowMs) }, nowMs);
    });
  }

  async observe(given: Interaction): Promise<TrackReport> {
    const nowMs = this.#page.now();
    const receipt = given.receipt ?? this.#receipts.get(given.decision_id ?? "");
    const id = eventId(given.id, nowMs);
    const occurred_at = given.occurred_at ?? new Date(nowMs).toISOString();
    const isNew = await this.#pending.add({ ...given, id, occurred_at, ...(receipt && { receipt }) });
    return reportOn(isNew ? "accepted" : "duplicates");
  }

  feedback(given: Feedback): Promise<TrackReport> {
    return this.#api.send("POST", "/feedback", { body: { ...given, id: eventId(given.id, this.#page.now()) } });
  }

  async assign(test: string, context: Context | undefined): Promise<Assignment | undefined> {
    const { session } = this.#page.options;
    const known = { session_id: session, country: context?.country, device_type: context?.device_type, experiments_token: this.#experimentsToken };
    const query = new URLSearchParams(Object.entries(known).flatMap(([name, value]) => (value == null ? [] : [[name, value]])));
    const path = `/ab-test/${encodeURIComponent(test)}/variant?${query}`;
    const answer = await this.#api.send<Assignment & { experiments_token?: string }>("GET", path).catch(orNothing);
    this.#experimentsToken = answer?.experiments_token ?? this.#experimentsToken;
    return answer;
  }

  profile(): Promise<Profile> {
    return this.#api.send("GET", `/profile/${this.#api.user}`);
  }

  setProfile(body: PreferencesUpdate): Promise<Profile> {
    return this.#api.send("PUT", `/profile/${this.#api.user}/preferences`, { body });
  }

  exported(): Promise<PersonExport> {
    return this.#api.send("GET", `/profile/${this.#api.user}/export`);
  }

  settings(): Promise<Settings> {
    return this.#api.send("GET", "/settings");
  }

  changeSettings(body: SettingsUpdate): Promise<Settings> {
    return this.#api.send("POST", "/settings", { body });
  }

  flush(): Promise<number> {
    return this.#pending.flush();
  }

  /** The page is left. */
  leave(): void {
    this.#pending.leave();
  }

  close(): void {
    this.#pending.close();
  }

  /** A scope's name with its pack's: the Worker may serve several. */
  readonly #scope = (scope: string): string => (scope.includes(":") ? scope : `${this.#page.options.pack}:${scope}`);

  #noted(decision: Decision): Decision {
    this.#experimentsToken = decision.experiments_token ?? this.#experimentsToken;
    if (decision.receipt) this.#receipts.set(decision.decision_id, decision.receipt);
    for (const [oldest] of this.#receipts) if (this.#receipts.size > MOST_RECEIPTS) this.#receipts.delete(oldest);
    return decision;
  }

  /** Answers without the Worker where it cannot be reached, and says so. */
  async #orLocally<T extends { readonly degraded: readonly string[] }>(answer: Promise<T>, locally: () => T): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (!isPassing(error)) throw error;
      const local = locally();
      return { ...local, degraded: [...local.degraded, "offline"] };
    }
  }
}

function orNothing(error: unknown): undefined {
  if (error instanceof NearsideError && error.status === 404) return undefined;
  throw error;
}
