// Reports tests of `node --test`: a line for each file, the whole story of a failure, and a count for each file.
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { inspect } from "node:util";
import { root } from "./root.mjs";

/** @param {AsyncIterable<{type: string, data: any}>} source */
export default async function* report(source) {
  const files = new Map();
  const of = (data) => {
    const file = data.file ? relative(root, data.file) : "?";
    if (!files.has(file)) files.set(file, { passed: 0, failed: 0, skipped: 0 });
    return [file, files.get(file)];
  };
  for await (const { type, data } of source) {
    if (type === "test:stdout" || type === "test:stderr") yield data.message;
    // A suite around a failed test fails too; the test has told it all.
    if (type === "test:fail" && data.details?.error?.failureType !== "subtestsFailed") {
      const [file, counts] = of(data);
      counts.failed += 1;
      yield `    ✗ ${file}: ${data.name}\n${indent(inspect(data.details?.error?.cause ?? data.details?.error))}\n`;
    }
    // A test that is left out silently is worse than one that fails.
    if (type === "test:pass" && (data.skip !== undefined || data.todo !== undefined)) {
      const [file, counts] = of(data);
      counts.skipped += 1;
      yield `    ✗ ${file}: ${data.name}: skipped\n`;
    } else if (type === "test:pass" && data.details?.type !== "suite") {
      of(data)[1].passed += 1;
    }
    if (type === "test:summary" && data.file) {
      const [file, counts] = of(data);
      const mark = counts.failed || counts.skipped ? "✗" : "✓";
      yield `    ${mark} ${file}: ${counts.passed} (${(data.duration_ms / 1000).toFixed(1)} s)\n`;
    }
  }
  const all = [...files];
  writeFileSync(process.env.NEARSIDE_TEST_COUNTS, JSON.stringify(Object.fromEntries(all.map(([file, { passed }]) => [file, passed]))));
  if (all.some(([, { skipped }]) => skipped > 0)) process.exitCode = 1;
}

const indent = (text) => text.replaceAll(/^/gm, "      ");
