import type { Mode } from "./options.js";
import type { NearsideStorage, Row } from "./storage.js";

/** What is remembered of the choice that was made last in this browser. */
export interface Choice extends Row {
  readonly mode: Mode;
  /** Whether the browser sent the Global Privacy Control signal when it was made. */
  readonly underSignal: boolean;
  /** Who said yes to the Worker: who shares a browser does not share an account. Empty where nobody did, or was known. */
  readonly user: string;
  /** True once the Worker kept somebody's profile: erasing then erases it there too. */
  readonly wasAtWorker: boolean;
  /** Of whose opt-out the Worker was not told. */
  readonly owed: readonly string[];
}

export const CHOICE = "choice";
const NONE: Choice = { mode: "general", underSignal: false, user: "", wasAtWorker: false, owed: [] };

/** Whether the browser says that this person does not want to be profiled. */
export const hasPrivacySignal = (): boolean =>
  (globalThis.navigator as { globalPrivacyControl?: boolean } | undefined)?.globalPrivacyControl === true;

/** Until somebody is known to be signed in, whoever was is taken to be. */
const isTheirs = (whose: string, user: string): boolean => !user || whose === user;

/** Returns what was chosen earlier, and creates nothing to find out. */
export async function readChoice(storage: NearsideStorage): Promise<Choice | undefined> {
  return (await storage.find()) ? ((await storage.read(CHOICE))[0]?.[1] as Choice | undefined) : undefined;
}

/** Returns the mode that a choice means for a person now, if it counts for them. A yes from before the signal is none under it. */
export function modeOf(choice: Choice | undefined, user: string): Mode | undefined {
  const isNone = !choice || (hasPrivacySignal() && !choice.underSignal) || (choice.mode === "server" && !isTheirs(choice.user, user));
  return isNone ? undefined : choice.mode;
}

/** Returns to whom a person's opt-out is owed. */
export const owedOf = (choice: Choice | undefined, user: string): string | undefined => choice?.owed.find((whose) => isTheirs(whose, user));

/** Remembers a choice. Whoever leaves the Worker's home has opted out there: the Worker is to be told. */
export async function writeChoice(storage: NearsideStorage, mode: Mode, user: string): Promise<void> {
  await storage.create();
  await storage.change([CHOICE], ([row]) => {
    const before = { ...NONE, ...row } as Choice;
    const isAtWorker = mode === "server";
    const isNo = !isAtWorker && before.mode === "server" && isTheirs(before.user, user);
    const owed = [...before.owed.filter((whose) => !isAtWorker || whose !== user), ...(isNo ? [before.user] : [])];
    const choice = { mode, underSignal: hasPrivacySignal(), user: isAtWorker ? user : "", wasAtWorker: isAtWorker || before.wasAtWorker, owed };
    return { put: { [CHOICE]: choice }, result: undefined };
  });
}

/** Notes that the Worker was told. */
export async function settleOptOut(storage: NearsideStorage, user: string): Promise<void> {
  await storage.change([CHOICE], ([row]) => {
    const choice = row as Choice | undefined;
    return { put: { [CHOICE]: choice && { ...choice, owed: choice.owed.filter((whose) => whose !== user) } }, result: undefined };
  });
}
