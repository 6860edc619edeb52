// Reading what the origin job measured: figures with their errors, segments of people, a gate's verdicts. The document leaves
// these open, so what does not read is left out.

import { LEAST_PEOPLE } from "./format.js";
import type { KeptModel, ModelPerformance, StoredEvaluation } from "./wire/answers.js";

/** The models of one pack. */
export type PackReport = ModelPerformance["packs"][number];

/** A figure of a test, and its standard error where it was measured. */
export interface Figure {
  readonly value: number;
  readonly error: number | null;
}

/** People who have something in common, and how a candidate did for them. */
export interface Segment {
  readonly by: string;
  readonly label: string;
  readonly people: number;
  readonly base: number | null;
  readonly candidate: number | null;
}

/** One rule of the gate. */
export interface Verdict {
  readonly rule: string;
  readonly figure: string;
  readonly limit: string;
  readonly isPassed: boolean;
}

type Table = Readonly<Record<string, unknown>>;
const tableOf = (value: unknown): Table => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Table) : {});
const numberOf = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null);
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A number of a table, by its name. */
export const numberIn = (table: Table, name: string) => numberOf(table[name]);

/** The figures of a test by their names. */
export function figuresOf(metrics: Table): Map<string, Figure> {
  const found = new Map<string, Figure>();
  for (const [name, said] of Object.entries(metrics)) {
    const value = numberOf(said) ?? numberOf(tableOf(said)["value"]);
    if (value !== null) found.set(name, { value, error: numberOf(tableOf(said)["standard_error"]) });
  }
  return found;
}

/** The segments of a test. */
export function segmentsOf(said: unknown): Segment[] {
  return listOf(said).flatMap((entry) => {
    const { by, label, people, base, candidate } = tableOf(entry);
    const many = numberOf(people);
    return many === null ? [] : [{ by: textOf(by), label: textOf(label), people: many, base: numberOf(base), candidate: numberOf(candidate) }];
  });
}

/** Whether a test is known to be of too few people to be shown. A test that counts nobody says nothing of how many they were. */
export function isOfFew(evaluation: StoredEvaluation): boolean {
  const sums = new Map<string, number>();
  for (const { by, people } of segmentsOf(evaluation.segments)) sums.set(by, (sums.get(by) ?? 0) + people);
  return sums.size > 0 && Math.max(...sums.values()) < LEAST_PEOPLE;
}

/** Whether a version learned from too few people for its figures to be shown. */
export const learnedFromFew = (kept: KeptModel) => (numberIn(kept.window, "people") ?? 0) < LEAST_PEOPLE;

/** What the gate said, rule by rule. */
export function verdictsOf(gate: Table | null): Verdict[] {
  return listOf(tableOf(gate)["verdicts"]).map((entry) => {
    const { rule, figure, limit, passed } = tableOf(entry);
    return { rule: textOf(rule), figure: textOf(figure), limit: textOf(limit), isPassed: passed === true };
  });
}

const MEASURES: Readonly<Record<string, string>> = {
  ndcg: "NDCG", map: "MAP", hit_rate: "Hit rate", recall: "Recall", precision: "Precision", coverage: "Catalogue coverage",
  diversity: "List diversity", novelty: "Novelty", calibration: "Distance to the person's own mix",
};

/** A figure's name as people read it: "repeats_ndcg_10" is "NDCG@10, repeats allowed". */
export function measure(name: string): string {
  const [, test = "", stem = name, places] = /^(new|repeats|training)?_?(.+?)(?:_(\d+))?$/.exec(name) ?? [];
  const words = MEASURES[stem] ?? stem.replaceAll("_", " ");
  const where = { new: ", new items only", repeats: ", repeats allowed", training: ", on its own training lists" }[test] ?? "";
  return `${words}${places ? `@${places}` : ""}${where}`;
}

/** The order in which figures are shown: what is looked at first, first. */
export function byWeight(names: Iterable<string>): string[] {
  const stems = Object.keys(MEASURES);
  const place = (name: string) => {
    const found = stems.findIndex((stem) => name.includes(stem));
    return (found < 0 ? stems.length : found) * 4 + (name.startsWith("repeats") ? 0 : name.startsWith("new") ? 1 : 2);
  };
  return [...names].sort((one, other) => place(one) - place(other) || one.localeCompare(other));
}
