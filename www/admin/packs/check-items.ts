// A catalogue may be larger than what the checker takes in one call: it is checked in parts, and places are named in the whole.

import type { Item } from "../../../src/browser/package/wire/items.js";
import type { Api } from "../api.js";
import { asProblem, Problem } from "../problem.js";
import type { Finding } from "../problem.js";

/** A megabyte is the most, and items have a few kilobytes at most. */
const A_CALL = 250;

/** Fails with everything that the checker finds in the items. */
export async function checkItems(api: Api, pack: string, items: readonly Item[]): Promise<void> {
  const findings: Finding[] = [];
  let refused: Problem | undefined;
  for (let from = 0; from < items.length; from += A_CALL) {
    try {
      await api.checkItems(pack, { items: items.slice(from, from + A_CALL) });
    } catch (thrown) {
      refused = asProblem(thrown);
      if (refused.findings.length === 0) throw refused;
      findings.push(...refused.findings.map((finding) => ({ ...finding, place: moved(finding.place, from) })));
    }
  }
  if (refused) throw new Problem(refused.status, FOUND, refused.code, findings);
}

/** Said of what is live, where nothing was to be changed. */
const FOUND = "The checker would refuse it today.";

const moved = (place: string, by: number) => place.replace(/^items\[(\d+)\]/, (_, index: string) => `items[${Number(index) + by}]`);
