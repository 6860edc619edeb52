// What the browser's bench runs in the page: the engine and its peer in turns, each to its JSON and to its array.
import initialise, { Engine } from "/nearside.js";
import { prepared, rank } from "/five-terms.mjs";

const DAY_MS = 86_400_000;
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** A person who has been here for 45 days: what they took up, and what they were shown in vain. */
function learn(engine, items, nowMs) {
  engine.changeSettings(JSON.stringify({ personalization_enabled: true }), nowMs - 45 * DAY_MS);
  for (let event = 0; event < 40; event += 1) {
    const at = nowMs - (event < 4 ? 45 : event % 28) * DAY_MS - (event % 5) * 3_600_000;
    const { id, category } = items[(event * event) % 90];
    const type = event % 3 === 0 ? "RECOMMENDATION_VIEWED" : "RECOMMENDATION_ACCEPTED";
    engine.observe(JSON.stringify({ type, target_type: "recommendation", target_id: id, category, context: { utc_offset_minutes: 0 } }), at);
  }
  engine.setPreferences(JSON.stringify({ demographics: { age: 34 } }), nowMs);
}

/** Returns medians in milliseconds. `published`: texts of a pack and its catalogue, and the versions. */
export async function measure({ versions, packText, catalogText, nowMs, sizes, rounds }) {
  const wasm = await (await fetch("/nearside_bg.wasm")).arrayBuffer();
  const encode = (text) => new TextEncoder().encode(text);
  const all = JSON.parse(catalogText).items;
  const request = (size) => ({ context: { country: "GB", utc_offset_minutes: 0 }, limit: size, explain: "terms" });
  const begun = performance.now();
  await initialise({ module_or_path: wasm });
  const engine = new Engine(versions, encode(packText), encode(catalogText), undefined, undefined, undefined, nowMs);
  const first = all.slice(0, 100);
  JSON.parse(engine.rerank(engine.load(JSON.stringify(first)), JSON.stringify(request(100)), nowMs, undefined));
  const firstUse = performance.now() - begun;
  learn(engine, all, nowMs);
  const pack = JSON.parse(packText);
  const person = JSON.parse(engine.person());
  const results = [];
  for (const size of sizes) {
    const items = all.slice(0, size);
    const list = engine.load(JSON.stringify(items));
    const theirs = prepared(items);
    const json = () => engine.rerank(list, JSON.stringify(request(size)), nowMs, undefined);
    const ranked = () => rank(pack, theirs, person, request(size), nowMs);
    const ways = { array: () => JSON.parse(json()).items, json, peerArray: ranked, peerJson: () => JSON.stringify(ranked()) };
    checkSame(ways.array(), ways.peerArray());
    const times = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
    const calls = 1000 / size;
    const once = (work) => {
      const from = performance.now();
      for (let call = 0; call < calls; call += 1) work();
      return (performance.now() - from) / calls;
    };
    for (let round = 0; round < rounds; round += 1) {
      for (const [way, work] of Object.entries(ways)) {
        const took = once(work);
        if (round >= rounds / 5) times[way].push(took);
      }
    }
    results.push({ size, ...Object.fromEntries(Object.entries(times).map(([way, took]) => [way, median(took)])) });
  }
  return { firstUse, results };
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
