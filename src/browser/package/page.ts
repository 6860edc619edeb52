import { init } from "./init.js";
import { LocalEngine } from "./local-engine.js";
import type { Mode, NearsideChange, NearsideOptions } from "./options.js";
import { PublishedSource, type PublishedSet } from "./published.js";

/** What all of one page's parts share. */
export class Page {
  readonly options: NearsideOptions;
  /** Names the database, the cache, the channel and the lock. */
  readonly name: string;
  readonly published: PublishedSource;
  readonly degraded = new Set<string>();
  mode: Mode = "general";
  isLearningPaused = false;
  #set: PublishedSet | undefined;
  #engine: LocalEngine | undefined;

  constructor(options: NearsideOptions) {
    this.options = options;
    this.name = `nearside/${options.pack}`;
    this.published = new PublishedSource(options, this.name);
  }

  readonly now = (): number => this.options.now?.() ?? Date.now();

  /** Who is signed in, if anybody is. It may be known only later. */
  get user(): string {
    return this.options.user ?? "";
  }

  /** The engine. There is one from the first `serve` on. */
  get engine(): LocalEngine {
    return this.#engine!;
  }

  /** Whether there is something to serve from. */
  get isOpen(): boolean {
    return this.#engine !== undefined;
  }

  /** What is served. */
  get set(): PublishedSet {
    return this.#set!;
  }

  /** Loads what is live and serves from it; where `isRemembered`, from what was kept if the network fails. */
  async open(isRemembered: boolean): Promise<void> {
    const set = await this.published.load(isRemembered);
    await init(this.options.wasm);
    try {
      this.serve(set);
    } catch (error) {
      const lastGood = isRemembered && (await this.published.lastGood().catch(() => undefined));
      if (!lastGood) throw error;
      this.serve(lastGood);
    }
  }

  /** Keeps what is served for when the network fails. A cache that cannot be written is no reason not to serve. */
  async keep(): Promise<void> {
    if (!this.set.isStale) await this.published.keep(this.set).catch(() => {});
  }

  /** Serves from a set; the person stays. Where the set does not read, what was served before stays. */
  serve(set: PublishedSet): void {
    const next = new LocalEngine(set, this.now());
    if (this.#engine) next.person = this.#engine.person;
    this.#engine?.free();
    this.#engine = next;
    this.#set = set;
    this.mark("published", set.isStale);
  }

  /** Notes that something does not work as it should, or does again. */
  mark(what: string, isDegraded: boolean): void {
    if (isDegraded) this.degraded.add(what);
    else this.degraded.delete(what);
  }

  /** Tells the host. */
  tell(cause: NearsideChange["cause"]): void {
    this.options.onChange?.({ mode: this.mode, degraded: [...this.degraded], cause });
  }
}
