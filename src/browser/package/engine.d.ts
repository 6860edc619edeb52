// What the wasm beside this package offers. Its methods are those of `Engine` in ../lib.rs; a test compares the two.

import type { Decision } from "./wire/decisions.js";

/** What makes a decision of numbers, which are there only until it returns, and of the JSON of their head. */
export interface Reader {
  read(numbers: Float64Array, head: string): Decision;
}

/** The engine in wasm: what is large crosses as numbers or as JSON text. */
export class Engine {
  constructor(
    versions: string,
    pack: Uint8Array,
    catalog: Uint8Array,
    popularity: Uint8Array,
    model: Uint8Array,
    experiments: Uint8Array,
    now_ms: number,
  );
  free(): void;
  setPerson(person: string): void;
  forget(): void;
  person(): string;
  load(items: string): number;
  unload(list: number): void;
  rerank(list: number, request: string, now_ms: number, id: string): string;
  rerankInNumbers(list: number, request: string, now_ms: number, reader: Reader): Decision | undefined;
  names(list: number): string;
  ask(what: string, body: string, now_ms: number, id: string): unknown;
  settings(): unknown;
  profile(now_ms: number): string;
  assign(test: string, context: string, now_ms: number): unknown;
}

/** Instantiates the wasm. */
export function initSync(source: { module: WebAssembly.Module }): unknown;
