// Consent through the Worker: nothing before a yes, nothing after a no, everything gone after an erasure, and the two
// switches that turn everybody to the general order.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, tablesWith, until, uuid } from "../support/api.mjs";
import { startControlled } from "../support/control.mjs";
import { interaction } from "../support/examples.mjs";

let worker, api, finance;
before(async () => {
  worker = await startControlled();
  api = apiOf(worker);
  finance = await seedFinance(api);
});
after(() => worker.dispose());

let people = 0;
const newPerson = () => {
  const user = uuid(0xd0, (people += 1));
  return { user, ...api.as(user) };
};

/** A person who agreed, with facts and a history that move the order. */
async function knownPerson() {
  const person = newPerson();
  await person.agree();
  await person.call("PUT", `/profile/${person.user}/preferences`, { demographics: { age: 68, country: "ZA", income_level: "HIGH" }, sophistication: { self_reported_expertise: "EXPERT" } });
  for (const target_id of ["za-make-a-will", "gb-make-a-will", "document-folder"]) {
    await person.trackNow(interaction({ type: "RECOMMENDATION_ACCEPTED", target_id, session_id: `session of ${person.user}` }));
  }
  return person;
}

const shape = ({ decision_id, ...decision }) => decision;
const general = async () => shape(await newPerson().recommend());

test("before a yes nothing is tracked: 202, withheld, and no row anywhere", async () => {
  const { user, call, track, recommend } = newPerson();
  assert.deepEqual(await track(interaction()), { accepted: 0, duplicates: 0, withheld: 1, rejected: [] });
  assert.equal((await call("POST", "/track-event?sync=1", interaction({ type: "RECOMMENDATION_ACCEPTED" }))).json.withheld, 1);
  assert.equal((await call("POST", "/track-interactions", { interactions: [interaction(), interaction()] })).json.withheld, 2);
  assert.equal((await call("POST", "/feedback", { type: "GENERAL_FEEDBACK", feedback_text: "good" })).json.withheld, 1);
  assert.equal((await call("PUT", `/profile/${user}/preferences`, { demographics: { age: 40 } })).status, 409);
  assert.equal((await call("POST", `/profile/${user}/refresh`)).status, 409);
  assert.equal((await recommend({ pending: [interaction({ type: "RECOMMENDATION_ACCEPTED" })] })).personalization, "none");
  const sentinel = newPerson();
  await sentinel.agree();
  await sentinel.track(interaction());
  await until(async () => (await sentinel.get(`/interactions/${sentinel.user}`)).interactions.length === 1, "the queue");
  assert.deepEqual(await tablesWith(worker.sql, user), {});
});

test("the general order is the same for everybody, with base words and without terms", async () => {
  const known = await knownPerson();
  const personal = await known.recommend();
  assert.equal(personal.personalization, "building");
  const everybody = await general();
  assert.equal(everybody.personalization, "none");
  assert.deepEqual(shape(await known.recommend({ mode: "general" })), everybody);
  await known.refuse();
  assert.deepEqual(shape(await known.recommend()), everybody);
  const titles = new Map(finance.items.map((item) => [item.id, item]));
  for (const { id, rank, title, description, ...rest } of everybody.items) {
    assert.equal(title, titles.get(id).title);
    assert.equal(description, titles.get(id).description);
    assert.deepEqual(Object.keys(rest).sort(), ["category", "description_full"]);
  }
  const priorities = everybody.items.map(({ id }) => titles.get(id).priority);
  assert.deepEqual(priorities, [...priorities].sort((a, b) => b - a));
});

test("a no holds for the very next answer, and a new yes brings the learned back", async () => {
  const { user, recommend, refuse, agree, get, track, call } = await knownPerson();
  const before = await recommend();
  await refuse();
  assert.equal((await recommend()).personalization, "none");
  assert.equal((await track(interaction())).withheld, 1);
  const profile = await get(`/profile/${user}`);
  assert.deepEqual([profile.personalization, profile.demographics.age, profile.history.recommendations_accepted], ["none", null, 0]);
  assert.deepEqual((await get(`/interactions/${user}`)).interactions, []);
  const why = (await call("GET", "/explain/gb-make-a-will")).json;
  assert.deepEqual([why.personalization, why.data_used, why.terms], ["none", [], undefined]);
  await agree();
  assert.deepEqual((await recommend()).items.map(({ id }) => id), before.items.map(({ id }) => id));
  assert.equal((await get(`/profile/${user}`)).history.recommendations_accepted, 3);
});

