// Leaves the words away, so that the orders can be compared at a glance.

import { find } from "../shared/dom.js";

/** @param {HTMLElement} lists */
export function titlesOnly(lists) {
  const input = find(document, ".titles-only input", HTMLInputElement);
  const show = () => void lists.classList.toggle("titles-only-shown", input.checked);
  input.addEventListener("change", show);
  // A browser may bring the tick back when the page is loaded again.
  show();
}
