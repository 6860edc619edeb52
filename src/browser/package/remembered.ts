import { modeOf, owedOf, readChoice, settleOptOut, writeChoice, type Choice } from "./choice.js";
import { failover, type Failover } from "./failover.js";
import { indexedDbStorage } from "./indexed-db.js";
import type { Mode } from "./options.js";
import type { Page } from "./page.js";
import { pendingOf } from "./pending-events.js";
import { removal } from "./storage.js";
import { forgetUnder, SNOOZED, unwrittenNo } from "./unwritten-no.js";
import type { WorkerApi } from "./worker-api.js";

/** What outlives the page: the choice, and what belongs to it. */
export class Remembered {
  readonly #page: Page;
  readonly #api: WorkerApi;
  readonly #onErased: () => void;
  #storage: Failover;

  /** @param onErased - is told when another tab removed everything */
  constructor(page: Page, api: WorkerApi, onErased: () => void) {
    this.#page = page;
    this.#api = api;
    this.#onErased = onErased;
    this.#storage = this.#durable();
  }

  /** Where it is kept. */
  get storage(): Failover {
    return this.#storage;
  }

  /** Tries the storage once more, after it failed or was removed. */
  renew(): void {
    this.#reopen();
    this.#page.mark("storage", false);
  }

  /** The earlier choice; finding out creates nothing. */
  choice(): Promise<Choice | undefined> {
    return readChoice(this.#storage);
  }

  /** The mode that the earlier choice means now, if there is one that counts. */
  async mode(): Promise<Mode | undefined> {
    return unwrittenNo(this.#page.name) == null ? modeOf(await this.choice(), this.#page.user) : "general";
  }

  /** Writes a no for which an earlier page had no time. */
  async writeNo(): Promise<void> {
    const user = unwrittenNo(this.#page.name);
    if (user == null) return;
    await this.choose("general", user);
    this.forgetNo();
  }

  /** Forgets a no that is written. Where nothing can be written, it stands. */
  forgetNo(): void {
    if (!this.#storage.isInMemory) forgetUnder(this.#page.name);
  }

  /**
   * Remembers a choice. A visit is not one: it only ends an earlier one. Returns whether anything was written. One that only
   * memory holds is none after a reload: a storage that failed gets another chance, for a no above all.
   */
  async choose(mode: Mode, user = this.#page.user): Promise<boolean> {
    const isWritten = await this.#write(mode, user);
    if (!this.#storage.isInMemory) return isWritten;
    this.#reopen();
    const isWrittenNow = await this.#write(mode, user);
    this.#page.mark("storage", this.#storage.isInMemory);
    return isWrittenNow;
  }

  /** Tells the Worker of an opt-out that it was not told of. */
  async settle(): Promise<void> {
    const user = owedOf(await this.choice(), this.#page.user);
    if (user === undefined) return;
    this.#page.mark("opt-out", true);
    try {
      await this.#api.agree(false, user);
    } catch {
      return;
    }
    await settleOptOut(this.#storage, user);
    this.#page.mark("opt-out", false);
  }

  /** Removes everything. */
  async erase(): Promise<void> {
    if (await this.#storage.find()) await this.#storage.erase();
    await this.#page.published.forget();
    this.renew();
    forgetUnder(this.#page.name);
    forgetUnder(SNOOZED);
  }

  async #write(mode: Mode, user: string): Promise<boolean> {
    if (mode === "visit" && !(await this.#storage.find())) return false;
    await writeChoice(this.#storage, mode === "visit" ? "general" : mode, user);
    // What was on its way to the Worker does not go there any more.
    const pending = mode === "server" ? [] : await this.#storage.read(pendingOf(user));
    if (pending.length > 0) await this.#storage.change([], removal(pending.map(([key]) => key)));
    return true;
  }

  #reopen(): void {
    this.#storage.close();
    this.#storage = this.#durable();
  }

  #durable(): Failover {
    const { options, name } = this.#page;
    const onErased = (): void => this.#onErased();
    const onFailed = (): void => {
      if (this.#page.degraded.has("storage")) return;
      this.#page.mark("storage", true);
      if (this.#page.mode === "device") this.#page.mode = "visit";
      this.#page.tell("storage");
    };
    const chosen = options.storage ?? "indexeddb";
    return failover(chosen === "indexeddb" ? indexedDbStorage(name, onErased) : chosen, { onErased, onFailed });
  }
}
