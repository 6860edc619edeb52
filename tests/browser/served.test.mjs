// What a deployment serves of the folder www, and what it does not: sources, what compilers read, and the demo's tokens.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ADMIN_FILE, PEOPLE_FILE, removeDemoFiles } from "../../pkg-scripts/lib/demo-files.mjs";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { startWorker } from "../support/worker.mjs";

let worker;
before(async () => (worker = await startWorker({ assets: true })));
after(() => worker.dispose());

const statusOf = async (path) => (await worker.fetch(path)).status;
const files = readdirSync(at("www"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(at("www").length));

test("sources, and what compilers read, are not there for who asks", async () => {
  const hidden = files.filter((path) => /\.tsx?$|tsconfig\.json$|^\/[._]/.test(path));
  assert.ok(hidden.length > 40 && hidden.includes("/admin/tsconfig.json") && hidden.includes("/_headers") && hidden.includes("/.assetsignore"));
  for (const path of hidden) assert.equal(await statusOf(path), 404, path);
});

test("what pages load is there", async () => {
  for (const path of ["/", "/me/", "/me/main.js", "/admin/", "/dist/admin/admin.js", "/dist/nearside/nearside_bg.wasm", "/experiments/", "/style.css"]) {
    assert.equal(await statusOf(path), 200, path);
  }
});

test("a build removes the tokens that npm start wrote beside the pages", () => {
  assert.deepEqual([PEOPLE_FILE, ADMIN_FILE], [at("www", "demo-people.json"), at("www", "demo-admin.json")]);
  const folder = mkdtempSync(join(tmpdir(), "nearside-demo-"));
  const written = ["people.json", "admin.json"].map((name) => join(folder, name));
  for (const file of written) writeFileSync(file, "[]");
  removeDemoFiles(written);
  removeDemoFiles(written);
  assert.deepEqual(written.filter((file) => existsSync(file)), []);
  rmSync(folder, { recursive: true });
});

test("every page begins alike, and a button looks the same on all of them: one file says how", () => {
  const pages = files.filter((path) => path.endsWith(".html"));
  assert.ok(pages.length >= 5);
  const begins = pages.map((path) => readFileSync(at("www") + path, "utf8").split("\n")
    .filter((line) => /^<|charset|viewport|rel="icon"|href="\/style\.css"/.test(line)).slice(0, 7).join("\n"));
  assert.equal(new Set(begins).size, 1, "their heads differ");
  const kinds = files.filter((path) => path.endsWith(".css") && !path.startsWith("/dist/"))
    .filter((path) => /^\.(main|quiet|link)(, \.\w+)* \{/m.test(readFileSync(at("www") + path, "utf8")));
  assert.deepEqual(kinds, ["/style.css"]);
});
