// Tests for the tests: a good definition, and as many in every state as an example may move.

/** A good definition: the urgency framing of the finance pack, half and half. */
export const testDefinition = (more = {}) => ({
  description: "Does a deadline help?", hypothesis: "Those who see it act sooner", pack: "finance", framing: "URGENCY_FRAMING",
  variants: [{ name: "CONTROL", traffic_percentage: 50 }, { name: "HIGH_URGENCY", traffic_percentage: 50 }],
  success_metric: "accepted", minimum_sample_size: 100, reason: "a first try", ...more,
});

/** Stands in where `seedTests` was not called. */
export const NO_TESTS = { draft: "draft", running: "running" };

/** Writes a running test, a draft, and `count` tests for each move. Needs the finance pack. */
export async function seedTests(api, count = 8) {
  const put = (name) => api.must(200, "PUT", `/ab-test/${name}`, { role: "admin", body: testDefinition() });
  const start = (name) => api.must(200, "POST", `/ab-test/${name}/start`, { role: "admin", body: { reason: "it is ready" } });
  const tests = { ...NO_TESTS, start: [], stop: [], archive: [] };
  await put(tests.draft);
  await put(tests.running);
  await start(tests.running);
  for (const move of ["start", "stop", "archive"]) {
    for (let index = 0; index < count; index += 1) {
      const name = `${move}-${index}`;
      await put(name);
      if (move === "stop") await start(name);
      tests[move].push(name);
    }
  }
  return { tests };
}
