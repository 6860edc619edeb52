// The results page: what the API says of a test, drawn and as tables, by mouse, keyboard and screen reader, in every state.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { apiOf } from "../../pkg-scripts/lib/demo-api.mjs";
import { seedExperiment } from "../../pkg-scripts/lib/demo-experiment.mjs";
import { publishCatalogue, publishPack } from "../../pkg-scripts/lib/demo-pack.mjs";
import { at } from "../../pkg-scripts/lib/root.mjs";
import { closeClean, picture, startPages, until } from "./demo-site.mjs";
import { brokenResults, emptyResults, resultsOf, TESTS } from "./experiment-answers.mjs";
import { inEveryLook } from "./looks.mjs";

const axe = readFileSync(at("node_modules", "axe-core", "axe.min.js"), "utf8");
const ADMIN = { token: "a.b.c" };

let site;
before(async () => (site = await startPages()));
after(() => site.stop());

/**
 * Opens the page on answers of the API.
 * @param {object} [options]
 * @param {unknown} [options.tests] the answer to the list, or a status
 * @param {(name: string) => unknown} [options.results] the answer to one test's results, or a status
 * @param {string} [options.query]
 */
async function open({ tests = TESTS, results = resultsOf, query = "", admin = ADMIN, prepare, ...context } = {}) {
  const answer = (route, said) => (typeof said === "number" ? route.fulfill({ status: said, json: { detail: "refused" } }) : route.fulfill({ json: said }));
  const asked = [];
  const page = await site.open({
    ...context,
    path: `/experiments/${query}`,
    prepare: async (page) => {
      await page.route("**/demo-admin.json", (route) => answer(route, admin));
      await page.route("**/api/v1/personalization/ab-test?*", (route) => answer(route, tests));
      await page.route("**/api/v1/personalization/ab-test/*/results?*", (route) => {
        asked.push(new URL(route.request().url()).pathname.split("/").at(-2));
        return answer(route, results(asked.at(-1)));
      });
      await prepare?.(page);
    },
  });
  page.asked = asked;
  return page;
}

const loaded = (page) => until(page, "the results of a test", () => document.querySelector(".results h2") && !document.querySelector("[aria-busy]"));

/** The words of the forest plot that a line runs through. */
const crossed = (page) =>
  page.evaluate(() => {
    const boxes = (selector) => [...document.querySelectorAll(selector)].map((shape) => ({ text: shape.textContent, box: shape.getBoundingClientRect() }));
    const lines = boxes(".forest .zero, .forest .grid, .forest .interval, .forest .point");
    const meet = (one, two) => one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom;
    return boxes(".forest text").filter(({ box }) => lines.some((line) => meet(box, line.box))).map(({ text }) => text);
  });

