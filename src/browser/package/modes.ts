import { failover, type Failover } from "./failover.js";
import type { Home } from "./home.js";
import { LocalHome } from "./local-home.js";
import { memoryStorage } from "./memory-storage.js";
import type { Mode, NearsideChange } from "./options.js";
import type { Page } from "./page.js";
import { Remembered } from "./remembered.js";
import { Tabs, type Said } from "./tabs.js";
import { WorkerApi } from "./worker-api.js";
import { noteNo } from "./unwritten-no.js";
import { WorkerHome } from "./worker-home.js";

/** Whether a mode outlives the page. */
export const isRemembered = (mode: Mode | undefined): boolean => mode === "device" || mode === "server";

/** Moves a person from one mode to another, here and in the other tabs. */
export class Modes {
  readonly api: WorkerApi;
  readonly remembered: Remembered;
  readonly #page: Page;
  readonly #tabs: Tabs;
  #home: Home;
  /** The latest decision wins: what an earlier one still waits for is given up. */
  #turn = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(page: Page) {
    this.#page = page;
    this.api = new WorkerApi(page.options);
    this.remembered = new Remembered(page, this.api, () => this.#lost());
    this.#tabs = new Tabs(page.name, (said) => void this.#hear(said).catch(() => {}));
    this.#home = new LocalHome(page, inMemory());
  }

  /** Where the person lives now. */
  get home(): Home {
    return this.#home;
  }

  /** Reads an earlier choice, loads what is published, and goes where the person wanted to be. */
  async begin(): Promise<void> {
    await this.remembered.writeNo();
    await this.#page.open(isRemembered(await this.remembered.mode()));
    // Another tab may have decided meanwhile.
    await this.#go((await this.remembered.mode()) ?? "general", this.#turn);
    void this.keep();
    void this.remembered.settle().catch(() => {});
  }

  /** Makes a choice and remembers it. */
  async set(mode: Mode): Promise<void> {
    const { user } = this.#page;
    const turn = (this.#turn += 1);
    if (mode === "general") {
      noteNo(this.#page.name, user);
      this.#tabs.say("no");
      this.#general("choice");
    }
    // Without the Worker's yes there is no such home. Nothing waits for a slow network but who asked for it.
    if (mode === "server") await this.api.agree(true, user);
    await this.queued(async () => {
      const isLatest = turn === this.#turn;
      // A yes that was overtaken reached the Worker all the same, and is to be taken back there.
      if (!isLatest && mode === "server") await this.remembered.choose(mode, user);
      const isWritten = await this.remembered.choose(isLatest ? mode : this.#page.mode, user);
      await this.#go(mode, turn);
      if (turn === this.#turn || mode === "general") this.remembered.forgetNo();
      if (turn === this.#turn && mode !== "general") this.#page.tell("choice");
      if (isWritten) this.#tabs.say("choice");
    });
    await this.keep();
    await this.remembered.settle();
  }

  /** Forgets what was stored, here and in the other tabs. */
  async erased(): Promise<void> {
    this.#turn += 1;
    this.#general("erased");
    await this.remembered.erase();
    this.#tabs.say("erased");
  }

  /** Keeps what is published for when the network fails, while anything is remembered. */
  keep(): Promise<void> {
    return this.queued(() => (isRemembered(this.#page.mode) ? this.#page.keep() : this.#page.published.forget()));
  }

  /** Does one thing after the other. */
  queued<T>(work: () => Promise<T>): Promise<T> {
    const doing = this.#queue.then(work);
    this.#queue = doing.catch(() => {});
    return doing;
  }

  close(): void {
    this.#turn += 1;
    this.#home.close();
    this.#tabs.close();
    this.remembered.storage.close();
  }

  #general(cause: NearsideChange["cause"]): void {
    this.#move("general", new LocalHome(this.#page, inMemory()));
    this.#page.engine.person = undefined;
    this.#page.tell(cause);
  }

  async #go(mode: Mode, turn: number): Promise<void> {
    const page = this.#page;
    if (turn !== this.#turn || mode === "general" || (mode === "visit" && page.mode === "visit")) return;
    if (mode === "server") {
      this.#move(mode, new WorkerHome(page, this.api, this.remembered.storage));
      page.engine.person = undefined;
      return;
    }
    const before = this.#home;
    const taught = page.mode === "visit" && before instanceof LocalHome ? await before.taught() : [];
    before.close();
    if (page.mode !== "visit") page.engine.person = undefined;
    const storage = mode === "device" ? this.remembered.storage : inMemory();
    const home = new LocalHome(page, storage, () => mode === "device" && this.#tabs.say("person"));
    await home.enter(taught);
    if (turn === this.#turn) this.#move(storage.isInMemory ? "visit" : mode, home);
    // Somebody decided otherwise meanwhile: their engine must not know this person.
    else if (page.mode === "general") page.engine.person = undefined;
  }

  #move(mode: Mode, home: Home): void {
    this.#home.close();
    this.#home = home;
    this.#page.mode = mode;
  }

  async #hear(said: Said): Promise<void> {
    if (!this.#page.isOpen) return;
    if (said === "erased") return this.#lost();
    if (said === "choice") return this.#follow();
    if (said === "no" && this.#page.mode !== "general") {
      this.#turn += 1;
      return this.#general("other-tab");
    }
    if (this.#page.mode !== "device" || !(this.#home instanceof LocalHome)) return;
    await this.#home.reload().catch(() => this.#lost());
    this.#page.tell("person");
  }

  /** Goes where the person chose to be in another tab. */
  async #follow(): Promise<void> {
    await this.queued(async () => {
      const turn = this.#turn;
      const chosen = (await this.remembered.mode()) ?? "general";
      if (turn !== this.#turn || chosen === this.#page.mode) return;
      this.#turn += 1;
      if (chosen === "general") return this.#general("other-tab");
      await this.#go(chosen, turn + 1);
      if (turn + 1 === this.#turn) this.#page.tell("other-tab");
    });
  }

  /** Another tab removed everything. */
  #lost(): void {
    this.#turn += 1;
    this.remembered.renew();
    if (this.#page.mode !== "general") this.#general("erased");
    // What this tab was about to keep.
    void this.keep();
  }
}

/** A storage that lasts as long as the page. */
const inMemory = (): Failover => failover(memoryStorage(), { onErased: () => {}, onFailed: () => {} });
