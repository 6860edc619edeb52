// Sums and lines of the overview's days. Days of fewer than twenty people have no figure: they add nothing, and a line is broken there.

import { day, figure, LEAST_PEOPLE } from "../format.js";
import type { Overview, OverviewDay, ServiceDay } from "../wire/answers.js";
import type { Lines } from "./plot.js";

/** Said in a figure's place. */
export const FEW = `fewer than ${LEAST_PEOPLE} people`;

/** A figure that is shown, and of which days it speaks. */
export interface Tile {
  readonly name: string;
  /** Nothing where there is no figure. */
  readonly value: string | null;
  readonly about: string;
}

/** A share in per cent; nothing where it is not known. */
export const percent = (share: number | null | undefined) => (share == null ? null : `${figure(Math.round(share * 1000) / 10, 1)} %`);

type Numbers<Entry> = { [Name in keyof Entry]: Entry[Name] extends number | null ? Name : never }[keyof Entry];

/** Those of the entries that have all of these figures. */
function having<Entry, Name extends Numbers<Entry>>(entries: readonly Entry[], ...names: readonly Name[]): readonly (Entry & Record<Name, number>)[] {
  return entries.filter((entry): entry is Entry & Record<Name, number> => names.every((name) => entry[name] !== null));
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
const daysOf = (shown: readonly unknown[], all: readonly unknown[]) => (shown.length === all.length ? `${all.length} days` : `${shown.length} of ${all.length} days`);

/** What people did with a pack, day by day. */
export const daysOfPack = ({ days }: Overview, pack: string) => days.filter((one) => one.pack === pack);

/** What people did with a pack, in figures. */
export function tilesOfPack(days: readonly OverviewDay[]): readonly Tile[] {
  const [counted, active, judged] = [having(days, "events"), having(days, "active_people"), having(days, "accepted", "dismissed")];
  const [latest, covered, mixed] = [active.at(-1), having(days, "coverage").at(-1), having(days, "diversity").at(-1)];
  const accepted = sum(judged.map((one) => one.accepted));
  const answered = accepted + sum(judged.map((one) => one.dismissed));
  const on = (one: { readonly day: string } | undefined) => (one ? day(one.day) : "");
  return [
    { name: "Events", value: counted.length > 0 ? figure(sum(counted.map(({ events }) => events))) : null, about: daysOf(counted, days) },
    { name: "Active people", value: latest ? figure(latest.active_people) : null, about: on(latest) },
    { name: "Acceptance", value: answered > 0 ? percent(accepted / answered) : null, about: daysOf(judged, days) },
    { name: "Catalogue coverage", value: percent(covered?.coverage), about: on(covered) },
    { name: "Diversity of categories", value: mixed ? figure(mixed.diversity) : null, about: on(mixed) },
  ];
}

/** How people chose and how they were answered, in figures. */
export function tilesOfService({ people, service }: Overview): readonly Tile[] {
  const shown = having(service, "requests", "general_share", "degraded_share");
  const requests = sum(shown.map((one) => one.requests));
  const share = (of: (one: (typeof shown)[number]) => number) => (requests > 0 ? percent(sum(shown.map((one) => of(one) * one.requests)) / requests) : null);
  const last = shown.at(-1);
  const about = daysOf(shown, service);
  return [
    { name: "Opt-out rate", value: percent(people.opt_out_rate), about: people.day === null ? "counted by night; none was yet" : `${day(people.day)}${people.known === null ? "" : `, of ${figure(people.known)}`}` },
    { name: "Lists asked for", value: requests > 0 ? figure(requests) : null, about },
    { name: "General order", value: share((one) => one.general_share), about },
    { name: "Degraded", value: share((one) => one.degraded_share), about },
    { name: "Time to answer, 95 % within", value: last?.latency_ms.p95 == null ? null : `${figure(last.latency_ms.p95)} ms`, about: last ? day(last.day) : "" },
  ];
}

const saysDay = (at: number) => day(at);

function linesOf<Entry extends { readonly day: string }>(entries: readonly Entry[], named: Readonly<Record<string, (entry: Entry) => number | null>>): Lines | null {
  const lines = Object.entries(named).map(([name, of]) => ({ name, values: entries.map(of) })).filter(({ values }) => values.some((value) => value !== null));
  const shown = entries.filter((_, row) => lines.some(({ values }) => values[row] !== null));
  if (shown.length < 2) return null;
  return { axis: "Day", says: saysDay, times: entries.map((entry) => Date.parse(entry.day)), lines };
}

/** How many there were of each, by day. */
export const countsOf = (days: readonly OverviewDay[]) =>
  linesOf(days, { "active people": (one) => one.active_people, shown: (one) => one.shown, accepted: (one) => one.accepted, dismissed: (one) => one.dismissed });

/** Shares of 1, by day. */
export const ratesOf = (days: readonly OverviewDay[]) =>
  linesOf(days, { acceptance: (one) => one.acceptance_rate, coverage: (one) => one.coverage, diversity: (one) => one.diversity });

/** Percentiles in milliseconds, by day. */
export const latenciesOf = (service: readonly ServiceDay[]) =>
  linesOf(service, { p50: ({ latency_ms }) => latency_ms.p50, p95: ({ latency_ms }) => latency_ms.p95, p99: ({ latency_ms }) => latency_ms.p99 });

/** Shares of 1, by day. */
export const sharesOf = (service: readonly ServiceDay[]) =>
  linesOf(service, { "general order": (one) => one.general_share, degraded: (one) => one.degraded_share });
