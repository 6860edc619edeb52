// Answers against the OpenAPI document: each is validated by the schema that the document names for it.
import addFormats from "ajv-formats";
import Ajv2020 from "ajv/dist/2020.js";

/**
 * Returns a validator over a document. It is stricter than the document: an answer with a field that the document does
 * not describe is wrong too, though clients must bear with one.
 */
export function contractOf(document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: "openapi", ...closed({ components: { schemas: document.components.schemas } }) });
  const validate = (pointer, value) => {
    const check = ajv.getSchema(`openapi${pointer}`);
    if (!check) throw new Error(`no schema at ${pointer}`);
    return check(value) ? [] : check.errors.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
  };
  return {
    /** Every operation: `{ method, path, operation }`; the path is the document's. */
    operations: Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    ),
    validate,
    /** What is wrong with a request's body. */
    requestErrors: (operation, body) => validate(operation.requestBody.content["application/json"].schema.$ref, body),
    /** What is wrong with an answer of `apiOf`. */
    answerErrors(operation, { status, headers, text }) {
      const found = operation.responses[status] ?? operation.responses.default;
      const response = found.$ref ? document.components.responses[found.$ref.split("/").at(-1)] : found;
      const media = headers["content-type"].split(";")[0];
      const content = response.content[media];
      if (!content) return [`${media} is not one of ${Object.keys(response.content)}`];
      const values = media === "application/x-ndjson" ? text.split("\n").filter(Boolean).map((line) => JSON.parse(line)) : [JSON.parse(text)];
      return values.flatMap((value) => validate(content.schema.$ref, value));
    },
  };
}

/** Closes every object that lists its members and does not say that there may be others. */
function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const next = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  const listsMembers = typeof schema.properties === "object" && !("$ref" in schema.properties);
  return listsMembers && !("additionalProperties" in schema) ? { ...next, additionalProperties: false } : next;
}