/** Asserts that axe finds nothing. */
async function assertAccessible(page, state) {
  await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document));
  assert.ok(passes.length > 10, "axe looked at the page");
  assert.deepEqual(violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html} ${nodes[0].failureSummary}`), [], state);
}

/** The cells of a table by its caption, row by row. */
const cellsOf = (page, caption) =>
  page.locator("table", { has: page.locator("caption", { hasText: caption }) }).locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));

test("in every look, with everything open, no line runs through words", async () => {
  const page = await open({ reducedMotion: "reduce" });
  await loaded(page);
  await page.locator(".time-chart canvas").nth(1).waitFor();
  assert.ok((await page.locator(".forest text").count()) > 2, "the forest plot has words");
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0, "less motion was asked for");
  for (const summary of await page.locator("summary").all()) await summary.click();
  await inEveryLook(page, "experiments, much to see", { check: async (look) => assert.deepEqual(await crossed(page), [], look) });
  await closeClean(page);
});

test("the first test is shown, and each figure stands in a table as the API says it", async () => {
  const page = await open();
  await loaded(page);
  assert.equal(await page.getByRole("heading", { level: 2, name: /^HIGH_URGENCY is ahead/ }).count(), 1);
  assert.deepEqual(page.asked, ["URGENCY_FRAMING"]);
  assert.equal(new URL(page.url()).searchParams.get("test"), "URGENCY_FRAMING");
  const rates = await cellsOf(page, "Rates per exposed unit");
  assert.deepEqual(rates[0], ["CONTROL", "2,510", "5.1 %", "2.0 %", "61.2 %", "control", ""]);
  assert.deepEqual(rates[1], ["HIGH_URGENCY", "2,503", "6.3 %", "2.3 %", "61.2 %", "+23.5 %", "+1.0 % to +46.1 %"]);
  const lifts = await cellsOf(page, "Lift over the control, with both intervals");
  assert.deepEqual(lifts[0], ["HIGH_URGENCY: accepted", "6.30 %", "+1.20 points", "+23.5 %", "+1.0 % to +46.1 %", "+10.0 % to +37.1 %"]);
  assert.deepEqual(lifts.at(-1), ["LOW_PRESSURE: dismissed (guardrail)", "2.00 %", "+0.60 points", "+30.0 %", "not bounded yet", "not bounded yet"]);
  const exposed = await cellsOf(page, "Exposed on each day");
  const { series, epochs } = resultsOf("URGENCY_FRAMING");
  assert.deepEqual(exposed.map((row) => row.slice(1).map(Number)), series.map(({ exposures }) => Object.values(exposures)));
  assert.deepEqual((await cellsOf(page, "Difference to the control at the end"))[0].slice(2, 3), ["not bounded yet"]);
  assert.deepEqual((await cellsOf(page, "Epochs")).map((row) => row[3]), epochs.map(({ reason }) => reason).reverse());
  assert.equal(await page.getByText("Safe to look at any time").count(), 1);
  await closeClean(page);
});

test("pictures say in one sentence what they show, and point at their tables", async () => {
  const page = await open();
  await loaded(page);
  const forest = page.getByRole("img", { name: /^HIGH_URGENCY, accepted: \+23\.5 %, \+1\.0 % to \+46\.1 %\./ });
  assert.equal(await forest.count(), 1);
  const described = await forest.evaluate((image) => document.getElementById(image.getAttribute("aria-describedby"))?.caption?.textContent);
  assert.equal(described, "Lift over the control, with both intervals");
  assert.equal(await page.getByRole("img", { name: /^Exposed over 14 days\./ }).count(), 1);
  assert.equal(await page.getByRole("img", { name: /^Difference to the control on the last day\. HIGH_URGENCY: \+1\./ }).count(), 1);
  await closeClean(page);
});

test("the keyboard reaches the list, a test, the tables, and the back button goes back", async () => {
  const page = await open();
  await loaded(page);
  const second = page.getByRole("link", { name: /^SOCIAL_PROOF/ });
  for (let presses = 0; presses < 8 && !(await second.evaluate((link) => link === document.activeElement)); presses += 1) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".verdict .test-name")?.textContent === "SOCIAL_PROOF");
  assert.ok(await second.evaluate((link) => link === document.activeElement && link.getAttribute("aria-current") === "page"));
  const outline = await second.evaluate((link) => getComputedStyle(link).outlineStyle);
  assert.equal(outline, "solid");
  await page.getByRole("region", { name: "Lift over the control" }).first().locator("summary").focus();
  await page.keyboard.press("Enter");
  assert.ok(await page.locator("table", { hasText: "One look" }).first().isVisible());
  await page.goBack();
  await page.waitForFunction(() => document.querySelector(".verdict .test-name")?.textContent === "URGENCY_FRAMING");
  assert.deepEqual(page.asked, ["URGENCY_FRAMING", "SOCIAL_PROOF", "URGENCY_FRAMING"]);
  await closeClean(page);
});

test("loading again says the verdict anew and keeps the keyboard on the button", async () => {
  const page = await open();
  await loaded(page);
  const button = page.getByRole("button", { name: "Load again" });
  await button.focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !document.querySelector("[aria-busy]"));
  await page.getByRole("status").filter({ hasText: /^HIGH_URGENCY is ahead.* Loaded at \d\d:\d\d:\d\d\.$/ }).waitFor();
  assert.ok(await button.evaluate((element) => element === document.activeElement));
  assert.equal(page.asked.length, 2);
  await closeClean(page);
});

test("a broken sample ratio is said before everything else", async () => {
  const page = await open({ results: brokenResults });
  await loaded(page);
  assert.equal(await page.getByRole("heading", { name: /^No verdict: the groups are not/ }).count(), 1);
  const broken = page.locator(".check.is-bad");
  assert.match(await broken.textContent(), /Sample ratio broken.*LOW_PRESSURE 35\.1 % of 33\.3 %.*below 0\.0001/s);
  assert.match(await page.locator(".check.is-note").first().textContent(), /Outcomes without an exposure before: 403; .*receipts that did not verify: 7/);
  await assertAccessible(page, "broken");
  await picture(page, "experiments-1440-light-broken", { fullPage: true });
  await closeClean(page);
});

test("a test without figures yet shows none that it does not have", async () => {
  const page = await open({ results: emptyResults, viewport: { width: 768, height: 900 } });
  await loaded(page);
  assert.deepEqual((await cellsOf(page, "Rates per exposed unit"))[1], ["HIGH_URGENCY", "0", "not known", "not known", "not known", "not known", "not bounded yet"]);
  assert.equal(await page.locator(".time-chart").count(), 0);
  assert.doesNotMatch(await page.locator("main").textContent(), /NaN|Infinity|undefined|null/);
  await assertAccessible(page, "no figures");
  await picture(page, "experiments-768-light-nothing", { fullPage: true });
  await closeClean(page);
});

test("a page that is not there, or shows nothing, is a failure at once or with what is seen instead", async () => {
  await assert.rejects(site.open({ path: "/experiments/nowhere" }), /needs files that are not there.*404 \/experiments\/nowhere/s);
  const page = await open({ results: () => 503 });
  page.setDefaultTimeout(2_000);
  await assert.rejects(loaded(page), /the results of a test: not in time.* shows: .*A store does not answer/s);
  await closeClean(page, { mayRefuse: true });
});

test("no tests, no right, a token that is not taken, a store that is down: each is said, and can be tried again", async () => {
  const none = await open({ tests: { environment: "production", tests: [] } });
  await loaded(none);
  assert.equal(await none.getByRole("heading", { name: "No tests in production yet" }).count(), 1);
  await assertAccessible(none, "no tests");
  await closeClean(none);

  const forbidden = await open({ tests: 403 });
  await forbidden.getByRole("alert").filter({ hasText: "needs the role monitor or admin" }).waitFor();
  await assertAccessible(forbidden, "no right");
  await closeClean(forbidden, { mayRefuse: true });

  let isDown = true;
  const down = await open({ results: (name) => (isDown ? 503 : resultsOf(name)) });
  await down.getByRole("alert").filter({ hasText: "A store does not answer" }).waitFor();
  isDown = false;
  await down.getByRole("button", { name: "Try again" }).click();
  await loaded(down);
  await closeClean(down, { mayRefuse: true });

  const unknown = await open({ query: "?test=NOBODY", results: () => 404 });
  await unknown.getByRole("alert").filter({ hasText: "There is no test of this name here." }).waitFor();
  await closeClean(unknown, { mayRefuse: true });

  const stranger = await open({ tests: 401 });
  await stranger.getByLabel("Token of a monitor or an admin").waitFor();
  await closeClean(stranger, { mayRefuse: true });
});

test("without the file of npm start somebody brings a token of their own, which goes nowhere but to the API", async () => {
  const page = await open({ admin: 404 });
  const field = page.getByLabel("Token of a monitor or an admin");
  await field.waitFor();
  assert.equal(await field.getAttribute("type"), "password");
  await assertAccessible(page, "token");
  const request = page.waitForRequest(/\/ab-test\?/);
  await field.fill("my.own.token");
  await page.keyboard.press("Enter");
  assert.equal((await request).headers().authorization, "Bearer my.own.token");
  await loaded(page);
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
  assert.doesNotMatch(page.url(), /token/);
  await closeClean(page, { mayRefuse: true });
});

test("texts of an admin are texts, whatever is in them", async () => {
  const markup = "<img src=x onerror=alert(1)>";
  const epochs = [{ epoch: 1, stratum: 1, opened_at: "2026-11-01T09:00:00Z", actor: "someone", action: "created", reason: markup }];
  const tests = { environment: "production", tests: [{ test_name: "URGENCY_FRAMING", status: "ACTIVE", description: markup }] };
  const page = await open({ tests, results: (name) => resultsOf(name, { epochs, degraded: ["experiments"] }) });
  await loaded(page);
  assert.equal(await page.locator("img").count(), 0);
  assert.equal((await cellsOf(page, "Epochs"))[0][3], markup);
  assert.equal(await page.getByText("Not everything could be read. Missing: experiments.").count(), 1);
  await closeClean(page);
});

test("on the real API: the demo's test and its visitors, each figure the API's own", async () => {
  const call = apiOf(site.origin, site.sign("admin", randomUUID()));
  await publishPack(call, "finance");
  await publishCatalogue(call, "finance");
  assert.equal(await seedExperiment(call, 64), 64);
  assert.equal(await seedExperiment(call, 64), 0, "done again it changes nothing");
  const { json: results } = await call("GET", "/ab-test/URGENCY_FRAMING/results");
  const exposed = results.variant_performance.map(({ sample_size }) => sample_size);
  assert.equal(exposed.reduce((sum, units) => sum + units, 0), 64);

  const token = site.sign("monitor", randomUUID());
  const page = await site.open({ path: "/experiments/", prepare: (page) => page.route("**/demo-admin.json", (route) => route.fulfill({ json: { token } })) });
  await loaded(page);
  assert.equal(await page.locator(".results h2").textContent(), results.verdict.text);
  const rates = await cellsOf(page, "Rates per exposed unit");
  assert.deepEqual(rates.map(([name, units]) => [name, Number(units)]), results.variant_performance.map(({ variant_name, sample_size }) => [variant_name, sample_size]));
  assert.deepEqual(rates.map((row) => row[2]), results.variant_performance.map(({ acceptance_rate }) => `${acceptance_rate.toFixed(1)} %`));
  const [today] = await cellsOf(page, "Exposed on each day");
  assert.deepEqual(today.slice(1).map(Number), exposed);
  assert.deepEqual((await cellsOf(page, "Epochs")).map((row) => row[2]), ["started", "created"]);
  await assertAccessible(page, "real");
  await picture(page, "experiments-1440-light-real", { fullPage: true });
  await closeClean(page);
});
