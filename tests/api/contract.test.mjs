// Every route answers as the OpenAPI document says, with the headers that belong to its answer.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BASE, apiOf, seedFinance, until, uuid } from "../support/api.mjs";
import { exampleOf, interaction } from "../support/examples.mjs";
import { seedModel } from "../support/models.mjs";
import { contractOf } from "../support/schemas.mjs";
import { seedTests } from "../support/tests.mjs";
import { startWorker } from "../support/worker.mjs";

/** Undone last: after it the person is gone. */
const ERASE = "delete_profile_user_id";

let worker, api, finance, contract;
before(async () => {
  worker = await startWorker({ direct: true, bindings: { ALLOWED_ORIGINS: "https://app.example" } });
  api = apiOf(worker);
  finance = { ...(await seedFinance(api)), ...(await seedModel(api, worker.keys)), ...(await seedTests(api)) };
  contract = contractOf((await api.call("GET", "/openapi.json")).json);
});
after(() => worker.dispose());

const person = (number) => ({ user: uuid(0xc0, number), ...api.as(uuid(0xc0, number)) });
const sumOf = (item) =>
  item.terms.reduce((sum, { contribution }) => sum + contribution, 0) * item.factors.reduce((product, { multiplier }) => product * multiplier, 1);

test("the document stands at both of its addresses, for anyone", async () => {
  const [inside, wellKnown] = [await api.call("GET", `${BASE}/openapi.json`), await api.call("GET", "/openapi.json")];
  assert.equal(inside.status, 200);
  assert.equal(wellKnown.status, 200);
  assert.equal(wellKnown.text, inside.text);
  assert.equal(inside.json.openapi, "3.1.0");
  assert.equal(inside.headers["cache-control"], "no-cache");
});

test("with the site's files in front of the Worker the document is the same", async () => {
  const deployed = await startWorker({ assets: true });
  try {
    for (const path of ["/openapi.json", `${BASE}/openapi.json`]) {
      const answer = await deployed.fetch(path);
      assert.equal(answer.headers.get("content-type"), "application/json", path);
      assert.equal(await answer.text(), (await api.call("GET", "/openapi.json")).text, path);
    }
    assert.equal((await deployed.fetch("/openapi.json", { method: "POST" })).status, 404);
  } finally {
    await deployed.dispose();
  }
});

test("every operation answers a good request as the document says", async () => {
  const { user, agree } = person(1);
  await agree();
  await api.as(user).settings({ data_sharing_consent: true });
  const ordered = [...contract.operations].sort((a, b) => Number(a.operation.operationId === ERASE) - Number(b.operation.operationId === ERASE));
  const called = new Set();
  for (const one of ordered) {
    const { method, path, body } = exampleOf(one, finance, user);
    if (body) assert.deepEqual(contract.requestErrors(one.operation, body), [], `the example for ${one.operation.operationId}`);
    const isAdmins = ["admin", "monitor"].includes(one.operation["x-audience"]);
    const answer = await api.call(method, path, { role: isAdmins ? "admin" : "client", user: isAdmins ? undefined : user, body });
    const success = Object.keys(one.operation.responses).find((status) => status.startsWith("2"));
    assert.equal(String(answer.status), success, `${one.operation.operationId}: ${answer.text.slice(0, 300)}`);
    assert.deepEqual(contract.answerErrors(one.operation, answer), [], one.operation.operationId);
    called.add(one.operation.operationId);
  }
  assert.equal(called.size, contract.operations.length);
});

