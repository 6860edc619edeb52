// Who may do what to whom: every route x role x person x consent, generated from the OpenAPI document. One rule says
// what each cell must answer, and every cell is asserted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BASE, apiOf, seedFinance, uuid } from "../support/api.mjs";
import { exampleOf, interaction } from "../support/examples.mjs";
import { seedModel } from "../support/models.mjs";
import { seedTests } from "../support/tests.mjs";
import { startWorker } from "../support/worker.mjs";
import { ROLES } from "../support/tokens.mjs";

const CONSENTS = ["unasked", "yes", "no"];
/** Whom a request names: nobody, the asker, somebody with data, nobody known, nobody at all. */
const SUBJECTS = ["implicit", "own", "other", "unknown", "malformed"];
const UNKNOWN = uuid(0xaf, 0xffff);
/** Spelled so that a lenient reader would take it for the other person. */
const malformed = (user) => user.toUpperCase();

let worker, api, finance, document;
before(async () => {
  worker = await startWorker({ direct: true });
  api = apiOf(worker);
  finance = { ...(await seedFinance(api)), ...(await seedModel(api, worker.keys)), ...(await seedTests(api)) };
  document = (await api.call("GET", "/openapi.json")).json;
});
after(() => worker.dispose());

/** Where a route names a person, read from the document. */
function placeOf(operation) {
  const names = (place) => (operation.parameters ?? []).some((one) => one.in === place && one.name === "user_id");
  if (names("path")) return "path";
  if (names("query")) return "query";
  const schema = operation.requestBody?.content["application/json"].schema.$ref.split("/").at(-1);
  const properties = document.components.schemas[schema]?.properties ?? {};
  if (properties.user_id) return "body";
  return properties.interactions ? "entry" : "none";
}

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(), path, operation, id: operation.operationId, audience: operation["x-audience"], place: placeOf(operation),
    })),
  );

/** People whom no cell has changed yet, by consent. */
const unchanged = { unasked: [], yes: [], no: [] };
let people = 0;

/** A person with consent as asked, and data wherever consent was ever given. `marks` are texts that only they have. */
async function personWith(consent) {
  return unchanged[consent].pop() ?? newPerson(consent);
}

/** Gives people back whom the cell did not change. */
function giveBack({ method, id }, answer, people) {
  const isRead = method === "GET" || ["post_recommend", "post_explain", "post_ab_test_decide", "post_ofrep_v1_evaluate_flags"].includes(id);
  if (isRead || answer.status >= 400) for (const person of people) unchanged[person.consent].push(person);
}

async function newPerson(consent) {
  const user = uuid(0xa0, (people += 1));
  const marks = [`session-of-${people}`, `words-of-${people}`, user];
  if (consent === "unasked") return { user, consent, marks };
  const self = api.as(user);
  await self.agree();
  await self.call("PUT", `/profile/${user}/preferences`, { demographics: { age: 34 } });
  await self.trackNow(interaction({ type: "RECOMMENDATION_ACCEPTED", session_id: marks[0] }));
  await self.call("POST", "/feedback", { type: "GENERAL_FEEDBACK", feedback_text: marks[1] });
  if (consent === "no") await self.refuse();
  return { user, consent, marks };
}

/** Sends the cell's request. */
async function ask({ method, path, operation, place }, { role, asker, subject, named }) {
  // Who has no right to move a test uses none up.
  const isIdle = operation["x-audience"] === "admin" && !role.includes("admin");
  const catalogue = isIdle ? { ...finance, tests: undefined } : finance;
  const example = exampleOf({ method, path, operation }, catalogue, place === "path" ? named : asker.user);
  let { body } = example;
  let target = example.path;
  if (subject !== "implicit" && place === "query") target += `${target.includes("?") ? "&" : "?"}user_id=${named}`;
  if (subject !== "implicit" && place === "body") body = { ...body, user_id: named };
  if (subject !== "implicit" && place === "entry") body = { interactions: body.interactions.map((one) => ({ ...one, user_id: named })) };
  return api.call(method, target, role === "none" ? { body } : { role, user: asker.user, body });
}

const SUCCESS = (operation) => Number(Object.keys(operation.responses).find((status) => status.startsWith("2")));

