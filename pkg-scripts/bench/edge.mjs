// The Worker under the real runtime, through a socket that leads straight into it: CPU of the runtime's process for one
// request, against that of a Worker that only reads one row of D1, in the same run.
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { at } from "../lib/root.mjs";
import { startWorker } from "../../tests/support/worker.mjs";
import { mint } from "../../tests/support/tokens.mjs";
import { items, pack } from "./finance.mjs";
import { cpuMicroseconds, runtimes } from "./cpu.mjs";

const API = "/api/v1/personalization";
const ROUNDS = 5;
const REQUESTS = 400;
const PEOPLE = 100;
const EVENTS = 10;
const CALLS = 20;
const uuid = (space, number) => `00000000-${space}-7000-8000-${String(number).padStart(12, "0")}`;
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const ratio = (value) => Number(value.toFixed(3));

/** Size of what is deployed. */
export async function wasmSize() {
  const kilobytes = (file) => gzipSync(readFileSync(at("build", "edge", file)), { level: 9 }).length / 1024;
  const value = Number((kilobytes("index_bg.wasm") + kilobytes("index.js")).toFixed(1));
  return [{ name: "edge/wasm_gzip_kb", value, unit: "KB", target: "<= 355", peer: "wasm and JavaScript together; 295 before experiments, which may add 60" }];
}

export async function benchEdge() {
  const before = runtimes();
  const worker = await startWorker({ direct: true });
  const [edgePid] = runtimes().filter((pid) => !before.includes(pid));
  const call = caller(worker, mint({ role: "admin", user: uuid("aaaa", 1), ...worker.keys.hs256 }));
  await publish(call);
  const user = uuid("bbbb", 1);
  await call("POST", "/settings", { user_id: user, personalization_enabled: true });
  await call("POST", "/track-interactions?sync=1", { interactions: history(user, 240) });
  const row = await (await worker.db()).prepare("SELECT state FROM user_personalization_profiles WHERE user_id = ?1").bind(user).first();
  const bare = await startBare(row.state);
  const [barePid] = runtimes().filter((pid) => !before.includes(pid) && pid !== edgePid);
  const person = caller(worker, mint({ role: "client", user, ...worker.keys.hs256 }));
  const recommend = () => person("POST", "/recommend", { scope: "home", context: { country: "GB" } });
  const read = () => fetch(bare.url).then((answer) => answer.arrayBuffer());
  const rounds = [];
  await measured(edgePid, recommend);
  await measured(barePid, read);
  for (let round = 0; round < ROUNDS; round += 1) {
    const own = await measured(edgePid, recommend);
    const peer = await measured(barePid, read);
    rounds.push({ own, peer, ratio: own.cpu / peer.cpu });
  }
  const walls = rounds.flatMap(({ own }) => own.walls).sort((a, b) => a - b);
  const own = median(rounds.map(({ own }) => own.cpu));
  const peer = median(rounds.map(({ peer }) => peer.cpu));
  const bulk = await bulkRate(call);
  await Promise.all([worker.dispose(), bare.mf.dispose()]);
  return [
    { name: "edge/recommend_over_d1_read", value: ratio(median(rounds.map((round) => round.ratio))), unit: "ratio of CPU", target: "<= 2.0", peer: `${peer.toFixed(0)} µs for one D1 read` },
    { name: "edge/recommend_cpu", value: Number(own.toFixed(0)), unit: "µs CPU", target: "", peer: `${peer.toFixed(0)} µs for one D1 read` },
    { name: "edge/recommend_wall_p99", value: Number(walls[Math.floor(walls.length * 0.99)].toFixed(2)), unit: "ms", target: "<= 50", peer: "one request at a time" },
    { name: "edge/track_events_per_s", value: Number(bulk.toFixed(0)), unit: "events/s", target: ">= 5000", peer: `${PEOPLE} users x ${EVENTS} events a call, applied before the answer` },
  ];
}

function caller(worker, token) {
  return async (method, path, body) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(new URL(API + path, worker.url), { method, headers, body: body && JSON.stringify(body) });
    const bytes = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${bytes.slice(0, 300)}`);
    return bytes;
  };
}

async function publish(call) {
  await call("PUT", "/packs/finance", pack());
  await call("PUT", "/catalog/finance", { items: items(100) });
  await call("POST", "/catalog/finance/commit");
}

/** A person's last half year with the catalogue. */
function history(user, count) {
  const ids = items(60).map((item) => item.id);
  const types = ["RECOMMENDATION_VIEWED", "CLICKED", "RECOMMENDATION_ACCEPTED"];
  return Array.from({ length: count }, (_, index) => ({
    id: uuid("cccc", index),
    user_id: user,
    type: types[index % 3],
    target_type: "recommendation",
    target_id: ids[(index * 7) % ids.length],
    session_id: uuid("dddd", Math.floor(index / 8)),
    context: { utc_offset_minutes: 0 },
    occurred_at: new Date(Date.now() - (180 - (index % 180)) * 86_400_000).toISOString(),
  }));
}

/** One round: CPU of the process for each request, and the wall times. */
async function measured(pid, request) {
  const walls = [];
  const begun = cpuMicroseconds(pid);
  for (let index = 0; index < REQUESTS; index += 1) {
    const at = performance.now();
    await request();
    walls.push(performance.now() - at);
  }
  return { cpu: (cpuMicroseconds(pid) - begun) / REQUESTS, walls };
}

/** The peer: a Worker that reads a row of the same size by its key and answers it. */
async function startBare(state) {
  const script = `export default { async fetch(request, env) {
    const row = await env.DB.prepare("SELECT state FROM profiles WHERE user_id = ?1").bind("u").first();
    return new Response(row.state, { headers: { "content-type": "application/json" } });
  } }`;
  const options = { modules: true, script, compatibilityDate: "2026-10-20", d1Databases: { DB: "bare" }, unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] };
  const mf = new Miniflare(convertV4MiniflareOptions({ host: "127.0.0.1", port: 0, log: new Log(LogLevel.NONE), workers: [{ name: "bare", ...options }] }));
  await mf.ready;
  const db = await mf.getD1Database("DB");
  await db.prepare("CREATE TABLE profiles (user_id TEXT PRIMARY KEY, state TEXT)").run();
  await db.prepare("INSERT INTO profiles VALUES ('u', ?1)").bind(state).run();
  return { mf, url: await mf.unsafeGetDirectURL() };
}

/** Events a second that an admin's bulk calls apply, end to end. */
async function bulkRate(call) {
  const people = Array.from({ length: PEOPLE }, (_, index) => uuid("eeee", index));
  for (const user_id of people) await call("POST", "/settings", { user_id, personalization_enabled: true });
  const ids = items(100).map((item) => item.id);
  const bodies = Array.from({ length: CALLS }, (_, turn) => ({
    interactions: people.flatMap((user_id, person) =>
      Array.from({ length: EVENTS }, (_, event) => ({
        id: uuid(turn.toString(16).padStart(4, "0"), person * EVENTS + event),
        user_id,
        type: event % 5 === 4 ? "RECOMMENDATION_ACCEPTED" : "CLICKED",
        target_type: "recommendation",
        target_id: ids[(person * 13 + event * 7 + turn) % ids.length],
        context: { utc_offset_minutes: 0 },
      })),
    ),
  }));
  await call("POST", "/track-interactions?sync=1", bodies[0]);
  const begun = performance.now();
  let applied = 0;
  for (const body of bodies.slice(1)) applied += JSON.parse(await call("POST", "/track-interactions?sync=1", body)).accepted;
  return applied / ((performance.now() - begun) / 1000);
}
