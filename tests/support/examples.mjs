// One good request for every operation of the OpenAPI document, by its id.
import { BASE, uuid } from "./api.mjs";

let made = 0;
/** An interaction id that was not used before in this process. */
export const freshId = () => uuid(0xe0, (made += 1));

/** A good interaction with an item of the finance catalogue. */
export const interaction = (more = {}) => ({
  id: freshId(), type: "RECOMMENDATION_VIEWED", target_type: "recommendation", target_id: "gb-make-a-will", ...more,
});

/** A good definition: the urgency framing of the finance pack, half and half. */
export const testDefinition = (more = {}) => ({
  description: "Does a deadline help?", hypothesis: "Those who see it act sooner", pack: "finance", framing: "URGENCY_FRAMING",
  variants: [{ name: "CONTROL", traffic_percentage: 50 }, { name: "HIGH_URGENCY", traffic_percentage: 50 }],
  success_metric: "accepted", minimum_sample_size: 100, reason: "a first try", ...more,
});

/** The bodies of operations that take one. `catalogue` is what `seedFinance` returned. */
const bodies = {
  post_recommend: () => ({ scope: "home", limit: 5, context: { country: "GB", time_zone: "Europe/London", device_type: "mobile" } }),
  post_track_interaction: () => interaction(),
  post_track_event: () => interaction(),
  post_track_interactions: () => ({ interactions: [interaction()] }),
  put_profile_user_id_preferences: () => ({ demographics: { age: 34, country: "GB" }, preferences: { risk_tolerance: "MEDIUM" } }),
  post_feedback: () => ({ type: "HELPFUL", recommendation_id: "gb-make-a-will" }),
  post_explain: () => ({ recommendation_id: "gb-make-a-will" }),
  post_settings: () => ({ location: false }),
  post_admin_features: () => ({ personalization_enabled: true }),
  put_packs_pack: ({ pack }) => pack,
  put_catalog_pack: ({ items }) => ({ items: items.slice(0, 1) }),
  put_models_pack: ({ model = NO_MODEL }) => JSON.parse(model.document),
  post_models_pack_promote: ({ model = NO_MODEL }) => ({ version: model.version, gate: { passed: true } }),
  post_models_pack_rollback: ({ model = NO_MODEL }) => ({ to: model.version }),
  post_models_pack_log: () => ({ action: "retrained", details: { seconds: 41 } }),
  post_retrain_models: () => ({ pack: "finance" }),
  post_retrain_models_id: () => ({ status: "RUNNING", result: { epoch: 1 } }),
  post_admin_evaluate: () => ({ pack: "finance" }),
  put_admin_evaluations: () => ({ evaluations: [{ pack: "finance", version: "ease", kind: "weekly", evaluated_at: "2026-01-01T00:00:00Z", window: { from_ms: 1 }, metrics: { ndcg_10: { value: 0.2, standard_error: 0.01 } } }] }),
  put_admin_similar_users: () => ({ pack: "finance", calculated_at: "2026-01-01T00:00:00Z", people: [{ user_id: uuid(0xe1, 1), similar: [{ user_id: uuid(0xe1, 2), score: 0.7, common_attributes: ["age"] }] }] }),
  put_admin_user_models: () => ({ models: [{ user_id: uuid(0xe1, 1), model_type: "RECOMMENDATION_RANKING", model_version: "v1", weights: { recency: 0.1 }, performance: { accuracy: 0.8 } }] }),
};

/** Stands in where `seedModel` was not called. */
const NO_MODEL = { document: "{}", version: "0".repeat(64), requestId: uuid(0xe2, 1) };

/** The parameters that stand in a path or must stand in a query. */
const parameters = { pack: "finance", recommendation_id: "gb-make-a-will" };

/** Returns `{ method, path, body }` of a good request. `user` fills the path where it names a person. */
export function exampleOf({ method, path, operation }, catalogue, user) {
  const { version, requestId: id } = catalogue.model ?? NO_MODEL;
  const value = (name) => encodeURIComponent({ ...parameters, user_id: user, version, id }[name]);
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => value(name)).slice(BASE.length);
  const required = (operation.parameters ?? []).filter(({ in: place, required }) => place === "query" && required);
  const query = required.map(({ name }) => `${name}=${value(name)}`).join("&");
  const body = operation.requestBody && bodies[operation.operationId](catalogue);
  return { method, path: query ? `${filled}?${query}` : filled, body };
}
