// A no must hold though the page is left in the same moment. A database writes in its turn, and a page that is gone has none:
// until the database has it, a no stands where writing is done when the call returns.

/** Notes whose no it is. */
export const noteNo = (name: string, user: string): void => tried((storage) => storage.setItem(name, user));

/** Returns whose no is not in the database yet; null or undefined where there is none. */
export const unwrittenNo = (name: string): string | null | undefined => tried((storage) => storage.getItem(name));

/** Where the elements keep what was snoozed. */
export const SNOOZED = "nearside/snoozed";

/** Forgets what stands under a name: a no that the database has, or what was snoozed. */
export const forgetUnder = (name: string): void => tried((storage) => storage.removeItem(name));

/** Not every host has such a storage, and a browser may refuse it. */
function tried<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(globalThis.localStorage);
  } catch {
    return undefined;
  }
}
