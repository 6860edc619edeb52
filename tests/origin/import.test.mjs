// `nearside import` from everything that holds events: the real Worker's export and its own D1 file, NDJSON, CSV with other
// column names, and Parquet. Every row is accounted for, bad ones are named, and reading again adds nothing.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { apiOf, seedFinance } from "../support/api.mjs";
import { crowdMember, crowdVisits, seedCrowd } from "../support/crowd.mjs";
import { nearsideIn } from "../support/nearside.mjs";
import { startWorker } from "../support/worker.mjs";

const storage = mkdtempSync(join(tmpdir(), "nearside-d1-"));
const events = crowdVisits();
const VISITS = events.filter(({ user_id }) => user_id === crowdMember(0)).length;

let worker, api, near;
before(async () => {
  worker = await startWorker({ direct: true, storage });
  api = apiOf(worker);
  near = nearsideIn(worker);
  await seedFinance(api);
  await seedCrowd(api, events);
});
after(async () => {
  near?.remove();
  await worker?.dispose();
  rmSync(storage, { recursive: true, force: true });
});

const SILENT = { rows: 0, imported: 0, known: 0, erased: 0, tombstones: 0, deleted: 0, profiles: 0, items: 0, left_out: {}, rejected: {} };
/** Runs an import; the first tally with everything that is zero filled in, and what was said of bad rows. */
async function imported(line, options = {}) {
  const parameters = ["import", ...(Array.isArray(line) ? line : line.split(" ")), "--json"];
  const { stdout, stderr } = await near.run(parameters, options);
  const [{ source, ...tally }] = JSON.parse(stdout);
  const sum = (counts) => Object.values(counts).reduce((left, right) => left + right, 0);
  const accounted = tally.imported + tally.known + tally.erased + tally.tombstones + sum(tally.left_out) + sum(tally.rejected);
  // The erasures of a D1 file stand in a table of their own.
  const others = source.startsWith("d1:") ? tally.tombstones : 0;
  assert.equal(accounted - others, tally.rows, "every row is accounted for");
  return { tally, named: stderr.split("\n").filter((text) => / row \d+: /.test(text)).map((text) => text.replace(/^.*: row/, "row")) };
}

test("NDJSON: bad lines are counted by reason and named, and are tried again", async () => {
  const good = events.map((event, at) => JSON.stringify({ ...event, pack: "finance", ...(at % 4 ? { action: "opened" } : {}) }));
  const bad = ['{"user_id":"u"}', "not json", "[1]", JSON.stringify({ ...events[0], id: "x", pack: "finance", occurred_at: "never" })];
  near.write("events.ndjson", [...good.slice(0, 10), ...bad, ...good.slice(10)].join("\n"));
  const rejected = { "type is missing": 1, "the line is not JSON": 1, "the line is not a JSON object": 1, "occurred_at is not a time": 1 };
  const first = await imported("events.ndjson --store lines.db");
  assert.deepEqual(first.tally, { ...SILENT, rows: events.length + 4, imported: events.length, rejected });
  assert.deepEqual(first.named, ["row 11: type is missing", "row 12: the line is not JSON", "row 13: the line is not a JSON object", "row 14: occurred_at is not a time"]);
  const again = await imported("events.ndjson --store lines.db --strict", { code: 3 });
  assert.deepEqual(again.tally, { ...first.tally, imported: 0, known: events.length });
  assert.match((await near.run("doctor --store lines.db")).stdout, /100 events of 20 people, 4 rows put aside/);
  near.write("events.ndjson", good.join("\n"));
  assert.deepEqual((await imported("events.ndjson --store lines.db --strict")).tally.rejected, {});
  assert.match((await near.run("doctor --store lines.db")).stdout, /100 events of 20 people, 0 rows put aside/);
});