test("settings show what was said, and what was not said stays", async () => {
  const { get, settings, call } = newPerson();
  const unasked = await get("/settings");
  assert.equal(unasked.personalization_enabled, null);
  assert.equal(unasked.data_sharing_consent, false);
  await settings({ personalization_enabled: true });
  const changed = await settings({ demographics: false, retention_days: 30 });
  assert.deepEqual(changed, { ...unasked, personalization_enabled: true, demographics: false, retention_days: 30 });
  assert.deepEqual(await get("/settings"), changed);
  for (const wrong of [{ retention_days: 0 }, { retention_days: 366 }, { behavioral: "yes" }, { consent: true }, { personalization_enabled: 1 }]) {
    assert.equal((await call("POST", "/settings", wrong)).status, 422, JSON.stringify(wrong));
  }
  assert.deepEqual(await get("/settings"), changed);
});

const termOf = (decision, name) => decision.items.map(({ terms }) => terms.find((term) => term.name === name)?.value);
const isNeutral = (values) => values.every((value) => value === undefined || value === 0.5);

test("each purpose switched off makes its terms neutral and is not read", async () => {
  const { user, recommend, settings, get } = await knownPerson();
  const ask = () => recommend({ limit: 50 });
  assert.ok(!isNeutral(termOf(await ask(), "life_stage_relevance")), "with demographics on, the life stage counts");
  assert.ok(!isNeutral(termOf(await ask(), "category_preference")), "with behaviour on, responses count");
  await settings({ demographics: false });
  assert.ok(isNeutral(termOf(await ask(), "life_stage_relevance")));
  const profile = await get(`/profile/${user}`);
  assert.deepEqual([profile.demographics.age, profile.demographics.income_level, profile.demographics.country], [null, null, "ZA"]);
  await settings({ demographics: true, behavioral: false });
  assert.ok(isNeutral(termOf(await ask(), "category_preference")));
  assert.ok(isNeutral(termOf(await ask(), "recency")));
  assert.deepEqual((await get(`/interactions/${user}`)).interactions, []);
  assert.equal((await api.as(user).track(interaction())).withheld, 1, "without the purpose to learn, nothing is taken");
  await settings({ behavioral: true, location: false });
  assert.equal((await get(`/profile/${user}`)).demographics.country, null);
  const explained = await get("/explain/gb-make-a-will");
  assert.equal(explained.data_used.length, 2);
});

test("where a request comes from says what is open, and of the person only with their yes to the location", async () => {
  const person = newPerson();
  await person.agree();
  const asked = async (settings) => {
    await person.settings(settings);
    const { items } = await person.recommend({ context: { country: "GB" }, limit: 50 });
    assert.ok(items.every(({ id }) => !id.startsWith("za-")), "the country's items only");
    const value = (name) => items.map(({ terms }) => terms.find((term) => term.name === name)?.value);
    return { demographics: value("demographics"), reasons: items.flatMap((item) => item.personalized_reasoning) };
  };
  const open = await asked({ location: true });
  assert.ok(open.demographics.some((value) => value !== 0.5));
  assert.ok(open.reasons.some((reason) => reason.includes("United Kingdom")));
  const closed = await asked({ location: false });
  assert.ok(closed.demographics.every((value) => value === 0.5), JSON.stringify(closed.demographics));
  assert.ok(closed.reasons.every((reason) => !reason.includes("United Kingdom")));
});

test("a preference that is sent twice does not undo what was stated in between", async () => {
  const person = newPerson();
  await person.agree();
  const id = crypto.randomUUID();
  const send = async () => (await person.call("POST", "/feedback", { id, type: "CONTENT_PREFERENCE", preferred_style: "CONCISE" })).json;
  assert.equal((await send()).accepted, 1);
  await person.call("PUT", `/profile/${person.user}/preferences`, { preferences: { detail_level_preference: "DETAILED" } });
  assert.equal((await send()).duplicates, 1);
  const { preferences } = await person.get(`/profile/${person.user}`);
  assert.equal(preferences.detail_level_preference, "DETAILED");
});

