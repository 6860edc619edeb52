// The Worker's three handlers in front of the wasm instance, and what happens when that instance traps.
//
// A trap ends the instance: its memory may be half written, so nobody may use it again. The bindings refuse whatever
// still belongs to it, put a fresh one in its place when a handler is called next, and call `nearsideTrapped` at once:
// here everybody who waited for the old one is told, instead of hanging until the runtime gives up on them.
import * as engine from "./index.js";

/** How to fail each call that is under way, on whichever request. */
const underWay = new Set();
/** Calls whose client has gone never end. This many are remembered at most. */
const MOST_UNDER_WAY = 4096;

/** What they are failed with. The panic itself was logged where it happened. */
const TRAPPED = new Error("the engine trapped and was started again");

globalThis.nearsideTrapped = () => {
  const failures = [...underWay];
  underWay.clear();
  for (const fail of failures) fail(TRAPPED);
};

/**
 * Minutes that a time zone is ahead of UTC at a moment; NaN for an unknown zone. The engine calls it.
 * @param {string} timeZone
 * @param {number} atMs
 */
globalThis.nearsideUtcOffset = (timeZone, atMs) => {
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
    const name = format.formatToParts(atMs).find((part) => part.type === "timeZoneName").value;
    const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? [];
    return sign ? (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) : 0;
  } catch {
    return Number.NaN;
  }
};

/** Imported public keys, by their bytes. They come from the deployment's own list, so this many are enough. */
const publicKeys = new Map();
const MOST_PUBLIC_KEYS = 64;

/**
 * Whether a signature over a message is good under a raw Ed25519 key. The engine calls it.
 * @param {Uint8Array} rawKey
 * @param {Uint8Array} signature
 * @param {Uint8Array} message
 */
globalThis.nearsideVerifyEd25519 = async (rawKey, signature, message) => {
  const name = String(rawKey);
  let key = publicKeys.get(name);
  if (!key) {
    key = await crypto.subtle.importKey("raw", rawKey, "Ed25519", false, ["verify"]);
    if (publicKeys.size >= MOST_PUBLIC_KEYS) publicKeys.clear();
    publicKeys.set(name, key);
  }
  return crypto.subtle.verify("Ed25519", key, signature, message);
};

/** Calls a handler of the engine; fails when its instance traps, even on another request's behalf. */
function call(handler, first, env, ctx) {
  return new Promise((resolve, reject) => {
    underWay.add(reject);
    if (underWay.size > MOST_UNDER_WAY) underWay.delete(underWay.values().next().value);
    const settle = (end) => (value) => {
      underWay.delete(reject);
      end(value);
    };
    handler(first, env, ctx).then(settle(resolve), settle(reject));
  });
}

/** The answer of a request whose instance trapped: a problem document that says nothing about the inside. */
function internalError() {
  const problem = { type: "about:blank", title: "Internal Server Error", status: 500 };
  const headers = { "content-type": "application/problem+json", "cache-control": "private, no-store" };
  return new Response(JSON.stringify(problem), { status: 500, headers });
}

export default {
  async fetch(request, env, ctx) {
    try {
      return await call(engine.fetch, request, env, ctx);
    } catch (error) {
      if (error !== TRAPPED) console.error("a handler failed outside the engine");
      return internalError();
    }
  },
  // A failed batch is delivered again, a failed cron run is reported: both by throwing.
  queue: (batch, env, ctx) => call(engine.queue, batch, env, ctx),
  scheduled: (event, env, ctx) => call(engine.scheduled, event, env, ctx),
};
