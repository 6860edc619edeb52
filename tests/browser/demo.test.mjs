// The demo page does what it says: orders that differ, choices that act at once, reasons that add up, a switch that holds.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { closeClean, column, listsLoaded, saidIn, startSite, titlesOf } from "./demo-site.mjs";
import { readsOf, watchReads } from "./reads.mjs";

const NAMES = ["Amara", "Thabo", "Margaret", "General order"];

let site;
before(async () => (site = await startSite()));
after(() => site.stop());

const personOf = (name) => site.people.find((person) => person.name === name);
const tokenOf = (name) => personOf(name).token;
/** The page asks by the clock of the person that it shows. */
const contextOf = (name) => ({ time_zone: personOf(name).time_zone });
const listOf = (name, more = {}) => site.ask(tokenOf(name), "/recommend", { scope: "home", limit: 10, context: contextOf(name), ...more });

test("three people and the general order stand side by side, each as the API orders it", async () => {
  const page = await site.open();
  await listsLoaded(page);
  const orders = await Promise.all(NAMES.map((name) => titlesOf(page, name)));
  for (const [index, name] of NAMES.entries()) {
    const { items } = name === "General order" ? await listOf("Amara", { mode: "general" }) : await listOf(name);
    assert.deepEqual(orders[index], items.map((item) => item.title), name);
    assert.equal(orders[index].length, 10);
  }
  assert.equal(new Set(orders.map((order) => order.join("\n"))).size, 4, "four orders");
  const tops = await Promise.all(NAMES.map((name) => column(page, name).boundingBox().then((box) => box.y)));
  assert.equal(new Set(tops).size, 1, "side by side");
  await closeClean(page);
});

test("of whoever looks at the page nothing is read: the people are invented, and their clocks too", async () => {
  const asked = [];
  const page = await site.open({ timezoneId: "Pacific/Auckland", prepare: async (page) => {
    await watchReads(page);
    page.on("request", (request) => request.url().endsWith("/recommend") && asked.push(request.postDataJSON().context ?? null));
  } });
  await listsLoaded(page);
  await column(page, "Thabo").getByRole("button", { name: /^Why am I seeing this/ }).first().click();
  await page.getByRole("dialog").getByRole("heading", { name: "How the score adds up" }).waitFor();
  assert.deepEqual(asked, [...["Europe/London", "Africa/Johannesburg", "Europe/London"].map((time_zone) => ({ time_zone })), null]);
  assert.deepEqual(await readsOf(page), []);
  await closeClean(page);
});

test("each person reads words of their own", async () => {
  const page = await site.open();
  await listsLoaded(page);
  const tones = await Promise.all(NAMES.slice(0, 3).map((name) => column(page, name).locator(".tone").first().textContent()));
  assert.equal(new Set(tones).size, 3, tones.join());
  const card = column(page, "Amara").locator(".card").first();
  const short = await card.locator(".description").textContent();
  assert.ok(!short.includes("["), "the marker of the short text is a button");
  await card.getByRole("button", { name: "Show more" }).click();
  const { items } = await listOf("Amara");
  assert.equal(await card.locator(".description").textContent(), items[0].description_full.replaceAll("\n\n", ""));
  await card.getByRole("button", { name: "Show less" }).click();
  assert.equal(await card.locator(".description").textContent(), short);
  await closeClean(page);
});

test("titles only leave the words away and the buttons in place", async () => {
  const page = await site.open();
  await listsLoaded(page);
  const card = column(page, "Margaret").locator(".card").first();
  await page.getByRole("checkbox", { name: "Titles only" }).check();
  await card.locator(".description").waitFor({ state: "hidden" });
  assert.ok(await card.getByRole("button", { name: /^Accept/ }).isVisible());
  await page.getByRole("checkbox", { name: "Titles only" }).uncheck();
  await card.locator(".description").waitFor({ state: "visible" });
  await closeClean(page);
});

test("accepting moves the list at once, says so, and keeps the keyboard on the card", async () => {
  const page = await site.open();
  await listsLoaded(page);
  const before = await titlesOf(page, "Margaret");
  const title = before[4];
  const accept = column(page, "Margaret").getByRole("button", { name: `Accept: ${title}`, exact: true });
  await accept.click();
  const said = await saidIn(page, "Margaret", /^Accepted\./);
  const order = await titlesOf(page, "Margaret");
  assert.notDeepEqual(order, before);
  assert.deepEqual(order, (await listOf("Margaret")).items.map((item) => item.title));
  const now = order.indexOf(title) + 1;
  assert.ok(said.includes(now === 5 ? "stays at 5" : `moved from 5 to ${now}`), said);
  assert.ok((await column(page, "Margaret").locator(".moved:not(:empty)").count()) > 0, "moved cards are marked");
  assert.ok(await accept.evaluate((button) => button === document.activeElement));
  await closeClean(page);
});

test("dismissing twice takes an item away", async () => {
  const page = await site.open();
  await listsLoaded(page);
  const title = "See a forecast of your State Pension";
  const more = column(page, "Margaret").getByRole("button", { name: /^Show \d+ more/ });
  await more.click();
  for (const pattern of [/^Dismissed\. “See a forecast of your State Pension” (moved from \d+ to|stays at)/, /left the first 10/]) {
    await column(page, "Margaret").getByRole("button", { name: `Dismiss: ${title}` }).click();
    await saidIn(page, "Margaret", pattern);
  }
  assert.ok(!(await titlesOf(page, "Margaret")).includes(title));
  assert.ok(await column(page, "Margaret").locator(".cards :focus").count(), "the keyboard stays in the list");
  await closeClean(page);
});

