// The examples, as a person would use them.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { NOTHING, startBoth, traces } from "./chromium-page.mjs";

const example = (...path) => at("src", "browser", "examples", ...path);
const folder = at("build", "consumers", "examples");

let both;
before(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(`${folder}/node_modules`, { recursive: true });
  symlinkSync(at("build", "package"), `${folder}/node_modules/nearside`, "dir");
  cpSync(example("html"), `${folder}/html`, { recursive: true });
  for (const where of ["html/nearside", "nearside"]) cpSync(at("build", "package"), `${folder}/${where}`, { recursive: true });
  cpSync(example("react"), `${folder}/react`, { recursive: true });
  cpSync(at("build", "package", "nearside_bg.wasm"), `${folder}/react/nearside_bg.wasm`);
  cpSync(example("worker", "lists.js"), `${folder}/nearside/lists.js`);
  await build({
    entryPoints: [`${folder}/react/app.js`], outfile: `${folder}/react/bundle.js`, bundle: true, format: "esm", minify: true, logLevel: "error",
    nodePaths: [at("node_modules")], define: { "process.env.NODE_ENV": '"production"' },
  });
  both = await startBoth({ folders: [folder] });
});
after(() => both.stop());

async function open(address) {
  const page = await (await both.person()).newPage();
  page.setDefaultTimeout(30_000);
  page.troubles = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.troubles.push(message.text()));
  page.on("pageerror", (error) => page.troubles.push(error.message));
  await page.goto(address);
  return page;
}

const axe = readFileSync(at("node_modules", "axe-core", "axe.min.js"), "utf8");
/** Asserts that axe finds nothing, and that nothing sticks out, in every width and both schemes. */
async function assertAccessible(page, name) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  for (const width of [320, 768, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await page.evaluate(() => globalThis.axe.run(document));
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`), [], `${name}, ${width}, ${colorScheme}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}, ${width}: nothing sticks out`);
    }
  }
}

const titles = (page) => page.locator("li h2").allTextContents();
const changed = (page, before) =>
  page.waitForFunction((was) => [...document.querySelectorAll("li h2")].map((title) => title.textContent).join() !== was, before.join());

const EXAMPLES = [
  ["html", "My choices, on this device", "Nothing: show me what everybody sees"],
  ["react", "On this device", "What everybody sees"],
];

for (const [name, device, general] of EXAMPLES) {
  test(`${name}: everybody's list, a choice, a click that changes the order, a reload, and back`, async () => {
    const page = await open(`${both.site.origin}/${name}/index.html`);
    await page.locator("li h2").first().waitFor();
    const everybodys = await titles(page);
    assert.ok(everybodys.length >= 5);
    assert.deepEqual(await traces(page), NOTHING);
    await assertAccessible(page, name);
    await page.getByLabel(device).click();
    await page.waitForFunction(async () => (await indexedDB.databases()).length === 1);
    await changed(page, everybodys);
    const chosen = await titles(page);
    await page.getByRole("button", { name: "More like this" }).last().click();
    await changed(page, chosen);
    const mine = await titles(page);
    await page.reload();
    await page.locator("li h2").first().waitFor();
    assert.deepEqual(await titles(page), mine);
    assert.ok(await page.getByLabel(device).isChecked());
    await page.getByLabel(general).click();
    await changed(page, mine);
    assert.deepEqual(await titles(page), everybodys);
    assert.deepEqual(page.troubles, []);
  });
}

test("html: why an item is there, and erasing with a receipt", async () => {
  const page = await open(`${both.site.origin}/html/index.html`);
  await page.getByLabel("My choices, on this device").check();
  await page.getByRole("button", { name: "More like this" }).first().click();
  await page.getByRole("button", { name: "Why this?" }).first().click();
  await page.waitForFunction(() => document.querySelector("li p").textContent.length > 40);
  await page.getByRole("button", { name: "Erase everything" }).click();
  await page.waitForFunction(() => /Receipt: [0-9a-f-]{36}/.test(document.querySelector("#status").textContent));
  await page.waitForFunction(async () => (await indexedDB.databases()).length === 0);
  assert.deepEqual(await traces(page), NOTHING);
});