/**
 * The rule: the status of a cell, and for success what the answer must say. `whose` is the person acted on, if any.
 */
function expected({ id, operation, audience, place }, { role, subject, whose }) {
  const is = (status, says = () => {}) => ({ status, says });
  const isAdmin = role === "admin" || role === "superadmin";
  const success = SUCCESS(operation);
  if (audience === "anyone") return is(200);
  if (role === "none") return is(401);
  if (audience === "admin") return isAdmin ? is(success) : is(403);
  if (audience === "monitor") return isAdmin || role === "monitor" ? is(success) : is(403);
  if (role === "monitor") return is(403);
  if (place === "entry" && subject !== "implicit" && (!isAdmin || subject === "malformed")) {
    return is(202, ({ accepted, withheld, rejected }) => {
      assert.deepEqual([accepted, withheld, rejected.length], [0, 0, 1]);
      assert.equal(rejected[0].code, subject === "malformed" ? "invalid_shape" : "invalid_user");
    });
  }
  if (subject === "malformed") return is(place === "path" ? 404 : 422);
  if (!isAdmin && (place === "query" || place === "body") && subject !== "implicit") return is(422);
  if (!isAdmin && place === "path" && subject !== "own") return is(404);
  return ofPerson(id, whose, isAdmin, success, is);
}

/** The rule where access is given: consent decides. */
function ofPerson(id, { consent }, isAdmin, success, is) {
  const agreed = consent === "yes";
  const isNobody = isAdmin && consent === "unasked";
  const personalization = (answer) => assert.equal(answer.personalization, agreed ? "building" : "none");
  switch (id) {
    case "get_interactions_user_id":
      return isNobody ? is(404) : is(200, (answer) => assert.equal(answer.interactions.length, agreed ? 2 : 0));
    case "get_profile_user_id":
      return isNobody ? is(404) : is(200, (answer) => {
        personalization(answer);
        assert.equal(answer.demographics.age, agreed ? 34 : null);
        assert.equal(answer.history.recommendations_accepted, agreed ? 1 : 0);
      });
    case "get_profile_user_id_export":
      return isNobody ? is(404) : is(200, (answer) => assert.equal(answer.user_interactions.length, consent === "unasked" ? 0 : 2));
    case "get_feedback_user_id_history":
      return isNobody ? is(404) : is(200, (answer) => assert.equal(answer.feedback.length, consent === "unasked" ? 0 : 1));
    case "post_profile_user_id_refresh":
      return isNobody ? is(404) : agreed ? is(200, personalization) : is(409);
    case "put_profile_user_id_preferences":
      return agreed ? is(200, personalization) : is(409);
    case "post_recommend":
    case "post_explain":
    case "get_explain_recommendation_id":
    case "get_why_seeing_this":
      return is(success, personalization);
    case "get_recommendations_collaborative":
      return is(200, (answer) => assert.deepEqual(answer, { recommendations: [] }));
    case "get_settings":
      return is(200, (answer) => assert.equal(answer.personalization_enabled, { unasked: null, yes: true, no: false }[consent]));
    case "post_settings":
      return is(200, (answer) => assert.equal(answer.location, false));
    case "post_track_interaction":
    case "post_track_event":
    case "post_track_interactions":
    case "post_feedback":
      return is(202, ({ accepted, withheld, rejected }) => assert.deepEqual([accepted, withheld, rejected], [agreed ? 1 : 0, agreed ? 0 : 1, []]));
    case "delete_profile_user_id":
      return is(200, (answer) => assert.equal(answer.removed.user_interactions ?? 0, consent === "unasked" ? 0 : 2));
    case "get_ab_test_test_name_variant":
    case "post_ofrep_v1_evaluate_flags_key":
      return is(200, (answer) => assert.equal((answer.reason === "no_consent") || (answer.metadata?.decided === "no_consent"), !agreed));
    case "post_ab_test_decide":
      return is(200, ({ tests, receipt }) => {
        assert.ok(tests.every(({ reason }) => (reason === "no_consent") === !agreed));
        assert.equal(typeof receipt, "string");
      });
    case "post_ofrep_v1_evaluate_flags":
      return is(200, ({ flags }) => assert.ok(flags.every(({ metadata }) => (metadata.decided === "no_consent") === !agreed)));
    case "post_ab_test_test_name_outcome":
      return is(202, ({ accepted, withheld }) => assert.deepEqual([accepted, withheld], agreed ? [1, 0] : [0, 1]));
    default:
      throw new Error(`the rule does not know ${id}`);
  }
}

