import type { Explanation } from "nearside";
import { bar, listed, make } from "./make.js";
import { fill, type Words } from "./words.js";

const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
const plain = (name: string): string => (name[0] ?? "").toUpperCase() + name.slice(1).replaceAll("_", " ");

/** Draws an explanation: every number in it is the engine's own. `tell` is what can be done about it. */
export function explained(explanation: Explanation, words: Words, tell: HTMLElement | false): HTMLElement[] {
  const { personalization, rank, score, is_hidden, logic } = explanation;
  const isGeneral = personalization === "none";
  const place = isGeneral ? words["generalPlace"]! : rank !== undefined && score !== undefined && fill(words["place"]!, { rank, score: score.toFixed(3) });
  return [
    place && make("p", {}, place),
    is_hidden && make("p", { className: "note" }, words["hidden"]),
    !isGeneral && listed(words["reasons"]!, explanation.primary_reasons),
    listed(words["factors"]!, explanation.contributing_factors),
    tell,
    sum(explanation, words),
    listed(words["data"]!, explanation.data_used),
    listed(words["change"]!, explanation.what_would_change_it),
    listed(words["improve"]!, explanation.how_to_improve_relevance),
    make("p", { className: "soft" }, logic),
  ].filter((part): part is HTMLElement => part instanceof HTMLElement);
}

/** Terms as bars, then factors, then what they come to. Absent where the reasoning is not shown. */
function sum({ terms = [], factors = [], score }: Explanation, words: Words): HTMLElement | undefined {
  if (terms.length === 0 || score === undefined) return undefined;
  const most = Math.max(...terms.map(({ contribution }) => Math.abs(contribution))) || 1;
  const rows = terms.map(({ label, value, weight, contribution }) =>
    make("li", {}, label, make("span", {}, signed(contribution)), bar(contribution / most),
      make("small", {}, fill(words["term"]!, { value: value.toFixed(3), weight: weight.toFixed(3) }))));
  const times = factors.map(({ name, multiplier }) => make("li", {}, plain(name), make("span", {}, `× ${multiplier.toFixed(2)}`)));
  const total = make("li", { className: "total" }, words["total"], make("span", {}, score.toFixed(3)));
  return make("section", {}, make("h3", {}, words["sum"]), make("ul", { className: "terms", role: "list" }, ...rows, ...times, total));
}
