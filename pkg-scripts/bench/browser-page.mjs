// What the browser's bench runs in the page: the package and its peer in turns, each from the call to its array; the engine
// and its peer, each to its JSON.
import initialise, { Engine } from "/bindings.js";
import { createNearside } from "/nearside.js";
import { prepared, rank } from "/five-terms.mjs";

const DAY_MS = 86_400_000;
/** Items ordered at a time: a page's clock has steps of a tenth of a millisecond. */
const ITEMS_AT_A_TIME = 5_000;
const CONTEXT = { country: "GB", utc_offset_minutes: 0 };
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const none = new Uint8Array();

/** A person who has been here for 45 days: what they took up, and what they were shown in vain. */
async function learn(person, items, nowMs) {
  await person.begin(nowMs - 45 * DAY_MS);
  for (let event = 0; event < 40; event += 1) {
    const at = nowMs - (event < 4 ? 45 : event % 28) * DAY_MS - (event % 5) * 3_600_000;
    const { id, category } = items[(event * event) % 90];
    const type = event % 3 === 0 ? "RECOMMENDATION_VIEWED" : "RECOMMENDATION_ACCEPTED";
    await person.observe({ type, target_type: "recommendation", target_id: id, category, context: { utc_offset_minutes: 0 } }, at);
  }
  await person.state({ demographics: { age: 34 } }, nowMs);
}

/** The package as an app uses it, with what is published and the wasm at hand. */
async function thePackage({ versions, packText, catalogText, nowMs }, wasm, first) {
  const clock = { now: nowMs };
  const parts = { pack: packText, catalog: catalogText };
  const answers = Object.entries(parts).map(([kind, text]) => [kind, new TextEncoder().encode(text)]);
  const fetched = async (path) => new Response(answers.find(([kind]) => path.includes(`part=${kind}`))?.[1] ?? versions);
  const begun = performance.now();
  const nearside = await createNearside({ pack: JSON.parse(versions).pack, wasm, fetch: fetched, now: () => clock.now });
  nearside.rerankSync(first, CONTEXT, { explain: "terms" });
  const firstUse = performance.now() - begun;
  const at = (ms, work) => ((clock.now = ms), work());
  const person = {
    begin: (ms) => at(ms, () => nearside.setMode("visit")),
    observe: (event, ms) => at(ms, () => nearside.observe(event)),
    state: (update, ms) => at(ms, () => nearside.profile.set(update)),
  };
  return { nearside, person, firstUse };
}

/** The engine alone. */
async function theEngine({ versions, packText, catalogText, nowMs }, wasm) {
  await initialise({ module_or_path: wasm });
  const encode = (text) => new TextEncoder().encode(text);
  const engine = new Engine(versions, encode(packText), encode(catalogText), none, none, none, nowMs);
  const person = {
    begin: (ms) => engine.ask("changeSettings", JSON.stringify({ personalization_enabled: true }), ms, crypto.randomUUID()),
    observe: (event, ms) => engine.ask("observe", JSON.stringify(event), ms, ""),
    state: (update, ms) => engine.ask("setPreferences", JSON.stringify(update), ms, ""),
  };
  return { engine, person };
}

/** Returns how many milliseconds the first use takes, in a page that did nothing before. */
export async function firstUse(published) {
  const wasm = await (await fetch("/nearside_bg.wasm")).arrayBuffer();
  return (await thePackage(published, wasm, JSON.parse(published.catalogText).items.slice(0, 100))).firstUse;
}

/** Returns medians in milliseconds. `published`: texts of a pack and its catalogue, and the versions. */
export async function measure({ sizes, rounds, ...published }) {
  const { packText, catalogText, nowMs } = published;
  const wasm = await (await fetch("/nearside_bg.wasm")).arrayBuffer();
  const all = JSON.parse(catalogText).items;
  const { nearside, person: here } = await thePackage(published, wasm, all.slice(0, 100));
  await learn(here, all, nowMs);
  const { engine, person: there } = await theEngine(published, "/bindings_bg.wasm");
  await learn(there, all, nowMs);
  const pack = JSON.parse(packText);
  const person = JSON.parse(engine.person());
  const results = [];
  for (const size of sizes) {
    const items = all.slice(0, size);
    const list = engine.load(JSON.stringify(items));
    const theirs = prepared(items);
    const request = () => JSON.stringify({ context: CONTEXT, limit: size, explain: "terms" });
    const array = () => nearside.rerankSync(items, CONTEXT, { limit: size, explain: "terms" }).items;
    const json = () => engine.rerank(list, request(), nowMs, "");
    const peerArray = () => rank(pack, theirs, person, { context: CONTEXT, limit: size }, nowMs);
    checkSame(array(), peerArray());
    checkSame(JSON.parse(json()).items, peerArray());
    results.push({ size, ...turns({ array, peerArray, json, peerJson: () => JSON.stringify(peerArray()) }, ITEMS_AT_A_TIME / size, rounds) });
  }
  return results;
}

/** Medians of `rounds` turns of each way, `calls` at a time; the first fifth only warms up. */
function turns(ways, calls, rounds) {
  const times = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [way, work] of Object.entries(ways)) {
      const from = performance.now();
      for (let call = 0; call < calls; call += 1) work();
      if (round >= rounds / 5) times[way].push((performance.now() - from) / calls);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([way, took]) => [way, median(took)]));
}

/** Both answer the same: a bench of something else would say nothing. */
function checkSame(ours, theirs) {
  if (ours.length !== theirs.length) throw new Error(`${ours.length} items, the peer has ${theirs.length}`);
  ours.forEach((item, index) => {
    const other = theirs[index];
    const near = (a, b) => Math.abs(a - b) < 1e-9;
    const isSame = item.id === other.id && item.rank === other.rank && near(item.score, other.score) && near(item.confidence, other.confidence)
      && item.adjusted_priority === other.adjusted_priority && item.terms.length === other.terms.length
      && item.terms.every((term, at) => term.name === other.terms[at].name && near(term.value, other.terms[at].value));
    if (!isSame) throw new Error(`the peer differs at ${index}: ${JSON.stringify(item)} ${JSON.stringify(other)}`);
  });
}
