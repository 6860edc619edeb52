// Flags over the OpenFeature Remote Evaluation Protocol, read by the public clients from npm, and by hand where those are
// kind to us.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import { OpenFeature as WebOpenFeature, ProviderEvents } from "@openfeature/web-sdk";
import Ajv from "ajv";
import { apiOf, seedFinance, until, uuid } from "../support/api.mjs";
import * as schemas from "../support/ofrep-schemas.mjs";
import { testDefinition } from "../support/tests.mjs";
import { startWorker } from "../support/worker.mjs";

const ajv = new Ajv({ allowUnionTypes: true });
const FLAGS = "/ofrep/v1/evaluate/flags";

let worker, api, db, origin;
before(async () => {
  worker = await startWorker({ direct: true });
  api = apiOf(worker);
  origin = String(worker.url).replace(/\/$/, "");
  await seedFinance(api, (pack) => ({ ...pack, consent_basis: "opt_out" }));
  db = await worker.db();
  const variants = [
    { name: "CONTROL", traffic_percentage: 50, value: { columns: 2 } },
    { name: "WIDE", traffic_percentage: 50, value: { columns: 3 } },
  ];
  await begin("layout", { variants });
  await begin("button", { variants: [{ name: "CONTROL", traffic_percentage: 50, value: false }, { name: "ON", traffic_percentage: 50, value: true }] });
  await begin("only-in-fr", { eligibility: { fact: "context.country", in: ["FR"] }, variants: [{ name: "CONTROL", traffic_percentage: 0 }, { name: "BLEU", traffic_percentage: 100 }] });
  await api.must(200, "PUT", "/ab-test/draft", { role: "admin", body: testDefinition({ framing: null, pack: null }) });
});
after(async () => {
  await OpenFeature.close();
  await WebOpenFeature.close();
  await worker.dispose();
});

async function begin(name, more) {
  await api.must(200, "PUT", `/ab-test/${name}`, { role: "admin", body: testDefinition({ framing: null, pack: null, ...more }) });
  await api.must(200, "POST", `/ab-test/${name}/start`, { role: "admin", body: { reason: "go" } });
}

const exposures = async () => (await db.prepare("SELECT COUNT(*) AS count FROM ab_test_assignments").first()).count;

/** Sends a request of the protocol. */
const ask = (user, path, body, more = {}) => api.call("POST", path, { role: "client", user, body, ...more });

/** Insists on a status and a shape. */
function check(answer, status, schema) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers["content-type"], "application/json");
  assert.ok(ajv.validate(schema, answer.json), `${answer.text} ${ajv.errorsText()}`);
  return answer.json;
}

test("the server SDK reads variants, values and reasons, and its use is the exposure", async () => {
  const user = uuid(0x60, 1);
  const provider = new OFREPProvider({ baseUrl: origin, headers: [["Authorization", `Bearer ${api.token("client", user)}`]] });
  await OpenFeature.setProviderAndWait(provider);
  const client = OpenFeature.getClient();
  const context = { targetingKey: user, country: "GB", plan: "gold", nested: { a: [1] } };
  const first = await client.getObjectDetails("layout", {}, context);
  assert.equal(first.reason, "SPLIT");
  assert.deepEqual(first.value, { columns: first.variant === "WIDE" ? 3 : 2 });
  assert.equal(first.flagMetadata.environment, "production");
  const again = await client.getObjectDetails("layout", {}, context);
  assert.deepEqual([again.variant, again.reason], [first.variant, "TARGETING_MATCH"]);
  assert.equal(await exposures(), 1);
  const button = await client.getBooleanDetails("button", false, context);
  assert.equal(button.value, button.variant === "ON");
  assert.deepEqual([(await client.getStringDetails("only-in-fr", "x", context)).value, (await client.getStringDetails("only-in-fr", "x", { ...context, country: "FR" })).value], ["CONTROL", "BLEU"]);
  const draft = await client.getStringDetails("draft", "x", context);
  assert.deepEqual([draft.value, draft.reason], ["CONTROL", "DISABLED"]);
  const unknown = await client.getStringDetails("nobody-knows", "mine", context);
  assert.deepEqual([unknown.value, unknown.errorCode], ["mine", "FLAG_NOT_FOUND"]);
  const wrong = await client.getStringDetails("layout", "mine", context);
  assert.deepEqual([wrong.value, wrong.errorCode], ["mine", "TYPE_MISMATCH"]);
  const missing = await client.getStringDetails("draft", "mine", { country: "GB" });
  assert.deepEqual([missing.value, missing.errorCode], ["mine", "TARGETING_KEY_MISSING"]);
});

