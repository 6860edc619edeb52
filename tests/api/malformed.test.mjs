// Requests that are wrong: refused with a problem document that repeats nothing of them, and never with a 5xx.
import assert from "node:assert/strict";
import net from "node:net";
import { after, before, test } from "node:test";
import { BASE, apiOf, seedFinance, seeded, uuid } from "../support/api.mjs";
import { exampleOf, interaction } from "../support/examples.mjs";
import { CANARY, malformedBodies } from "../support/malformed.mjs";
import { seedModel } from "../support/models.mjs";
import { send } from "../support/send.mjs";
import { seedTests } from "../support/tests.mjs";
import { startWorker } from "../support/worker.mjs";

const BODIES = 10_000;
const TOGETHER = 12;
const USER = uuid(0x80, 1);

let worker, api, finance, document;
before(async () => {
  worker = await startWorker({ direct: true });
  api = apiOf(worker);
  finance = { ...(await seedFinance(api)), ...(await seedModel(api, worker.keys)), ...(await seedTests(api)) };
  document = (await api.call("GET", "/openapi.json")).json;
  await api.as(USER).agree();
});
after(() => worker.dispose());

/** What holds for every refusal. Returns what is wrong. */
function faults({ status, headers, text }, { operation } = {}) {
  const found = [];
  if (status >= 500) found.push(`status ${status}`);
  if (status < 400) return found;
  // The protocol of flags has refusals of its own.
  const media = operation?.operationId.includes("ofrep") ? "application/json" : "application/problem+json";
  if (headers["content-type"] !== media) found.push(`media ${headers["content-type"]}`);
  if (headers["cache-control"] !== "private, no-store") found.push("cacheable");
  if (text.includes("canary")) found.push(`it repeats its input: ${text.slice(0, 300)}`);
  if (text.length > 4_000) found.push(`${text.length} bytes of refusal`);
  if (operation && !(status in operation.responses)) found.push(`status ${status} is not in the document`);
  return found;
}

/** True where the document has a path for this method that this one is an example of. */
const isPathWith = (method, path) =>
  Object.entries(document.paths).some(([pattern, methods]) => method.toLowerCase() in methods && new RegExp(`^${pattern.replace(/\{\w+\}/, "[^/]+")}$`).test(path));

/** Does a thing for every entry, some at a time. */
async function forEach(entries, work) {
  const left = entries[Symbol.iterator]();
  await Promise.all(Array.from({ length: TOGETHER }, async () => {
    for (let next = left.next(); !next.done; next = left.next()) await work(next.value);
  }));
}

test(`${BODIES} malformed bodies: no 5xx, no echo, a problem document each`, async (t) => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).filter(([, { requestBody }]) => requestBody).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  assert.equal(operations.length, 33);
  // A pack is a hundred times as long as any other body, and takes as long to spoil and to check.
  const [packs, others] = [true, false].map((isPack) => operations.filter(({ operation: { operationId } }) => (operationId === "put_packs_pack") === isPack));
  const operationOf = (random) => {
    const operation = random.pick(random.below(50) === 0 ? packs : others);
    return { operation, body: exampleOf(operation, finance, USER).body, limit: operation.operation["x-body-bytes"] };
  };
  const wrong = [];
  const counts = { refused: 0, taken: 0 };
  const ways = {};
  await forEach(malformedBodies(seeded(9457), BODIES, operationOf), async ({ way, always, operation, body, headers }) => {
    const { method, path } = exampleOf(operation, finance, USER);
    const isAdmins = operation.operation["x-audience"] === "admin";
    const role = isAdmins || ways[way] % 3 === 0 ? "admin" : "client";
    ways[way] = (ways[way] ?? 0) + 1;
    const answer = await api.call(method, path, { role, user: isAdmins ? undefined : USER, body, headers }).catch(({ code }) => ({ status: 999, headers: {}, text: code }));
    // A model may have 8 MB. One byte more is refused by its declared length, unread, and then the sender may see the
    // connection end before the answer.
    const isCutOff = answer.status === 999 && way === "too large" && operation.operation["x-body-bytes"] > 4 * 1024 * 1024;
    const found = isCutOff ? [] : faults(answer, operation);
    const isOpen = way === "unknown field" && operation.operation.operationId.includes("ofrep");
    if (always && !isOpen && answer.status < 400) found.push(`it was taken: ${answer.text.slice(0, 200)}`);
    counts[answer.status < 400 ? "taken" : "refused"] += 1;
    if (found.length > 0) wrong.push(`${way}, ${method} ${path}, ${answer.status}: ${found.join("; ")}; body ${JSON.stringify(String(body).slice(0, 200))}`);
  });
  assert.deepEqual(wrong.slice(0, 15), [], `${wrong.length} of ${BODIES}`);
  assert.equal(counts.refused + counts.taken, BODIES);
  assert.ok(counts.refused > BODIES * 0.8, JSON.stringify(counts));
  t.diagnostic(`${BODIES} bodies in ${Object.keys(ways).length} ways: ${counts.refused} refused, ${counts.taken} harmless and taken`);
});

