// What the package makes of a list in numbers is what it would have read of the list's JSON, over random worlds.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { parityFolders } from "../spec-hosts/cases.mjs";

const host = await import(at("build", "spec-host", "host.js"));
const { initSync, Engine } = await import(at("build", "browser", "nearside.js"));
const { decisionOf } = await import(at("src", "browser", "package", "in-numbers.ts"));
host.initSync({ module: readFileSync(at("build", "spec-host", "host_bg.wasm")) });
initSync({ module: readFileSync(at("build", "browser", "nearside_bg.wasm")) });

const WORLDS = 2_000;
const bytes = (text) => new TextEncoder().encode(text);

test("a list in numbers is the list of the JSON, to the bit", () => {
  const worlds = new host.Parity(parityFolders());
  const seen = { inNumbers: 0, asJson: 0, factors: 0, models: 0, lists: 0, refused: 0 };
  let engine;
  for (let seed = 0; seed < WORLDS; seed += 1) {
    if (!engine || worlds.begins(seed)) {
      engine?.free();
      const { now_ms, versions, pack, catalog, model } = JSON.parse(worlds.world(seed));
      engine = new Engine(JSON.stringify(versions), bytes(pack), bytes(catalog), bytes(""), bytes(model ?? ""), bytes(""), now_ms);
    }
    const { now_ms: now, id, settings, preferences, events, request } = JSON.parse(worlds.case(seed));
    engine.setPerson(JSON.stringify({ format: 1, unit_id: id }));
    engine.ask("changeSettings", settings, now, id);
    attempt(() => engine.ask("setPreferences", preferences, now, id));
    for (const [moment, event] of events) attempt(() => engine.ask("observe", event, moment, id));
    const { candidates, ...rest } = JSON.parse(request);
    const asked = JSON.stringify({ ...rest, explain: "terms" });
    const list = candidates ? attempt(() => engine.load(JSON.stringify(candidates))).value : undefined;
    const names = attempt(() => JSON.parse(engine.names(list))).value;
    const inNumbers = attempt(() => engine.rerankInNumbers(list, asked, now, { read: (numbers, head) => decisionOf(id, numbers, head, names) }));
    const asJson = attempt(() => engine.rerank(list, asked, now, id));
    assert.deepEqual(inNumbers.refusal, asJson.refusal);
    if (asJson.refusal) seen.refused += 1;
    else if (!inNumbers.value) seen.asJson += 1;
    else {
      const decision = inNumbers.value;
      const expected = JSON.parse(asJson.value);
      assert.deepEqual(decision, expected, `world ${seed}`);
      // The names stand in the same order too.
      assert.equal(JSON.stringify(decision), JSON.stringify(expected));
      seen.inNumbers += 1;
      seen.factors += decision.items.some((item) => item.factors.length > 0) ? 1 : 0;
      seen.models += decision.model_version ? 1 : 0;
      seen.lists += list === undefined ? 0 : 1;
    }
    if (list !== undefined) engine.unload(list);
  }
  for (const what of ["inNumbers", "asJson", "factors", "models"]) assert.ok(seen[what] > WORLDS / 50, JSON.stringify(seen));
});

test("words, the general order and items in the body go as JSON", () => {
  const worlds = new host.Parity(parityFolders());
  const { now_ms: now, versions, pack, catalog } = JSON.parse(worlds.world(0));
  const engine = new Engine(JSON.stringify(versions), bytes(pack), bytes(catalog), bytes(""), bytes(""), bytes(""), now);
  const size = (request) => engine.rerankInNumbers(undefined, JSON.stringify(request), now, { read: (numbers) => numbers.length }) ?? 0;
  assert.equal(size({ explain: "terms" }), 0, "nobody chose yet");
  engine.ask("changeSettings", '{"personalization_enabled":true}', now, "a-name");
  assert.ok(size({ explain: "terms" }) > 0);
  for (const request of [{}, { explain: "full" }, { explain: "none" }, { explain: "terms", mode: "general" }, { explain: "terms", candidates: [] }]) {
    assert.equal(size(request), 0, JSON.stringify(request));
  }
  engine.free();
});

function attempt(work) {
  try {
    return { value: work() };
  } catch (refusal) {
    return { refusal };
  }
}
