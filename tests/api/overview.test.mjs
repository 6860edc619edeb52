// The admin's overview through the real Worker: what is counted of whom, that a night may fail or come twice, that nothing
// of fewer than twenty people is shown, and what isolates write about their answers. And the checker, asked only to look.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, tablesWith, until, uuid } from "../support/api.mjs";
import { startControlled } from "../support/control.mjs";
import { interaction } from "../support/examples.mjs";

const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const dayOf = (daysAgo) => new Date(today - daysAgo * DAY_MS).toISOString().slice(0, 10);
const noonOf = (daysAgo) => new Date(today - daysAgo * DAY_MS + DAY_MS / 2).toISOString();

let worker, api, finance;
before(async () => {
  worker = await startControlled();
  api = apiOf(worker);
  finance = await seedFinance(api);
});
after(() => worker.dispose());

const person = (number) => uuid(0x90, number);
const overview = (query = "", options = { role: "monitor", user: person(0) }) => api.call("GET", `/admin/overview${query}`, options);
const must = async (query) => {
  const { status, json, text } = await overview(query);
  assert.equal(status, 200, text);
  return json;
};
const figuresOf = ({ days }, daysAgo) => days.find((one) => one.day === dayOf(daysAgo) && one.pack === "finance");

/** What each of some people did on a day. */
async function track(people, daysAgo, events) {
  const interactions = people.flatMap((user_id) => events.map((event) => interaction({ user_id, occurred_at: noonOf(daysAgo), ...event })));
  const report = await api.must(202, "POST", "/track-interactions?sync=1", { role: "admin", body: { interactions } });
  assert.deepEqual(report.rejected, []);
  return report;
}

const agree = async (numbers, changes = {}) => {
  const settings = { personalization_enabled: true, data_sharing_consent: true, ...changes };
  for (const number of numbers) await api.as(person(number)).settings(settings);
  return numbers.map(person);
};
const range = (from, to) => Array.from({ length: to - from }, (_, index) => from + index);

const VIEW = { type: "RECOMMENDATION_VIEWED" };
const DID = [VIEW, { ...VIEW, target_id: "document-folder" }, { type: "RECOMMENDATION_ACCEPTED" }, { type: "RECOMMENDATION_DISMISSED", target_id: "document-folder" }];

test("a day is counted over those who share; nineteen people are as good as none", async () => {
  const sharing = await agree(range(0, 25));
  const others = [...await agree([30, 31], { data_sharing_consent: false }), ...await agree([32, 33], { privacy_mode: true })];
  await track([...sharing, ...others], 1, DID);
  await track(sharing.slice(0, 19), 2, DID);
  await track(sharing.slice(0, 20), 3, [VIEW]);
  for (const number of [34, 35]) await api.as(person(number)).refuse();
  assert.equal((await track([person(34)], 1, [VIEW])).withheld, 1);
  assert.equal(figuresOf(await must(""), 1).events, null, "no night has counted it yet");
  await worker.runCron();
  const said = await must("?days=4&pack=finance");
  assert.deepEqual(said.days.map(({ day }) => day), [3, 2, 1, 0].map(dayOf));
  const none = { events: null, active_people: null, shown: null, accepted: null, dismissed: null, acceptance_rate: null, items_shown: null, coverage: null, diversity: null };
  const rounded = (number) => Math.round(number * 10_000) / 10_000;
  const size = finance.items.length;
  assert.deepEqual(figuresOf(said, 1), { day: dayOf(1), pack: "finance", events: 100, active_people: 25, shown: 50, accepted: 25, dismissed: 25, acceptance_rate: 0.5, items_shown: 2, coverage: rounded(2 / size), diversity: figuresOf(said, 1).diversity });
  assert.ok([0, 0.5].includes(figuresOf(said, 1).diversity));
  assert.deepEqual(figuresOf(said, 2), { day: dayOf(2), pack: "finance", ...none });
  assert.deepEqual(figuresOf(said, 3), { day: dayOf(3), pack: "finance", ...none, events: 20, active_people: 20, shown: 20, items_shown: 1, coverage: rounded(1 / size), diversity: 0 });
  assert.deepEqual(said.people, { day: dayOf(0), known: 31, opted_out: null, opt_out_rate: null }, "two who said no are not told apart from none");
  assert.equal(said.least_people, 20);
  const kept = JSON.stringify(await worker.sql("SELECT * FROM overview_days UNION ALL SELECT *, 0, 0, 0, 0, 0, 0, 0 FROM overview_people"));
  for (const user of [...sharing, ...others]) assert.ok(!kept.includes(user));
});

