import { Gone, type Change, type NearsideStorage, type Row } from "./storage.js";

const ROWS = "rows";

/**
 * Keeps rows in one IndexedDB database with one store.
 *
 * @param name - the database's
 * @param onErased - is told when another tab removes the database
 */
export function indexedDbStorage(name: string, onErased: () => void): NearsideStorage {
  let opening: Promise<IDBDatabase> | undefined;

  /** Opens the database. Only `mayCreate` makes one: where there is none, the attempt is undone and leaves nothing. */
  const open = (mayCreate: boolean): Promise<IDBDatabase> => {
    opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => {
        if (mayCreate) request.result.createObjectStore(ROWS);
        else request.transaction?.abort();
      };
      request.onsuccess = () => resolve(watched(request.result));
      request.onerror = () => reject(request.error?.name === "AbortError" && !mayCreate ? new Gone() : request.error);
    });
    const mine = opening;
    mine.catch(() => opening === mine && close());
    return mine;
  };
  const watched = (database: IDBDatabase): IDBDatabase => {
    database.onclose = close;
    database.onversionchange = ({ newVersion }) => {
      close();
      if (newVersion === null) onErased();
    };
    return database;
  };
  const close = (): void => {
    void opening?.then((database) => database.close(), () => {});
    opening = undefined;
  };

  return {
    find: async () => {
      if (indexedDB.databases) return (await indexedDB.databases()).some((known) => known.name === name);
      return open(false).then(() => true, () => false);
    },
    create: async () => void (await open(true)),
    read: async (prefix) => {
      const store = (await open(false)).transaction(ROWS).objectStore(ROWS);
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      const [keys, rows] = await Promise.all([done(store.getAllKeys(range)), done<Row[]>(store.getAll(range))]);
      return keys.map((key, index) => [String(key), rows[index]!] as const);
    },
    change: async (keys, apply) => changeRows((await open(false)).transaction(ROWS, "readwrite"), keys, apply),
    erase: async () => {
      close();
      await done(indexedDB.deleteDatabase(name));
    },
    close,
  };
}

function changeRows<T>(transaction: IDBTransaction, keys: readonly string[], apply: (rows: readonly (Row | undefined)[]) => Change<T>): Promise<T> {
  const store = transaction.objectStore(ROWS);
  return new Promise<T>((resolve, reject) => {
    let result: T;
    let thrown: { readonly error: unknown } | undefined;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(thrown ? thrown.error : transaction.error);
    // Within its own callbacks a transaction stays open: it must not wait for anything else.
    const rows: (Row | undefined)[] = [];
    let missing = keys.length;
    const decide = (): void => {
      try {
        const change = apply(rows);
        result = change.result;
        for (const [key, row] of Object.entries(change.put ?? {})) {
          if (row === undefined) store.delete(key);
          else store.put(row, key);
        }
      } catch (error) {
        thrown = { error };
        transaction.abort();
      }
    };
    if (missing === 0) decide();
    keys.forEach((key, index) => {
      const request = store.get(key);
      request.onsuccess = () => {
        rows[index] = request.result as Row | undefined;
        missing -= 1;
        if (missing === 0) decide();
      };
    });
  });
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
