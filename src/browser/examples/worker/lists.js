// Re-ranks the lists of a page that are marked: <ul data-nearside="home"> with <li data-item="ID"> each. Until the person chooses
// to be remembered, a list stays as the site sent it.
import { createNearside } from "/nearside/nearside.js";

const lists = [...document.querySelectorAll("[data-nearside]")];

/** Puts the rows in the person's order; what the catalogue does not know stays behind, as it was. */
async function rank(nearside, list) {
  const rows = new Map([...list.querySelectorAll("[data-item]")].map((row) => [row.dataset.item, row]));
  const { items } = await nearside.rerank([...rows.keys()], {}, { scope: list.dataset.nearside, explain: "none" });
  list.prepend(...items.map(({ id }) => rows.get(id)));
}

if (lists.length > 0) {
  const nearside = await createNearside({ pack: "finance", onChange: () => draw() });
  const draw = () => nearside.mode === "general" || Promise.all(lists.map((list) => rank(nearside, list)));
  for (const list of lists) {
    list.addEventListener("click", ({ target }) => {
      const id = target.closest("[data-item]")?.dataset.item;
      if (id) void nearside.observe({ type: "CLICKED", target_type: "recommendation", target_id: id });
    });
  }
  // The site's own buttons: <button data-nearside-mode="device">.
  for (const button of document.querySelectorAll("[data-nearside-mode]")) {
    button.addEventListener("click", () => nearside.setMode(button.dataset.nearsideMode));
  }
  await draw();
}
