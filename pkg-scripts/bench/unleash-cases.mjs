// Unleash's client specification as requests: the cases whose outcome a rollout or a variant decides. Cases that turn on
// constraints, dependencies or addresses are about other things than assignment, and are left out.

/** Strategies that every client knows, as the fields of a request; null for those that need more than a hash. */
function asRollout({ name, parameters = {}, constraints = [], segments = [] }, context) {
  const holds = ({ contextName, operator, values }) => operator === "IN" && contextName === "environment" && values.includes(context.environment);
  if (segments.length > 0 || !constraints.every(({ contextName, operator }) => operator === "IN" && contextName === "environment")) return null;
  if (!constraints.every(holds)) return { group: "", rollout: 0, stickiness: "default" };
  const { groupId: group = "", percentage, rollout = "100", stickiness = "default" } = parameters;
  switch (name) {
    case "default": return { group, rollout: "100", stickiness };
    case "flexibleRollout": return { group, rollout, stickiness };
    case "gradualRolloutUserId": return { group, rollout: percentage, stickiness: "userId" };
    case "gradualRolloutSessionId": return { group, rollout: percentage, stickiness: "sessionId" };
    case "gradualRolloutRandom": return { group, rollout: percentage, stickiness: "random" };
    default: return null;
  }
}

/** True when an outcome is decided by the switch, or by one strategy that is a rollout. */
const isRollout = (feature, context) => feature?.enabled && !feature.dependencies && feature.strategies?.length <= 1 && feature.strategies.every((one) => asRollout(one, context));

const on = { rollout: "100", stickiness: "default" };

/** The cases of one file of the specification. */
export function unleashCases({ state, tests = [], variantTests = [] }) {
  const feature = (name) => state.features?.find((one) => one.name === name);
  const cases = [];
  for (const { toggleName, context, expectedResult } of tests) {
    const found = feature(toggleName);
    if (!isRollout(found, context)) continue;
    const rollout = found.strategies.length ? asRollout(found.strategies[0], context) : on;
    cases.push({ request: { algorithm: "unleash", context, ...rollout }, right: ({ variant }) => (variant === 0) === expectedResult });
  }
  for (const { toggleName, context, expectedResult } of variantTests) {
    const found = feature(toggleName);
    if (!isRollout(found, context)) continue;
    const [strategy] = found.strategies;
    const rollout = strategy ? asRollout(strategy, context) : on;
    const own = strategy?.variants?.length ? strategy.variants : null;
    const variants = own ?? found.variants ?? [];
    const variantGroup = own ? rollout.group : toggleName;
    const request = { algorithm: "unleash", context, ...rollout, variantGroup, variants };
    // A variant of the feature has a stickiness of its own, or the usual one; one of a strategy sticks as the strategy.
    if (!own) request.variants = variants.map((variant) => ({ stickiness: "default", ...variant }));
    const right = ({ variant }) => (variants[variant]?.name ?? "disabled") === expectedResult.name;
    cases.push({ request, right });
  }
  return cases;
}
