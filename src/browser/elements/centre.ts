import type { Decision, Nearside, Profile, Settings } from "nearside";
import type { Category } from "./types.js";
import type { Words } from "./words.js";

/** What the parts of the preference centre share. */
export interface Centre {
  readonly nearside: Nearside;
  readonly words: Words;
  readonly categories: readonly Category[];
  /** What is known, read once for each drawing. */
  readonly known: { readonly profile: Profile; readonly settings: Settings; readonly decision: Decision };
  /** Does something, says what came of it, and draws again. */
  do(work: () => Promise<string | undefined | void>): void;
}

/** Whether learning is paused: the package does not say, so the elements remember what they told it. */
const paused = new WeakSet<Nearside>();

export const isPaused = (nearside: Nearside): boolean => paused.has(nearside);

/** Pauses or resumes learning. */
export function pause(nearside: Nearside, isOn: boolean): void {
  nearside.pauseLearning(isOn);
  if (isOn) paused.add(nearside);
  else paused.delete(nearside);
}
