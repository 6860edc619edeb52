// Answers of the API about experiments, as its document describes them: what the results page is shown in its tests.

const VARIANTS = ["CONTROL", "HIGH_URGENCY", "LOW_PRESSURE"];

/** The tests of an environment. */
export const TESTS = {
  environment: "production",
  tests: [
    { test_name: "URGENCY_FRAMING", status: "ACTIVE", description: "Do people act sooner when the deadline is named?", epochs: [] },
    { test_name: "SOCIAL_PROOF", status: "STOPPED", description: "Do counts of others help?", epochs: [] },
    { test_name: "BENEFIT_EMPHASIS", status: "DRAFT", description: "", epochs: [] },
  ],
};

/** A lift as the analysis states it; an end may be open. */
const lift = (absolute, half, base, isGuardrail = false) => {
  const bounds = half === null ? [null, null] : [absolute - half, absolute + half];
  const relative = (end) => (end === null || base === null ? null : end / base);
  return {
    absolute, relative: relative(absolute), interval: bounds, relative_interval: bounds.map(relative),
    p: 0.031, e: 14.2, adjusted_p: 0.062, q: 0.09, is_guardrail: isGuardrail, guardrail: isGuardrail ? "open" : null,
  };
};

const metric = (name, units, mean, [absolute, half, base], isGuardrail = false) => {
  const { interval, relative_interval } = lift(absolute, half === null ? null : half * 0.6, base);
  return { metric: name, units, mean, lift: lift(absolute, half, base, isGuardrail), fixed: { p: 0.012, interval, relative_interval }, cuped: null };
};

const segmentsOf = (place) => [
  { segment: "country=GB", sample_size: 1900 + place, mean: 0.05, absolute: place === 0 ? null : 0.011, interval: place === 0 ? [null, null] : [-0.004, 0.026] },
  { segment: "country=ZA", sample_size: 12, mean: 0.08, absolute: place === 0 ? null : 0.02, interval: [null, null] },
];

function variant(name, place) {
  const accepted = [0.051, 0.063, 0.0505][place];
  const difference = [null, 0.012, -0.0005][place];
  const rates = { sample_size: 2510 - 7 * place, acceptance_rate: accepted * 100, dismissal_rate: 2 + place * 0.3, engagement_rate: 61.2 };
  const metrics = [
    metric("accepted", Math.round(2510 * accepted), accepted, [difference, 0.0115, 0.051]),
    metric("dismissed", 50, 0.02, [place === 0 ? null : 0.003 * place, place === 2 ? null : 0.008, 0.02], true),
    metric("revenue", 128, 3.412, [place === 0 ? null : 0.21, 0.4, 3.2]),
  ];
  if (place === 0) for (const figures of metrics) Object.assign(figures, { lift: null, fixed: null });
  else metrics[2].cuped = { absolute: 0.2, interval: [-0.1, 0.5], p: 0.2, theta: 0.7, variance_reduction: 0.4 };
  return { variant_name: name, ...rates, statistical_significance: place === 0 ? null : 0.969, per_outcome: { sample_size: 4021, acceptance_rate: 3.2, dismissal_rate: 1.2, engagement_rate: 98 }, metrics, segments: segmentsOf(place) };
}

/** What a day of the series says: the band narrows with the root of the days. */
function dayOf(index) {
  const half = 0.043 / Math.sqrt(index + 1);
  const wave = 0.006 * Math.sin(index * 1.7);
  const band = (mean) => ({ mean, interval: index === 0 ? [null, null] : [mean - half, mean + half] });
  return {
    day: `2026-11-${String(index + 2).padStart(2, "0")}`,
    exposures: Object.fromEntries(VARIANTS.map((name, place) => [name, 150 + ((index * 37 + place * 53) % 61)])),
    lift: { HIGH_URGENCY: band(0.012 + wave / (index + 1)), LOW_PRESSURE: band(-0.0005 - wave / (index + 2)) },
  };
}

/** The results of a test that is running and has found something; `change` is put on top. */
export function resultsOf(name, change = {}) {
  const variants = VARIANTS.map(variant);
  return {
    test_name: name, environment: "production", status: "ACTIVE", epoch: 3, success_metric: "accepted", method: "always_valid",
    variant_performance: variants,
    winner: "HIGH_URGENCY", lift_over_control: 23.5, recommendation: "Roll out winning variant to all users",
    verdict: { code: "variant_wins", text: "HIGH_URGENCY is ahead of the control by 23.5 %, and that holds however often you look." },
    health: {
      sample_ratio: { e: 0.8, p: 1, is_broken: false, expected: [1 / 3, 1 / 3, 1 / 3], observed: [2510, 2503, 2496] },
      counters: { conflict: 0, unexposed: 3, late: 1, bad_receipt: 0, no_receipt: 0 }, minimum_reached: true,
    },
    progress: { exposed: 7509, target: 1200, per_day: 536, days_left: 4.2 },
    epochs: [
      { epoch: 1, stratum: 1, opened_at: "2026-11-01T09:00:00Z", actor: "0a3a5a00-0000-4000-8000-00000000ad01", action: "created", reason: "First draft" },
      { epoch: 2, stratum: 1, opened_at: "2026-11-02T08:30:00Z", actor: "0a3a5a00-0000-4000-8000-00000000ad01", action: "started", reason: "Approved by the product team" },
      { epoch: 3, stratum: 3, opened_at: "2026-11-09T10:12:00Z", actor: "0a3a5a00-0000-4000-8000-00000000ad02", action: "changed", reason: "Equal shares for all three, so that LOW_PRESSURE is seen by enough people" },
    ],
    series: Array.from({ length: 14 }, (_, index) => dayOf(index)),
    ...change,
  };
}

/** A test whose arms are not what their shares make of one crowd. */
export const brokenResults = (name) =>
  resultsOf(name, {
    winner: null, lift_over_control: null, recommendation: "Continue testing or refine hypothesis",
    verdict: { code: "sample_ratio", text: "No verdict: the groups are not the sizes that chance would make them." },
    health: {
      sample_ratio: { e: 91_000, p: 0.000011, is_broken: true, expected: [1 / 3, 1 / 3, 1 / 3], observed: [2510, 2101, 2496] },
      counters: { conflict: 12, unexposed: 403, late: 1, bad_receipt: 7, no_receipt: 2 }, minimum_reached: true,
    },
  });

/** A test that nobody was exposed to yet. */
export function emptyResults(name) {
  const none = { sample_size: 0, acceptance_rate: null, dismissal_rate: null, engagement_rate: null };
  const variants = VARIANTS.map((variantName) => ({
    variant_name: variantName, ...none, statistical_significance: null, per_outcome: none, segments: [],
    metrics: [{ metric: "accepted", units: 0, mean: null, lift: null, fixed: null, cuped: null }],
  }));
  return resultsOf(name, {
    status: "DRAFT", epoch: 1, variant_performance: variants, winner: null, lift_over_control: null,
    recommendation: "Continue testing or refine hypothesis",
    verdict: { code: "inactive", text: "The test was never started." },
    health: { sample_ratio: { e: null, p: null, is_broken: false, expected: [1 / 3, 1 / 3, 1 / 3], observed: [0, 0, 0] }, counters: {}, minimum_reached: false },
    progress: { exposed: 0, target: 1200, per_day: null, days_left: null }, series: [],
  });
}
