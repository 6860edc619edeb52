// `node pkg-scripts/bench/weekly-job.mjs FILE [DATE]` times the weekly job on Online Retail against the real Worker: what
// was bought before DATE is tracked there, person by person, then `nearside run --if-due` imports, trains, evaluates, passes
// the gate and publishes. The second run of the job finds nothing due; a rollback ends it. Needs `npm run build`.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { at } from "../lib/root.mjs";
import { main } from "../lib/main.mjs";
import { nearsideIn } from "../../tests/support/nearside.mjs";
import { startWorker } from "../../tests/support/worker.mjs";
import { table } from "./table.mjs";

await main(import.meta.url, async () => {
  const [file, date = "2011-10-10"] = process.argv.slice(2);
  if (!file) throw new Error("usage: node pkg-scripts/bench/weekly-job.mjs online_retail.csv.gz [DATE]");
  const data = resolve(file);
  const built = spawnSync("cargo", ["build", "--quiet", "--profile", "tool", "-p", "nearside-origin"], { cwd: at("."), stdio: ["ignore", 2, 2] });
  if (built.status !== 0) process.exit(1);
  const worker = await startWorker({ direct: true });
  const near = nearsideIn(worker, { profile: "tool" });
  try {
    const filled = await near.run(["replay", "--format", "online-retail", "--data", data, "--test-from", date]);
    const job = await near.run("run --if-due");
    console.error(`${job.stderr}${job.stdout}`);
    const again = await near.run("run --if-due", { code: 5 });
    const back = await near.run(["rollback", "--reason", "the end of the benchmark"]);
    const seconds = (name, { seconds: value }, target = "") => ({ name, value, unit: "s", target, peer: "" });
    console.log(table([
      seconds("replay into the Worker, and its answers", filled),
      seconds("weekly job with gate", job, "<= 60"),
      seconds("the job when nothing is due", again),
      seconds("rollback", back),
    ]));
  } finally {
    near.remove();
    await worker.dispose();
  }
  process.exit(0);
});