/** Reading one's own rows needs no consent: they are the person's. */
const ALWAYS_THEIRS = ["get_profile_user_id_export", "get_feedback_user_id_history"];
const comparable = ({ status, headers: { date, ...headers }, text }) => ({ status, headers, text });

test("every route answers every role about every person under every consent as the rule says", async (t) => {
  let cells = 0;
  const wrong = [];
  for (const route of operations()) {
    const subjects = { none: ["implicit"], path: SUBJECTS.slice(1) }[route.place] ?? SUBJECTS;
    for (const role of ["none", ...ROLES]) {
      const refusals = new Map();
      const tries = CONSENTS.flatMap((consent) => subjects.map((subject) => ({ role, consent, subject })));
      await Promise.all(tries.map(async (one) => {
        const { answer, error } = await tryCell(route, one);
        if (error) wrong.push(`${route.method} ${route.path} role ${role}, ${one.subject}, consent ${one.consent}: ${error.message}`);
        const isRefusedAlike = ["other", "unknown"].includes(one.subject) && ["client", "reader"].includes(role);
        if (isRefusedAlike) refusals.set(`${one.subject} ${one.consent}`, comparable(answer));
      }));
      cells += tries.length;
      const [first, ...rest] = refusals.values();
      for (const one of rest) {
        try {
          assert.deepEqual(withoutIds(one), withoutIds(first));
        } catch (error) {
          wrong.push(`${route.method} ${route.path} role ${role}: somebody else and nobody do not answer alike: ${error.message}`);
        }
      }
    }
  }
  assert.deepEqual(wrong.slice(0, 20), [], `${wrong.length} of ${cells} cells`);
  assert.ok(cells >= 1_500, `only ${cells} cells`);
  t.diagnostic(`${cells} cells`);
});

/** Asks what a cell says, and judges the answer. */
async function tryCell(route, { role, consent, subject }) {
  const asker = await personWith(subject === "own" || subject === "implicit" ? consent : "yes");
  const isOther = subject === "other" || subject === "malformed";
  const other = isOther ? await personWith(consent) : { user: UNKNOWN, consent: "unasked", marks: [] };
  const named = { implicit: asker.user, own: asker.user, malformed: malformed(other.user) }[subject] ?? other.user;
  const whose = subject === "own" || subject === "implicit" ? asker : other;
  const answer = await ask(route, { role, asker, subject, named });
  giveBack(route, answer, isOther ? [asker, other] : [asker]);
  try {
    const rule = expected(route, { role, subject, whose });
    assert.equal(answer.status, rule.status, answer.text.slice(0, 300));
    rule.says(answer.json);
    checkSecrets(route, { role, answer, asker, other, whose });
    return { answer };
  } catch (error) {
    return { answer, error };
  }
}

/** What a cell must never show. */
function checkSecrets(route, { role, answer, asker, other, whose }) {
  const isAdmin = role === "admin" || role === "superadmin";
  const says = (text) => answer.text.includes(text);
  if (!isAdmin) for (const mark of other.marks) assert.ok(!says(mark), `it shows ${mark} of somebody else`);
  if (answer.status >= 400) {
    for (const mark of [...asker.marks, ...other.marks]) assert.ok(!says(mark), `a refusal shows ${mark}`);
  } else if (whose.consent !== "yes" && route.audience === "person" && !ALWAYS_THEIRS.includes(route.id)) {
    for (const mark of whose.marks.slice(0, 2)) assert.ok(!says(mark), `without consent it shows ${mark}`);
  }
  if (role === "none" || role === "monitor") assert.ok(answer.status >= 400 || route.audience === "anyone" || (role === "monitor" && route.audience === "monitor"));
}

