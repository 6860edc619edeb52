import type { Mode } from "./options.js";
import type { NearsideStorage, Row } from "./storage.js";

/** What is remembered of a person's choice. */
export interface Choice extends Row {
  readonly mode: Mode;
  /** Whether the browser sent the Global Privacy Control signal when it was made. */
  readonly underSignal: boolean;
  /** True once the Worker kept the profile: erasing then erases it there too. */
  readonly wasAtWorker?: boolean;
  /** True while the Worker was not told that the person opted out. */
  readonly isOptOutOwed?: boolean;
}

export const CHOICE = "choice";

/** Whether the browser says that this person does not want to be profiled. */
export const hasPrivacySignal = (): boolean =>
  (globalThis.navigator as { globalPrivacyControl?: boolean } | undefined)?.globalPrivacyControl === true;

/** Returns what was chosen earlier, and creates nothing to find out. */
export async function readChoice(storage: NearsideStorage): Promise<Choice | undefined> {
  if (!(await storage.find())) return undefined;
  return (await storage.read(CHOICE))[0]?.[1] as Choice | undefined;
}

/** A yes from before the signal is none under it. */
export function modeOf(choice: Choice | undefined): Mode {
  return !choice || (hasPrivacySignal() && !choice.underSignal) ? "general" : choice.mode;
}

/** Remembers a choice. Whoever leaves the Worker's home has opted out there: the Worker is to be told. */
export async function writeChoice(storage: NearsideStorage, mode: Mode): Promise<void> {
  await storage.create();
  await storage.change([CHOICE], ([row]) => {
    const before = row as Choice | undefined;
    const choice: Choice = {
      mode,
      underSignal: hasPrivacySignal(),
      wasAtWorker: mode === "server" || before?.wasAtWorker === true,
      isOptOutOwed: mode !== "server" && (before?.mode === "server" || before?.isOptOutOwed === true),
    };
    return { put: { [CHOICE]: choice }, result: undefined };
  });
}

/** Notes that the Worker was told. */
export async function settleOptOut(storage: NearsideStorage): Promise<void> {
  await storage.change([CHOICE], ([row]) => ({ put: { [CHOICE]: row && { ...row, isOptOutOwed: false } }, result: undefined }));
}
