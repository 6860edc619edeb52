import { NearsideError } from "./errors.js";
import type { Failover } from "./failover.js";
import type { Page } from "./page.js";
import { removal, type Row } from "./storage.js";
import type { Interaction, TrackReport } from "./wire/events.js";
import type { WorkerApi } from "./worker-api.js";

interface PendingRow extends Row {
  readonly at: number;
  readonly interaction: Interaction;
}

/** Where a person's events begin that the Worker has not acknowledged. Another's must not go out under this one's token. */
export const pendingOf = (user: string): string => `pending/${user}/`;
const BATCH = 100;
const SOON_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;
/** What a browser lets outlive a page is 64 KB; the rest is kept and goes the next time. */
const KEEPALIVE_CHARACTERS = 30_000;

/** The events that the Worker has not acknowledged: kept until it does, sent by one tab at a time. */
export class PendingEvents {
  readonly #page: Page;
  readonly #api: WorkerApi;
  readonly #storage: Failover;
  /** What this tab took in and nobody acknowledged, for the moment in which there is no time to read. */
  readonly #unsent = new Map<string, Interaction>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #sending: Promise<number> | undefined;
  #isClosed = false;

  constructor(page: Page, api: WorkerApi, storage: Failover) {
    this.#page = page;
    this.#api = api;
    this.#storage = storage;
    // What an earlier page could not send.
    this.#wait(SOON_MS);
  }

  get #prefix(): string {
    return pendingOf(this.#page.user);
  }

  /** Keeps an event and sends it soon. Returns whether it was new. */
  async add(interaction: Interaction & { readonly id: string }): Promise<boolean> {
    const key = this.#prefix + interaction.id;
    const isNew = await this.#storage.change([key], ([known]) =>
      known ? { result: false } : { put: { [key]: { at: this.#page.now(), interaction } }, result: true });
    if (isNew) this.#unsent.set(key, interaction);
    if (!this.#timer) this.#wait(SOON_MS);
    return isNew;
  }

  /** Returns the newest, oldest first. */
  async latest(count: number): Promise<Interaction[]> {
    return (await this.#rows()).slice(-count).map(([, { interaction }]) => interaction);
  }

  /** Sends everything, now. Returns how much is left. */
  flush(): Promise<number> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const send = (): Promise<number> => this.#send();
    // Calls at the same time share one round; of the tabs, one sends at a time.
    this.#sending ??= (globalThis.navigator?.locks?.request(`${this.#page.name}/send`, send) ?? send())
      .finally(() => (this.#sending = undefined));
    return this.#sending;
  }

  /** Sends once more because the page is left. Nothing is removed: whether it arrived shows the next time. */
  leave(): void {
    if (this.#isClosed || this.#unsent.size === 0) return;
    const interactions: Interaction[] = [];
    let characters = 0;
    for (const [key, interaction] of [...this.#unsent].slice(-BATCH)) {
      if (!key.startsWith(this.#prefix)) continue;
      characters += JSON.stringify(interaction).length;
      if (characters < KEEPALIVE_CHARACTERS) interactions.push(interaction);
    }
    void this.#api.send("POST", TRACK, { body: { interactions }, keepalive: true }).catch(() => {});
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #send(): Promise<number> {
    let size = BATCH;
    for (;;) {
      const rows = this.#isClosed ? [] : await this.#rows();
      const batch = rows.slice(0, size);
      if (batch.length === 0) return (this.#failures = 0);
      const verdict = await this.#post(batch);
      if (verdict === "later") return rows.length;
      if (verdict === "smaller" && batch.length > 1) {
        size = Math.ceil(batch.length / 2);
        continue;
      }
      await this.#storage.change([], removal(batch.map(([key]) => key)));
      for (const [key] of batch) this.#unsent.delete(key);
      if (verdict !== "taken") this.#page.tell("refused");
    }
  }

  /** Only an answer that accounts for each event counts as taken. */
  async #post(batch: readonly (readonly [string, PendingRow])[]): Promise<"taken" | "refused" | "smaller" | "later"> {
    try {
      const interactions = batch.map(([, row]) => row.interaction);
      const { accepted, duplicates, withheld, rejected } = await this.#api.send<TrackReport>("POST", TRACK, { body: { interactions } });
      if (accepted + duplicates + withheld + rejected.length !== batch.length) return this.#later();
      return rejected.length > 0 ? "refused" : "taken";
    } catch (error) {
      const isTheirs = error instanceof NearsideError && (error.status === 413 || error.status === 422);
      return isTheirs ? "smaller" : this.#later();
    }
  }

  #later(): "later" {
    const longest = Math.min(LONGEST_WAIT_MS, SOON_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#wait(longest * (0.5 + Math.random() / 2));
    return "later";
  }

  #wait(milliseconds: number): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush().catch(() => {}), milliseconds);
  }

  async #rows(): Promise<readonly (readonly [string, PendingRow])[]> {
    const rows = (await this.#storage.read(this.#prefix)) as readonly (readonly [string, PendingRow])[];
    return [...rows].sort(([, one], [, other]) => one.at - other.at);
  }
}

/** Applied before the answer: what is acknowledged shows in the next list. */
const TRACK = "/track-interactions?sync=1";
