// The one thing that all views share: the package, what is published, and who draws.

import { createNearside } from "../dist/nearside/nearside.js";
import { forgetSnoozes, isSnoozed } from "../dist/nearside/elements.js";
import { readPublished } from "./published.js";
import { identity, signIn } from "./session.js";

/** @import { Published } from "./published.js" */

/** More than are shown, so that snoozed ones leave no gap. */
const SPARE = 5;

/** @typedef {Awaited<ReturnType<typeof startApp>>} App */

/**
 * Starts the package and reads what is published.
 * @param {{ draw: () => void, say: (text: string) => void, fail: (thrown: unknown) => void }} page
 */
export async function startApp({ draw, say, fail }) {
  const choice = { isMade: false };
  const nearside = await createNearside({
    pack: "finance", token: identity.token,
    get user() {
      return identity.user;
    },
    onChange: ({ cause }) => {
      if (cause === "erased") {
        forgetSnoozes();
        choice.isMade = false;
      }
      if (cause === "choice" || cause === "other-tab") choice.isMade = true;
      draw();
    },
  });
  /** @type {Published | null} */
  let published = await readPublished().catch(() => null);
  const region = new Intl.Locale(navigator.language).region;
  const country = () => (region && published?.countries.includes(region) ? region : null);
  /** Where, on what and when: of the person only after a yes. */
  const context = () => ({
    ...(nearside.mode !== "general" && country() && { country: country() }),
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    device_type: matchMedia("(pointer: coarse)").matches ? "mobile" : "desktop",
  });
  choice.isMade ||= await isChosen(nearside);
  // What waited for a name goes out under it.
  if (nearside.mode === "server") await signIn().then(() => nearside.flush()).catch(() => {});
  return {
    nearside,
    get published() {
      return published;
    },
    /** Whether the person chose; also a no is a choice. */
    choice,
    context,
    get country() {
      return country();
    },
    /** Fetches again what could not be fetched. */
    again: async () => {
      await nearside.refresh().catch(() => {});
      published = await readPublished().catch(() => published);
      draw();
    },
    /**
     * Orders some items, or all, and leaves out what is snoozed here.
     * @param {string[] | undefined} ids @param {number} limit @param {string} [scope]
     */
    order: async (ids, limit, scope = "home") => {
      if (ids?.length === 0) return null;
      const decision = await nearside.rerank(ids, context(), { scope, limit: limit + SPARE, explain: "summary" });
      const items = decision.items.filter((item) => !isSnoozed(nearside, item.id)).slice(0, limit);
      return { ...decision, items };
    },
    /** @param {string} id */
    choose: async (id) => {
      try {
        if (id === "server") await signIn();
        await nearside.setMode(/** @type {import("../dist/nearside/nearside.js").Mode} */ (id));
        choice.isMade = true;
        say(id === "general" ? "You see the general order now." : "Done. Your order follows what you do from now on.");
      } catch (thrown) {
        fail(thrown);
      }
      draw();
    },
    say,
    fail,
    draw,
  };
}

/** What was chosen before is kept also while it is a no. @param {import("../dist/nearside/nearside.js").Nearside} nearside */
async function isChosen(nearside) {
  if (nearside.mode !== "general") return true;
  const kept = await nearside.profile.export().catch(() => undefined);
  return kept?.choice !== undefined;
}
