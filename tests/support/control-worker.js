// A main module in front of the Worker that tests steer from outside: other bindings, ports that fail, a queue that is
// held, or that fails before or after its messages were applied. It decides nothing that the Worker decides.
import worker from "./index.js";

const fresh = () => ({
  // Bindings in place of the deployed ones; null removes one.
  bindings: {},
  // What happens to calls of ports: { port?: "DB" | "BLOBS" | "INTERACTIONS", at: number | "all", how: "throw" | "lose" | "hang" }.
  // "at" counts the calls of all ports since the last setting, from 1. "lose": the call is carried out, its answer is lost.
  faults: [],
  count: 0,
  // The first of those calls, by name.
  calls: [],
  // Batches of the queue wait while this is true.
  hold: false,
  // Every n-th batch fails, in turns before and after it was applied; 0: none.
  failEvery: 0,
  batches: 0,
  failures: 0,
  seen: [],
  done: [],
});

globalThis.control ??= fresh();

/** Longer than any test waits for an answer. */
const HANG_MS = 120_000;

/** More than any one request makes. */
const CALLS_KEPT = 100;

/** Passes one call of a port on, or lets it fail as the test wants. */
async function pass(port, name, call) {
  control.count += 1;
  const at = control.count;
  if (at <= CALLS_KEPT) control.calls.push(`${port}.${name}`);
  const fault = control.faults.find((one) => (!one.port || one.port === port) && (one.at === "all" || one.at === at));
  if (fault?.how === "throw") throw new Error("the port is down");
  if (fault?.how === "hang") await scheduler.wait(HANG_MS);
  const answer = await call();
  if (fault?.how === "lose") throw new Error("the answer was lost");
  return answer;
}

/** Stands for an object: the named methods are calls of the port, everything else is its own. */
function standIn(target, port, names, others = {}) {
  return new Proxy(target, {
    get(_, name) {
      if (Object.hasOwn(others, name)) return others[name];
      const value = target[name];
      if (typeof value !== "function") return value;
      if (name === "constructor") return value;
      if (!names.includes(name)) return value.bind(target);
      return (...given) => pass(port, name, () => value.apply(target, given));
    },
  });
}

const statements = new WeakMap();

function statementOf(target) {
  const statement = standIn(target, "DB", ["all", "first", "raw", "run"], { bind: (...values) => statementOf(target.bind(...values)) });
  statements.set(statement, target);
  return statement;
}

function databaseOf(target) {
  return standIn(target, "DB", ["exec"], {
    prepare: (sql) => statementOf(target.prepare(sql)),
    batch: (list) => pass("DB", "batch", () => target.batch(list.map((one) => statements.get(one) ?? one))),
  });
}

function bindingsOf(env) {
  const bindings = { ...env };
  if (env.DB) bindings.DB = databaseOf(env.DB);
  if (env.BLOBS) bindings.BLOBS = standIn(env.BLOBS, "BLOBS", ["get", "getWithMetadata", "list", "put", "delete"]);
  if (env.INTERACTIONS) bindings.INTERACTIONS = standIn(env.INTERACTIONS, "INTERACTIONS", ["send", "sendBatch"]);
  for (const [name, value] of Object.entries(control.bindings)) {
    if (value === null) delete bindings[name];
    else bindings[name] = value;
  }
  return bindings;
}

/** A batch whose acknowledgements are noted, and handed on only where `isHeard`. */
function noted(batch, isHeard) {
  const messages = batch.messages.map((message) => ({
    id: message.id,
    timestamp: message.timestamp,
    body: message.body,
    attempts: message.attempts,
    ack() {
      if (!isHeard) return;
      control.done.push(message.id);
      message.ack();
    },
    retry(options) {
      if (isHeard) message.retry(options);
    },
  }));
  const each = (name) => (options) => messages.forEach((message) => message[name](options));
  return { queue: batch.queue, messages, ackAll: each("ack"), retryAll: each("retry") };
}

async function deliver(batch, env, ctx) {
  for (const { id } of batch.messages) if (!control.seen.includes(id)) control.seen.push(id);
  while (control.hold) await scheduler.wait(20);
  control.batches += 1;
  const isToFail = control.failEvery > 0 && control.batches % control.failEvery === 0;
  if (!isToFail) return worker.queue(noted(batch, true), env, ctx);
  control.failures += 1;
  if (control.failures % 2 === 1) throw new Error("failed before anything was applied");
  await worker.queue(noted(batch, false), env, ctx);
  throw new Error("failed after everything was applied");
}

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/__sql") {
      const { sql, values } = await request.json();
      return Response.json((await env.DB.prepare(sql).bind(...values).all()).results);
    }
    if (pathname !== "/api/__control") return worker.fetch(request, bindingsOf(env), ctx);
    const before = { ...control };
    if (request.method === "POST") Object.assign(control, { count: 0, calls: [] }, await request.json());
    if (request.method === "DELETE") globalThis.control = fresh();
    return Response.json(before);
  },
  queue(batch, env, ctx) {
    const bindings = bindingsOf(env);
    return batch.queue.endsWith("-dead") ? worker.queue(batch, bindings, ctx) : deliver(batch, bindings, ctx);
  },
  scheduled: (event, env, ctx) => worker.scheduled(event, bindingsOf(env), ctx),
};
