// The preference centre, as the package draws it, with the page's own panels among its own.

import { ownPanels } from "./own-panels.js";
import { MODES } from "./words.js";

/** @import { App } from "./app.js" */

/** @type {HTMLElement & Record<string, any> | undefined} */
let centre;

/** @param {App} app */
export async function choices(app) {
  const { nearside, published } = app;
  const isNew = !centre;
  centre ??= document.createElement("preference-centre");
  Object.assign(centre, { nearside, context: app.context(), scope: "home", categories: published?.categories ?? [], modes: MODES.map(({ id }) => id) });
  if (!isNew) void centre.refresh();
  const panels = await ownPanels(app);
  const key = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.key;
  const hadFocus = centre.contains(document.activeElement) && document.activeElement !== centre;
  centre.replaceChildren(...panels);
  // What had the focus keeps it; where it went with its item, the next one has it.
  if (hadFocus) /** @type {HTMLElement | null} */ (centre.querySelector(`[data-key="${CSS.escape(key ?? "")}"]`) ?? centre.querySelector(".out-of-sight button, select"))?.focus();
  return { title: "My choices", nodes: [centre], degraded: [], isKept: true };
}
