// Signed models for tests, small enough to be read: the head that the Worker checks, and no lists.
import { createHash, sign } from "node:crypto";
import { privateKeyOf } from "./tokens.mjs";

const PURPOSE = "nearside model 1\n";

/** A model's body. `changes` are laid over the good one. */
export const modelBody = (changes = {}) => ({
  format: 1, pack: "finance", engine: { from: "0.1.0", below: "0.2.0" }, trained_at_ms: Date.now() - 60_000,
  window: { from_ms: 1, to_ms: 2, interactions: 3, people: 4, items: 5 }, seed: 7, parent: null,
  metrics: { ndcg_10: 0.31 }, importance: { recency: 0.6 }, items: [], base: 0, terms: [], ...changes,
});

/** Signs a body (an object, or its text) and returns the document's text. `key` is `{ id, seed }`. */
export function signedModel(key, body = modelBody()) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const signature = sign(null, Buffer.from(PURPOSE + text), privateKeyOf(key.seed)).toString("base64");
  return `{"format":1,"key":"${key.id}","signature":"${signature}","model":${text}}`;
}

/** The version of a document. */
export const versionOf = (document) => createHash("sha256").update(document).digest("hex");

/** Makes a model live and leaves a request for the job. Returns what examples are made of. */
export async function seedModel(api, keys) {
  const document = signedModel(keys.model);
  const { version } = await api.must(200, "PUT", "/models/finance", { role: "admin", body: document });
  await api.must(200, "POST", "/models/finance/promote", { role: "admin", body: { version, gate: { passed: true } } });
  const { id } = await api.must(202, "POST", "/retrain-models", { role: "admin", body: { pack: "finance" } });
  return { model: { document, version, requestId: id } };
}