test("the reasons add up, on the API exactly and in the dialog as shown", async () => {
  const page = await site.open();
  await listsLoaded(page);
  for (const name of NAMES.slice(0, 3)) {
    const { items } = await listOf(name);
    for (const item of items) {
      const explanation = await site.ask(tokenOf(name), "/explain", { recommendation_id: item.id, scope: "home", context: contextOf(name) });
      const sum = explanation.terms.reduce((total, term) => total + term.contribution, 0);
      const product = explanation.factors.reduce((total, factor) => total * factor.multiplier, 1);
      assert.ok(Math.abs(sum * product - explanation.score) < 1e-9, `${name} ${item.id}`);
      assert.equal(explanation.rank, item.rank);
    }
    await column(page, name).getByRole("button", { name: /^Why am I seeing this/ }).first().click();
    const dialog = page.getByRole("dialog", { name: "Why am I seeing this?" });
    await dialog.getByRole("heading", { name: "How the score adds up" }).waitFor();
    const shown = await site.ask(tokenOf(name), "/explain", { recommendation_id: items[0].id, scope: "home", context: contextOf(name) });
    const rows = await dialog.locator(".terms li").allTextContents();
    assert.equal(rows.length, shown.terms.length);
    for (const term of shown.terms) {
      assert.ok(rows.some((row) => row.startsWith(term.label) && row.includes(term.contribution.toFixed(3))), term.name);
    }
    for (const text of [...shown.primary_reasons, ...shown.data_used, ...shown.what_would_change_it, ...shown.how_to_improve_relevance]) {
      assert.ok((await dialog.getByText(text, { exact: true }).count()) > 0, text);
    }
    assert.equal(await dialog.locator(".sum li").last().locator("span").last().textContent(), shown.score.toFixed(3));
    await dialog.getByRole("button", { name: "Close" }).click();
    await dialog.waitFor({ state: "hidden" });
  }
  await closeClean(page);
});

test("switched off, a column is the general order, records nothing, stays off, and comes back", async () => {
  const page = await site.open();
  await listsLoaded(page);
  const own = await titlesOf(page, "Thabo");
  const general = await titlesOf(page, "General order");
  const toggle = column(page, "Thabo").getByRole("switch", { name: "Personalization for Thabo" });
  await toggle.uncheck();
  await saidIn(page, "Thabo", /^Personalization is off for Thabo/);
  assert.deepEqual(await titlesOf(page, "Thabo"), general);
  assert.equal(await column(page, "Thabo").locator(".chip").textContent(), "Switched off");
  await column(page, "Thabo").getByRole("button", { name: /^Accept/ }).first().click();
  await saidIn(page, "Thabo", /^Not recorded: personalization is off/);
  await column(page, "Thabo").getByRole("button", { name: /^Why am I seeing this/ }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("This comes from the general order").waitFor();
  assert.equal(await dialog.locator(".terms li").count(), 0);
  await page.keyboard.press("Escape");
  await page.reload();
  await listsLoaded(page);
  assert.equal(await toggle.isChecked(), false);
  assert.deepEqual(await titlesOf(page, "Thabo"), general);
  await toggle.check();
  await saidIn(page, "Thabo", /^Personalization is on for Thabo/);
  assert.deepEqual(await titlesOf(page, "Thabo"), own, "nothing was lost and nothing was added");
  await closeClean(page);
});

test("with the keyboard alone: accept, ask why, close, and be where one was", async () => {
  const page = await site.open();
  await listsLoaded(page);
  const focusedName = () => page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.textContent ?? "");
  const tabTo = async (pattern) => {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press("Tab");
      if (pattern.test(await focusedName())) return;
    }
    assert.fail(`Tab never reaches ${pattern}`);
  };
  await tabTo(/^Accept: /);
  const accepted = await focusedName();
  await page.keyboard.press("Enter");
  await saidIn(page, "Amara", /^Accepted\./);
  assert.equal(await focusedName(), accepted);
  await tabTo(/^Why am I seeing this\?: /);
  const asked = await focusedName();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Why am I seeing this?" });
  await dialog.getByRole("heading", { name: "Main reasons" }).waitFor();
  assert.ok(await dialog.evaluate((element) => element.contains(document.activeElement)));
  await tabTo(/^Close$/);
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await focusedName(), asked);
  await closeClean(page);
});

test("the page keeps nothing in the browser, and its headers forbid what it does not need", async () => {
  const page = await site.open();
  await listsLoaded(page);
  const kept = await page.evaluate(async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]);
  assert.deepEqual(kept, ["", 0, 0, 0]);
  await closeClean(page);
  for (const path of ["/", "/style.css", "/demo/main.js", "/shared/api.js", "/icon.svg"]) {
    const { status, headers } = await fetch(site.origin + path);
    assert.equal(status, 200, path);
    assert.equal(
      headers.get("content-security-policy"),
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      path,
    );
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.match(headers.get("strict-transport-security"), /max-age=\d{8}/);
    assert.ok(headers.get("permissions-policy"));
  }
});