/** Entries of a bulk carry ids of their own; nothing else may differ. */
const withoutIds = (answer) => ({ ...answer, text: answer.text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID") });

test("a person's own id may not be named in a body or query either", async () => {
  const { user } = await personWith("yes");
  for (const [method, path, body] of [["POST", "/recommend", { user_id: user }], ["POST", "/settings", { user_id: user }], ["GET", `/settings?user_id=${user}`], ["POST", "/feedback", { type: "HELPFUL", recommendation_id: "gb-make-a-will", user_id: user }]]) {
    const answer = await api.call(method, path, { role: "client", user, body });
    assert.equal(answer.status, 422, path);
    assert.match(answer.json.detail, /user_id is for admins/);
  }
});

test("a cursor of somebody else's history shows nothing of theirs", async () => {
  const [victim, thief] = [await personWith("yes"), await personWith("yes")];
  const history = (await api.as(victim.user).get(`/interactions/${victim.user}`)).interactions;
  const cursor = `${Date.parse(history[0].occurred_at) + 60_000}-999999`;
  const page = await api.as(thief.user).get(`/interactions/${thief.user}?after=${cursor}`);
  assert.ok(!JSON.stringify(page).includes(victim.marks[0]));
  assert.ok(page.interactions.length <= 2);
});

test("a bulk of a client cannot write to somebody else", async () => {
  const [victim, thief] = [await personWith("yes"), await personWith("yes")];
  const interactions = [interaction({ user_id: victim.user }), interaction()];
  const report = (await api.as(thief.user).call("POST", "/track-interactions?sync=1", { interactions })).json;
  assert.equal(report.accepted, 1);
  assert.equal(report.rejected[0].code, "invalid_user");
  assert.equal((await api.as(victim.user).get(`/interactions/${victim.user}`)).interactions.length, 2);
});

test("an id that is in somebody else's log is no duplicate of mine", async () => {
  const [first, second] = [await personWith("yes"), await personWith("yes")];
  const event = interaction();
  assert.deepEqual(await api.as(first.user).trackNow(event), await api.as(second.user).trackNow(event));
  assert.equal((await api.as(second.user).trackNow(event)).duplicates, 1);
});

test("an admin's change of a person's switches is in the audit trail under the admin's id", async () => {
  const { user } = await personWith("yes");
  await api.must(200, "POST", "/settings", { role: "admin", body: { user_id: user, privacy_mode: true } });
  const db = await worker.db();
  const row = await db.prepare("SELECT * FROM audit_log WHERE subject_user_id = ? ORDER BY id DESC LIMIT 1").bind(user).first();
  assert.equal(row.actor_kind, "admin");
  assert.match(row.new_value, /"privacy_mode":1/);
});

test("what an admin may set, a person may not", async () => {
  const { user } = await personWith("yes");
  const asked = await api.call("POST", "/recommend", { role: "client", user, body: { as_of: "2026-01-01T00:00:00Z" } });
  assert.equal(asked.status, 422);
  const explained = await api.call("POST", "/explain", { role: "client", user, body: { recommendation_id: "gb-make-a-will", as_of: "2026-01-01T00:00:00Z" } });
  assert.equal(explained.status, 422);
  const old = interaction({ occurred_at: new Date(Date.now() - 60 * 86_400_000).toISOString() });
  assert.equal((await api.call("POST", "/track-interaction", { role: "client", user, body: old })).status, 422);
  assert.equal((await api.call("POST", "/track-interaction?sync=1", { role: "admin", body: { ...old, user_id: user } })).json.accepted, 1);
});

test("where reasoning is internal, only admins see terms", async () => {
  const { user } = await personWith("yes");
  const ask = (role, more = {}) => api.must(200, "POST", "/recommend", { role, user: role === "admin" ? undefined : user, body: { scope: "internal", ...more } });
  for (const role of ["client", "reader"]) {
    for (const item of (await ask(role)).items) assert.deepEqual(Object.keys(item).sort(), ["confidence", "id", "rank", "score"]);
  }
  assert.ok((await ask("admin", { user_id: user })).items.every(({ terms }) => terms.length > 0));
  const explained = await api.as(user).get("/explain/gb-make-a-will?scope=internal");
  assert.ok(explained.terms === undefined && explained.factors === undefined && explained.score === undefined);
  assert.ok(explained.data_used.length > 0 && explained.logic.length > 0);
  assert.ok(!document.paths[`${BASE}/recommend`].post.parameters, "no query can ask for more");
});
