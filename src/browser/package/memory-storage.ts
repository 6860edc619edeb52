import type { Change, NearsideStorage, Row } from "./storage.js";

/** Keeps rows as long as the page lives. */
export function memoryStorage(): NearsideStorage {
  const rows = new Map<string, Row>();
  return {
    find: async () => rows.size > 0,
    create: async () => {},
    read: async (prefix) => [...rows].filter(([key]) => key.startsWith(prefix)).sort(([one], [other]) => (one < other ? -1 : 1)),
    change: async <T>(keys: readonly string[], apply: (rows: readonly (Row | undefined)[]) => Change<T>) => {
      const { put, result } = apply(keys.map((key) => rows.get(key)));
      for (const [key, row] of Object.entries(put ?? {})) {
        if (row === undefined) rows.delete(key);
        else rows.set(key, row);
      }
      return result;
    },
    erase: async () => rows.clear(),
    close: () => {},
  };
}
