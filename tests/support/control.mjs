// Starts the Worker behind tests/support/control-worker.js, which says what can be steered.
import { readFileSync } from "node:fs";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { send } from "./send.mjs";
import { startWorker } from "./worker.mjs";

/** Starts a Worker that has `set(changes)`, `state()`, `reset()` and `sql(…)` beside what `startWorker` gives. */
export async function startControlled(options = {}) {
  const wrapper = readFileSync(at("tests", "support", "control-worker.js"), "utf8");
  const worker = await startWorker({ ...options, wrapper, direct: true });
  const ask = async (path, method, body) => JSON.parse((await send(worker.url, { path, method, body: body && JSON.stringify(body) })).text);
  const control = (method, body) => ask("/api/__control", method, body);
  return {
    ...worker,
    /** Changes how the ports, the bindings and the queue behave, and forgets the calls so far. Returns what held before. */
    set: (changes) => control("POST", changes),
    /** What was seen so far. */
    state: () => control("GET"),
    /** Runs one statement and returns its rows; no port is called. The test runtime's own way is many times slower. */
    sql: (sql, ...values) => ask("/api/__sql", "POST", { sql, values }),
    /** Everything as deployed again. */
    reset: () => control("DELETE"),
  };
}