test("answers with every optional part keep to the document", async () => {
  const { user, agree, trackNow, call } = person(2);
  const operation = (id) => contract.operations.find((one) => one.operation.operationId === id).operation;
  const check = async (id, answer) => {
    assert.deepEqual(contract.answerErrors(operation(id), answer), [], `${id}: ${answer.text.slice(0, 500)}`);
    return answer;
  };
  await agree();
  await api.as(user).settings({ data_sharing_consent: true, hash_user_id: false, retention_days: 90 });
  const context = { time_zone: "Europe/London", country: "GB", locale: "en-GB", place: { lat: 51.5, lon: -0.12 }, platform: "web", surface: "feed", scroll_depth: 0.5 };
  await trackNow(interaction({ type: "RECOMMENDATION_ACCEPTED", action: "accept", reason: "useful", session_id: "s1", device_id: "d1", device_type: "mobile", decision_id: "x", position: 1, value: 12.5, context }));
  await trackNow(interaction({ type: "FEATURE_USED", target_type: "feature", target_id: "budget-planner" }));
  await trackNow(interaction({ type: "TIME_SPENT", target_type: "app", target_id: null, value: 120, session_id: "s1" }));
  await check("put_profile_user_id_preferences", await call("PUT", `/profile/${user}/preferences`, {
    demographics: { age: 34, country: "UK", income_level: "MEDIUM", net_worth_level: "LOW" },
    preferences: { risk_tolerance: "HIGH", investment_style: "passive", communication_preference: "plain", detail_level_preference: "DETAILED", recommendation_categories_preferred: ["TAX"], notification_frequency: "WEEKLY", preferred_channels: ["EMAIL"] },
    sophistication: { self_reported_expertise: "EXPERT" }, attributes: { dependants: 2, homeowner: true, employment: "EMPLOYED" },
  }));
  for (const type of ["RATING", "HELPFUL", "NOT_HELPFUL", "ALREADY_DONE", "NOT_RELEVANT", "RESTORE", "RECOMMENDATION_RATING"]) {
    await check("post_feedback", await call("POST", "/feedback", { type, recommendation_id: "gb-make-a-will", rating: 4 }));
  }
  await check("post_feedback", await call("POST", "/feedback", { type: "GENERAL_FEEDBACK", feedback_text: "I like it, it is clear and helpful." }));
  await check("post_feedback", await call("POST", "/feedback", { type: "FEATURE_RATING", feature_name: "budget-planner", rating: 2 }));
  await check("post_feedback", await call("POST", "/feedback", { type: "CONTENT_PREFERENCE", preferred_style: "CONCISE" }));
  await check("post_feedback", await call("POST", "/feedback", { type: "NOTIFICATION_PREFERENCE", notification_frequency: "DAILY", preferred_channels: ["SMS"] }));
  const history = await check("get_feedback_user_id_history", await call("GET", `/feedback/${user}/history`));
  assert.equal(history.json.feedback.length, 11);
  const page = await check("get_interactions_user_id", await call("GET", `/interactions/${user}`));
  assert.equal(page.json.interactions.length, 14);
  await check("get_profile_user_id", await call("GET", `/profile/${user}`));
  await check("get_profile_user_id_export", await call("GET", `/profile/${user}/export`));
  for (const explain of ["none", "summary", "full"]) {
    const decision = await check("post_recommend", await call("POST", "/recommend", { explain, limit: 50, context, show_hidden: true }));
    assert.equal(decision.json.personalization, "building");
    assert.ok(decision.json.message);
  }
  await check("post_recommend", await call("POST", "/recommend", { mode: "general" }));
  await check("post_recommend", await call("POST", "/recommend", { scope: "internal" }));
  await check("post_recommend", await call("POST", "/recommend", { candidates: ["gb-make-a-will", finance.items[0]] }));
  await check("post_explain", await call("POST", "/explain", { recommendation_id: "gb-make-a-will", candidates: ["gb-make-a-will"], context }));
  await check("post_track_interactions", await call("POST", "/track-interactions", { interactions: [interaction(), interaction({ type: "NO_SUCH" })] }));
  for (const id of ["get_export_interactions", "get_export_profiles"]) {
    const one = contract.operations.find(({ operation: { operationId } }) => operationId === id);
    const lines = await check(id, await api.call("GET", one.path.slice(BASE.length), { role: "admin" }));
    assert.ok(lines.text.includes(user), `${id} holds a person who shares and does not ask for a hash`);
  }
});

