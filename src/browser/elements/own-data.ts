import type { ErasureReceipt, Nearside, NearsideError, PreferencesUpdate } from "nearside";
import type { Centre } from "./centre.js";
import { panel } from "./controls.js";
import { button, make } from "./make.js";
import { forgetSnoozes } from "./snoozes.js";
import { fill, type Words } from "./words.js";

/** Take along, start anew, take away: also for who sees the general order, because something may be kept from before. */
export function ownData({ nearside, words, do: perform }: Pick<Centre, "nearside" | "words" | "do">): HTMLElement {
  return panel(words["own"]!,
    make("div", { className: "row" }, button(words["download"]!, () => perform(() => download(nearside)), "download")),
    nearside.mode !== "general" && make("div", {}, button(words["reset"]!, () => perform(() => reset(nearside, words)), "reset"), make("p", { className: "soft" }, words["resetNote"])),
    make("details", {}, make("summary", {}, words["erase"]),
      make("div", { className: "stack" }, make("p", {}, words["eraseNote"]), make("div", {}, button(words["eraseNow"]!, () => perform(async () => {
        const receipt = await nearside.profile.erase();
        forgetSnoozes();
        return receiptOf(receipt, words);
      }), "erase-now")))));
}

async function download(nearside: Nearside): Promise<void> {
  const text = JSON.stringify(await nearside.profile.export(), null, 2);
  const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  make("a", { href, download: "my-data.json" }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

/** Erases, and puts back what the person said themselves: the package knows no half erasure. */
async function reset(nearside: Nearside, words: Words): Promise<string> {
  const { mode } = nearside;
  const [{ demographics, preferences, sophistication, attributes }, settings] = await Promise.all([nearside.profile.get(), nearside.settings.get()]);
  const { age, country, income_level, net_worth_level } = demographics;
  const stated: PreferencesUpdate = {
    demographics: { age, country, income_level, net_worth_level }, preferences, attributes,
    sophistication: { self_reported_expertise: sophistication.self_reported_expertise },
  };
  await nearside.profile.erase();
  try {
    await nearside.setMode(mode);
    await nearside.settings.set(settings);
    await nearside.profile.set(stated);
    return words["resetDone"]!;
  } catch (error) {
    return fill(words["resetHalf"]!, { detail: (error as NearsideError).detail });
  }
}

function receiptOf({ erased_at: at, receipt_id: id, removed, restorable_until: until }: ErasureReceipt, words: Words): string {
  const rows = Object.entries(removed).filter(([, count]) => count > 0).map(([what, count]) => `${what.replaceAll("_", " ")} ${count}`);
  const receipt = fill(words["receipt"]!, { at, id, removed: rows.join(", ") || words["nothing"]! });
  return until === null ? receipt : `${receipt} ${fill(words["restorable"]!, { until })}`;
}