test("privacy mode leaves aggregates only", async () => {
  const { user, recommend, settings, get, track } = await knownPerson();
  await settings({ privacy_mode: true });
  const decision = await recommend({ limit: 50 });
  for (const name of ["category_preference", "life_stage_relevance", "recency", "sophistication_match"]) {
    const values = termOf(decision, name);
    assert.ok(name === "sophistication_match" || isNeutral(values), name);
  }
  assert.equal((await track(interaction())).withheld, 1);
  const profile = await get(`/profile/${user}`);
  assert.deepEqual([profile.demographics.age, profile.history.recommendations_accepted], [null, 0]);
  await settings({ privacy_mode: false });
  assert.equal((await get(`/profile/${user}`)).history.recommendations_accepted, 3);
});

test("the export holds every row of the person, from every table, and nobody else's", async () => {
  const [person, other] = [await knownPerson(), await knownPerson()];
  await person.call("POST", "/feedback", { type: "GENERAL_FEEDBACK", feedback_text: "a word of mine" });
  const exported = await person.get(`/profile/${person.user}/export`);
  const inTables = await tablesWith(worker.sql, person.user);
  for (const [table, rows] of Object.entries(inTables)) assert.equal(exported[table]?.length, rows, table);
  assert.equal(exported.user_interactions.length, 4);
  assert.equal(exported.recommendation_feedback[0].feedback_text, "a word of mine");
  assert.ok(exported.audit_log.length >= 1);
  assert.ok(!JSON.stringify(exported).includes(other.user));
  await person.refuse();
  assert.equal((await person.get(`/profile/${person.user}/export`)).user_interactions.length, 4, "an export needs no consent");
});

test("an erasure leaves the tombstone and the bare fact, in all tables", async () => {
  const person = await knownPerson();
  await person.settings({ data_sharing_consent: true });
  await person.call("POST", "/feedback", { type: "RATING", recommendation_id: "gb-make-a-will", rating: 5 });
  // Features and popularity of the night, and a dead letter that names the person.
  await worker.runCron();
  await worker.sql("INSERT INTO dead_letters (id, user_id, payload, reason, attempts, at_ms) VALUES ('x', NULL, ?, 'test', 1, 1)", `{"lost":"${person.user}"}`);
  const before = await tablesWith(worker.sql, person.user);
  for (const table of ["user_personalization_profiles", "personalization_settings", "user_interactions", "recommendation_feedback", "recommendation_outcomes", "category_preferences", "user_feature_vectors", "dead_letters", "audit_log"]) {
    assert.ok(before[table] > 0, `${table} held the person before`);
  }
  const receipt = (await person.call("DELETE", `/profile/${person.user}`)).json;
  assert.deepEqual(await tablesWith(worker.sql, person.user), { erasure_tombstones: 1, audit_log: 1 });
  const [{ id, at_ms, action, ...fact }] = await worker.sql("SELECT * FROM audit_log WHERE subject_user_id = ?", person.user);
  assert.deepEqual(fact, { actor_kind: "own", actor_id: null, subject_user_id: person.user, prior_value: null, new_value: JSON.stringify({ receipt_id: receipt.receipt_id }) });
  assert.match(action, /erased/);
  for (const [table, rows] of Object.entries(before)) assert.equal(receipt.removed[table], rows, table);
  assert.ok(Date.parse(receipt.restorable_until) > Date.now());
  const kv = await worker.kv();
  for (const { name } of (await kv.list()).keys) {
    assert.ok(!`${name} ${await kv.get(name)}`.includes(person.user), `KV holds the person in ${name}`);
  }
  assert.equal((await person.recommend()).personalization, "none");
  assert.deepEqual((await person.get(`/profile/${person.user}/export`)).user_interactions, []);
  const again = (await person.call("DELETE", `/profile/${person.user}`)).json;
  assert.deepEqual(again.removed, {}, "there was nothing left to remove");
  assert.equal((await tablesWith(worker.sql, person.user)).erasure_tombstones, 1);
});

test("an erased person who agrees again begins anew", async () => {
  const person = await knownPerson();
  await person.call("DELETE", `/profile/${person.user}`);
  await person.agree();
  assert.equal((await person.get(`/profile/${person.user}`)).history.recommendations_accepted, 0);
  assert.equal((await person.trackNow(interaction())).accepted, 1);
  assert.equal((await person.get(`/interactions/${person.user}`)).interactions.length, 1);
});

