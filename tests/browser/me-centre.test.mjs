// What the preference centre says and does on a real Worker: the tone, the variant of an experiment, and what is out of sight.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { apiOf } from "../../pkg-scripts/lib/demo-api.mjs";
import { seedExperiment } from "../../pkg-scripts/lib/demo-experiment.mjs";
import { closeClean, startSite } from "./demo-site.mjs";
import { assertShown, choose, settled } from "./me-site.mjs";

let site;
before(async () => {
  site = await startSite();
  await seedExperiment(apiOf(site.origin, site.sign("admin", randomUUID())), 8);
});
after(() => site.stop());

const HOMES = ["On this device", "In my account"];
const MODES = { "On this device": "device", "In my account": "server" };
const open = async (home) => {
  const page = await site.open({ path: "/me/", viewport: { width: 1280, height: 900 } });
  await settled(page);
  await choose(page, home);
  return page;
};
const goTo = async (page, view) => {
  await page.getByRole("link", { name: view, exact: true }).click();
  await settled(page);
};
const centreOf = async (page) => {
  await goTo(page, "My choices");
  const centre = page.locator("preference-centre");
  await centre.getByRole("heading", { name: "What may be used" }).waitFor();
  return centre;
};
/** What the package itself was told, asked on the page by another copy of it. */
const asked = (page, home) => page.evaluate(async ([mode, { user_id: user, token }]) => {
  const { createNearside } = await import("/dist/nearside/nearside.js");
  const nearside = await createNearside({ pack: "finance", user, token: () => token });
  if (nearside.mode !== mode) throw new Error(`the mode is ${nearside.mode}`);
  const { items, experiments } = await nearside.rerank(undefined, { country: "GB" }, { scope: "home" });
  const { attributes } = await nearside.profile.get();
  nearside.dispose();
  return { tone: items[0].tone, stated: attributes.tone ?? null, experiments: experiments ?? [] };
}, [MODES[home], site.people[0]]);

for (const home of HOMES) {
  test(`${home}: a tone that is chosen is spoken in, and can be taken back`, async () => {
    const page = await open(home);
    const centre = await centreOf(page);
    const tone = centre.getByLabel("In which tone to speak to you");
    assert.deepEqual(await tone.locator("option").allTextContents(),
      ["As it fits what is known", "Plain and simple", "Neutral", "Short and direct", "Encouraging", "Warm and formal"]);
    await tone.focus();
    await tone.selectOption({ label: "Warm and formal" });
    await centre.getByText("Tone now: warm formal.").waitFor();
    await page.waitForFunction(() => document.activeElement?.dataset.key === "tone", undefined, { timeout: 5_000 });
    const { tone: said, stated } = await asked(page, home);
    assert.deepEqual([said, stated], ["WARM_FORMAL", "WARM_FORMAL"]);
    await assertShown(page, `${home}, tone`);
    await tone.selectOption({ label: "As it fits what is known" });
    await centre.getByText(/Tone now: (?!warm)/).waitFor();
    assert.equal((await asked(page, home)).stated, null);
    await closeClean(page);
  });

  test(`${home}: the centre says which variant of which experiment is seen, and taking no part ends it`, async () => {
    const page = await open(home);
    const centre = await centreOf(page);
    await centre.getByText(/^URGENCY_FRAMING: you see /).waitFor();
    const [{ test_name, variant }] = (await asked(page, home)).experiments;
    await centre.getByText(`${test_name}: you see ${variant}.`, { exact: true }).waitFor();
    await centre.getByRole("switch", { name: "Take part in experiments" }).click();
    await centre.getByText("You are in no experiment now.").waitFor();
    assert.deepEqual((await asked(page, home)).experiments, []);
    await page.reload();
    await settled(page);
    await centre.getByText("You are in no experiment now.").waitFor();
    await centre.getByRole("switch", { name: "Take part in experiments" }).click();
    await centre.getByText(/^URGENCY_FRAMING: you see /).waitFor();
    await closeClean(page);
  });

  test(`${home}: what is sent away goes from the list at once, stands among what is out of sight, and comes back`, async () => {
    const page = await open(home);
    for (const [button, words] of [["Not relevant to me", /Noted/], ["I have done this already", /Noted/], ["Hide it for 7 days", /Hidden here for 7 days/]]) {
      await goTo(page, "For you");
      const card = page.getByRole("region", { name: "Your list" }).locator(".card").nth(1);
      const id = await card.locator("why-this").getAttribute("item");
      await card.getByRole("button", { name: /^Why this/ }).click();
      await page.getByRole("dialog").getByRole("button", { name: button }).click();
      await page.getByRole("dialog").getByRole("status").filter({ hasText: words }).waitFor();
      await page.keyboard.press("Escape");
      await page.waitForFunction((gone) => !document.querySelector(`why-this[item="${gone}"]`), id);
      const centre = await centreOf(page);
      const back = centre.locator(`[data-key="restore-${id}"]`);
      await back.waitFor();
      await assertShown(page, `${home}, out of sight`);
      await back.click();
      await back.waitFor({ state: "detached" });
      await centre.getByText("Nothing is hidden from your lists.").waitFor();
    }
    await closeClean(page);
  });
}