test("afterwards the Worker answers as before", async () => {
  await seedFinance(api);
  await api.must(200, "POST", "/admin/features", { role: "admin", body: { personalization_enabled: true } });
  const user = uuid(0x80, 2);
  await api.as(user).agree();
  assert.equal((await api.as(user).recommend()).personalization, "building");
  const db = await worker.db();
  const { results } = await db.prepare("SELECT reason FROM dead_letters").all();
  assert.deepEqual(results, []);
});

test("a field that would widen rights is refused, not ignored", async () => {
  const bodies = [["POST", "/recommend", {}], ["POST", "/track-interaction", interaction()], ["POST", "/settings", {}], ["POST", "/feedback", { type: "HELPFUL", recommendation_id: "gb-make-a-will" }], ["POST", "/explain", { recommendation_id: "gb-make-a-will" }], ["PUT", `/profile/${USER}/preferences`, {}]];
  for (const [method, path, body] of bodies) {
    for (const extra of [{ role: "admin" }, { user_id: uuid(0x80, 3) }, { consent: true }, { sub: uuid(0x80, 3) }, { tracking_since_ms: 0 }]) {
      const answer = await api.call(method, path, { role: "client", user: USER, body: { ...body, ...extra } });
      assert.equal(answer.status, 422, `${method} ${path} ${JSON.stringify(extra)}`);
      assert.deepEqual(faults(answer), []);
    }
  }
});

test("suffixes, other spellings and other methods are no routes", async () => {
  const paths = ["/recommend/", "/recommend/x.css", "/recommend.css", "/recommend;x.css", "/recommend%2fx.css", "/Recommend", "//recommend", "/recommend//", "/recommend%20", "/%72ecommend", `/profile/${USER}/x.css`, `/profile/${USER}/`, `/profile/${USER}.json`, `/profile/${USER}%00`, `/profile/${USER};a`, `/profile/%2e%2e/settings`, "/profile/", "/", "/health/x", "/openapi.json/x", "/admin", "/catalog", "/track-interactions/1", "/settings/../profile"];
  for (const path of paths) {
    for (const method of ["GET", "POST"]) {
      const answer = await api.call(method, path, { role: "admin", ...(method === "POST" ? { body: {} } : {}) });
      assert.equal(answer.status, 404, `${method} ${path}: ${answer.text.slice(0, 100)}`);
      assert.deepEqual(faults(answer), []);
    }
  }
  for (const path of ["/api/v1/personalization", "/api/v1", "/api", "/api/v2/personalization/health", "/api/v1/personalizationx/health", "/openapi.json/"]) {
    assert.equal((await api.call("GET", path, { role: "admin" })).status, 404, path);
  }
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"].filter((one) => !(one.toLowerCase() in methods))) {
      const whole = path.replace(/\{\w+\}/, USER);
      // A test may have any name, that of a route beside it too.
      if (isPathWith(method, whole)) continue;
      const filled = whole.startsWith(BASE) ? whole.slice(BASE.length) : whole;
      const answer = await api.call(method, filled, { role: "admin", headers: { "x-http-method-override": Object.keys(methods)[0] } });
      assert.equal(answer.status, 404, `${method} ${path}`);
    }
  }
});

test("a path's id may be anything and is never repeated", async () => {
  const ids = [CANARY, "..", "%2e%2e", "%00", "%ff", "%c0%80", "%", "%z", "%2", "'%20OR%201=1--", "null", "0", "-1", "*", "{user_id}", "%7Buser_id%7D", USER.toUpperCase(), USER.replaceAll("-", ""), `urn:uuid:${USER}`, `%7B${USER}%7D`, `${USER}%20`, "00000000-0000-0000-0000-000000000000", "a".repeat(1_500), "%F0%9F%92%A9"];
  for (const id of ids) {
    for (const path of [`/profile/${id}`, `/interactions/${id}`, `/feedback/${id}/history`, `/explain/${id}`, `/catalog/${id}`, `/packs/${id}`]) {
      for (const role of ["client", "admin"]) {
        const answer = await api.call("GET", path, { role, ...(role === "client" ? { user: USER } : {}) });
        assert.ok([403, 404].includes(answer.status), `${role} ${path}: ${answer.status}`);
        assert.deepEqual(faults(answer), []);
      }
    }
  }
});

