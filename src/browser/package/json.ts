import { NearsideError } from "./errors.js";

/** Writes a value as JSON. What it cannot say, is circular or too deep is refused: JavaScript's own words would repeat names. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    throw new NearsideError("invalid-request", "not JSON");
  }
}
