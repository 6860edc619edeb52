// Every state of the pages for everybody and for one person, in every look. Each is a true one: a real Worker, its stores
// down, nothing published, an answer that is still on its way, no network.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { apiOf } from "../../pkg-scripts/lib/demo-api.mjs";
import { publishPack } from "../../pkg-scripts/lib/demo-pack.mjs";
import { PEOPLE } from "../../pkg-scripts/lib/demo-people.mjs";
import { closeClean, column, listsLoaded, saidIn, startPages, startSite, until } from "./demo-site.mjs";
import { inEveryLook } from "./looks.mjs";
import { choose, closeClean as closeOwn, settled } from "./me-site.mjs";

/** One with people, a pack and a catalogue; one where nothing is published yet. */
let site, bare;
before(async () => {
  [site, bare] = await Promise.all([startSite({ canFail: true }), startPages({ canFail: true })]);
});
after(async () => {
  await bare?.stop();
  await site?.stop();
});

const RECOMMEND = "**/api/v1/personalization/recommend";
const API = "**/api/v1/personalization/**";
const LOOKS = { reducedMotion: "reduce" };

/** Holds what matches back until `release` is called. */
function held(pattern, isHeld = () => true) {
  const gate = Promise.withResolvers();
  const prepare = (page) => page.route(pattern, async (route) => {
    if (isHeld(route.request())) await gate.promise;
    await route.continue().catch(() => {});
  });
  return { prepare, release: gate.resolve };
}

/** Opens a view of a person's pages. */
async function openMe(on, view = "feed", options = {}) {
  const page = await on.open({ ...LOOKS, path: `/me/#${view}`, ...options });
  if (!options.isLoading) await settled(page);
  return page;
}
const goTo = async (page, view) => {
  await page.getByRole("link", { name: view, exact: true }).click();
  await settled(page);
};
const view = { feed: "For you", search: "Search", choices: "My choices" };
const ask = async (page, text) => {
  await page.getByRole("searchbox").fill(text);
  await page.keyboard.press("Enter");
  await settled(page);
};
/** Runs one state, and puts the stores right afterwards. */
const state = (name, run) => test(name, async () => {
  try {
    await run(name);
  } finally {
    await Promise.all([site.heal(), bare.heal()]);
  }
});

// The page for everybody

state("everybody, lists", async (name) => {
  const page = await site.open({ ...LOOKS, shownPeople: site.people.slice(1, 2) });
  await listsLoaded(page, 2);
  await column(page, "Thabo").getByRole("button", { name: /^Accept/ }).nth(3).click();
  await saidIn(page, "Thabo", /^Accepted/);
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0, "less motion was asked for");
  const closed = page.getByRole("button", { name: /^Show (\d+ )?more/ });
  while ((await closed.count()) > 0) await closed.first().click();
  for (const summary of await page.locator("summary").all()) await summary.click();
  await inEveryLook(page, name);
  await closeClean(page);
});

state("everybody, titles only", async (name) => {
  const page = await site.open(LOOKS);
  await listsLoaded(page);
  await page.getByRole("checkbox", { name: "Titles only" }).check();
  await inEveryLook(page, name);
  await closeClean(page);
});

state("everybody, why", async (name) => {
  const page = await site.open({ ...LOOKS, shownPeople: site.people.slice(1, 2) });
  await listsLoaded(page, 2);
  await column(page, "Thabo").getByRole("button", { name: /^Why am I seeing this/ }).first().click();
  await page.getByRole("dialog").getByRole("heading", { name: "Main reasons" }).waitFor();
  await inEveryLook(page, name, { isDialog: true });
  await closeClean(page);
});

state("everybody, loading", async (name) => {
  const { prepare, release } = held(RECOMMEND);
  const page = await site.open({ ...LOOKS, prepare });
  await page.locator(".skeleton").first().waitFor();
  await inEveryLook(page, name);
  release();
  await listsLoaded(page);
  await closeClean(page);
});