test("the web provider keeps all flags, and asks again only for what changed", async () => {
  const user = uuid(0x60, 2);
  const seen = [];
  const spy = async (input, init) => {
    const answer = await fetch(input, init);
    seen.push([answer.status, new Headers(input.headers ?? init?.headers).get("if-none-match"), answer.headers.get("etag")]);
    return answer;
  };
  const headers = [["Authorization", `Bearer ${api.token("client", user)}`]];
  const provider = new OFREPWebProvider({ baseUrl: origin, headers, pollInterval: 100, cacheMode: "disabled", fetchImplementation: spy });
  let changes = 0;
  WebOpenFeature.addHandler(ProviderEvents.ConfigurationChanged, () => { changes += 1; });
  const before = await exposures();
  await WebOpenFeature.setProviderAndWait(provider, { targetingKey: user, country: "GB" });
  const client = WebOpenFeature.getClient();
  const { value, variant } = client.getObjectDetails("layout", {});
  assert.deepEqual(value, { columns: variant === "WIDE" ? 3 : 2 });
  await until(() => seen.some(([status]) => status === 304), "an answer that nothing changed");
  const [[, none, etag], [status, sent]] = seen;
  assert.deepEqual([none, status, sent], [null, 304, etag]);
  assert.match(etag, /^"[0-9a-f]{32}"$/);
  assert.equal(await exposures(), before, "keeping flags is no use of them");
  await api.must(200, "POST", "/ab-test/button/stop", { role: "admin", body: { reason: "enough" } });
  await until(() => changes > 0, "the change to arrive");
  assert.equal(client.getBooleanDetails("button", true).reason, "DISABLED");
});

test("answers keep to the protocol, whatever was asked", async () => {
  const user = uuid(0x60, 3);
  const context = { targetingKey: user };
  check(await ask(user, `${FLAGS}/layout`, { context }), 200, schemas.evaluation);
  const all = check(await ask(user, FLAGS, { context, more: true }), 200, schemas.bulk);
  assert.deepEqual(all.flags.map(({ key }) => key), ["button", "layout", "only-in-fr"]);
  assert.match(all.metadata.version, /^[0-9a-f]{64}$/);
  const code = (answer, status, schema, expected) => assert.equal(check(answer, status, schema).errorCode, expected);
  for (const body of ["", "{", "[]", "7", '{"context":7}', '{"context":{"targetingKey":7}}', '{"context":{"targetingKey":"\\ud800"}}']) {
    code(await ask(user, `${FLAGS}/layout`, body), 400, schemas.failedOne, "PARSE_ERROR");
    code(await ask(user, FLAGS, body), 400, schemas.failedAll, "PARSE_ERROR");
  }
  for (const body of [{}, { context: {} }, { context: { targetingKey: "" } }, { context: { country: "GB" } }]) {
    code(await ask(user, `${FLAGS}/layout`, body), 400, schemas.failedOne, "TARGETING_KEY_MISSING");
    code(await ask(user, FLAGS, body), 400, schemas.failedAll, "TARGETING_KEY_MISSING");
  }
  for (const bad of [{ targetingKey: "alice" }, { targetingKey: user, country: "x".repeat(60) }, { targetingKey: user, sessionId: " " }]) {
    code(await ask(user, `${FLAGS}/layout`, { context: bad }), 400, schemas.failedOne, "INVALID_CONTEXT");
  }
  code(await ask(user, `${FLAGS}/nobody-knows`, { context }), 404, schemas.notFound, "FLAG_NOT_FOUND");
  for (const other of [uuid(0x60, 1), uuid(0x60, 999)]) {
    const refused = check(await ask(user, `${FLAGS}/layout`, { context: { targetingKey: other } }), 403, schemas.general);
    assert.equal(refused.errorCode, undefined);
  }
  check(await api.call("POST", FLAGS, { body: { context } }), 401, schemas.general);
  check(await ask(user, FLAGS, { context }, { role: "monitor" }), 403, schemas.general);
  check(await ask(user, `${FLAGS}/layout`, { context: { targetingKey: uuid(0x60, 4) } }, { role: "admin" }), 200, schemas.evaluation);
  check(await ask(user, FLAGS, `{"context":{"targetingKey":"${user}","a":"${"x".repeat(20_000)}"}}`), 413, schemas.general);
  check(await api.call("GET", FLAGS, { role: "client", user }), 404, schemas.general);
});

test("an ETag stands for the answer to one person in one situation", async () => {
  const user = uuid(0x60, 5);
  const bulk = (more, tag) => ask(user, FLAGS, { context: { targetingKey: user, ...more } }, { headers: tag ? { "if-none-match": tag } : {} });
  const { headers: { etag } } = await bulk({});
  for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
    const answer = await bulk({}, tag);
    assert.deepEqual([answer.status, answer.text, answer.headers.etag], [304, "", etag]);
  }
  for (const [more, tag] of [[{ country: "FR" }, etag], [{}, '"other"'], [{}, etag.slice(1, -1)]]) assert.equal((await bulk(more, tag)).status, 200);
});
