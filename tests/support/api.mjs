// What tests of the API share: people and their tokens, the finance pack, and a look into every table.
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { send } from "./send.mjs";
import { mint } from "./tokens.mjs";

export const BASE = "/api/v1/personalization";

/** The admin of the tests. */
export const ADMIN = "0192f0c1-0000-7000-8000-00000000ad00";

/** A UUID of version 7, the same for the same numbers. `space` keeps the ids of two uses apart. */
export const uuid = (space, number) =>
  `0192f0c1-${space.toString(16).padStart(4, "0")}-7000-8000-${number.toString(16).padStart(12, "0")}`;

/** Numbers that look random and are the same on every run (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  const pick = (list) => list[below(list.length)];
  const shuffle = (list) => {
    for (let index = list.length - 1; index > 0; index -= 1) {
      const other = below(index + 1);
      [list[index], list[other]] = [list[other], list[index]];
    }
    return list;
  };
  return { next, below, pick, shuffle };
}

/** Speaks in roles to a Worker that was started with `direct`. */
export function apiOf(worker) {
  const tokens = new Map();
  const token = (role, user, env) => {
    const name = `${role} ${user} ${env}`;
    if (!tokens.has(name)) tokens.set(name, mint({ ...worker.keys.hs256, role, user, claims: env ? { env } : {} }));
    return tokens.get(name);
  };

  /**
   * Sends a request below the base and returns `{ status, headers, text, json }`. `body` is JSON, or bytes as they are.
   * Without a role no token is sent; an address that begins with `/openapi`, `/api` or `/ofrep` is taken whole. `env` is the
   * environment that the token names.
   */
  async function call(method, path, { role, user = role?.includes("admin") ? ADMIN : undefined, body, headers = {}, env } = {}) {
    const isRaw = typeof body === "string" || body instanceof Uint8Array;
    const answer = await send(worker.url, {
      method,
      path: /^\/(api|openapi|ofrep)/.test(path) ? path : BASE + path,
      headers: {
        ...(role ? { authorization: `Bearer ${token(role, user, env)}` } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
    });
    return { ...answer, json: parsed(answer.text) };
  }

  /** The same, and fails unless the status is the expected one. */
  async function must(status, method, path, options) {
    const answer = await call(method, path, options);
    if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} instead of ${status}: ${answer.text.slice(0, 500)}`);
    return answer.json;
  }

  return {
    token,
    call,
    must,
    /** What one person does in their own name. */
    as: (user, role = "client", env = undefined) => ({
      call: (method, path, body) => call(method, path, { role, user, body, env }),
      get: (path) => must(200, "GET", path, { role, user, env }),
      settings: (body) => must(200, "POST", "/settings", { role, user, body }),
      agree: () => must(200, "POST", "/settings", { role, user, body: { personalization_enabled: true } }),
      refuse: () => must(200, "POST", "/settings", { role, user, body: { personalization_enabled: false } }),
      recommend: (body = {}) => must(200, "POST", "/recommend", { role, user, body, env }),
      track: (body) => must(202, "POST", "/track-interaction", { role, user, body, env }),
      trackNow: (body) => must(202, "POST", "/track-interaction?sync=1", { role, user, body, env }),
      variant: (test, query = "") => must(200, "GET", `/ab-test/${test}/variant${query}`, { role, user, env }),
      decide: (body = {}) => must(200, "POST", "/ab-test/decide", { role, user, body, env }),
    }),
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Puts a pack folder of src/packs together as `npm run pack` does: pack.json, and KEY.json for every other key. */
export function readPack(id) {
  const folder = at("src", "packs", id);
  const read = (name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
  const parts = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "pack.json");
  const pack = { ...read("pack.json"), ...Object.fromEntries(parts.map((name) => [basename(name, ".json"), read(name)])) };
  const files = readdirSync(`${folder}/catalog`).filter((name) => name.endsWith(".json")).sort();
  return { pack, items: files.flatMap((name) => read(`catalog/${name}`)) };
}

/** Publishes the finance pack and its catalogue. Returns both, and the hashes that are live. */
export async function seedFinance(api, change = (pack) => pack) {
  const { pack, items } = readPack("finance");
  const changed = change(pack);
  const { version } = await api.must(200, "PUT", "/packs/finance", { role: "admin", body: changed });
  await api.must(200, "PUT", "/catalog/finance", { role: "admin", body: { items } });
  const committed = await api.must(200, "POST", "/catalog/finance/commit", { role: "admin" });
  return { pack: changed, items, packVersion: version, catalogVersion: committed.version };
}

/** Returns how many rows of each table hold the text anywhere; tables without one are left out. `sql` runs a statement. */
export async function tablesWith(sql, text) {
  const tables = await sql("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*'");
  const found = {};
  for (const { name } of tables) {
    const rows = await sql(`SELECT * FROM "${name}"`);
    const count = rows.filter((row) => JSON.stringify(row).toLowerCase().includes(text.toLowerCase())).length;
    if (count > 0) found[name] = count;
  }
  return found;
}

/** Waits until `check` returns something true, and returns that. */
export async function until(check, what, seconds = 60) {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    const found = await check();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited ${seconds} s in vain for ${what}`);
}
