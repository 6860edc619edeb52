// `node pkg-scripts/bench/scale.mjs [ITEMS …]` shows where training stops fitting: synthetic shops of so many items, and as
// many people with forty purchases each, are imported and trained; time, the most memory, and the size of the model that
// the Worker would have to take (8 MB at most) are printed. Needs Linux for the memory.
import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { createGzip } from "node:zlib";
import { at, cargoTarget } from "../lib/root.mjs";
import { main } from "../lib/main.mjs";
import { table } from "./table.mjs";

const PURCHASES = 40;
const DAYS = 300;
const SHELVES = 40;
const MEGABYTE = 1_000_000;

await main(import.meta.url, async () => {
  const sizes = process.argv.slice(2).map(Number);
  if (sizes.some((size) => !(size > 0))) throw new Error("usage: node pkg-scripts/bench/scale.mjs [ITEMS …]");
  const built = spawnSync("cargo", ["build", "--quiet", "--profile", "tool", "-p", "nearside-origin"], { cwd: at("."), stdio: ["ignore", 2, 2] });
  if (built.status !== 0) process.exit(1);
  const rows = [];
  for (const items of sizes.length > 0 ? sizes : [1_000, 2_000, 4_000, 8_000]) rows.push(...(await measure(items)));
  console.log(table(rows));
});

async function measure(items) {
  const folder = mkdtempSync(join(tmpdir(), "nearside-scale-"));
  try {
    process.stderr.write(`  … ${items} items\n`);
    await writeShop(join(folder, "shop.csv.gz"), items);
    const store = ["--store", join(folder, "store.db")];
    const imported = await nearside(["import", "--preset", "online-retail", join(folder, "shop.csv.gz"), ...store]);
    const train = ["train", "--pack", "retail", "--pack-folder", at("src/packs/retail"), "--models", join(folder, "models"), "--json", ...store];
    const trained = await nearside(train);
    const { bytes } = JSON.parse(trained.stdout);
    const row = (name, value, unit, target = "") => ({ name: `${items} items, ${items * PURCHASES} purchases: ${name}`, value, unit, target, peer: "" });
    return [
      row("import", imported.seconds, "s"),
      row("train", trained.seconds, "s"),
      row("most memory of train", trained.kilobytes / 1024, "MB"),
      row("model", bytes / MEGABYTE, "MB", "<= 8.39"),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Invoice lines of people with a taste for one of forty shelves, by a small generator that is the same on every run. */
async function writeShop(path, items) {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const out = createGzip();
  const file = out.pipe(createWriteStream(path));
  out.write("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
  const first = Date.UTC(2010, 11, 1);
  for (let person = 0; person < items; person++) {
    const lines = [];
    for (let basket = 0; basket < PURCHASES / 8; basket++) {
      const day = Math.floor(random() * DAYS);
      const when = new Date(first + day * 86_400_000 + 36_000_000).toISOString().slice(0, 19).replace("T", " ");
      for (let line = 0; line < 8; line++) {
        // Squared, so that some items of a shelf sell far more than others.
        const within = Math.floor(random() ** 2 * (items / SHELVES)) * SHELVES;
        const item = random() < 0.7 ? within + (person % SHELVES) : Math.floor(random() * items);
        lines.push(`${500_000 + person * 8 + basket},${10_000 + item},THING NUMBER ${item},1,${when},1.0,${12_000 + person},United Kingdom`);
      }
    }
    if (!out.write(`${lines.join("\n")}\n`)) await once(out, "drain");
  }
  out.end();
  await once(file, "finish");
}

/** Runs the program; gives its output, seconds, and the most memory that it was seen to hold. */
async function nearside(args) {
  const begun = performance.now();
  const child = spawn(join(cargoTarget, "tool", "nearside"), args, { stdio: ["ignore", "pipe", 2] });
  let [stdout, kilobytes] = ["", 0];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  const watch = setInterval(() => {
    try {
      const held = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
      kilobytes = Math.max(kilobytes, Number(held?.[1] ?? 0));
    } catch {
      // It has just ended.
    }
  }, 100);
  const [code] = await once(child, "close");
  clearInterval(watch);
  if (code !== 0) throw new Error(`nearside ${args[0]} ended with ${code}`);
  return { stdout, kilobytes, seconds: (performance.now() - begun) / 1000 };
}
