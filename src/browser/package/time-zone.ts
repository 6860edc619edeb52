import type { Context } from "./wire/items.js";

/** Returns the context with the time zone's name turned into its offset at a time. A name that nobody knows is left out. */
export function withOffset(context: Context | null | undefined, atMs: number): Context {
  if (context?.time_zone == null) return context ?? {};
  const { time_zone: zone, ...rest } = context;
  const offset = rest.utc_offset_minutes ?? offsetMinutes(zone, atMs);
  return offset === undefined ? rest : { ...rest, utc_offset_minutes: offset };
}

/** Returns how far a zone is ahead of UTC, in minutes; undefined where there is no such zone. */
export function offsetMinutes(zone: string, atMs: number): number | undefined {
  try {
    const text = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" }).format(atMs);
    // At Greenwich's own time there is no number.
    const [, sign = "", hours = 0, minutes = 0] = /GMT([+-])(\d\d):(\d\d)/.exec(text) ?? [];
    return Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
  } catch {
    return undefined;
  }
}
