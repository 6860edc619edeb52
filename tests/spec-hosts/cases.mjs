// The spec cases as every JavaScript host runs them: packs put together from their folders, and the golden bytes.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { at } from "../../pkg-scripts/lib/root.mjs";

const json = (...parts) => JSON.parse(readFileSync(at(...parts), "utf8"));
const names = (...parts) => readdirSync(at(...parts)).filter((name) => name.endsWith(".json")).sort();

/** Puts a pack folder together, as tests/folders.rs does: `{ pack, items }`. */
function pack(name) {
  const folder = existsSync(at("tests", "packs", name)) ? ["tests", "packs", name] : ["src", "packs", name];
  const parts = names(...folder).filter((file) => file !== "pack.json");
  const pack = json(...folder, "pack.json");
  for (const file of parts) pack[file.slice(0, -".json".length)] = json(...folder, file);
  const catalog = [...folder, "catalog"];
  const items = existsSync(at(...catalog)) ? names(...catalog).flatMap((file) => json(...catalog, file)) : [];
  return { pack, items };
}

const packs = new Map();
const packOnce = (name) => {
  if (!packs.has(name)) packs.set(name, pack(name));
  return packs.get(name);
};

/** What a host is handed for a case. */
function inputOf(spec) {
  const named = spec.given?.packs?.length ? spec.given.packs : ["tiny"];
  return JSON.stringify({ packs: Object.fromEntries(named.map((name) => [name, packOnce(name)])), case: spec });
}

/** Reads a golden file: the answers of its cases by name. */
function golden(file) {
  const text = readFileSync(at("tests", "spec", "golden", file.replace(".json", ".golden")), "utf8");
  const parts = text.split(/^## (.+)\n/m).slice(1);
  return new Map(parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1]]] : [])));
}

/** Every case of tests/spec: its file, its name, what a host is handed, and the bytes that every host must answer. */
export function readCases() {
  return names("tests", "spec").flatMap((file) => {
    const answers = golden(file);
    return json("tests", "spec", file).map((spec) => ({ file, name: spec.name, input: inputOf(spec), expected: answers.get(spec.name) }));
  });
}

/** The folders that random worlds are drawn from, as every host is handed them. */
export const parityFolders = () => JSON.stringify([packOnce("finance"), packOnce("tiny")]);

/** How many random cases there are, how many make a digest, and the digests that every host must find. */
export const readDigests = () => json("tests", "parity.json");

/** The published vectors of hashing. */
export const readVectors = () => json("tests", "vectors", "hash64.json").cases;
