import type { Engine } from "nearside-engine";
import { jsonOf } from "./json.js";
import type { Names } from "./in-numbers.js";
import type { Candidates } from "./nearside.js";

interface Loaded {
  readonly list: number;
  readonly length: number;
}

/** The arrays that the engine has read, known by their identity: each crosses into wasm once. */
export class Lists {
  readonly #engine: Engine;
  readonly #loaded = new WeakMap<Candidates, Loaded>();
  readonly #collected: FinalizationRegistry<number>;
  /** By list; the catalogue is number 0. */
  readonly #names = new Map<number, Names>();

  /** @param isFree - whether the engine is there no longer: an array may well outlive it */
  constructor(engine: Engine, isFree: () => boolean) {
    this.#engine = engine;
    this.#collected = new FinalizationRegistry((list) => isFree() || this.#unload(list));
  }

  /** Returns the engine's number of a list, and has it read the list first if need be. */
  numberOf(items: Candidates): number {
    const known = this.#loaded.get(items);
    if (known?.length === items.length) return known.list;
    const list = this.#engine.load(jsonOf(items));
    if (known) {
      // Somebody changed the array after all.
      this.#collected.unregister(items);
      this.#unload(known.list);
    }
    this.#loaded.set(items, { list, length: items.length });
    this.#collected.register(items, list, items);
    return list;
  }

  /** Returns the ids and categories of a list as the engine has them: they cross once. */
  names(list: number): Names {
    const names = this.#names.get(list) ?? (JSON.parse(this.#engine.names(list)) as Names);
    this.#names.set(list, names);
    return names;
  }

  #unload(list: number): void {
    this.#names.delete(list);
    this.#engine.unload(list);
  }
}
