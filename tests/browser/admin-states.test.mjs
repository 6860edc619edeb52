// The admin's pages in every state that is not an answer, and by keyboard. Their looks are in looks-admin.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertGood, openAdmin, settled, startAdmin } from "./admin-site.mjs";
import { closeClean, picture } from "./demo-site.mjs";

const API = "**/api/v1/personalization/";

let site;
before(async () => (site = await startAdmin()));
after(() => site.stop());

test("by keyboard alone: to the models, into the dialog and out of it again, and the focus is seen and kept", async () => {
  const page = await openAdmin(site);
  await settled(page);
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent.trim());
  const tabTo = async (words) => {
    for (let presses = 0; presses < 40 && !(await focused()).startsWith(words); presses += 1) {
      await page.keyboard.press("Tab");
      const outline = await page.evaluate(() => (document.activeElement === document.body ? "body" : getComputedStyle(document.activeElement).outlineStyle));
      assert.equal(outline, "solid", await focused());
    }
    assert.ok((await focused()).startsWith(words), `${words} is reached, not ${await focused()}`);
  };
  await tabTo("Models");
  await page.keyboard.press("Enter");
  await settled(page);
  assert.equal(await focused(), "Models", "the title of the page has the focus");
  await tabTo("Roll back…");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await tabTo("Leave it as it is");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(await focused(), "Roll back…", "the focus is back where it was");
  await page.goBack();
  await settled(page);
  assert.equal(await page.title(), "Overview – Nearside: admin");
  await closeClean(page);
});

test("while answers are on their way the page says so", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const hold = async (route) => { await held; await route.continue(); };
  const page = await openAdmin(site, { prepare: (page) => page.route(`${API}health`, hold) });
  await page.getByRole("status").filter({ hasText: "Loading the Worker's health" }).waitFor();
  await assertGood(page, "loading");
  await picture(page, "admin-1440-light-loading");
  release();
  await settled(page);
  assert.equal(await page.locator(".loading").count(), 0);
  await closeClean(page);
});

test("a Worker without packs says how to begin", async () => {
  const bare = (route) => route.fulfill({ json: { status: "ok", stores: { d1: "ok" }, personalization_enabled: true, packs: {}, catalogs: {}, models: {}, canaries: {}, model_keys: "missing", engine_version: "0.1.0" } });
  const page = await openAdmin(site, {
    prepare: async (page) => {
      await page.route(`${API}health`, bare);
      await page.route(`${API}model-performance`, (route) => route.fulfill({ json: { packs: [] } }));
      await page.route(`${API}retrain-models`, (route) => route.fulfill({ json: { requests: [], due: [] } }));
    },
  });
  for (const name of ["overview", "models", "packs", "explain", "retraining"]) {
    await page.evaluate((hash) => (location.hash = hash), `#/${name}`);
    await settled(page);
    await page.getByRole("heading", { name: "No pack yet" }).waitFor();
    await assertGood(page, `${name}, empty`);
  }
  await picture(page, "admin-1440-light-empty");
  await closeClean(page);
});

test("a monitor reads the models and may change nothing; what needs an admin says so", async () => {
  const page = await openAdmin(site, { role: "monitor", hash: "#/models/finance" });
  await settled(page);
  await page.getByText("A monitor's token reads the models.").waitFor();
  assert.equal(await page.getByRole("button", { name: /Promote|Roll back/ }).count(), 0);
  await assertGood(page, "monitor, models");
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("heading", { name: "finance", exact: true }).waitFor();
  assert.equal(await page.getByRole("button", { name: /Switch it/ }).count(), 0);
  for (const name of ["packs/finance", "explain", "retraining"]) {
    await page.evaluate((hash) => (location.hash = hash), `#/${name}`);
    await page.getByRole("alert").filter({ hasText: "This needs an admin's token; yours is a monitor's." }).first().waitFor();
    await assertGood(page, `monitor, ${name}`);
  }
  await picture(page, "admin-1440-light-no-right");
  await closeClean(page, { mayRefuse: true });
});

test("a client's token has no right to the models", async () => {
  const page = await openAdmin(site, { role: "client" });
  await page.getByRole("alert").filter({ hasText: "yours is a client's" }).waitFor();
  await closeClean(page, { mayRefuse: true });
});

test("a store that is down is said, and trying again brings the answer", async () => {
  let isDown = true;
  const page = await openAdmin(site, {
    hash: "#/retraining",
    prepare: (page) => page.route(`${API}retrain-models`, (route) => (isDown ? route.fulfill({ status: 503, json: { type: "/problems/unavailable", title: "Unavailable", status: 503 } }) : route.continue())),
  });
  const alert = page.getByRole("alert").filter({ hasText: "A store does not answer" });
  await alert.waitFor();
  await assertGood(page, "down");
  await picture(page, "admin-1440-light-down");
  isDown = false;
  await alert.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "What is due" }).waitFor();
  await closeClean(page, { mayRefuse: true });
});

test("an answer of another shape is not drawn", async () => {
  const page = await openAdmin(site, { hash: "#/models", prepare: (page) => page.route(`${API}model-performance`, (route) => route.fulfill({ json: { packs: [{ pack: "finance" }] } })) });
  await page.getByRole("alert").filter({ hasText: "did not have its documented shape" }).waitFor();
  await closeClean(page);
});

test("offline is said, and what failed is asked again when the connection is back", async () => {
  const page = await openAdmin(site);
  await settled(page);
  await page.context().setOffline(true);
  await page.getByText("You are offline. What stands here is as old as its last answer").waitFor();
  await page.getByRole("link", { name: "Retraining" }).click();
  await page.getByRole("alert").filter({ hasText: "You are offline." }).waitFor();
  await assertGood(page, "offline");
  await picture(page, "admin-1440-light-offline");
  await page.context().setOffline(false);
  await page.getByRole("heading", { name: "What is due" }).waitFor();
  assert.equal(await page.getByText("You are offline").count(), 0);
  await closeClean(page, { mayRefuse: true });
});

test("without a token one is asked for; it goes to the API only, is stored nowhere, and a refused one is asked for again", async () => {
  const page = await openAdmin(site, { token: null });
  const field = page.getByLabel("Token of a monitor or an admin");
  await field.waitFor();
  assert.equal(await field.getAttribute("type"), "password");
  await assertGood(page, "token");
  await picture(page, "admin-1440-light-token");
  await field.fill("a.b.c");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").filter({ hasText: "The token is not valid any more" }).waitFor();
  await field.fill(site.sign("admin", site.people[0].user_id));
  await page.keyboard.press("Enter");
  await settled(page);
  await page.getByRole("heading", { name: "Service" }).waitFor();
  await page.getByText("Reading as admin").waitFor();
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
  await page.getByRole("button", { name: "Use another token" }).click();
  await field.waitFor();
  await closeClean(page, { mayRefuse: true });
});