test("every call of the night fails once: the next night makes it good, and a second one changes nothing", async (t) => {
  const rows = () => worker.sql("SELECT * FROM overview_days ORDER BY day, pack");
  const good = await rows();
  assert.equal(good.length, 2);
  await worker.set({ calls: [], faults: [] });
  await worker.runCron();
  const { calls } = await worker.state();
  assert.ok(calls.length >= 5, String(calls));
  assert.deepEqual(await rows(), good, "a second night finds the same");
  for (const how of ["throw", "lose"]) {
    for (let at = 1; at <= calls.length; at += 1) {
      await worker.sql("DELETE FROM overview_days");
      await worker.set({ faults: [{ at, how }] });
      await worker.runCron();
      const during = await rows();
      assert.ok(during.length === 0 || during.length === 2, `${how} at ${at} (${calls[at - 1]}): all days or none`);
      await worker.reset();
      await worker.runCron();
      assert.deepEqual(await rows(), good, `after ${how} at ${at}`);
    }
  }
  t.diagnostic(`${calls.length * 2} positions`);
});

test("every call of a look fails once: it is refused or whole, never half", async () => {
  const whole = await must("?days=4");
  await worker.set({ calls: [], faults: [] });
  await must("?days=4");
  const { calls } = await worker.state();
  for (let at = 1; at <= calls.length; at += 1) {
    await worker.set({ faults: [{ at, how: "throw" }] });
    const { status, json } = await overview("?days=4");
    if (status === 200) assert.deepEqual(json.days, whole.days);
    else assert.equal(status, 503, calls[at - 1]);
  }
  await worker.reset();
  assert.deepEqual((await must("?days=4")).days, whole.days);
});

test("days are from 1 to 90, a pack is a live one, and the figures are for monitors", async () => {
  for (const days of ["0", "91", "-1", "1.5", "abc", "", "99999999999999999999"]) {
    const { status, json } = await overview(`?days=${days}`);
    assert.deepEqual([status, json.detail], [422, "days is a whole number from 1 to 90"], days);
  }
  assert.equal((await overview("?pack=nothing")).status, 404);
  assert.equal((await overview("?since=1")).status, 422);
  assert.equal((await must("?days=90")).days.length, 90);
  assert.equal((await must("")).days.length, 28);
  for (const role of ["client", "reader"]) assert.equal((await overview("", { role, user: person(0) })).status, 403);
});

test("answers are counted beside the answers, and shown once twenty people were answered", async () => {
  await worker.sql("DELETE FROM service_days");
  const requests = async () => (await worker.sql("SELECT SUM(n) AS n FROM service_days WHERE measure = 'latency'"))[0].n ?? 0;
  const ask = (number) => api.as(person(number)).recommend({ limit: 1 });
  for (let round = 0; round < 3; round += 1) for (const number of range(0, 32)) await ask(number === 31 ? 34 : number);
  await until(async () => (await requests()) >= 64, "the write of 64 answers");
  const [service] = (await must("?days=2")).service.slice(-1);
  assert.equal(service.day, dayOf(0));
  assert.ok(service.requests >= 64 && service.requests <= 96, String(service.requests));
  assert.ok(service.general_share > 0 && service.general_share < 0.2, String(service.general_share));
  assert.equal(service.degraded_share, 0);
  const { p50, p95, p99 } = service.latency_ms;
  assert.ok(p50 >= 1 && p50 <= p95 && p95 <= p99, JSON.stringify(service));
  assert.deepEqual(await tablesWith((sql) => worker.sql(sql.includes("service_days") || sql.includes("sqlite_schema") ? sql : "SELECT 1"), "0192f0c1"), {}, "nobody is named");
  // A store that is down costs the figures, never an answer.
  await worker.set({ faults: [{ at: "all", how: "throw" }] });
  for (let round = 0; round < 3; round += 1) for (const number of range(0, 32)) assert.equal((await ask(number)).use, "ordering_only");
  await worker.reset();
});

test("the checker can be asked without anything being written", async () => {
  const state = async () => JSON.stringify([await worker.sql("SELECT * FROM live_pointers ORDER BY name"), await worker.sql("SELECT * FROM catalog_drafts ORDER BY id"), await worker.sql("SELECT COUNT(*) AS n FROM audit_log")]);
  const before = await state();
  const ask = (method, path, body) => api.call(method, path, { role: "admin", body });
  const pack = await ask("PUT", "/packs/finance?check=true", { ...finance.pack, title: "Another title" });
  assert.deepEqual([pack.status, pack.json.pack], [200, "finance"]);
  assert.notEqual(pack.json.version, finance.packVersion);
  const broken = await ask("PUT", "/packs/finance?check=true", { ...finance.pack, scopes: [] });
  assert.equal(broken.status, 422);
  assert.match(broken.json.detail, /^scopes.* \[/);
  const items = await ask("PUT", "/catalog/finance?check=true", { items: finance.items.slice(0, 3), remove: [] });
  assert.deepEqual(items.json, { pack: "finance", items: 3, version: null });
  const wrong = await ask("PUT", "/catalog/finance?check=true", { items: [{ ...finance.items[0], category: "NOWHERE" }] });
  assert.match(wrong.json.detail, /^items\[0\]\.category \[/);
  assert.deepEqual((await ask("POST", "/catalog/finance/commit?check=true")).json, { pack: "finance", items: finance.items.length, version: finance.catalogVersion });
  for (const check of ["false", "1", ""]) assert.equal((await ask("POST", `/catalog/finance/commit?check=${check}`)).status, 422);
  assert.equal(await state(), before);
});
