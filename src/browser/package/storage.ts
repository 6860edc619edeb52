/** What a row holds: anything that JSON can say. */
export type Row = object;

/** What a change does to the rows that it read: `undefined` removes one, a key that is not named stays. */
export interface Change<T> {
  /** What to write, by key. */
  readonly put?: { readonly [key: string]: Row | undefined };
  /** What the caller is told. */
  readonly result: T;
}

/**
 * Where what is remembered is kept: rows by key. IndexedDB is built in; give another to keep it elsewhere.
 *
 * Nothing is called but `find` before the person chose to be remembered. A promise that rejects means that the storage
 * failed: then the rest of the visit is kept in memory.
 */
export interface NearsideStorage {
  /** Whether anything is kept. Creates nothing. */
  find(): Promise<boolean>;
  /** Makes ready to keep rows. */
  create(): Promise<void>;
  /** Returns the rows whose key begins with `prefix`, by key. Creates nothing. */
  read(prefix: string): Promise<readonly (readonly [string, Row])[]>;
  /**
   * Reads the rows of `keys`, has `apply` decide, and writes, all as one step that no other tab comes between. `apply` runs
   * once and does not wait; if it throws, nothing is written and the promise rejects with what it threw.
   */
  change<T>(keys: readonly string[], apply: (rows: readonly (Row | undefined)[]) => Change<T>): Promise<T>;
  /** Removes everything, and whatever held it. */
  erase(): Promise<void>;
  /** Lets go of what is open. */
  close(): void;
}

/** Removes rows. */
export const removal = (keys: readonly string[]) => (): Change<void> => ({
  put: Object.fromEntries(keys.map((key) => [key, undefined])),
  result: undefined,
});

/** What is thrown where everything is gone although something was kept: another tab erased it. */
export class Gone extends Error {}
