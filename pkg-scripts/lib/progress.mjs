// Says what is going on: one line for each step when it ends, and a sign of life while a long one lasts.

const started = performance.now();
const seconds = (from) => `${((performance.now() - from) / 1000).toFixed(1)} s`;

/** How often a long step says that it is still at work. */
const SIGN_OF_LIFE_MS = 15_000;
/** Steps that end within this time are not announced, only reported. */
const ANNOUNCE_AFTER_MS = 1_500;

/**
 * Runs `work` as a step with a name; the line says how long it took and the note it returned, if it is a `note(...)`.
 * @template T
 * @param {string} label
 * @param {() => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function step(label, work) {
  const begun = performance.now();
  const announce = setTimeout(() => console.log(`  … ${label}`), ANNOUNCE_AFTER_MS);
  const alive = setInterval(() => console.log(`  … ${label} (${seconds(begun)})`), SIGN_OF_LIFE_MS);
  try {
    const value = await work();
    console.log(`  ✓ ${label} (${seconds(begun)})`);
    return value;
  } catch (error) {
    console.log(`  ✗ ${label} (${seconds(begun)})`);
    throw error;
  } finally {
    clearTimeout(announce);
    clearInterval(alive);
  }
}

/** Returns the time since the script began. */
export const elapsed = () => seconds(started);
