export { defineElements } from "./define.js";
export { forgetSnoozes, isSnoozed, snooze } from "./snoozes.js";
export type { Category, NearsideElement, PreferenceCentreElement, TakenAction, WhyThisElement } from "./types.js";
export { english, type Words } from "./words.js";
