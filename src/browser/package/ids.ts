/** Returns the id of an event: the given one in the one spelling that is compared, or a fresh one. */
export const eventId = (given: string | null | undefined, nowMs: number): string => (given ?? uuidV7(nowMs)).toLowerCase();

/** Returns a fresh UUID of version 7: ids that are made later sort later. Chance comes from one of version 4. */
export function uuidV7(nowMs: number): string {
  const time = Math.trunc(nowMs).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}
