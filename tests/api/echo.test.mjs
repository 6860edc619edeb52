// A marker in every place of every request: no refusal holds it, whatever rule it broke. Refusals land in logs, and names,
// texts and ids of people land in requests.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { apiOf, seedFinance, uuid } from "../support/api.mjs";
import { exampleOf } from "../support/examples.mjs";
import { seedModel } from "../support/models.mjs";
import { seedTests } from "../support/tests.mjs";
import { startWorker } from "../support/worker.mjs";

const USER = uuid(0xda, 1);
/** As a name of ours would look, as a constant, and as neither. */
const MARKERS = ["marker_of_mine", "MARKER_OF_MINE", "marker of-mine"];
const hasMarker = (text) => /marker.of.mine/i.test(text);
const TOGETHER = 12;
/** Of a body that has thousands of places so many are tried, spread over all of it. */
const MOST_PLACES = 60;

let worker, api, finance, document;
before(async () => {
  worker = await startWorker({ direct: true });
  api = apiOf(worker);
  finance = { ...(await seedFinance(api)), ...(await seedModel(api, worker.keys)), ...(await seedTests(api)) };
  document = (await api.call("GET", "/openapi.json")).json;
  await api.as(USER).agree();
});
after(() => worker.dispose());

const operations = () => Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })));

/** Every place of a value, by the keys that lead to it. */
function placesOf(value, way = []) {
  if (typeof value !== "object" || value === null) return [way];
  return [way, ...Object.keys(value).flatMap((key) => placesOf(value[key], [...way, key]))];
}

const at = (value, way) => way.reduce((inner, key) => inner[key], value);

/** A copy in which what stands in a place is another value; the place of no keys is the whole. */
function withAt(body, way, make) {
  const copy = structuredClone(body);
  if (way.length === 0) return make(copy);
  at(copy, way.slice(0, -1))[way.at(-1)] = make(at(copy, way));
  return copy;
}

/** What a marker can do in one place. */
function* spoiled(body, way, marker) {
  yield withAt(body, way, () => marker);
  yield withAt(body, way, () => [marker]);
  yield withAt(body, way, () => ({ [marker]: marker }));
  const here = at(body, way);
  if (Array.isArray(here)) yield withAt(body, way, (list) => [...list, marker, { [marker]: 1 }]);
  else if (typeof here === "object" && here !== null) {
    // A name of any map of ours, with a value that no map of ours holds, and with one that looks like its others.
    yield withAt(body, way, (object) => ({ ...object, [marker]: [[marker]] }));
    yield withAt(body, way, (object) => ({ ...object, [marker]: Object.values(object)[0] ?? marker }));
  }
}

const situation = { time_zone: "Europe/London", country: "GB", device_type: "mobile", locale: "en-GB", place: { lat: 51.5, lon: -0.12 }, weather: "rain", social: "alone", surface: "home", platform: "web" };
const event = { id: uuid(0xda, 7), type: "RECOMMENDATION_ACCEPTED", target_type: "recommendation", target_id: "gb-make-a-will", category: "ESTATE", action: "accept", reason: "x", value: 1, session_id: "s", device_id: "d", device_type: "mobile", decision_id: uuid(0xda, 8), position: 1, context: { country: "GB" }, occurred_at: new Date().toISOString(), receipt: "x", experiments_token: "x" };
const candidates = () => [{ ...finance.items[0], attributes: {}, benefit: { amount: 1, currency: "GBP" }, countries: ["GB"], life_stages: ["RETIRED"] }, finance.items[1].id];
const definition = () => ({
  start_date: "2026-01-01T00:00:00Z", unit: "user", hash: { algorithm: "growthbook-v2", seed: "s", gates: [{ seed: "g", ranges: [[0, 1]] }], ranges: [] },
  eligibility: { all: [{ fact: "context.country", in: ["GB"] }, { not: { fact: "person.age", above: 30 } }, { any: [{ fact: "unit.share.x", below: 0.5 }] }] },
  layer: { name: "page", from: 0, to: 50 }, metrics: [{ name: "clicks", kind: "conversion", events: ["CLICKED"], cap: null }], guardrails: [{ metric: "dismissed", worse: "up", margin: 0.1 }], segments: ["country"], covariate: "accepted_before",
});
/** Members that good examples leave out. */
const RICH = {
  post_recommend: () => ({ candidates: candidates(), context: situation, pending: [event], session_id: "s", device_id: "d", experiments_token: "x", mode: null, explain: "full" }),
  post_explain: () => ({ candidates: candidates(), context: situation, scope: "home" }),
  post_track_interaction: () => event,
  post_track_event: () => event,
  post_track_interactions: () => ({ interactions: [event, { ...event, id: uuid(0xda, 9) }] }),
  put_profile_user_id_preferences: () => ({ demographics: { age: 34, country: "GB", income_level: "HIGH", net_worth_level: "HIGH" }, preferences: { risk_tolerance: "LOW", investment_style: "x", recommendation_categories_preferred: ["TAX"], preferred_channels: ["SMS"], notification_frequency: "DAILY", detail_level_preference: "CONCISE" }, sophistication: { self_reported_expertise: "EXPERT" }, attributes: { tone: "x", dependants: 1 } }),
  post_feedback: () => ({ rating: 3, feedback_text: "x", feature_name: "x", preferred_style: "CONCISE", notification_frequency: "DAILY", preferred_channels: ["SMS"], category: "TAX", id: uuid(0xda, 10) }),
  post_ab_test_decide: () => ({ context: situation, session_id: "s", device_id: "d", experiments_token: "x" }),
  post_ab_test_test_name_outcome: () => ({ occurred_at: new Date().toISOString(), metric: "clicks", value: 1, session_id: "s", device_id: "d", receipt: "x", experiments_token: "x" }),
  put_ab_test_test_name: definition,
  post_ab_test_test_name_validate: definition,
  put_catalog_pack: () => ({ items: [candidates()[0]], remove: ["x"] }),
};

