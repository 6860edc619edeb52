// Which pack a page is about. The choice is in the address.

import { addressOf } from "./route.js";
import type { PageName } from "./route.js";

/** A list of packs to choose from; one alone is only named. */
export function PackChooser({ page, packs, chosen }: { page: PageName; packs: readonly string[]; chosen: string }) {
  if (packs.length < 2) return <p class="pack-name">Pack <strong>{chosen}</strong></p>;
  return (
    <p class="pack-name">
      <label for="pack">Pack</label>
      <select id="pack" value={chosen} onChange={(event) => (location.hash = addressOf(page, event.currentTarget.value))}>
        {packs.map((pack) => <option key={pack} value={pack}>{pack}</option>)}
      </select>
    </p>
  );
}
