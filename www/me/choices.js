// The preference centre, as the package draws it, with the page's own panels among its own.

import { ownPanels } from "./own-panels.js";
import { MODES } from "./words.js";

/** @import { App } from "./app.js" */

/** @type {HTMLElement & Record<string, any> | undefined} */
let centre;

let turn = 0;

/** @param {App} app */
export async function choices(app) {
  const { nearside, published } = app;
  const isNew = !centre;
  centre ??= document.createElement("preference-centre");
  Object.assign(centre, { nearside, context: app.context(), scope: "home", categories: published?.categories ?? [], modes: MODES.map(({ id }) => id) });
  if (!isNew) void centre.refresh();
  void addPanels(app, centre);
  return { title: "My choices", nodes: [centre], degraded: [] };
}

/** The choice itself waits for nobody: what the page adds comes when it is there. @param {App} app @param {HTMLElement} to */
async function addPanels(app, to) {
  const mine = (turn += 1);
  const panels = await ownPanels(app);
  if (mine !== turn) return;
  const key = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.key;
  const hadFocus = to.contains(document.activeElement) && document.activeElement !== to;
  to.replaceChildren(...panels);
  // What had the focus keeps it; where it went with its item, the next one has it.
  if (hadFocus) /** @type {HTMLElement | null} */ (to.querySelector(`[data-key="${CSS.escape(key ?? "")}"]`) ?? to.querySelector(".out-of-sight button, select"))?.focus();
}
