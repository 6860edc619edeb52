// One good request for every operation of the OpenAPI document, by its id.
import { BASE, uuid } from "./api.mjs";
import { NO_TESTS, testDefinition } from "./tests.mjs";

let made = 0;
/** An interaction id that was not used before in this process. */
export const freshId = () => uuid(0xe0, (made += 1));

/** A good interaction with an item of the finance catalogue. */
export const interaction = (more = {}) => ({
  id: freshId(), type: "RECOMMENDATION_VIEWED", target_type: "recommendation", target_id: "gb-make-a-will", ...more,
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
  post_ab_test_decide: () => ({ context: { country: "GB" }, device_id: "d1" }),
  post_ab_test_test_name_outcome: () => ({ id: freshId(), recommendation_id: "gb-make-a-will", outcome: "VIEWED" }),
  post_ab_test_plan: () => ({ kind: "conversion", baseline: 0.05, relative_lift: 0.2 }),
  put_ab_test_test_name: () => testDefinition(),
  post_ab_test_test_name_validate: () => testDefinition(),
  post_ab_test_test_name_start: () => ({ reason: "it is ready" }),
  post_ab_test_test_name_stop: () => ({ reason: "it is enough" }),
  post_ab_test_test_name_archive: () => ({ reason: "it is over" }),
  put_ab_test_test_name_testers: () => ({ testers: [{ user_id: uuid(0xe1, 3), variant: "CONTROL" }], reason: "to look at it" }),
  put_ab_test_holdout: () => ({ holdout_percentage: 0, reason: "nobody yet" }),
  post_ofrep_v1_evaluate_flags: (_, user) => ({ context: { targetingKey: user, country: "GB", plan: "gold" } }),
  post_ofrep_v1_evaluate_flags_key: (_, user) => ({ context: { targetingKey: user, country: "GB", plan: "gold" } }),
  put_admin_user_models: () => ({ models: [{ user_id: uuid(0xe1, 1), model_type: "RECOMMENDATION_RANKING", model_version: "v1", weights: { recency: 0.1 }, performance: { accuracy: 0.8 } }] }),
};

/** Stands in where `seedModel` was not called. */
const NO_MODEL = { document: "{}", version: "0".repeat(64), requestId: uuid(0xe2, 1) };

/** The parameters that stand in a path or must stand in a query. */
const parameters = { pack: "finance", recommendation_id: "gb-make-a-will" };

/** A test whose status allows what an operation does to it; without `seedTests`, and when all are used up, any. */
function testFor({ operationId }, { tests = NO_TESTS }) {
  const move = operationId.split("_").at(-1);
  if (["start", "stop", "archive"].includes(move)) return tests[move]?.pop() ?? "nobody-knows";
  return operationId === "put_ab_test_test_name" ? tests.draft : tests.running;
}

/** Returns `{ method, path, body }` of a good request. `user` fills the path where it names a person. */
export function exampleOf({ method, path, operation }, catalogue, user) {
  const { version, requestId: id } = catalogue.model ?? NO_MODEL;
  const test_name = path.includes("{test_name}") || path.includes("{key}") ? testFor(operation, catalogue) : "";
  const value = (name) => encodeURIComponent({ ...parameters, user_id: user, version, id, test_name, key: test_name }[name]);
  const whole = path.replace(/\{(\w+)\}/g, (_, name) => value(name));
  const filled = whole.startsWith(BASE) ? whole.slice(BASE.length) : whole;
  const required = (operation.parameters ?? []).filter(({ in: place, required }) => place === "query" && required);
  const query = required.map(({ name }) => `${name}=${value(name)}`).join("&");
  const body = operation.requestBody && bodies[operation.operationId](catalogue, user);
  return { method, path: query ? `${filled}?${query}` : filled, body };
}
