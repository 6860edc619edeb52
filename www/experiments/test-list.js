// The tests as links, so that each result has an address.

import { element, spoken } from "../shared/dom.js";
import { plain } from "./format.js";

/** @import { TestSummary } from "../shared/experiments-wire.js" */

/**
 * @param {TestSummary[]} tests
 * @param {string | null} chosen
 * @param {(name: string) => void} open
 */
export function testList(tests, chosen, open) {
  const list = element("ul");
  for (const test of tests) {
    const link = element("a");
    link.href = addressOf(test.name);
    link.append(element("span", "test-name", test.name), spoken(", "), element("span", `status is-${test.status.toLowerCase()}`, plain(test.status.toLowerCase())));
    if (test.description) link.append(spoken(", "), element("span", "test-about", test.description));
    if (test.name === chosen) link.setAttribute("aria-current", "page");
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      open(test.name);
    });
    const entry = element("li");
    entry.append(link);
    list.append(entry);
  }
  return [element("h2", "", "Tests"), list];
}

/** The address of a test's results; what else the address says stays. @param {string} name */
export function addressOf(name) {
  const address = new URL(location.href);
  address.searchParams.set("test", name);
  return `${address.pathname}${address.search}`;
}
