// What this page adds to the preference centre: the tone, which the pack says, and what is out of sight, with the way back.

import { snooze } from "../dist/nearside/elements.js";
import { element } from "../shared/dom.js";
import { outOfSight } from "./out-of-sight.js";
import { toneName } from "./words.js";

/** @import { App } from "./app.js" */

/** @param {string} title @param {...Node} children */
function panel(title, ...children) {
  const made = element("section", "own-panel");
  made.append(element("h2", "", title), ...children);
  return made;
}

/** @param {App} app @param {() => Promise<unknown>} work @param {string} said */
async function doing(app, work, said) {
  try {
    await work();
    app.say(said);
  } catch (thrown) {
    app.fail(thrown);
  }
  app.changed();
}

/** A choice among the tones that the pack has; none where it lets nobody choose. @param {App} app */
async function tonePanel(app) {
  const tones = app.published?.tones ?? [];
  if (tones.length === 0) return [];
  const { attributes } = await app.nearside.profile.get();
  const label = element("label", "", "In which tone to speak to you");
  const select = element("select");
  select.dataset.key = "tone";
  for (const tone of ["", ...tones]) select.add(new Option(tone ? toneName(tone) : "As it fits what is known", tone));
  select.value = String(attributes.tone ?? "");
  select.addEventListener("change", () => doing(app, () => app.nearside.profile.set({ attributes: { tone: select.value || null } }), "Saved."));
  label.append(select);
  return [panel("Tone", label)];
}

/** What is hidden or snoozed, each with a way back. @param {App} app */
async function hiddenPanel(app) {
  const found = await outOfSight(app);
  if (found.length === 0) return [panel("Out of sight", element("p", "", "Nothing is hidden from your lists."))];
  const list = element("ul", "out-of-sight");
  list.setAttribute("role", "list");
  for (const { id, title, isSnoozed } of found) {
    const entry = element("li");
    const button = element("button", "quiet", "Show it again");
    button.type = "button";
    button.dataset.key = `restore-${id}`;
    button.setAttribute("aria-label", `Show it again: ${title}`);
    button.addEventListener("click", () => doing(app, async () => {
      if (!isSnoozed) await app.nearside.feedback({ type: "RESTORE", recommendation_id: id });
      snooze(app.nearside, id, 0);
    }, "It is back in your lists."));
    entry.append(element("span", "", title), element("small", "", isSnoozed ? "in this browser, for some days" : "because you said so"), button);
    list.append(entry);
  }
  return [panel("Out of sight", list)];
}

/** The page's own panels; none in the general order, which is nobody's. @param {App} app @returns {Promise<HTMLElement[]>} */
export async function ownPanels(app) {
  if (app.nearside.mode === "general") return [];
  const panels = await Promise.all([tonePanel(app), hiddenPanel(app)].map((made) => made.catch(() => [])));
  return panels.flat();
}
