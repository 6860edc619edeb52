import { NearsideError } from "./errors.js";
import type { Failover } from "./failover.js";
import { uuidV7 } from "./ids.js";
import type { Page } from "./page.js";
import { Gone, type Change, type Row } from "./storage.js";

/** Where the person's document is. */
export const PERSON = "person";

interface PersonRow extends Row {
  /** A name for this very state: who holds it holds the document. */
  readonly change: string;
  readonly document: string;
}

/** A change of the person, with what else is to be written. */
export interface PersonChange<T> extends Change<T> {
  /** True where the person is as before. */
  readonly isUnchanged?: boolean;
}

/** Keeps the engine's person and the stored document the same, whatever other tabs do. */
export class PersonKeeper {
  readonly #page: Page;
  readonly #storage: Failover;
  readonly #onChanged: () => void;
  #held: string | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(page: Page, storage: Failover, onChanged: () => void) {
    this.#page = page;
    this.#storage = storage;
    this.#onChanged = onChanged;
  }

  /** Resolves when what was begun is done. */
  async settled(): Promise<void> {
    await this.#last;
  }

  /** Reads the stored person, then has `apply` change the engine's, then stores that: one step. `rows` are those of `keys`. */
  change<T>(keys: readonly string[], apply: (rows: readonly (Row | undefined)[], wasStored: boolean) => PersonChange<T>): Promise<T> {
    let isChanged = false;
    const doing = this.#storage.change([PERSON, ...keys], ([row, ...rows]) => {
      this.#adopt(row as PersonRow | undefined);
      const { put, result, isUnchanged } = apply(rows, row !== undefined);
      if (isUnchanged) return { result };
      isChanged = true;
      this.#held = uuidV7(this.#page.now());
      const person: PersonRow = { change: this.#held, document: this.#page.engine.person };
      return { put: { ...put, [PERSON]: person }, result };
    });
    const told = doing.then(() => isChanged && this.#onChanged());
    this.#last = told.catch(() => {});
    return doing;
  }

  /** Takes over what another tab stored. */
  async reload(): Promise<void> {
    const [found] = await this.#storage.read(PERSON);
    this.#adopt(found?.[1] as PersonRow | undefined);
  }

  /** From now on the engine's person is somebody else's business. */
  close(): void {
    this.#isClosed = true;
  }

  #adopt(row: PersonRow | undefined): void {
    if (this.#isClosed) throw new NearsideError("consent-required", "they chose otherwise");
    if (this.#storage.isInMemory && !row) return;
    if (!row && this.#held !== undefined) throw new Gone();
    if (!row || row.change === this.#held) return;
    this.#page.engine.person = row.document;
    this.#held = row.change;
  }
}