/** Some of a list, the first and the last among them. */
const spread = (list) => (list.length <= MOST_PLACES ? list : Array.from({ length: MOST_PLACES }, (_, index) => list[Math.floor((index * (list.length - 1)) / (MOST_PLACES - 1))]));

async function forEach(entries, work) {
  const left = entries[Symbol.iterator]();
  await Promise.all(Array.from({ length: TOGETHER }, async () => {
    for (let next = left.next(); !next.done; next = left.next()) await work(next.value);
  }));
}

test("no refusal of a body holds what was sent", async (t) => {
  const requests = operations().filter(({ operation }) => operation.requestBody).flatMap((operation) => {
    const { operationId } = operation.operation;
    const example = exampleOf(operation, finance, USER);
    const { method } = example;
    // What would be taken changes nothing.
    const path = ["put_packs_pack", "put_catalog_pack"].includes(operationId) ? `${example.path}?check=true` : example.path;
    const good = operationId === "put_packs_pack" ? shortened(example.body) : { ...example.body, ...RICH[operationId]?.() };
    const bodies = spread(placesOf(good)).flatMap((way, index) => [...spoiled(good, way, MARKERS[index % MARKERS.length])].map((sent) => ({ sent, way })));
    const role = operation.operation["x-audience"] === "admin" ? "admin" : "client";
    return bodies.map((one) => ({ ...one, method, path, role }));
  });
  const [found, counts] = [[], {}];
  await forEach(requests, async ({ sent, way, method, path, role }) => {
    const { status, text } = await api.call(method, path, { role, ...(role === "client" ? { user: USER } : {}), body: JSON.stringify(sent) });
    counts[status] = (counts[status] ?? 0) + 1;
    if (status >= 500) found.push(`${method} ${path} ${way.join(".")}: ${status}`);
    // What was taken may be shown to its sender, and verdicts on entries are refusals.
    const said = status >= 400 ? text : JSON.stringify(JSON.parse(text || "{}").rejected ?? "");
    if (hasMarker(said)) found.push(`${method} ${path} ${way.join(".")}: ${status} ${text.slice(0, 200)}`);
  });
  t.diagnostic(`${requests.length} bodies: ${JSON.stringify(counts)}`);
  assert.deepEqual(found.slice(0, 20), [], `${found.length} of ${requests.length}`);
  assert.ok(counts[422] > requests.length / 2, JSON.stringify(counts));
});

/** A value with short lists. */
function shortened(value) {
  if (Array.isArray(value)) return value.slice(0, 1).map(shortened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).slice(0, 30).map(([key, inner]) => [key, shortened(inner)]));
}

test("no refusal of an address or a token holds what was sent", async () => {
  const found = [];
  const look = (name, { status, text }) => {
    if (status < 400) return;
    // The protocol of flags names the flag that it does not find.
    const said = name.includes("/ofrep/") ? JSON.stringify({ ...JSON.parse(text), key: "" }) : text;
    if (hasMarker(said)) found.push(`${name}: ${text.slice(0, 200)}`);
  };
  await forEach(operations(), async (operation) => {
    const { method, path, body } = exampleOf(operation, finance, USER);
    const role = operation.operation["x-audience"] === "admin" ? "admin" : "client";
    const user = role === "client" ? USER : undefined;
    for (const marker of MARKERS.map(encodeURIComponent)) {
      const whole = operation.path.replace(/\{\w+\}/, marker).replace("/api/v1/personalization", "");
      look(`${method} ${whole}`, await api.call(method, whole, { role, user, body }));
      for (const { name, in: place } of operation.operation.parameters ?? []) {
        if (place === "query") look(`${method} ${path}?${name}`, await api.call(method, `${path.split("?")[0]}?${name}=${marker}`, { role, user, body }));
      }
      look(`${method} ${path}?`, await api.call(method, `${path.split("?")[0]}?${marker}=${marker}`, { role, user, body }));
      const headers = { authorization: `Bearer ${decodeURIComponent(marker)}`, "content-type": `application/${marker}` };
      look(`${method} ${path} token`, await api.call(method, path, { body, headers }));
      look(`${method} ${path} media`, await api.call(method, path, { role, user, body, headers: { "content-type": headers["content-type"] } }));
    }
  });
  assert.deepEqual(found.slice(0, 20), [], `${found.length}`);
});
