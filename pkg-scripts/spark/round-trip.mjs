// `npm run spark` takes a small synthetic shop to Spark and back: events in, Parquet out, factors by Spark's ALS in local
// mode, and then the scores of the edge's fold-in against those of Spark's own people's factors. It needs Java and pyspark
// (NEARSIDE_PYTHON names the interpreter that has it), takes half a minute, and is no part of `npm test`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at, cargoTarget } from "../lib/root.mjs";
import { main } from "../lib/main.mjs";
import { ensureCompiler } from "../lib/rust.mjs";
import { capture, run, StepFailed } from "../lib/run.mjs";
import { syntheticEvents } from "./synthetic-events.mjs";

const python = process.env.NEARSIDE_PYTHON ?? "python3";
/** Spark listens on this machine only, and says nothing of its own. */
const local = { SPARK_LOCAL_IP: "127.0.0.1", PYSPARK_SUBMIT_ARGS: "--conf spark.ui.enabled=false pyspark-shell", PYSPARK_PYTHON: python };
const BEFORE = "2025-03-01";

await main(import.meta.url, async () => {
  ensureSpark();
  await ensureCompiler();
  await run("command line", "cargo", ["build", "--quiet", "--profile", "tool", "-p", "nearside-origin"]);
  const nearside = join(cargoTarget, "tool", "nearside");
  const folder = mkdtempSync(join(tmpdir(), "nearside-spark-"));
  const file = (name) => join(folder, name);
  const store = ["--store", file("store.db")];
  try {
    writeFileSync(file("events.ndjson"), syntheticEvents(200, 80).map((event) => `${JSON.stringify(event)}\n`).join(""));
    await run("import", nearside, ["import", file("events.ndjson"), "--strict", ...store]);
    await run("export as Parquet", nearside, ["export-events", "--to", file("events.parquet"), ...store]);
    const fit = ["--events", file("events.parquet"), "--pack", "retail", "--before", BEFORE, "--rank", "16", "--sweeps", "4"];
    const written = ["--to", file("factors.parquet"), "--people-to", file("people.parquet")];
    await run("factors by Spark", python, [at("pkg-scripts", "spark", "fit_factors.py"), ...fit, ...written], { env: local });
    const checked = ["check-factors", "--factors", file("factors.parquet"), "--people", file("people.parquet")];
    const { people, items, scores, greatest_difference: difference } = JSON.parse(
      await capture(nearside, [...checked, "--before", BEFORE, ...store]),
    );
    console.log(`\n  ${people} people x ${items} items: ${scores} scores differ by ${difference.toExponential(1)} at most`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function ensureSpark() {
  const has = (program, parameters) => spawnSync(program, parameters, { stdio: "ignore" }).status === 0;
  const missing = [];
  if (!has(python, ["-c", "import pyarrow, pyspark.ml"])) {
    missing.push(`pyspark and pyarrow for ${python}: pip install 'pyspark[ml]==3.5.5' pyarrow setuptools; NEARSIDE_PYTHON names another`);
  }
  if (!has("java", ["-version"])) missing.push("Java 17 on PATH, such as Debian's openjdk-17-jre-headless");
  if (missing.length > 0) throw new StepFailed(`Not compared, since these are missing:\n  ${missing.join("\n  ")}`);
}
