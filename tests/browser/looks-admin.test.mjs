// Every state of the admin's pages and of the page of experiments, in every look. Each is a true one: a real Worker, its
// stores down, nothing published, an answer that is still on its way, a token without the right, no network.
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { seedExperiment } from "../../pkg-scripts/lib/demo-experiment.mjs";
import { openAdmin, settled, startAdmin } from "./admin-site.mjs";
import { closeClean, startPages, until } from "./demo-site.mjs";
import { inEveryLook } from "./looks.mjs";

let site, bare;
before(async () => {
  site = await startAdmin({ canFail: true });
  await seedExperiment(site.call, 64);
  bare = await startPages({ canFail: true });
});
after(async () => {
  await bare?.stop();
  await site?.stop();
});

const PAGES = ["overview", "models/finance", "packs/finance", "explain", "retraining"];
/** What each page reads. */
const READ = { overview: "health", models: "model-performance*", packs: "packs/**", explain: "health", retraining: "retrain-models" };
const API = "**/api/v1/personalization/";
const LOOKS = { reducedMotion: "reduce" };
const CLOSED = { mayRefuse: true };
const nameOf = (path) => path.split("/")[0];

const open = (on, path, options) => openAdmin(on, { ...LOOKS, hash: `#/${path}`, ...options });
const openAll = (page) => page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
const alert = (page, words) => page.getByRole("alert").filter({ hasText: words }).first().waitFor();

/** Holds the answers that match back until `release` is called. */
function held(pattern) {
  const gate = Promise.withResolvers();
  const prepare = (page) => page.route(pattern, async (route) => {
    await gate.promise;
    await route.continue().catch(() => {});
  });
  return { prepare, release: gate.resolve };
}

/** Runs one state, and puts the stores right afterwards. */
const state = (name, run) => test(name, async () => {
  try {
    await run(name);
  } finally {
    await Promise.all([site.heal(), bare.heal()]);
  }
});

for (const path of PAGES) {
  const id = nameOf(path);

  state(`${id}, everything open`, async (name) => {
    const page = await open(site, path);
    await settled(page);
    if (id === "overview") await page.locator(".time-chart canvas").waitFor();
    await openAll(page);
    await inEveryLook(page, name);
    await closeClean(page);
  });

  state(`${id}, loading`, async (name) => {
    const { prepare, release } = held(API + READ[id]);
    const page = await open(site, path, { prepare });
    await page.getByRole("status").filter({ hasText: "Loading" }).first().waitFor();
    await inEveryLook(page, name);
    release();
    await settled(page);
    await closeClean(page);
  });

  state(`${id}, empty: nothing is published`, async (name) => {
    const page = await open(bare, path);
    await page.getByRole("heading", { name: "No pack yet" }).first().waitFor();
    await inEveryLook(page, name);
    await closeClean(page, CLOSED);
  });

  state(`${id}, error: the database is down`, async (name) => {
    await site.fault("DB");
    const page = await open(site, path);
    // The Worker says of itself what is down: the overview shows that.
    if (id === "overview") await page.getByText("Do not answer: D1").waitFor();
    else await alert(page, /does not answer/);
    await inEveryLook(page, name);
    await closeClean(page, CLOSED);
  });

  state(`${id}, no right`, async (name) => {
    const page = await open(site, path, { role: "client" });
    await alert(page, "yours is a client's");
    await inEveryLook(page, name);
    await closeClean(page, CLOSED);
  });

  state(`${id}, degraded: the blobs are down`, async (name) => {
    await site.fault("BLOBS");
    const page = await open(site, path);
    await settled(page);
    await inEveryLook(page, name);
    await closeClean(page, CLOSED);
  });

  state(`${id}, offline`, async (name) => {
    const page = await open(site, id === "retraining" ? "overview" : "retraining");
    await settled(page);
    await page.context().setOffline(true);
    await page.evaluate((hash) => (location.hash = hash), `#/${path}`);
    await page.getByText("You are offline.").first().waitFor();
    await until(page, "the title", (wanted) => location.hash === wanted && document.querySelector(".page-title, form"), `#/${path}`);
    await inEveryLook(page, name);
    await page.context().setOffline(false);
    await page.context().close();
  });
}

state("explain, an answer", async (name) => {
  const page = await open(site, "explain");
  await settled(page);
  await page.getByLabel("Person's id").fill(site.people[1].user_id);
  await page.getByLabel("Item's id").fill("za-gap-cover");
  await page.getByRole("button", { name: "Ask now" }).click();
  await page.getByRole("region", { name: "Why za-gap-cover" }).waitFor();
  await settled(page);
  await inEveryLook(page, name);
  await closeClean(page);
});

state("models, a dialog", async (name) => {
  const page = await open(site, "models/finance");
  await settled(page);
  await page.getByRole("button", { name: /^Promote / }).first().click();
  await page.getByRole("dialog").waitFor();
  await inEveryLook(page, name, { isDialog: true });
  await closeClean(page);
});

state("admin, no token", async (name) => {
  const page = await open(site, "overview", { token: null });
  await page.getByLabel("Token of a monitor or an admin").waitFor();
  await inEveryLook(page, name);
  await closeClean(page, CLOSED);
});

// The page of experiments

const openTests = (on, { role = "monitor", token = on.sign(role, randomUUID()), prepare } = {}) => on.open({
  ...LOOKS, path: "/experiments/",
  prepare: async (page) => {
    await page.route("**/demo-admin.json", (route) => (token ? route.fulfill({ json: { token } }) : route.fulfill({ status: 404, body: "" })));
    await prepare?.(page);
  },
});
const shown = (page) => until(page, "the results of a test", () => document.querySelector(".results h2") && !document.querySelector("[aria-busy]"));

state("experiments, results", async (name) => {
  const page = await openTests(site);
  await shown(page);
  await page.locator(".time-chart canvas").first().waitFor();
  for (const summary of await page.locator("summary").all()) await summary.click();
  await inEveryLook(page, name);
  await closeClean(page);
});

state("experiments, loading", async (name) => {
  const { prepare, release } = held(`${API}ab-test*`);
  const page = await openTests(site, { prepare });
  await page.locator(".loading").waitFor();
  await inEveryLook(page, name);
  release();
  await shown(page);
  await closeClean(page);
});

state("experiments, empty", async (name) => {
  const page = await openTests(bare);
  await page.getByRole("heading", { name: "No tests in production yet" }).waitFor();
  await inEveryLook(page, name);
  await closeClean(page);
});

state("experiments, error: the database is down", async (name) => {
  await site.fault("DB");
  const page = await openTests(site);
  await alert(page, "A store does not answer");
  await inEveryLook(page, name);
  await closeClean(page, CLOSED);
});

state("experiments, no right, and no token", async (name) => {
  const page = await openTests(site, { role: "client" });
  await alert(page, "needs the role monitor or admin");
  await inEveryLook(page, name);
  await closeClean(page, CLOSED);
  const stranger = await openTests(site, { token: null });
  await stranger.getByLabel("Token of a monitor or an admin").waitFor();
  await inEveryLook(stranger, "experiments, no token");
  await closeClean(stranger, CLOSED);
});

state("experiments, degraded: the blobs are down", async (name) => {
  await site.fault("BLOBS");
  const page = await openTests(site);
  await shown(page);
  await inEveryLook(page, name);
  await closeClean(page, CLOSED);
});

state("experiments, offline", async (name) => {
  const page = await openTests(site);
  await shown(page);
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Load again" }).click();
  await alert(page, "You are offline.");
  await inEveryLook(page, name);
  await page.context().setOffline(false);
  await closeClean(page, CLOSED);
});
