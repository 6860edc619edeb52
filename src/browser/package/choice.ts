import type { Mode } from "./options.js";
import type { NearsideStorage, Row } from "./storage.js";

/** What is remembered of a person's choice. */
export interface Choice extends Row {
  readonly mode: Mode;
  /** Whether the browser sent the Global Privacy Control signal when it was made. */
  readonly underSignal: boolean;
  /** True while the Worker was not told that the person opted out. */
  readonly isOptOutOwed?: boolean;
}

/** Who shares a browser does not share an account: a yes to the Worker, and a no that it is owed, are one person's. */
export interface Choices {
  /** This browser's. */
  readonly here?: Choice | undefined;
  /** That of the person who is signed in, once the Worker kept their profile. */
  readonly there?: Choice | undefined;
}

export const CHOICE = "choice";
const keyOf = (user: string): string => `${CHOICE}/${user}`;

/** Whether the browser says that this person does not want to be profiled. */
export const hasPrivacySignal = (): boolean =>
  (globalThis.navigator as { globalPrivacyControl?: boolean } | undefined)?.globalPrivacyControl === true;

/** Returns what was chosen earlier, and creates nothing to find out. */
export async function readChoices(storage: NearsideStorage, user: string): Promise<Choices> {
  if (!(await storage.find())) return {};
  const rows = Object.fromEntries(await storage.read(CHOICE)) as Record<string, Choice>;
  return { here: rows[CHOICE], there: rows[keyOf(user)] };
}

/** Returns the choice that counts. A yes from before the signal is none under it. */
export function choiceOf({ here, there }: Choices): Choice | undefined {
  const choice = there?.mode === "server" ? there : here;
  return hasPrivacySignal() && !choice?.underSignal ? undefined : choice;
}

/** Remembers a choice. Whoever leaves the Worker's home has opted out there: the Worker is to be told. */
export async function writeChoice(storage: NearsideStorage, mode: Mode, user: string): Promise<void> {
  await storage.create();
  await storage.change([keyOf(user)], ([row]) => {
    const before = row as Choice | undefined;
    const choice: Choice = { mode, underSignal: hasPrivacySignal() };
    const isAtWorker = mode === "server";
    const isOptOutOwed = !isAtWorker && (before?.mode === "server" || before?.isOptOutOwed === true);
    const there = isAtWorker || before ? { [keyOf(user)]: { ...choice, isOptOutOwed } } : {};
    return { put: isAtWorker ? there : { ...there, [CHOICE]: choice }, result: undefined };
  });
}

/** Notes that the Worker was told. */
export async function settleOptOut(storage: NearsideStorage, user: string): Promise<void> {
  const key = keyOf(user);
  await storage.change([key], ([row]) => ({ put: { [key]: row && { ...row, isOptOutOwed: false } }, result: undefined }));
}
