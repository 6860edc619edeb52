// What is kept of the person, and what they allow: each is asked for once, until something changes.

/**
 * @typedef {import("../dist/nearside/nearside.js").Nearside} Nearside
 * @typedef {{ behavioral: boolean, location: boolean, sharing: boolean }} Allowed by purpose, as the engine has it
 */

/** @type {Allowed} */
export const NOTHING = { behavioral: false, location: false, sharing: false };

/** Whoever cannot be asked allows nothing. @param {Nearside} nearside @returns {Promise<Allowed>} */
async function askAllowed(nearside) {
  if (nearside.mode === "general") return NOTHING;
  const settings = await nearside.settings.get();
  if (settings.personalization_enabled !== true || settings.privacy_mode) return NOTHING;
  return { behavioral: settings.behavioral, location: settings.location, sharing: settings.data_sharing_consent };
}

/** @param {() => Nearside} nearside */
export function ownRecord(nearside) {
  /** @type {Map<string, Promise<any>>} */
  const answers = new Map();
  let changes = 0;
  /** @template T @param {string} name @param {() => Promise<T>} ask @param {T} otherwise @returns {Promise<T>} */
  const once = (name, ask, otherwise) => {
    const known = answers.get(name);
    if (known) return known;
    const asking = ask().catch(() => {
      if (answers.get(name) === asking) answers.delete(name);
      return otherwise;
    });
    answers.set(name, asking);
    return asking;
  };
  return {
    /** Everything that is kept, by table. @returns {Promise<Record<string, Record<string, unknown>[]>>} */
    read: () => once("record", () => nearside().profile.export(), {}),
    /** What may be used now; an answer from before a change is none. */
    allowedNow: async () => {
      for (;;) {
        const before = changes;
        const allowed = await once("allowed", () => askAllowed(nearside()), NOTHING);
        if (before === changes) return allowed;
      }
    },
    /** Something changed: what is asked for next is asked anew. */
    changed: () => {
      changes += 1;
      answers.clear();
    },
  };
}
