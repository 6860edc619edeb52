// TypeScript for the shapes of the API that the browser package shows, from www/openapi.json: nobody writes them by hand.
import { readFileSync } from "node:fs";
import { at } from "./root.mjs";

/** Which shapes stand in which file. What a file names of another is imported. */
const FILES = {
  items: ["Item", "AttributeValue", "Context"],
  events: ["Interaction", "EventType", "Feedback", "FeedbackType", "TrackReport"],
  decisions: ["Decision", "DecidedItem", "Term", "Factor", "Personalization", "Use", "DecidedTest", "DecidedReason"],
  explanations: ["Explanation", "ExplainedTerm"],
  people: ["Profile", "PreferencesUpdate", "Level", "Detail", "Expertise", "NotificationFrequency"],
  settings: ["Settings", "SettingsUpdate", "PersonExport"],
};

/** What a shape is, where the document leaves it to its name. */
const SUMMARIES = {
  Item: "What can be recommended. Only `id`, `category` and `title` must be there.",
  EventType: "What can happen.",
  Feedback: "What a person says of an item, a feature or the whole.",
  FeedbackType: "What kind of feedback it is.",
  TrackReport: "What became of the events of one call.",
  Decision: "One answer: items in their order, and how it came about.",
  DecidedTest: "A test, and what this person sees of it.",
  Explanation: "Why an item stands where it stands, as of now.",
  ExplainedTerm: "A part of the score, with its plain name and what the score were without it.",
  Factor: "What the sum of the terms is multiplied by.",
  Profile: "What is known of a person, as far as they agreed to it.",
  Level: "How much of something.",
  Detail: "How much a person wants to read.",
  Expertise: "How well a person says that they know the subject.",
  NotificationFrequency: "How often a person wants to be told.",
  Settings: "The switches: what may be read, learned and shared.",
};

/** What only an admin's token may send. */
const FOR_ADMINS = new Set(["user_id", "as_of"]);

const INDENT = "  ";

/** The first line of every file that is written here. */
export const HEAD = "// Written by pkg-scripts/write-wire-types.mjs from www/openapi.json. Change that, not this.\n";

/** Returns the shapes of the API's document by their names. */
export const readSchemas = () => JSON.parse(readFileSync(at("www", "openapi.json"), "utf8")).components.schemas;

/** Returns the text of each file by its name. */
export function wireFiles() {
  const names = Object.entries(FILES).map(([file, theirs]) => [`./${file}.js`, theirs]);
  const common = { schemas: readSchemas(), places: placesOf(names), summaries: SUMMARIES, hidden: FOR_ADMINS };
  return Object.fromEntries(Object.entries(FILES).map(([file, own]) => [`${file}.ts`, fileOf(`./${file}.js`, own, common)]));
}

/**
 * Returns the text of a file with further shapes, for a page of ours; what the package has of them is imported from there.
 * @param {string[]} own the shapes of the file
 * @param {Record<string, string>} summaries
 * @param {string} folder of the package's shapes, as the file names it
 */
export function furtherFile(own, summaries, folder) {
  const names = Object.entries(FILES).map(([file, theirs]) => [`${folder}/${file}.js`, theirs]);
  const places = placesOf([...names, ["own", own]]);
  return fileOf("own", own, { schemas: readSchemas(), places, summaries, hidden: new Set() });
}

const placesOf = (names) => new Map(names.flatMap(([place, theirs]) => theirs.map((name) => [name, place])));

function fileOf(own, names, common) {
  const used = new Set();
  const shapes = names.map((name) => declaration(name, { ...common, used, depth: 0 }));
  const others = [...new Set(common.places.values())].filter((place) => place !== own);
  const imports = others.flatMap((place) => {
    const needed = [...used].filter((name) => common.places.get(name) === place).sort();
    return needed.length > 0 ? [`import type { ${needed.join(", ")} } from "${place}";\n`] : [];
  });
  return [HEAD, imports.join(""), ...shapes].filter(Boolean).join("\n");
}

function declaration(name, scene) {
  const schema = scene.schemas[name];
  const said = [scene.summaries[name], schema.description].filter(Boolean).join(" ");
  if (!said) throw new Error(`${name}: nothing says what it is (pkg-scripts/lib/wire-types.mjs)`);
  const type = typeOf(schema, scene);
  const isInterface = schema.properties !== undefined && schema.type === "object";
  return `/** ${said} */\nexport ${isInterface ? `interface ${name} ${type}` : `type ${name} = ${type};`}\n`;
}

function typeOf(schema, scene) {
  if (schema.$ref) return named(schema.$ref.split("/").at(-1), scene);
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return openUnion([...new Set(choices.map((choice) => typeOf(choice, scene)))]);
  const types = [schema.type ?? "unknown"].flat();
  return types.map((type) => plain(type, schema, scene)).join(" | ");
}

/** A shape of ours by its name; what stands in no file is spelled out. */
function named(name, scene) {
  if (!scene.places.has(name)) return typeOf(scene.schemas[name], scene);
  scene.used.add(name);
  return name;
}

/** Names that are known, or any text: an editor still offers those that are known. */
const openUnion = (types) => types.map((type) => (type === "string" && types.includes("EventType") ? "(string & {})" : type)).join(" | ");

function plain(type, schema, scene) {
  if (type === "array") {
    const inner = typeOf(schema.items ?? {}, scene);
    return `readonly ${/[ |]/.test(inner) && !inner.startsWith("{") ? `(${inner})` : inner}[]`;
  }
  if (type === "integer") return "number";
  if (type !== "object") return type;
  if (schema.properties) return members(schema, scene);
  const values = typeof schema.additionalProperties === "object" ? typeOf(schema.additionalProperties, scene) : "unknown";
  return `{ readonly [name: string]: ${values} }`;
}

function members({ properties, required = [] }, scene) {
  const inner = { ...scene, depth: scene.depth + 1 };
  const indent = INDENT.repeat(inner.depth);
  const lines = Object.entries(properties).filter(([name, schema]) => !(scene.hidden.has(name) && /Admins/.test(schema.description))).flatMap(([name, schema]) => {
    const comment = schema.description ? [`${indent}/** ${schema.description} */`] : [];
    return [...comment, `${indent}readonly ${name}${required.includes(name) ? "" : "?"}: ${typeOf(schema, inner)};`];
  });
  return `{\n${lines.join("\n")}\n${INDENT.repeat(scene.depth)}}`;
}
