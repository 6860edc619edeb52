import type { PersonExport } from "./wire/settings.js";
import { removal, type NearsideStorage, type Row } from "./storage.js";
import type { Feedback, Interaction } from "./wire/events.js";

/** An event as it is kept on the device. */
export interface Logged extends Row {
  readonly at: number;
  readonly interaction?: Interaction;
  readonly feedback?: Feedback;
}

/** Where events begin. */
export const EVENTS = "event/";
const MOST_EVENTS = 2_000;
const DAY_MS = 86_400_000;

/** Returns all events. */
export async function readLog(storage: NearsideStorage): Promise<readonly Logged[]> {
  return (await storage.read(EVENTS)).map(([, row]) => row as Logged);
}

/** Adds events. */
export async function writeLog(storage: NearsideStorage, events: readonly Logged[]): Promise<void> {
  const rows = events.map((entry) => [EVENTS + (entry.interaction ?? entry.feedback)?.id, entry] as const);
  await storage.change([], () => ({ put: Object.fromEntries(rows), result: undefined }));
}

/** Removes events that are too old or too many. What they taught stays. */
export async function prune(storage: NearsideStorage, retentionDays: number, nowMs: number): Promise<void> {
  const rows = (await storage.read(EVENTS)) as readonly (readonly [string, Logged])[];
  const newest = [...rows].sort(([, one], [, other]) => other.at - one.at);
  const surplus = newest.filter(([, { at }], index) => index >= MOST_EVENTS || at < nowMs - retentionDays * DAY_MS);
  if (surplus.length > 0) await storage.change([], removal(surplus.map(([key]) => key)));
}

/** Returns a person's rows as they are, by what they are of. What is nobody's in particular is this browser's, and theirs. */
export async function exportRows(storage: NearsideStorage, user: string): Promise<PersonExport> {
  const tables: Record<string, { readonly [name: string]: unknown }[]> = {};
  if (!(await storage.find())) return tables;
  for (const [key, row] of await storage.read("")) {
    const [table = key, id] = key.split("/");
    if (id !== undefined && !key.startsWith(EVENTS) && id !== user) continue;
    // Whose choices those of others in this browser were is not this person's.
    const { user: _, owed: __, ...fields } = row as Record<string, unknown>;
    if (typeof fields["document"] === "string") fields["document"] = JSON.parse(fields["document"]) as unknown;
    (tables[table] ??= []).push(id === undefined ? fields : { id: key.slice(key.lastIndexOf("/") + 1), ...fields });
  }
  return tables;
}
