import type { WasmSource } from "./init.js";
import type { NearsideStorage } from "./storage.js";

/**
 * How far a person is personalised, and where what is remembered lives.
 *
 * - `general`: everybody's order. Nothing is stored and nothing personal is read.
 * - `visit`: in memory, until the page is left.
 * - `device`: the profile lives in this browser's IndexedDB. What is fetched is the same for everybody; nothing about the
 *   person leaves.
 * - `server`: the Worker keeps the profile.
 */
export type Mode = "general" | "visit" | "device" | "server";

/** What changed, and why. */
export interface NearsideChange {
  /** The mode from now on. */
  readonly mode: Mode;
  /** What does not work as it should: see {@link Nearside.degraded}. */
  readonly degraded: readonly string[];
  /**
   * `choice`: made here. `other-tab`: made in another tab. `person`: another tab learned something. `storage`: it failed.
   * `published`: newer versions are live. `erased`: everything was removed. `refused`: the Worker will never take an event.
   */
  readonly cause: "choice" | "other-tab" | "person" | "storage" | "published" | "erased" | "refused";
}

/** What {@link createNearside} is given. */
export interface NearsideOptions {
  /** The pack's id. */
  readonly pack: string;
  /** Where the API is; `/api/v1/personalization` when absent. */
  readonly base?: string;
  /** Returns the person's token. Asked only while the Worker keeps the profile, or to erase it there. */
  readonly token?: () => string | Promise<string>;
  /**
   * The person's id, as the token's `sub` has it. Only the Worker's home needs it, and it may be known only later. When somebody
   * else signs in, dispose of what `createNearside` returned and call it again: it is one person's.
   */
  readonly user?: string;
  /** The session's id, for tests that assign sessions. Not stored. */
  readonly session?: string;
  /** Where what is remembered is kept; IndexedDB when absent. */
  readonly storage?: "indexeddb" | NearsideStorage;
  /** Where the wasm comes from, if `init` was not called before. */
  readonly wasm?: WasmSource;
  /** In place of the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** In place of `Date.now`. */
  readonly now?: () => number;
  /** Is told when the mode, the person or what is degraded changed: the moment to draw again. */
  readonly onChange?: (change: NearsideChange) => void;
}
