import { NearsideError } from "./errors.js";
import { exportRows } from "./event-log.js";
import { uuidV7 } from "./ids.js";
import type { Modes } from "./modes.js";
import type { ErasureReceipt } from "./nearside.js";
import type { Page } from "./page.js";

/** Removes everything about the person. The Worker comes first: where it fails, nothing is removed and the call can be made again. */
export async function erasePerson(page: Page, modes: Modes): Promise<ErasureReceipt> {
  // What cannot be looked at cannot be said to be gone.
  modes.remembered.renew();
  const choice = await modes.remembered.choice();
  if (modes.remembered.storage.isInMemory) throw new NearsideError("unavailable", "storage failed");
  const isAtWorker = page.mode === "server" || choice?.wasAtWorker === true;
  const theirs = isAtWorker ? await modes.api.send<ErasureReceipt>("DELETE", `/profile/${modes.api.user}`) : undefined;
  return modes.queued(async () => {
    const here = page.mode === "visit" ? await modes.home.exported() : {};
    const kept = await exportRows(modes.remembered.storage, page.user);
    await modes.erased();
    const rows = Object.entries({ ...here, ...kept }).map(([table, of]) => [`here_${table}`, of.length] as const);
    const nowMs = page.now();
    return {
      receipt_id: theirs?.receipt_id ?? uuidV7(nowMs),
      erased_at: theirs?.erased_at ?? new Date(nowMs).toISOString(),
      removed: { ...theirs?.removed, ...Object.fromEntries(rows) },
      restorable_until: theirs?.restorable_until ?? null,
    };
  });
}