test("CSV: columns are mapped, what no column says is set, and packed files are read", async () => {
  const lines = events.map(({ user_id, target_id, session_id, occurred_at }) => [user_id, target_id, session_id, occurred_at.replace("T", " ").replace("Z", "")].join(","));
  const bad = [",gb-make-a-will,s,2026-01-01", "somebody,,s,2026-01-01", 'somebody,"gb-make-a-will",s,31.12.2025', "too,short"];
  near.write("purchases.csv.gz", gzipSync(["Who,Thing,Basket,On the", ...lines, ...bad].join("\n")));
  const map = "--map user_id=Who --map target_id=Thing --map session_id=Basket --set pack=finance --set type=PURCHASED".split(" ");
  const line = ["purchases.csv.gz", "--store", "table.db", ...map, "--map", "occurred_at=On the"];
  assert.match((await near.run(["import", ...line.slice(0, -2)], { code: 1 })).stderr, /no column says occurred_at: give --map occurred_at=COLUMN .*the columns are Who, Thing, Basket, On the/);
  const first = await imported(line);
  assert.deepEqual([first.tally.rows, first.tally.imported], [events.length + 4, events.length]);
  assert.deepEqual(first.named.length, 4);
  assert.deepEqual(Object.values(first.tally.rejected), [1, 1, 1, 1]);
  const again = await imported(line);
  assert.deepEqual(again.tally, { ...first.tally, imported: 0, known: events.length });
});

test("Parquet: the table that another engine gets comes back, and one that was cut off is refused", async () => {
  await near.run("import events.ndjson --store lines.db");
  assert.deepEqual(await near.json("export-events --to events.parquet --store lines.db"), { file: "events.parquet", events: events.length });
  const line = "events.parquet --store columns.db";
  assert.deepEqual((await imported(line)).tally, { ...SILENT, rows: events.length, imported: events.length });
  assert.deepEqual((await imported(line)).tally, { ...SILENT, rows: events.length, known: events.length });
  assert.deepEqual((await imported(`events.parquet --store lines.db`)).tally.known, events.length, "it is what the lines said");
  const other = await imported("events.parquet --store other.db --map target_id=action");
  const bad = events.length / 4;
  assert.deepEqual(other.tally, { ...SILENT, rows: events.length, imported: events.length - bad, rejected: { "target_id is missing": bad } });
  assert.equal(other.named.length, 5, "the first are named, the store holds all");
  const whole = near.read("events.parquet");
  near.write("cut.parquet", whole.subarray(0, whole.length - 9));
  assert.match((await near.run("import cut.parquet --store columns.db", { code: 1 })).stderr, /cut\.parquet cannot be imported: it is no whole Parquet file/);
});

test("the Worker and its own D1 file say the same, of people who share and of nobody else", async () => {
  await api.as(crowdMember(1)).settings({ data_sharing_consent: false });
  await api.as(crowdMember(2)).settings({ hash_user_id: false });
  await api.must(200, "DELETE", `/profile/${crowdMember(3)}`, { role: "client", user: crowdMember(3) });
  const shared = events.length - 2 * VISITS;
  const edge = await imported("--from-edge");
  assert.deepEqual(edge.tally, { ...SILENT, rows: shared + 1, imported: shared, tombstones: 1, items: edge.tally.items });
  assert.deepEqual((await imported("--from-edge")).tally, SILENT);
  const fromD1 = ["--from-d1", storage];
  const left_out = { "people who do not share": VISITS };
  const known = await imported(fromD1);
  assert.deepEqual(known.tally, { ...SILENT, rows: shared + VISITS, known: shared, tombstones: 1, left_out });
  assert.deepEqual((await imported([...fromD1, "--store", "d1.db"])).tally, { ...known.tally, known: 0, imported: shared });
  const nameless = await imported([...fromD1, "--store", "nameless.db"], { AUTH_KEYS: "" });
  assert.equal(nameless.tally.imported, VISITS, "without the key of pseudonyms only who wants to be named comes in");
});

test("rows of a D1 file that cannot be read are put aside and named", async () => {
  const db = await worker.db();
  const change = (set, number) => db.prepare(`UPDATE user_interactions SET ${set} WHERE user_id = ?1 AND id = (SELECT min(id) FROM user_interactions WHERE user_id = ?1)`).bind(crowdMember(number)).run();
  await change("context = 'nonsense'", 4);
  await change("interaction_type = 'NONSENSE'", 5);
  const { tally, named } = await imported(["--from-d1", storage, "--store", "odd.db", "--strict"], { code: 3 });
  assert.deepEqual(tally.rejected, { "the context cannot be read": 1, "the type is not one of the engine's event types": 1 });
  assert.equal(named.length, 2);
  assert.equal(tally.imported, events.length - 2 * VISITS - 2);
});
