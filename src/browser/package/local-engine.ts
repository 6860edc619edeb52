import { Engine } from "nearside-engine";
import { asError, NearsideError } from "./errors.js";
import { jsonOf } from "./json.js";
import { uuidV7 } from "./ids.js";
import { decisionOf } from "./in-numbers.js";
import { Lists } from "./lists.js";
import type { Assignment, Candidates, RerankOptions } from "./nearside.js";
import { KINDS, type PublishedSet } from "./published.js";
import type { Decision } from "./wire/decisions.js";
import type { Explanation } from "./wire/explanations.js";
import type { Context } from "./wire/items.js";
import type { Profile } from "./wire/people.js";
import type { Settings } from "./wire/settings.js";

/** What becomes of an event on the device. */
export interface Observed {
  readonly accepted: number;
  readonly withheld: number;
}

/** What the engine answers to what is asked with a body. */
export interface Answers {
  explain: Explanation;
  observe: Observed;
  feedback: Observed;
  setPreferences: Profile;
  changeSettings: Settings;
}

/** The bytes of each kind; none where there are none. */
type Parts = [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];

/** How long events are kept where the pack does not say. */
const RETENTION_DAYS = 365;

/** The engine in wasm with values in place of texts. Whatever it throws is a NearsideError. */
export class LocalEngine {
  readonly #engine: Engine;
  readonly #lists: Lists;
  readonly #pack: Uint8Array | undefined;
  #isFree = false;

  constructor({ versions, bytes }: PublishedSet, nowMs: number) {
    const parts = KINDS.map((kind) => bytes[kind] ?? new Uint8Array()) as Parts;
    this.#engine = caught(() => new Engine(JSON.stringify(versions), ...parts, nowMs));
    this.#lists = new Lists(this.#engine, () => this.#isFree);
    this.#pack = bytes.pack;
  }

  rerank(items: Candidates | undefined, context: Context, options: RerankOptions, nowMs: number, session?: string): Decision {
    const { scope, limit, explain, showHidden: show_hidden, decisionId: id = uuidV7(nowMs) } = options;
    return this.#call((engine) => {
      const request = jsonOf({ scope, limit, context, explain, show_hidden, session_id: session });
      const list = items ? this.#lists.numberOf(items) : 0;
      // Read before the numbers are: the engine's memory must not grow meanwhile.
      const names = explain === "terms" && this.#lists.names(list);
      const decision = names && engine.rerankInNumbers(list, request, nowMs, { read: (numbers, head) => decisionOf(id, numbers, head, names) });
      return decision || parse(engine.rerank(list, request, nowMs, id));
    });
  }

  /** Asks what takes a body and a time. */
  ask<K extends keyof Answers>(what: K, body: object, nowMs: number): Answers[K] {
    return this.#call((engine) => parse(engine.ask(what, jsonOf(body), nowMs, uuidV7(nowMs))));
  }

  assign(test: string, context: Context, nowMs: number): Assignment | undefined {
    return this.#call((engine) => engine.assign(test, jsonOf(context), nowMs) as Assignment | undefined);
  }

  profile(nowMs: number): Profile {
    return this.#call((engine) => parse(engine.profile(nowMs)));
  }

  settings(): Settings {
    return this.#call((engine) => engine.settings() as Settings);
  }

  /** The person's document. */
  get person(): string {
    return this.#call((engine) => engine.person());
  }

  /** Takes a person over; undefined forgets whoever was there. */
  set person(document: string | undefined) {
    this.#call((engine) => (document === undefined ? engine.forget() : engine.setPerson(document)));
  }

  /** How long the pack lets events be kept. */
  get retentionDays(): number {
    const { retention } = parse<{ retention?: { interactions_days?: number } }>(new TextDecoder().decode(this.#pack));
    return this.settings().retention_days ?? retention?.interactions_days ?? RETENTION_DAYS;
  }

  free(): void {
    if (!this.#isFree) this.#engine.free();
    this.#isFree = true;
  }

  #call<T>(question: (engine: Engine) => T): T {
    if (this.#isFree) throw new NearsideError("disposed", "it is disposed");
    return caught(() => question(this.#engine));
  }
}

/** What is large comes as text, what is small as it is. */
const parse = <T>(answer: unknown): T => (typeof answer === "string" ? JSON.parse(answer) : answer) as T;

function caught<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asError(error);
  }
}