state("everybody, no consent", async (name) => {
  const user = randomUUID();
  const page = await site.open({ ...LOOKS, shownPeople: [{ user_id: user, name: "Robin", about: "never asked", token: site.sign("client", user) }] });
  await listsLoaded(page, 2);
  await inEveryLook(page, name);
  await closeClean(page);
});

state("everybody, switched off", async (name) => {
  const page = await site.open({ ...LOOKS, shownPeople: site.people.slice(2) });
  await listsLoaded(page, 2);
  await column(page, "Margaret").getByRole("switch").uncheck();
  await saidIn(page, "Margaret", /is off for Margaret/);
  await inEveryLook(page, name);
  await column(page, "Margaret").getByRole("switch").check();
  await saidIn(page, "Margaret", /is on for Margaret/);
  await closeClean(page);
});

state("everybody, degraded: the database is down", async (name) => {
  await site.fault("DB");
  const page = await site.open(LOOKS);
  await column(page, "Amara").getByText("The consent could not be read, so nothing personal is used.").waitFor();
  await inEveryLook(page, name);
  await closeClean(page, { mayRefuse: true });
});

state("everybody, offline", async (name) => {
  const page = await site.open({ ...LOOKS, shownPeople: site.people.slice(1, 2) });
  await listsLoaded(page, 2);
  await page.context().setOffline(true);
  await column(page, "Thabo").getByRole("button", { name: /^Accept/ }).first().click();
  await column(page, "Thabo").getByText("You are offline.").waitFor();
  await inEveryLook(page, name);
  await page.context().setOffline(false);
  await closeClean(page, { mayRefuse: true });
});

// One person's pages

/** Goes through all views in one state, each a test of its own, on one page that stays open. */
const inAll = (name, opened, { goes = goTo, shown = () => {}, closed = closeOwn } = {}) => test(name, async (all) => {
  try {
    const page = await opened();
    for (const [id, link] of Object.entries(view)) await all.test(`${id}, ${name}`, async ({ name: full }) => {
      await goes(page, link);
      await shown(page, id);
      await inEveryLook(page, full);
    });
    await closed(page);
  } finally {
    await Promise.all([site.heal(), bare.heal()]);
  }
});
const centreOf = (page) => page.locator("preference-centre");

inAll("no choice yet", () => openMe(site));

inAll("offline", async () => {
  const page = await openMe(site);
  await choose(page, "On this device");
  await page.context().setOffline(true);
  await page.getByText("You are offline").waitFor();
  return page;
}, {
  shown: (page, id) => (id === "choices" ? page.getByRole("heading", { name: "What may be used" }) : page.getByText("You are offline")).waitFor(),
  closed: (page) => closeOwn(page, { mayRefuse: true }),
});

inAll("degraded: the account's database is down", async () => {
  const page = await openMe(site);
  await choose(page, "In my account");
  await site.fault("DB");
  await goTo(page, view.search);
  return page;
}, {
  shown: (page, id) => (id === "choices"
    ? centreOf(page).getByRole("status").filter({ hasText: "does not answer now" })
    : page.getByText("What you allowed could not be read, so nothing about you is used until it can.")).waitFor(),
  closed: (page) => closeOwn(page, { mayRefuse: true }),
});

// Until something is there every view waits alike, and fails alike.

state("feed, search, loading", async (name) => {
  const { prepare, release } = held("**/published/**");
  const page = await openMe(site, "feed", { prepare, isLoading: true });
  await page.locator(".skeleton").first().waitFor();
  await inEveryLook(page, name);
  release();
  await settled(page);
  await closeOwn(page);
});

state("choices, loading", async (name) => {
  // The centre waits for the account.
  let isSlow = false;
  const { prepare, release } = held(API, (request) => /\/(profile|settings|recommend)/.test(request.url()) && request.method() !== "PUT" && isSlow);
  const page = await openMe(site, "feed", { prepare });
  await choose(page, "In my account");
  isSlow = true;
  await page.getByRole("link", { name: view.choices, exact: true }).click();
  await centreOf(page).getByText("Loading…").waitFor();
  await inEveryLook(page, name);
  isSlow = false;
  release();
  await settled(page);
  await centreOf(page).getByRole("heading", { name: "What may be used" }).waitFor();
  await closeOwn(page);
});