test("every refusal is a problem document that the operation lists", async () => {
  const { user, call } = person(3);
  const tries = [
    [401, await api.call("POST", "/recommend", { body: {} })],
    [403, await call("PUT", "/packs/finance", {})],
    [404, await call("GET", "/explain/no-such-item")],
    [404, await call("GET", `/profile/${uuid(0xc0, 999)}`)],
    [404, await call("GET", "/nothing")],
    [409, await call("PUT", `/profile/${user}/preferences`, {})],
    [413, await call("POST", "/track-interaction", { reason: "x".repeat(20_000) })],
    [415, await api.call("POST", "/recommend", { role: "client", user, body: "a=1", headers: { "content-type": "application/x-www-form-urlencoded" } })],
    [422, await call("POST", "/recommend", { limit: 0 })],
    [422, await call("GET", "/settings?colour=red")],
  ];
  for (const [status, { text, json, ...answer }] of tries) {
    assert.equal(answer.status, status, text);
    assert.equal(answer.headers["content-type"], "application/problem+json");
    assert.deepEqual(contract.validate("#/components/schemas/Problem", json), []);
    assert.equal(json.status, status);
  }
});

test("answers are private and typed, whatever they say", async () => {
  const { user, call, agree } = person(4);
  await agree();
  const personal = [await call("POST", "/recommend", {}), await call("GET", `/profile/${user}`), await call("GET", "/settings"), await call("GET", "/nothing"), await api.call("GET", "/settings"), await api.call("GET", "/health")];
  for (const { headers } of personal) {
    assert.equal(headers["cache-control"], "private, no-store");
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.ok(!("set-cookie" in headers));
  }
  const refused = await api.call("GET", "/settings");
  assert.equal(refused.status, 401);
  assert.equal(refused.headers["www-authenticate"], "Bearer");
});

test("only origins on the list may read answers in a browser", async () => {
  const { user } = person(5);
  const ask = (origin, method = "GET") => api.call(method, "/settings", { role: "client", user, headers: { origin } });
  assert.equal((await ask("https://app.example")).headers["access-control-allow-origin"], "https://app.example");
  for (const origin of ["https://app.example.evil", "http://app.example", "null", "https://APP.example", "*"]) {
    assert.ok(!("access-control-allow-origin" in (await ask(origin)).headers), origin);
  }
  const preflight = await ask("https://app.example", "OPTIONS");
  assert.equal(preflight.status, 204);
  assert.match(preflight.headers["access-control-allow-headers"], /authorization/);
  assert.equal((await ask("https://other.example", "OPTIONS")).status, 404);
});

test("a first visit goes as the README tells it", async () => {
  const { user, call, agree, recommend, track } = person(6);
  // The examples above needed a model; a first visit meets the pack's own weights.
  await api.must(200, "POST", "/models/finance/rollback", { role: "admin", body: { reason: "a first visit" } });
  const general = await recommend();
  assert.equal(general.personalization, "none");
  assert.ok(general.items.every(({ score, terms }) => score === undefined && terms === undefined));
  await agree();
  const first = await recommend({ limit: 50, context: { country: "GB" } });
  assert.equal(first.personalization, "building");
  assert.equal(first.use, "ordering_only");
  for (const item of first.items) assert.ok(Math.abs(sumOf(item) - item.score) < 1e-9, item.id);
  const rankOf = (decision, id) => decision.items.find((item) => item.id === id)?.rank;
  assert.deepEqual(await track(interaction({ type: "RECOMMENDATION_ACCEPTED" })), { accepted: 1, duplicates: 0, withheld: 0, rejected: [] });
  const second = await recommend({ limit: 50, context: { country: "GB" } });
  const preference = (decision) => decision.items.find(({ category }) => category === "ESTATE").terms.find(({ name }) => name === "category_preference").value;
  assert.ok(preference(second) > preference(first), "an accepted item lifts its category at once");
  assert.ok(rankOf(second, "document-folder") < rankOf(first, "document-folder"));
  const why = (await call("GET", "/why-seeing-this?recommendation_id=gb-make-a-will")).json;
  assert.equal(why.personalization, "building");
  assert.ok(why.terms.length >= 5 && why.primary_reasons.length >= 1 && why.data_used.length >= 1);
  const inPath = (await call("GET", "/explain/gb-make-a-will")).json;
  // The two are of two moments: what was learned has decayed by some milliseconds in between.
  assert.deepEqual(inPath.terms.map(({ name }) => name), why.terms.map(({ name }) => name));
  why.terms.forEach(({ name, contribution }, index) => assert.ok(Math.abs(contribution - inPath.terms[index].contribution) < 1e-6, name));
  assert.equal((await call("GET", `/interactions/${user}`)).json.interactions.length, 1);
  assert.equal((await call("GET", `/profile/${user}`)).json.history.recommendations_accepted, 1);
  const receipt = (await call("DELETE", `/profile/${user}`)).json;
  assert.equal(receipt.removed.user_interactions, 1);
  assert.equal((await recommend()).personalization, "none");
});

