import type { Nearside } from "nearside";

const KEY = "nearside/snoozed";
const DAY_MS = 86_400_000;
/** Where a person is not remembered, neither is what they snoozed. */
let inMemory: Record<string, number> = {};

const isKept = ({ mode }: Nearside): boolean => mode === "device" || mode === "server";

function read(nearside: Nearside): Record<string, number> {
  if (!isKept(nearside)) return inMemory;
  try {
    return (JSON.parse(localStorage.getItem(KEY)!) ?? {}) as Record<string, number>;
  } catch {
    return inMemory;
  }
}

/**
 * Keeps an item out of sight for some days, in this browser only: nobody is told and nothing is learned. While the person is
 * remembered it lasts in the local storage, else as long as the page. No days take it back.
 */
export function snooze(nearside: Nearside, item: string, days = 7): void {
  const now = Date.now();
  const live = Object.entries(read(nearside)).filter(([, until]) => until > now);
  const next = Object.fromEntries([...live, [item, now + days * DAY_MS]]);
  inMemory = next;
  try {
    if (isKept(nearside)) localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // The storage is full or closed: then it lasts as long as the page.
  }
}

/** Whether an item is out of sight now. In the general order none is: that is everybody's. */
export const isSnoozed = (nearside: Nearside, item: string): boolean =>
  nearside.mode !== "general" && (read(nearside)[item] ?? 0) > Date.now();

/** Forgets what was snoozed. Call it when `onChange` says `erased`. */
export function forgetSnoozes(): void {
  inMemory = {};
  try {
    localStorage.removeItem(KEY);
  } catch {
    // There is no storage, so there is nothing to forget.
  }
}
