// Every state of a column that is not a list: waiting, empty, refused, without consent, and a list that had to do without something.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { closeClean, column, listsLoaded, picture, startSite, titlesOf } from "./demo-site.mjs";

let site;
before(async () => (site = await startSite()));
after(() => site.stop());

const RECOMMEND = "**/api/v1/personalization/recommend";
const isGeneral = (route) => route.request().postDataJSON().mode === "general";

/** Opens the page with Amara alone, and the answers to her `/recommend` changed on the way. */
const openWith = (change, more = {}) => site.open({
  shownPeople: site.people.slice(0, 1),
  prepare: (page) => page.route(RECOMMEND, async (route) => {
    if (isGeneral(route)) return route.continue();
    const response = await route.fetch();
    return route.fulfill({ response, json: change(await response.json()) });
  }),
  ...more,
});

test("while the answer is on its way, placeholders stand where the cards will be", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const page = await site.open({
    prepare: (page) => page.route(RECOMMEND, async (route) => {
      await held;
      await route.continue();
    }),
  });
  await column(page, "Amara").locator(".skeleton").first().waitFor();
  assert.equal(await column(page, "Amara").locator("[aria-busy=true]").count(), 1);
  await picture(page, "state-loading");
  release();
  await listsLoaded(page);
  assert.equal(await page.locator(".skeleton").count(), 0);
  await closeClean(page);
});

test("an empty list says so", async () => {
  const page = await openWith((decision) => ({ ...decision, items: [] }));
  await column(page, "Amara").getByText("There is nothing to recommend at the moment.").waitFor();
  await closeClean(page);
});

test("a failed list says what happened, and trying again brings it", async () => {
  let isDown = true;
  const problem = { type: "about:blank", title: "Unavailable", status: 503, detail: "the store d1 does not answer; try again" };
  const page = await site.open({
    prepare: (page) => page.route(RECOMMEND, (route) => (isDown && !isGeneral(route) ? route.fulfill({ status: 503, json: problem }) : route.continue())),
  });
  const alert = column(page, "Amara").getByRole("alert");
  await alert.getByText("A store does not answer at the moment.").waitFor();
  await picture(page, "state-error");
  isDown = false;
  await alert.getByRole("button", { name: "Try again" }).click();
  await column(page, "Amara").locator(".card h3").first().waitFor();
  assert.equal(await alert.count(), 0);
  await closeClean(page, { mayRefuse: true });
});

test("tokens that are no longer valid say what to do", async () => {
  const shownPeople = site.people.map((person) => ({ ...person, token: `${person.token.slice(0, -4)}AAAA` }));
  const page = await site.open({ shownPeople });
  await column(page, "Thabo").getByText("Run npm start again").waitFor();
  await closeClean(page, { mayRefuse: true });
});

test("without the demo people the page says how to get them", async () => {
  const page = await site.open({ prepare: (page) => page.route("**/demo-people.json", (route) => route.fulfill({ status: 404, body: "" })) });
  await page.getByRole("alert").getByText("Run npm start").waitFor();
  await closeClean(page, { mayRefuse: true });
});

test("who was never asked gets the general order, and yes makes it their own", async () => {
  const user = randomUUID();
  const stranger = { user_id: user, name: "Robin", about: "never asked", token: site.sign("client", user) };
  const page = await site.open({ shownPeople: [stranger] });
  await listsLoaded(page, 2);
  assert.equal(await column(page, "Robin").locator(".chip").textContent(), "No consent");
  assert.deepEqual(await titlesOf(page, "Robin"), await titlesOf(page, "General order"));
  await column(page, "Robin").getByRole("switch").check();
  await column(page, "Robin").getByText("Still learning").waitFor();
  await closeClean(page);
});

test("what an answer had to do without is named", async () => {
  const page = await openWith((decision) => ({ ...decision, degraded: ["catalog", "features"] }));
  await column(page, "Amara").getByText("Missing: the newest version of the catalogue, the learned part of the profile.").waitFor();
  await listsLoaded(page, 2);
  await closeClean(page);
});

test("consent that cannot be read means the general order, and the page says why", async () => {
  const page = await site.open({
    shownPeople: site.people.slice(0, 1),
    prepare: async (page) => {
      await page.route("**/settings", (route) => route.fulfill({ status: 503, json: {} }));
      await page.route(RECOMMEND, async (route) => {
        const response = await route.fetch({ postData: JSON.stringify({ ...route.request().postDataJSON(), mode: "general" }) });
        const decision = await response.json();
        return route.fulfill({ response, json: { ...decision, degraded: isGeneral(route) ? [] : ["consent"] } });
      });
    },
  });
  await column(page, "Amara").getByText("The consent could not be read, so nothing personal is used.").waitFor();
  assert.ok(await column(page, "Amara").getByRole("switch").isDisabled());
  await closeClean(page, { mayRefuse: true });
});

test("an answer of another shape is refused, and markup in a text stays text", async () => {
  const strange = await openWith(() => ({ items: "many" }));
  await column(strange, "Amara").getByText("did not have its documented shape").waitFor();
  await closeClean(strange);
  const markup = "<img src=x onerror=alert(1)><b>Bold</b>";
  const page = await openWith((decision) => ({ ...decision, items: decision.items.map((item) => ({ ...item, title: markup, description: markup })) }));
  await listsLoaded(page, 2);
  assert.equal((await titlesOf(page, "Amara"))[0], markup);
  assert.equal(await page.locator("img, b").count(), 0);
  await closeClean(page);
});
