// Numbers, dates and names as the pages say them.

const COUNT = new Intl.NumberFormat("en-GB");
const MOMENT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** Said where there is no figure. */
export const NONE = "not known";
/** Figures over fewer people than this are not shown. */
export const LEAST_PEOPLE = 20;

/** A whole number. */
export const count = (value: number) => COUNT.format(Math.round(value));

/** How many people; few are not counted out. */
export const people = (value: number | null) => (value === null ? NONE : value < LEAST_PEOPLE ? `fewer than ${LEAST_PEOPLE}` : count(value));

/** A figure with as many digits as help. */
export function figure(value: number, digits = 3): string {
  if (value < 0) return `−${figure(-value, digits)}`;
  if (Number.isInteger(value)) return count(value);
  return new Intl.NumberFormat("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** A figure with its sign. */
export const signed = (value: number, digits = 3) => `${value < 0 ? "−" : "+"}${figure(Math.abs(value), digits)}`;

/** Bytes as people read them. */
export const size = (bytes: number) => (bytes < 1024 ? `${bytes} bytes` : bytes < 1024 * 1024 ? `${figure(bytes / 1024, 1)} KB` : `${figure(bytes / 1024 / 1024, 1)} MB`);

/** A time, in UTC. */
export const moment = (iso: string) => `${MOMENT.format(new Date(iso))} UTC`;

/** A day, in UTC. */
export const day = (time: string | number) => DAY.format(new Date(time));

/** The beginning of a version, which is enough to tell it from others. */
export const short = (version: string | null) => (version ? version.slice(0, 12) : "the pack's own weights");

/** A name of ours as people read it: "rolled_back" is "rolled back". */
export const plain = (name: string) => name.replaceAll("_", " ").toLowerCase();

/** A canary's version and its share, of "VERSION:PER CENT". */
export function canaryOf(said: string | null): { version: string; share: number } | null {
  const [version, share] = said?.split(":") ?? [];
  return version && share ? { version, share: Number(share) } : null;
}
