// The preference centre, as the package draws it.

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
  return { title: "My choices", nodes: [centre], degraded: [], isKept: true };
}
