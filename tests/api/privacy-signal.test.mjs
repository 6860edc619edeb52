// Sec-GPC: 1 through the Worker: under the signal only a yes holds that was said under it. Everything else is the general
// order, nothing is taken, and what was known stays as it was for requests without the signal.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, tablesWith, until, uuid } from "../support/api.mjs";
import { startControlled } from "../support/control.mjs";
import { interaction } from "../support/examples.mjs";
import { testDefinition } from "../support/tests.mjs";

const FLAG = "/ofrep/v1/evaluate/flags/SIGNAL_TEST";

let worker, api;
before(async () => {
  worker = await startControlled();
  api = apiOf(worker);
  await seedFinance(api);
  await api.must(200, "PUT", "/ab-test/SIGNAL_TEST", { role: "admin", body: testDefinition({ framing: null, pack: null }) });
  await api.must(200, "POST", "/ab-test/SIGNAL_TEST/start", { role: "admin", body: { reason: "go" } });
});
after(() => worker.dispose());

let people = 0;
/** Somebody whose requests may carry the signal, or another value of the header. */
function someone() {
  const user = uuid(0xd8, (people += 1));
  const ask = (method, path, body, gpc) => api.call(method, path, { role: "client", user, body, headers: gpc === undefined ? {} : { "sec-gpc": gpc } });
  const say = async (is, gpc) => {
    const { status, json } = await ask("POST", "/settings", { personalization_enabled: is }, gpc);
    assert.equal(status, 200);
    return json;
  };
  const recommend = async (gpc, body = {}) => (await ask("POST", "/recommend", body, gpc)).json;
  return { user, ask, say, recommend };
}

const ids = (decision) => decision.items.map(({ id }) => id);
const shape = ({ decision_id, degraded, ...decision }) => decision;

/** Somebody who agreed without the signal, with facts and a history. */
async function known() {
  const person = someone();
  await person.say(true);
  await person.ask("PUT", `/profile/${person.user}/preferences`, { demographics: { age: 68, country: "ZA" } });
  await person.ask("POST", "/track-interaction?sync=1", interaction({ type: "RECOMMENDATION_ACCEPTED", target_id: "za-make-a-will" }));
  return person;
}

/** Every row of the person except for counts of pages and the trail of their own choices. */
const stored = async ({ user }) => JSON.stringify((await api.as(user).get(`/profile/${user}/export`)).user_interactions);

test("a yes that was said without the signal is none under it, and holds as before without it", async () => {
  const person = await known();
  const personal = await person.recommend();
  assert.equal(personal.personalization, "building");
  const general = shape(await someone().recommend());
  const held = await person.recommend("1");
  assert.deepEqual(shape(held), general);
  assert.deepEqual([held.personalization, held.degraded, held.receipt, held.experiments_token], ["none", ["signal"], undefined, undefined]);
  assert.deepEqual(ids(await person.recommend("1", { pending: [interaction({ type: "RECOMMENDATION_ACCEPTED" })] })), general.items.map(({ id }) => id));
  assert.deepEqual(ids(await person.recommend()), ids(personal), "nothing of it is stored");
  assert.deepEqual((await someone().recommend("1")).degraded, [], "who never said yes is not held back by the signal");
});

test("nothing but 1 is the signal", async () => {
  const person = await known();
  for (const value of ["0", "true", "", "1, 1", "11", "1;q=1", "01"]) {
    assert.equal((await person.recommend(value)).personalization, "building", JSON.stringify(value));
  }
});

test("under the signal nothing is taken, learned or stated", async () => {
  const person = await known();
  const before = await stored(person);
  const track = async (path, body) => {
    const { status, json } = await person.ask("POST", path, body, "1");
    assert.equal(status, 202, path);
    return [json.accepted, json.withheld];
  };
  assert.deepEqual(await track("/track-interaction", interaction()), [0, 1]);
  assert.deepEqual(await track("/track-event?sync=1", interaction({ type: "RECOMMENDATION_ACCEPTED" })), [0, 1]);
  assert.deepEqual(await track("/track-interactions", { interactions: [interaction(), interaction()] }), [0, 2]);
  assert.deepEqual(await track("/feedback", { type: "RATING", recommendation_id: "gb-make-a-will", rating: 5 }), [0, 1]);
  assert.deepEqual(await track("/feedback", { type: "NOTIFICATION_PREFERENCE", notification_frequency: "DAILY" }), [0, 1]);
  assert.equal((await person.ask("PUT", `/profile/${person.user}/preferences`, { demographics: { age: 20 } }, "1")).status, 409);
  assert.equal((await person.ask("POST", `/profile/${person.user}/refresh`, undefined, "1")).status, 409);
  const sentinel = await known();
  await sentinel.ask("POST", "/track-interaction", interaction());
  await until(async () => (await stored(sentinel)).match(/RECOMMENDATION_VIEWED/), "the queue");
  assert.equal(await stored(person), before);
  assert.equal((await api.as(person.user).get(`/profile/${person.user}`)).demographics.age, 68);
});

