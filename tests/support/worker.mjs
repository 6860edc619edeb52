// Starts the built Worker under the real runtime, with its own empty D1, KV and queues, as wrangler.toml binds them.
import { existsSync, readFileSync } from "node:fs";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, Response } from "miniflare";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { readMigrations } from "../../pkg-scripts/lib/migrations.mjs";
import { readWorkerOptions } from "../../pkg-scripts/lib/worker-options.mjs";
import { newKeys } from "./tokens.mjs";

/**
 * Starts the Worker. Nothing is shared between two of them, so tests of one file may start several.
 *
 * @param {object} [options]
 * @param {object} [options.bindings] further text bindings, or other values for those of wrangler.toml (`AUTH_KEYS: null` removes one)
 * @param {string} [options.wrapper] source of a module that is the Worker's main module instead; it may
 *   `import worker from "./index.js"` and hand on, fail or delay what it likes
 * @param {Record<string, string | Uint8Array>} [options.modules] contents of further modules that the wrapper imports, by file name
 * @param {(workerOptions: object) => void} [options.change] changes the Miniflare options (unbind a queue, shorten a timeout)
 * @param {boolean} [options.assets] serves the pages of www in front of the Worker, as in production; without it only the
 *   Worker can read them
 * @param {boolean} [options.direct] opens a socket that leads straight into the Worker; `worker.url` is its address
 * @param {string} [options.storage] a folder that keeps D1 and KV between two starts
 * @param {(line: string) => void} [options.onLog] is told each line that the Worker logs; without it they are dropped
 */
export async function startWorker(options = {}) {
  const { assets, ...shared } = readWorkerOptions();
  const keys = newKeys();
  const worker = {
    ...shared,
    name: "nearside",
    modules: modules(options),
    modulesRoot: at("build", "edge"),
    bindings: { ...shared.bindings, AUTH_KEYS: keys.authKeys, MODEL_KEYS: keys.modelKeys, ...options.bindings },
    // In front of the Worker the site's files would answer what tests ask of the Worker itself.
    ...(options.assets ? { assets } : { serviceBindings: { ASSETS: readAsset } }),
    ...(options.direct ? { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] } : {}),
  };
  for (const [name, value] of Object.entries(worker.bindings)) if (value === null) delete worker.bindings[name];
  options.change?.(worker);
  const mf = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: ({ message }) => options.onLog?.(message),
      ...(options.storage ? { resourcePersistencePath: options.storage } : {}),
      workers: [worker],
    }),
  );
  await mf.ready;
  const db = () => mf.getD1Database("DB");
  await migrate(await db());
  return {
    mf,
    /** What `mint` of tokens.mjs signs with. */
    keys,
    db,
    kv: () => mf.getKVNamespace("BLOBS"),
    url: options.direct ? await mf.unsafeGetDirectURL() : await mf.ready,
    /** Sends a request; a path is enough. */
    fetch: (path, init) => mf.dispatchFetch(new URL(path, "http://nearside.test"), init),
    /** Runs the nightly job now, or as of another time. */
    runCron: async (cron = shared.cronTriggers[0], scheduledTime = new Date()) =>
      (await mf.getWorker()).scheduled({ cron, scheduledTime }),
    dispose: () => mf.dispose(),
  };
}

/** The binding of the site's files, where they are not served in front of the Worker. */
function readAsset(request) {
  const file = `${at("www")}${new URL(request.url).pathname}`;
  return existsSync(file) ? new Response(readFileSync(file)) : new Response(null, { status: 404 });
}

/** The modules of the Worker; the first is its main module. */
function modules({ wrapper, modules = {} }) {
  const folder = at("build", "edge");
  const written = Object.entries({ ...(wrapper ? { "wrapper.js": wrapper } : {}), ...modules });
  return [
    ...written.map(([name, contents]) => ({ type: name.endsWith(".wasm") ? "CompiledWasm" : "ESModule", path: `${folder}/${name}`, contents })),
    { type: "ESModule", path: `${folder}/index.js` },
    { type: "CompiledWasm", path: `${folder}/index_bg.wasm` },
  ];
}

/** Applies the migrations to an empty database, each file as one batch, which D1 runs as one transaction. */
async function migrate(db) {
  const table = await db.prepare("SELECT name FROM sqlite_schema WHERE name NOT GLOB '_cf_*' LIMIT 1").first();
  if (table) return;
  for (const statements of readMigrations()) await db.batch(statements.map((sql) => db.prepare(sql)));
}