test("history comes in pages, newest first, without gap or overlap", async () => {
  const { user, call, agree } = person(7);
  await agree();
  const start = Date.now() - 3_600_000;
  const interactions = Array.from({ length: 120 }, (_, index) => interaction({ occurred_at: new Date(start + Math.floor(index / 3) * 1000).toISOString() }));
  assert.equal((await call("POST", "/track-interactions?sync=1", { interactions })).json.accepted, 120);
  const pages = [];
  for (let next = ""; next !== null; ) {
    const page = (await call("GET", `/interactions/${user}${next && `?after=${next}`}`)).json;
    pages.push(page.interactions);
    next = page.next;
  }
  assert.deepEqual(pages.map(({ length }) => length), [50, 50, 20]);
  const seen = pages.flat();
  assert.equal(new Set(seen.map(({ id }) => id)).size, 120);
  const times = seen.map(({ occurred_at }) => Date.parse(occurred_at));
  assert.deepEqual(times, [...times].sort((a, b) => b - a));
  assert.equal((await call("GET", `/interactions/${user}?after=nonsense`)).status, 422);
});

test("the export of interactions goes on from a sequence, and ends with the tombstone of the erased", async () => {
  const { user, call, agree, settings } = person(8);
  await agree();
  await settings({ data_sharing_consent: true });
  await call("POST", "/track-interactions?sync=1", { interactions: [interaction(), interaction()] });
  const lines = async (after) => {
    const { text } = await api.call("GET", `/export/interactions?after=${after}`, { role: "admin" });
    return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  };
  const all = await lines(0);
  const sequences = all.map(({ sequence }) => sequence);
  assert.deepEqual(sequences, [...sequences].sort((a, b) => a - b));
  const last = all.at(-1);
  assert.ok(!JSON.stringify(all).includes(user), "the id is hashed unless the person says otherwise");
  assert.deepEqual(await lines(last.sequence), []);
  await call("DELETE", `/profile/${user}`);
  const [tombstone, ...none] = await lines(last.sequence);
  assert.deepEqual(none, []);
  assert.equal(tombstone.user_id, last.user_id, "the tombstone names the person as the lines before did");
  assert.ok(tombstone.erased_at);
});

test("profiles leave without the id of a person who asks for a hash", async () => {
  const { user, agree, settings, trackNow } = person(9);
  await agree();
  await settings({ data_sharing_consent: true });
  await trackNow(interaction());
  const { text } = await api.call("GET", "/export/profiles", { role: "admin" });
  assert.ok(text.length > 0);
  assert.ok(!text.includes(user));
});

test("an event without a purpose to wait for goes through the queue and is applied", async () => {
  const { user, call, agree, track } = person(10);
  await agree();
  assert.equal((await track(interaction())).accepted, 1);
  await until(async () => (await call("GET", `/interactions/${user}`)).json.interactions.length === 1, "the queue");
});

test("health names what is live and nothing personal", async () => {
  const { json } = await api.call("GET", "/health");
  assert.equal(json.status, "ok");
  assert.equal(json.packs.finance, finance.packVersion);
  assert.equal(json.catalogs.finance, finance.catalogVersion);
});
