// `node pkg-scripts/bench/assignment-vectors.mjs FOLDER`: other engines' own test cases, put to `nearside assign`.
// FOLDER holds growthbook, unleash, optimizely, launchdarkly and posthog, in the form in which those projects publish them.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { at } from "../lib/root.mjs";
import { main } from "../lib/main.mjs";
import { unleashCases } from "./unleash-cases.mjs";

const read = (...path) => JSON.parse(readFileSync(join(...path), "utf8"));
const near = (left, right) => Math.abs(left - right) < 1e-8;

/** Every engine's cases: a request, and what makes its answer right. */
const engines = {
  growthbook(folder) {
    const cases = read(folder, "cases-assignment.json");
    const ask = (more, right) => ({ request: { algorithm: "growthbook-v1", seed: "", unit: "a", explain: true, ...more }, right });
    const widths = (answer) => answer.ranges.map(([from, to]) => to - from);
    return [
      ...cases.hash.map(([seed, unit, hashVersion, expected]) => ask({ seed, unit, hashVersion }, (answer) => answer.bucket === expected)),
      ...cases.getBucketRange.map(([, [variations, coverage, weights], expected]) =>
        ask({ variations, coverage, ...(weights && { weights }) }, ({ ranges }) =>
          ranges.length === expected.length && ranges.every(([from, to], index) => near(from, expected[index][0]) && near(to, expected[index][1])))),
      ...cases.chooseVariation.map(([, bucket, ranges, expected]) => ask({ bucket, ranges }, ({ variant }) => variant === expected)),
      ...cases.inNamespace.map(([, unit, namespace, expected]) => ask({ unit, namespace }, ({ variant }) => (variant === 0) === expected)),
      ...cases.getEqualWeights.map(([variations, expected]) =>
        ask({ variations }, (answer) => widths(answer).length === expected.length && widths(answer).every((width, index) => near(width, expected[index])))),
    ];
  },
  unleash: (folder) => readdirSync(folder).filter((name) => /^\d+-.*\.json$/.test(name)).sort().flatMap((name) => unleashCases(read(folder, name))),
  // What is hashed there is the id with the experiment's behind it.
  optimizely: (folder) => read(folder, "bucketing.json").cases.map(({ key, bucket }) => ({
    request: { algorithm: "optimizely", unit: key.slice(0, -10), seed: key.slice(-10) },
    right: (answer) => Math.floor(answer.bucket * 10_000) === bucket,
  })),
  launchdarkly: (folder) => read(folder, "bucketing.json").cases.map(({ bucket, ...request }) => ({
    request: { algorithm: "launchdarkly", ...request },
    right: (answer) => Math.floor(answer.bucket * 100_000) === bucket,
  })),
  posthog(folder) {
    const { simple, multivariate } = read(folder, "consistency-200.json");
    const unit = ({ distinctId = simple.distinctId }, index) => distinctId.replace("{index}", index);
    const names = multivariate.variants.map(([name]) => name);
    return [
      ...simple.results.map((expected, index) => ({
        request: { algorithm: "posthog", key: simple.key, unit: unit(simple, index), coverage: simple.rollout },
        right: ({ variant }) => (variant === 0) === expected,
      })),
      ...multivariate.results.map((expected, index) => ({
        request: { algorithm: "posthog", key: multivariate.key, unit: unit(multivariate, index), coverage: multivariate.rollout, variants: multivariate.variants },
        right: ({ variant }) => (names[variant] ?? false) === expected,
      })),
    ];
  },
};

/** Puts all requests to the program at once; answers come in their order. */
function answers(cases) {
  const input = cases.map(({ request }) => JSON.stringify(request)).join("\n");
  const ran = spawnSync(process.env.NEARSIDE ?? "npm", process.env.NEARSIDE ? ["assign", "--file", "-"] : ["run", "--silent", "assign", "--", "--file", "-"], { input, encoding: "utf8", cwd: at("."), maxBuffer: 1 << 28 });
  const lines = ran.stdout.trim().split("\n");
  if (lines.length !== cases.length) throw new Error(`${lines.length} answers to ${cases.length} requests\n${ran.stderr}`);
  return lines.map((line) => JSON.parse(line));
}

await main(import.meta.url, async () => {
  const folder = process.argv[2];
  if (!folder) throw new Error("which folder holds the vectors?");
  let failed = 0;
  for (const [engine, casesOf] of Object.entries(engines)) {
    if (!existsSync(join(folder, engine))) continue;
    const cases = casesOf(join(folder, engine));
    const wrong = answers(cases).flatMap((answer, index) => (!answer.error && cases[index].right(answer) ? [] : [[cases[index], answer]]));
    console.log(`${engine}: ${cases.length - wrong.length} of ${cases.length}`);
    for (const [{ request }, answer] of wrong.slice(0, 5)) console.log(`  ${JSON.stringify(request)}\n  ${JSON.stringify(answer)}`);
    failed += wrong.length;
  }
  process.exitCode = failed ? 1 : 0;
});