test("queries hold what the route knows, once, and well encoded", async () => {
  const queries = ["x=1", `${CANARY}=1`, "after=1&after=2", "after", "after=", "after=%", "after=%zz", "after=%ff", "after=-1", "after=1e3", "after=99999999999999999999", `after=${CANARY}`, "after=1-", "after=-", "after=1-1-1", "AFTER=1", "after[]=1", "after=1%00", "&&x", "%61fter=1"];
  for (const query of queries) {
    const answer = await api.call("GET", `/interactions/${USER}?${query}`, { role: "client", user: USER });
    assert.equal(answer.status, 422, query);
    assert.deepEqual(faults(answer), []);
  }
  for (const query of ["sync=2", "sync=true", "sync=", "sync=1&sync=1", `sync=${CANARY}`]) {
    const answer = await api.call("POST", `/track-interaction?${query}`, { role: "client", user: USER, body: interaction() });
    assert.equal(answer.status, 422, query);
    assert.deepEqual(faults(answer), []);
  }
  assert.equal((await api.call("GET", "/why-seeing-this", { role: "client", user: USER })).status, 422);
});

test("a URL of more than 2 KB is refused", async () => {
  for (const path of [`/explain/${"a".repeat(2_100)}`, `/settings?x=${"a".repeat(2_100)}`, `/${"a/".repeat(1_100)}`]) {
    const answer = await api.call("GET", path, { role: "client", user: USER });
    assert.equal(answer.status, 414, path.slice(0, 20));
    assert.deepEqual(faults(answer), []);
  }
});

test("a body at its limit is taken, one byte more is not", async () => {
  const self = api.as(USER);
  const padded = (length) => {
    const body = JSON.stringify(interaction());
    return body + " ".repeat(length - body.length);
  };
  assert.equal((await self.call("POST", "/track-interaction", padded(16 * 1024))).status, 202);
  assert.equal((await self.call("POST", "/track-interaction", padded(16 * 1024 + 1))).status, 413);
  const bulk = (length) => {
    const body = JSON.stringify({ interactions: [interaction()] });
    return body + " ".repeat(length - body.length);
  };
  assert.equal((await self.call("POST", "/track-interactions", bulk(1024 * 1024))).status, 202);
  assert.equal((await self.call("POST", "/track-interactions", bulk(1024 * 1024 + 1))).status, 413);
  const list = (count) => ({ preferences: { recommendation_categories_preferred: Array.from({ length: count }, () => "TAX") } });
  assert.equal((await self.call("PUT", `/profile/${USER}/preferences`, list(100))).status, 200);
  assert.equal((await self.call("PUT", `/profile/${USER}/preferences`, list(101))).status, 422);
  const thousand = { interactions: Array.from({ length: 1_000 }, () => interaction()) };
  assert.equal((await self.call("POST", "/track-interactions", thousand)).json.accepted, 1_000);
});

test("one bad entry of a bulk harms no other, and its verdict repeats nothing", async () => {
  const bad = [{ type: CANARY }, { ...interaction(), [CANARY]: 1 }, { ...interaction(), target_id: `${CANARY}\n` }, 7, CANARY, null, [], { ...interaction(), occurred_at: CANARY }, { ...interaction(), value: CANARY }, { ...interaction(), id: CANARY }, { ...interaction(), context: { [CANARY]: 1 } }, { ...interaction(), category: CANARY, target_id: CANARY }, { ...interaction(), target_type: CANARY }];
  const interactions = bad.flatMap((entry) => [interaction(), entry]);
  const answer = await api.as(USER).call("POST", "/track-interactions", { interactions });
  assert.equal(answer.status, 202);
  assert.deepEqual([answer.json.accepted, answer.json.rejected.map(({ index }) => index)], [bad.length, bad.map((_, index) => index * 2 + 1)]);
  assert.ok(!answer.text.includes("canary"), answer.text);
});

