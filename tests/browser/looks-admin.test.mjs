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
  const [started, empty] = await Promise.all([startAdmin({ canFail: true }), startPages({ canFail: true })]);
  [site, bare] = [started, empty];
  await seedExperiment(site.call, 64);
});
after(async () => {
  await bare?.stop();
  await site?.stop();
});

const PAGES = ["overview", "models/finance", "packs/finance", "explain", "retraining"];
const API = "**/api/v1/personalization/";
const LOOKS = { reducedMotion: "reduce" };
const CLOSED = { mayRefuse: true };
const nameOf = (path) => path.split("/")[0];

const open = (on, path, options) => openAdmin(on, { ...LOOKS, hash: `#/${path}`, ...options });
const openAll = (page) => page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
const alert = (page, words) => page.getByRole("alert").filter({ hasText: words }).first().waitFor();

/** Leads a page of the admin's to another of them; what it shows there is for its test to wait for. */
async function goTo(page, path) {
  await page.evaluate((hash) => (location.hash = hash), `#/${path}`);
  await page.locator(`nav a[aria-current=page][href="#/${nameOf(path)}"]`).waitFor();
}

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

/** Goes through all pages in one state, each a test of its own, on one page that stays open. */
const inAll = (name, opened, shown, closed = (page) => closeClean(page, CLOSED)) => test(name, async (all) => {
  try {
    const page = await opened();
    for (const path of PAGES) await all.test(`${nameOf(path)}, ${name}`, async ({ name: full }) => {
      await goTo(page, path);
      await shown(page, nameOf(path));
      await inEveryLook(page, full);
    });
    await closed(page);
  } finally {
    await Promise.all([site.heal(), bare.heal()]);
  }
});

inAll("everything open", () => open(site, PAGES[0]), async (page, id) => {
  await settled(page);
  if (id === "overview") await page.locator(".time-chart canvas").waitFor();
  await openAll(page);
}, closeClean);

/** All that the pages read waits. */
const waiting = held(`${API}**`);
inAll("loading", () => open(site, PAGES[0], { prepare: waiting.prepare }), (page) => page.getByRole("status").filter({ hasText: "Loading" }).first().waitFor(), async (page) => {
  waiting.release();
  await settled(page);
  await closeClean(page);
});

inAll("empty: nothing is published", () => open(bare, PAGES[0]), (page) => page.getByRole("heading", { name: "No pack yet" }).first().waitFor());

// The Worker says of itself what is down: the overview shows that.
inAll("error: the database is down", async () => {
  await site.fault("DB");
  return open(site, PAGES[0]);
}, (page, id) => (id === "overview" ? page.getByText("Do not answer: D1").waitFor() : alert(page, /does not answer/)));

inAll("no right", () => open(site, PAGES[0], { role: "client" }), (page) => alert(page, "yours is a client's"));

inAll("degraded: the blobs are down", async () => {
  await site.fault("BLOBS");
  return open(site, PAGES[0]);
}, settled);

inAll("offline", async () => {
  const page = await open(site, PAGES.at(-1));
  await settled(page);
  await page.context().setOffline(true);
  return page;
}, async (page) => {
  await page.getByText("You are offline.").first().waitFor();
  await settled(page);
}, (page) => page.context().close());

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
