// The quickstart of the package's README, run as it is printed there, bundled as an app would be.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { NOTHING, startBoth, traces } from "./chromium-page.mjs";

const readme = readFileSync(at("src", "browser", "package", "README.md"), "utf8");
const printed = (language) => new RegExp(`## Quickstart[\\s\\S]*?\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme)[1];

let both;
before(async () => {
  const folder = at("build", "consumers", "quickstart");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(`${folder}/node_modules`, { recursive: true });
  symlinkSync(at("build", "package"), `${folder}/node_modules/nearside`, "dir");
  writeFileSync(`${folder}/main.js`, printed("js"));
  await build({ entryPoints: [`${folder}/main.js`], outfile: `${folder}/app.js`, bundle: true, format: "esm", logLevel: "error" });
  const page = `<!doctype html><html lang="en"><title>Quickstart</title><link rel="icon" href="data:,">${printed("html")}<script type="module" src="/app.js"></script>`;
  both = await startBoth({ pages: { "/quickstart.html": page }, folders: [folder] });
});
after(() => both.stop());

test("the quickstart runs as printed: a list, a click that changes it, a choice that stays, and back", async () => {
  const context = await both.person();
  const page = await context.newPage();
  const troubles = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && troubles.push(message.text()));
  page.on("pageerror", (error) => troubles.push(error.message));
  const shown = () => page.locator("#list li").allTextContents();
  const open = async () => {
    await page.goto(`${both.site.origin}/quickstart.html`);
    await page.locator("#list li").first().waitFor();
  };
  await open();
  const everybodys = await shown();
  assert.ok(everybodys.length >= 5 && everybodys.every((title) => title.length > 3));
  assert.deepEqual(await traces(page), NOTHING);
  await page.getByRole("button", { name: "Remember me on this device" }).click();
  await page.waitForFunction(async () => (await indexedDB.databases()).length === 1);
  for (let clicks = 0; clicks < 6; clicks += 1) {
    await page.locator("#list li").last().click();
    await page.waitForTimeout(50);
  }
  const mine = await shown();
  assert.notDeepEqual(mine, everybodys);
  await open();
  assert.notDeepEqual(await shown(), everybodys);
  await page.getByRole("button", { name: "Show me what everybody sees" }).click();
  await page.waitForFunction((titles) => [...document.querySelectorAll("#list li")].map((row) => row.textContent).join() === titles, everybodys.join());
  assert.deepEqual(troubles, []);
});
