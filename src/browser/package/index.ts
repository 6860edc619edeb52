export { createNearside } from "./create.js";
export { NearsideError, type NearsideCode } from "./errors.js";
export { init, type WasmSource } from "./init.js";
export type {
  Assignment, Candidates, ErasureReceipt, ExplainOptions, Nearside, ProfileAccess, RerankOptions, SettingsAccess,
} from "./nearside.js";
export type { Mode, NearsideChange, NearsideOptions } from "./options.js";
export type { Change, NearsideStorage, Row } from "./storage.js";
export type * from "./wire/decisions.js";
export type * from "./wire/events.js";
export type * from "./wire/explanations.js";
export type * from "./wire/items.js";
export type * from "./wire/people.js";
export type * from "./wire/settings.js";
