// The one thing that all views share: the package, what is published, and who draws.

import { createNearside } from "../dist/nearside/nearside.js";
import { forgetSnoozes, isSnoozed } from "../dist/nearside/elements.js";
import { NOTHING, ownRecord } from "./own-record.js";
import { readPublished } from "./published.js";
import { identity, signIn } from "./session.js";
import { situationOf } from "./situation.js";

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
  const own = ownRecord(() => nearside);
  let allowed = NOTHING;
  const nearside = await createNearside({
    pack: "finance", token: identity.token,
    get user() {
      return identity.user;
    },
    onChange: ({ cause }) => {
      own.changed();
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
  choice.isMade ||= await nearside.hasChosen();
  // Who has no choice here was erased, perhaps by a page that knows of no snoozes.
  if (!choice.isMade) forgetSnoozes();
  // What waited for a name goes out under it.
  if (nearside.mode === "server") await signIn().then(() => nearside.flush()).catch(() => {});
  const context = () => situationOf(nearside.mode, allowed, published?.countries ?? []);
  return {
    nearside,
    get published() {
      return published;
    },
    /** Whether the person chose; also a no is a choice. */
    choice,
    context,
    /** What is kept of the person. */
    own,
    /** What the person allows, as it was when this drawing began. */
    get allowed() {
      return nearside.mode === "general" ? NOTHING : allowed;
    },
    /** Begins a drawing. */
    begin: async () => {
      allowed = await own.allowedNow();
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
    /** Something of the person changed: everything is asked anew. */
    changed: () => {
      own.changed();
      draw();
    },
    say,
    fail,
    draw,
  };
}
