// TypeScript for what the admin's pages send and read, from www/openapi.json; and the shapes by which they check answers.
import { furtherFile, HEAD, readSchemas } from "./wire-types.mjs";

/** Where the package keeps its shapes, seen from www/admin/wire. */
const PACKAGE = "../../../src/browser/package/wire";

/** What a shape is, where the document leaves it to its name. */
const SUMMARIES = {
  Health: "How the Worker does, and which versions are live.",
  ModelPerformance: "The models of every pack, with their log and evaluations.",
  PackModels: "The models of a pack.",
  KeptModel: "A version that is kept, and what is known of it.",
  ModelLogRow: "What somebody did with the models of a pack.",
  StoredEvaluation: "What a test of a version found.",
  PromoteRequest: "Makes a version live, or a canary.",
  RollbackRequest: "Takes a version back.",
  Jobs: "What the origin job is asked for, and what is due.",
  JobRequest: "Asks the origin job for something.",
  JobRequestReport: "How far a request is.",
  Catalogue: "A live catalogue.",
  CatalogueReport: "What became of a draft.",
  PackReport: "What became of a pack.",
  ExplainRequest: "Asks why a person sees an item.",
  RecommendRequest: "Asks for a person's list.",
  Overview: "Figures of the last days.",
  Switch: "The global switch.",
};
const OWN = [...Object.keys(SUMMARIES), "CatalogUpload", "OverviewDay", "OverviewPeople", "Pack", "ServiceDay"].sort();

/** The answers that the pages read. */
const ANSWERS = [
  "CatalogueReport", "Catalogue", "Decision", "Explanation", "Health", "JobRequestReport", "Jobs", "ModelPerformance", "Overview", "Pack",
  "PackModels", "PackReport", "Switch",
];
/** What the pages check of a shape; what a request may hold besides says nothing of an answer. */
const CHECKED = ["$ref", "type", "enum", "const", "anyOf", "oneOf", "items", "required", "properties"];

/** Returns the text of each file of www/admin/wire by its name. */
export function adminFiles() {
  const schemas = readSchemas();
  const needed = {};
  const visit = (name) => {
    if (needed[name]) return;
    needed[name] = checked(schemas[name]);
    for (const [, other] of JSON.stringify(needed[name]).matchAll(/"\$ref":"([^"]+)"/g)) visit(other);
  };
  ANSWERS.forEach(visit);
  const said = `import type { Shape } from "../shape.js";\n\n/** What answers look like, by the names that the document has for them. */\nexport const SHAPES: Readonly<Record<string, Shape>> = {\n`;
  const lines = Object.keys(needed).sort().map((name) => `  ${name}: ${JSON.stringify(needed[name])},\n`);
  return { "answers.ts": furtherFile(OWN, SUMMARIES, PACKAGE), "shapes.ts": `${HEAD}\n${said}${lines.join("")}};\n` };
}

/** A shape without what is not checked. References keep the name only. */
function checked(schema) {
  const kept = Object.entries(schema).filter(([key]) => CHECKED.includes(key) && !(key === "required" && schema.required.length === 0));
  if (Object.keys(schema.additionalProperties ?? {}).length > 0) kept.push(["values", schema.additionalProperties]);
  return Object.fromEntries(kept.map(([key, value]) => [key, part(key, value)]));
}

function part(key, value) {
  if (key === "$ref") return value.split("/").at(-1);
  if (key === "anyOf" || key === "oneOf") return value.map(checked);
  if (key === "items" || key === "values") return checked(value);
  if (key === "properties") return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, checked(schema)]));
  return value;
}
