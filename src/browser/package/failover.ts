import { NearsideError } from "./errors.js";
import { memoryStorage } from "./memory-storage.js";
import { Gone, type NearsideStorage } from "./storage.js";

/** A storage that goes on in memory where the other fails or is gone. */
export interface Failover extends NearsideStorage {
  /** True once it goes on in memory. */
  readonly isInMemory: boolean;
}

/** Who is told what happened. */
export interface Failures {
  /** It could not be written or read. */
  readonly onFailed: () => void;
  /** Another tab removed everything. */
  readonly onErased: () => void;
}

/** Lets a storage fail: what a change decided is then done once all the same, in memory. */
export function failover(durable: NearsideStorage, failures: Failures): Failover {
  const memory = memoryStorage();
  let storage = durable;
  const leave = (error: unknown): void => {
    // What the engine refuses is no fault of the storage, unless it is what was stored.
    if (error instanceof NearsideError && error.code !== "invalid-profile") throw error;
    if (storage === memory) return;
    storage = memory;
    if (error instanceof Gone) failures.onErased();
    else failures.onFailed();
  };
  return {
    get isInMemory() {
      return storage === memory;
    },
    find: () => storage.find().catch(() => false),
    create: () => storage.create().catch(leave),
    read: (prefix) => storage.read(prefix).catch((error: unknown) => {
      leave(error);
      return memory.read(prefix);
    }),
    change: async (keys, apply) => {
      let decided: ReturnType<typeof apply> | undefined;
      try {
        return await storage.change(keys, (rows) => (decided = apply(rows)));
      } catch (error) {
        leave(error);
        const before = decided;
        return memory.change(keys, before ? () => before : apply);
      }
    },
    erase: () => durable.erase(),
    close: () => durable.close(),
  };
}