state("feed, search, choices, error: no store answers", async (name) => {
  await bare.fault();
  const page = await openMe(bare);
  await page.getByRole("alert").getByRole("button", { name: "Try again" }).waitFor();
  await inEveryLook(page, name);
  await closeOwn(page, { mayRefuse: true });
});

state("feed, one's own", async (name) => {
  const page = await openMe(site);
  await choose(page, "On this device");
  await page.getByRole("button", { name: /^Accept/ }).nth(1).click();
  await page.getByRole("region", { name: /^Because you accepted/ }).waitFor();
  await inEveryLook(page, name);
  await page.getByRole("button", { name: /^Why this/ }).first().click();
  await page.getByRole("dialog").getByRole("heading", { name: "How the score is made" }).waitFor();
  await inEveryLook(page, `${name}, why`, { isDialog: true });
  await page.getByRole("dialog").getByRole("button", { name: "Hide it for 7 days" }).click();
  await page.keyboard.press("Escape");
  await goTo(page, view.choices);
  await page.getByRole("heading", { name: "What may be used" }).waitFor();
  for (const summary of await page.locator("preference-centre summary").all()) await summary.click();
  await inEveryLook(page, "choices, one's own");
  await closeOwn(page);
});

state("search, results and nothing", async (name) => {
  const page = await openMe(site, "search");
  await choose(page, "This visit");
  await ask(page, "isa");
  await page.getByRole("heading", { name: /result/ }).waitFor();
  await inEveryLook(page, name);
  await ask(page, "zzzz");
  await page.getByText("Nothing matches").waitFor();
  await inEveryLook(page, "search, nothing found");
  await closeOwn(page);
});

state("general order, why", async (name) => {
  const page = await openMe(site);
  await page.getByRole("button", { name: /^Why this/ }).first().click();
  await page.getByRole("dialog").getByText("This is the general order").waitFor();
  await inEveryLook(page, name, { isDialog: true });
  await closeOwn(page);
});

// Where nothing is published, or nothing answers

state("everybody, error: nothing is published", async (name) => {
  const page = await bare.open({ ...LOOKS, shownPeople: people() });
  await column(page, "Amara").getByRole("alert").waitFor();
  await inEveryLook(page, name);
  await closeClean(page, { mayRefuse: true });
});

state("everybody, nobody to show", async (name) => {
  const page = await bare.open({ ...LOOKS, prepare: (page) => page.route("**/demo-people.json", (route) => route.fulfill({ status: 404, body: "" })) });
  await page.getByRole("alert").getByText("Run npm start").waitFor();
  await inEveryLook(page, name);
  await closeClean(page, { mayRefuse: true });
});

state("empty: a pack without a catalogue", async () => {
  await publishPack(apiOf(bare.origin, bare.sign("admin", randomUUID())), "finance");
  const demo = await bare.open({ ...LOOKS, shownPeople: people() });
  await until(demo, "lists without items", () => document.body.innerText.includes("There is nothing to recommend at the moment."));
  await inEveryLook(demo, "everybody, empty");
  await closeClean(demo);
  const page = await openMe(bare);
  await page.getByText("There is nothing to suggest at the moment.").waitFor();
  await inEveryLook(page, "feed, empty");
  await goTo(page, view.search);
  await inEveryLook(page, "search, empty");
  await choose(page, "On this device");
  await goTo(page, view.choices);
  await page.locator("preference-centre").getByText("Nothing yet.").waitFor();
  await inEveryLook(page, "choices, empty");
  await closeOwn(page);
});

test("the page for an unknown address", async () => {
  const page = await site.open(LOOKS);
  const response = await page.goto(`${site.origin}/nothing/here`);
  assert.equal(response.status(), 404);
  await inEveryLook(page, "not found");
  assert.deepEqual(page.troubles.filter((line) => !line.includes("404")), []);
  await page.context().close();
});

const people = () => PEOPLE.slice(0, 1).map(({ user_id, name, about }) => ({ user_id, name, about, token: bare.sign("client", user_id) }));