test("under the signal nothing known is shown or explained; the export is theirs whatever they send", async () => {
  const person = await known();
  const get = async (path) => {
    const { status, json, headers } = await person.ask("GET", path, undefined, "1");
    assert.equal(status, 200, path);
    assert.equal(headers["cache-control"], "private, no-store", path);
    return json;
  };
  const profile = await get(`/profile/${person.user}`);
  assert.deepEqual([profile.personalization, profile.demographics.age, profile.history.recommendations_accepted], ["none", null, 0]);
  assert.deepEqual((await get(`/interactions/${person.user}`)).interactions, []);
  for (const path of ["/explain/gb-make-a-will", "/why-seeing-this?recommendation_id=gb-make-a-will"]) {
    const why = await get(path);
    assert.deepEqual([why.personalization, why.data_used, why.terms, why.degraded], ["none", [], undefined, ["signal"]]);
  }
  const posted = (await person.ask("POST", "/explain", { recommendation_id: "gb-make-a-will" }, "1")).json;
  assert.deepEqual([posted.personalization, posted.degraded], ["none", ["signal"]]);
  assert.deepEqual(await get("/recommendations/collaborative"), { recommendations: [] });
  assert.equal((await get(`/profile/${person.user}/export`)).user_interactions.length, 1);
  assert.deepEqual((await get("/settings")).personalization_enabled, true, "what was said stays said");
});

test("under the signal nobody takes part in a test", async () => {
  const person = await known();
  const variant = (await person.ask("GET", "/ab-test/SIGNAL_TEST/variant?device_id=d-1&session_id=s-1", undefined, "1")).json;
  assert.deepEqual([variant.variant, variant.reason, variant.counted, variant.experiments_token], ["CONTROL", "no_consent", false, undefined]);
  const all = (await person.ask("POST", "/ab-test/decide", {}, "1")).json;
  assert.deepEqual([all.tests.length > 0, all.tests.every(({ reason, counted }) => reason === "no_consent" && !counted)], [true, true]);
  const flag = (await person.ask("POST", FLAG, { context: { targetingKey: person.user } }, "1")).json;
  assert.deepEqual([flag.variant, flag.reason, flag.metadata.decided], ["CONTROL", "DEFAULT", "no_consent"]);
  const outcome = async (gpc) => {
    const { accepted, withheld } = (await person.ask("POST", "/ab-test/SIGNAL_TEST/outcome", { outcome: "VIEWED" }, gpc)).json;
    return [accepted, withheld];
  };
  assert.deepEqual(await outcome("1"), [0, 1]);
  assert.equal((await tablesWith(worker.sql, person.user)).ab_test_assignments, undefined);
  assert.deepEqual(await outcome(), [1, 0]);
});

test("a yes under the signal holds with and without it, until the next yes or no", async () => {
  const person = await known();
  assert.equal((await person.say(true, "1")).consented_under_signal, true);
  assert.deepEqual([(await person.recommend("1")).personalization, (await person.recommend()).personalization], ["building", "building"]);
  assert.equal((await person.ask("POST", "/track-interaction?sync=1", interaction(), "1")).json.accepted, 1);
  await person.ask("POST", "/settings", { location: false });
  assert.equal((await person.recommend("1")).personalization, "building", "another switch is not the yes");
  assert.equal((await person.ask("GET", "/ab-test/SIGNAL_TEST/variant", undefined, "1")).json.counted, true);
  const exported = (await person.ask("GET", `/profile/${person.user}/export`)).json;
  assert.equal(exported.personalization_settings[0].consented_under_signal, 1);
  assert.equal((await person.say(true)).consented_under_signal, undefined);
  assert.equal((await person.recommend("1")).personalization, "none", "the last yes was said without the signal");
  await person.say(true, "1");
  await person.say(false, "1");
  assert.deepEqual([(await person.recommend("1")).personalization, (await person.recommend()).personalization], ["none", "none"]);
});

test("the field is the server's: nobody states it", async () => {
  const person = await known();
  assert.equal((await person.ask("POST", "/settings", { consented_under_signal: true })).status, 422);
  assert.equal((await person.recommend("1")).personalization, "none");
});

test("it holds for whoever is named by an admin's request, too", async () => {
  const [willing, other] = [await known(), await known()];
  await willing.say(true, "1");
  const ask = (path, body) => api.call("POST", path, { role: "admin", body, headers: { "sec-gpc": "1" } });
  const named = (user_id) => interaction({ user_id });
  const { json } = await ask("/track-interactions?sync=1", { interactions: [named(willing.user), named(other.user)] });
  assert.deepEqual([json.accepted, json.withheld], [1, 1]);
  const shown = async ({ user }) => (await ask("/recommend", { user_id: user })).json.personalization;
  assert.deepEqual([await shown(willing), await shown(other)], ["building", "none"]);
});

test("where consent cannot be read, nothing is taken under the signal", async () => {
  const person = await known();
  const before = await stored(person);
  await worker.set({ faults: [{ port: "DB", at: "all", how: "throw" }] });
  const refused = await person.ask("POST", "/track-interaction", interaction(), "1");
  const queued = await person.ask("POST", "/track-interaction", interaction({ target_id: "document-folder" }));
  await worker.reset();
  assert.deepEqual([refused.status, queued.status], [503, 202], "without the signal the queue's consumer asks");
  await until(async () => (await stored(person)) !== before, "the queue");
  assert.equal(JSON.parse(await stored(person)).length, 2);
});

test("where the pack is opt-out, the signal is the objection", async () => {
  await seedFinance(api, (pack) => ({ ...pack, consent_basis: "opt_out" }));
  const person = someone();
  assert.equal((await person.recommend()).personalization, "building");
  const held = await person.recommend("1");
  assert.deepEqual([held.personalization, held.degraded], ["none", ["signal"]]);
  assert.equal((await person.ask("POST", "/track-interaction?sync=1", interaction(), "1")).json.withheld, 1);
  await person.say(true, "1");
  assert.equal((await person.recommend("1")).personalization, "building");
  await seedFinance(api);
});