/** What both global switches must do, and undo. */
async function checkSwitch(turnOff, turnOn) {
  const person = await knownPerson();
  const before = await person.recommend();
  await turnOff();
  const off = shape(await person.recommend());
  assert.equal(off.personalization, "none");
  assert.deepEqual(off, await general());
  assert.equal((await api.call("GET", "/health")).json.personalization_enabled, false);
  assert.equal((await person.get("/settings")).personalization_enabled, true, "choices stay");
  assert.equal((await person.trackNow(interaction())).accepted, 1, "the switch is of the answers; learning goes on");
  await turnOn();
  assert.equal((await api.call("GET", "/health")).json.personalization_enabled, true);
  assert.equal((await person.recommend()).personalization, "building");
  assert.deepEqual((await person.recommend()).items.map(({ id }) => id), before.items.map(({ id }) => id));
}

test("the global switch turns everybody to the general order without a deploy", async () => {
  const turn = (is) => api.must(200, "POST", "/admin/features", { role: "admin", body: { personalization_enabled: is } });
  await checkSwitch(() => turn(false), () => turn(true));
});

test("so does its flag in D1", async () => {
  const turn = (is) => worker.sql("INSERT INTO live_pointers (name, value, updated_at_ms) VALUES ('personalization_enabled', ?1, 0) ON CONFLICT (name) DO UPDATE SET value = ?1", String(is));
  await checkSwitch(() => turn(false), () => turn(true));
});

test("so does the deployment's own binding", async () => {
  await checkSwitch(() => worker.set({ bindings: { PERSONALIZATION_ENABLED: "false" } }), () => worker.reset());
});

test("where the pack is opt-out, everybody is in until they object", async () => {
  await seedFinance(api, (pack) => ({ ...pack, consent_basis: "opt_out" }));
  const person = newPerson();
  assert.equal((await person.recommend()).personalization, "building");
  assert.equal((await person.trackNow(interaction())).accepted, 1);
  await person.refuse();
  assert.equal((await person.recommend()).personalization, "none");
  assert.equal((await person.trackNow(interaction())).withheld, 1);
  await seedFinance(api);
});

test("time zones become offsets when an event is taken, and the name is not kept", async () => {
  const person = newPerson();
  await person.agree();
  const at = (month) => `${new Date(Date.now() - 86_400_000).getUTCFullYear()}-${month}-15T12:00:00Z`;
  await api.must(202, "POST", "/track-interaction?sync=1", { role: "admin", body: interaction({ user_id: person.user, occurred_at: at("01"), context: { time_zone: "Europe/London" } }) });
  await api.must(202, "POST", "/track-interaction?sync=1", { role: "admin", body: interaction({ user_id: person.user, occurred_at: at("06"), context: { time_zone: "Europe/London" } }) });
  await api.must(202, "POST", "/track-interaction?sync=1", { role: "admin", body: interaction({ user_id: person.user, occurred_at: at("05"), context: { time_zone: "Nowhere/Land" } }) });
  const contexts = (await person.get(`/interactions/${person.user}`)).interactions.map(({ context }) => context);
  assert.deepEqual(contexts, [{ utc_offset_minutes: 60 }, {}, { utc_offset_minutes: 0 }]);
});

test("nothing personal is logged", async () => {
  const lines = [];
  const loud = await startControlled({ onLog: (line) => lines.push(line) });
  try {
    const there = apiOf(loud);
    await seedFinance(there);
    const user = uuid(0xd1, 1);
    const self = there.as(user);
    await self.agree();
    await self.trackNow(interaction({ session_id: "a-session-to-look-for" }));
    await self.call("POST", "/feedback", { type: "GENERAL_FEEDBACK", feedback_text: "a-text-to-look-for" });
    await self.call("POST", "/track-interaction", "{ a-text-to-look-for");
    await loud.runCron();
    await loud.set({ faults: [{ at: "all", how: "throw" }] });
    await self.call("POST", "/recommend", {});
    await self.call("GET", `/profile/${user}`);
    const said = lines.join("\n");
    assert.match(said, /nightly/, "the log is heard");
    for (const secret of [user, "to-look-for", loud.keys.authKeys]) assert.ok(!said.includes(secret), said.slice(0, 500));
  } finally {
    await loud.dispose();
  }
});