test("html: the package's two elements in a page that brings no colours of its own", async () => {
  const page = await open(`${both.site.origin}/html/index.html`);
  await page.locator("li h2").first().waitFor();
  await page.evaluate(async () => {
    const [{ createNearside }, { defineElements }] = await Promise.all([import("/html/nearside/nearside.js"), import("/html/nearside/elements.js")]);
    const nearside = await createNearside({ pack: "finance" });
    await nearside.setMode("device");
    defineElements();
    const centre = document.createElement("preference-centre");
    const why = document.createElement("why-this");
    const { items: [first] } = await nearside.rerank(undefined, { country: "GB" });
    Object.assign(centre, { nearside, categories: [{ id: "TAX", name: "Tax" }, { id: "DEBT", name: "Debt" }] });
    Object.assign(why, { nearside, item: first.id, label: first.title, context: { country: "GB" } });
    document.querySelector("main").append(why, centre);
    await nearside.profile.set({ preferences: { recommendation_categories_preferred: ["TAX"] } });
    await centre.refresh();
  });
  await page.getByRole("button", { name: "Unpin: Tax" }).waitFor();
  for (const summary of await page.locator("preference-centre summary").all()) await summary.click();
  await assertAccessible(page, "preference centre");
  await page.getByRole("button", { name: /^Why this\? \(/ }).click();
  await page.getByRole("dialog").getByRole("heading", { name: "How the score is made" }).waitFor();
  await assertAccessible(page, "why this");
  assert.deepEqual(page.troubles, []);
});

test("a Worker in front of a site: its pages stay as they are until the person chooses, then their lists are theirs", async () => {
  const ids = both.site.published.items.slice(0, 8).map((item) => item.id);
  const rows = ids.map((id) => `<li data-item="${id}">${id}</li>`).join("");
  const page = `<!doctype html><html lang="en"><head><title>A site</title><link rel="icon" href="data:,"></head>
    <body><ul data-nearside="home">${rows}<li>An advertisement</li></ul><button data-nearside-mode="device">Remember me</button></body></html>`;
  const toSite = (request) => {
    const { pathname, search } = new URL(request.url);
    return fetch(new URL(pathname + search, both.site.origin), { method: request.method });
  };
  const front = new Miniflare(convertV4MiniflareOptions({
    host: "127.0.0.1", port: 0, log: new Log(LogLevel.NONE),
    workers: [{
      name: "front", modules: true, script: readFileSync(example("worker", "worker.js"), "utf8"), compatibilityDate: "2026-10-01",
      serviceBindings: { NEARSIDE: toSite, FILES: toSite, SITE: () => new Response(page, { headers: { "content-type": "text/html" } }) },
    }],
  }));
  try {
    const tab = await open(String(await front.ready));
    const shown = () => tab.locator("li").allTextContents();
    await tab.waitForTimeout(1_000);
    assert.deepEqual(await shown(), [...ids, "An advertisement"]);
    assert.deepEqual(await traces(tab), NOTHING);
    await tab.getByRole("button", { name: "Remember me" }).click();
    await tab.waitForFunction(async () => (await indexedDB.databases()).length === 1);
    for (let clicks = 0; clicks < 5; clicks += 1) await tab.locator("li").nth(7).click();
    await tab.reload();
    await tab.waitForFunction((was) => document.querySelector("li").textContent !== was, ids[0]);
    const mine = await shown();
    assert.equal(mine.length, 9);
    assert.deepEqual([...mine].sort(), [...ids, "An advertisement"].sort());
    assert.equal(mine.at(-1), "An advertisement");
    assert.deepEqual(tab.troubles, []);
  } finally {
    await front.dispose();
  }
});
