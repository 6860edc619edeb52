// The native command line as a person runs it: the program that cargo built for its own tests, in a folder of its own,
// speaking to one Worker with that Worker's keys.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cargoTarget } from "../../pkg-scripts/lib/root.mjs";

/**
 * Makes a folder to run the program in. `worker` may be missing: then nobody listens at the program's address. `profile` is
 * cargo's: tests run the program as its own tests have it, benchmarks as it is used.
 */
export function nearsideIn(worker, { profile = "debug" } = {}) {
  const program = join(cargoTarget, profile, process.platform === "win32" ? "nearside.exe" : "nearside");
  if (!existsSync(program)) {
    throw new Error(`${program} is missing: npm test makes it with the native tests, cargo build -p nearside-origin alone`);
  }
  const folder = mkdtempSync(join(tmpdir(), "nearside-origin-"));
  const file = (...parts) => join(folder, ...parts);
  const url = worker ? String(worker.url).replace(/\/$/, "") : "http://127.0.0.1:9";
  mkdirSync(file(".nearside", "models"), { recursive: true, mode: 0o700 });

  /** Writes the key that models are signed with; `key` is `{ id, seed }`. */
  const writeKey = ({ id, seed }) =>
    writeFileSync(file(".nearside", "model-key.json"), JSON.stringify({ id, private: Buffer.from(seed).toString("base64") }), { mode: 0o600 });
  if (worker) writeKey(worker.keys.model);

  /** Starts the program. `ended` gives `{ code, signal, stdout, stderr, seconds }`. */
  function start(line, environment = {}) {
    const begun = performance.now();
    const parameters = Array.isArray(line) ? line : line.split(" ");
    const env = { NEARSIDE_URL: url, ...(worker ? { AUTH_KEYS: worker.keys.authKeys } : {}), ...environment };
    const child = spawn(program, parameters, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) {
      child[name].setEncoding("utf8");
      child[name].on("data", (text) => (said[name] += text));
    }
    const ended = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve({ line: parameters.join(" "), code, signal, ...said, seconds: (performance.now() - begun) / 1000 }));
    });
    return { child, ended };
  }

  /** Runs the program and insists on an exit code. */
  async function run(line, { code = 0, ...environment } = {}) {
    const result = await start(line, environment).ended;
    if (process.env.NEARSIDE_TEST_TIMES) console.error(`${result.seconds.toFixed(2)} s  nearside ${result.line}`);
    if (result.code !== code) throw new Error(`nearside ${result.line}: ended with ${result.signal ?? result.code} instead of ${code}\n${result.stdout}${result.stderr}`);
    return result;
  }

  return {
    folder,
    file,
    read: (...parts) => readFileSync(file(...parts)),
    write: (name, contents) => writeFileSync(file(name), contents),
    writeKey,
    start,
    run,
    /** Runs it with `--json` and returns what it printed. */
    json: async (line, options) => JSON.parse((await run(`${line} --json`, options)).stdout),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