test("shapes that a lenient reader would take are refused", async () => {
  const refused = [
    ["PUT", `/profile/${USER}/preferences`, '{"demographics":[34]}'],
    ["PUT", `/profile/${USER}/preferences`, '{"attributes":{"dependants":1,"dependants":2}}'],
    ["PUT", `/profile/${USER}/preferences`, '{"attributes":{"dependants":1e999}}'],
    ["POST", "/recommend", '{"context":["Europe/London"]}'],
    ["POST", "/recommend", '{"limit":1.0}'],
    ["POST", "/recommend", '{"limit":"1"}'],
    ["POST", "/track-interaction", '{"type":"CLICKED","target_id":"a","value":9007199254740993}'],
    ["POST", "/track-interaction", '{"type":"CLICKED","target_id":"a","value":-9007199254740992}'],
  ];
  for (const [method, path, body] of refused) {
    const answer = await api.call(method, path, { role: "client", user: USER, body });
    assert.equal(answer.status, 422, `${body}: ${answer.text.slice(0, 200)}`);
  }
});

test("names that a sender chose stay unsaid, wherever they stand", async () => {
  const item = { ...finance.items[0] };
  const tries = [
    ["PUT", `/profile/${USER}/preferences`, { attributes: { [CANARY]: 1 } }],
    ["PUT", `/profile/${USER}/preferences`, { attributes: { [CANARY]: { a: 1 } } }],
    ["POST", "/recommend", { candidates: [{ ...item, kind: CANARY }] }],
    ["POST", "/recommend", { candidates: [{ ...item, attributes: { [CANARY]: 1 } }] }],
    ["POST", "/recommend", { candidates: [{ ...item, attributes: { [CANARY]: { a: 1 } } }] }],
    ["POST", "/recommend", { scope: CANARY }],
    ["POST", "/recommend", { mode: CANARY }],
    ["PUT", "/catalog/finance", { items: [{ ...item, category: CANARY }] }],
    ["PUT", "/catalog/finance", { items: [{ ...item, attributes: { [CANARY]: 1 } }] }],
    ["PUT", "/catalog/finance", { items: [{ ...item, life_stages: [CANARY], countries: [CANARY] }] }],
    ["PUT", "/packs/finance", { ...finance.pack, [CANARY]: 1 }],
    ["PUT", "/packs/finance", { ...finance.pack, kinds: [CANARY, CANARY] }],
    ["PUT", "/packs/finance", { ...finance.pack, scopes: [{ id: "home", kinds: [CANARY] }] }],
    ["PUT", "/packs/finance", { ...finance.pack, events: { [CANARY]: {} } }],
    ["PUT", "/packs/finance", { ...finance.pack, attributes: { item: { [CANARY.toUpperCase()]: { type: CANARY } } } }],
    ["PUT", `/packs/${CANARY}`, finance.pack],
  ];
  for (const [method, path, body] of tries) {
    const isAdmins = path.startsWith("/catalog") || path.startsWith("/packs");
    const answer = await api.call(method, path, { role: isAdmins ? "admin" : "client", user: isAdmins ? undefined : USER, body });
    assert.equal(answer.status, 422, `${method} ${path} ${JSON.stringify(body).slice(0, 100)}: ${answer.text}`);
    assert.deepEqual(faults({ ...answer, text: answer.text.toLowerCase() }), [], JSON.stringify(body).slice(-200));
  }
});

test("a sender that stops in the middle of a body takes nobody with it", async () => {
  const { hostname, port } = new URL(worker.url);
  const sockets = Array.from({ length: 20 }, () => {
    const socket = net.connect(Number(port), hostname);
    socket.on("error", () => {});
    socket.write(`POST ${BASE}/recommend HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${api.token("client", USER)}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"limit":`);
    return socket;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal((await api.as(USER).recommend()).use, "ordering_only");
  for (const socket of sockets) socket.destroy();
  assert.equal((await api.as(USER).recommend()).use, "ordering_only");
});

test("a body without a length, in chunks, is limited too", async () => {
  const { hostname, port } = new URL(worker.url);
  const answer = await new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname);
    let said = "";
    socket.on("error", reject);
    socket.on("data", (data) => {
      said += data;
      if (said.includes("\r\n\r\n")) resolve(said);
    });
    socket.write(`POST ${BASE}/track-interaction HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer ${api.token("client", USER)}\r\ntransfer-encoding: chunked\r\n\r\n`);
    for (let index = 0; index < 20; index += 1) socket.write(`400\r\n${" ".repeat(1_024)}\r\n`);
    socket.write("0\r\n\r\n");
  });
  assert.match(answer, /^HTTP\/1.1 413/);
});

test("raw requests with a broken line or header are refused before they are read", async () => {
  const answer = await send(worker.url, { path: `${BASE}/settings`, headers: { authorization: "Bearer \u00e9" } }).catch(() => ({ status: 401 }));
  assert.equal(answer.status, 401);
});
