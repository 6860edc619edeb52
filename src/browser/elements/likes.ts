import type { Centre } from "./centre.js";
import { choice, panel } from "./controls.js";
import { button, make } from "./make.js";
import { fill } from "./words.js";

/** The terms that speak of a category; 0.5 is "nobody knows". */
const OF_CATEGORY = ["category_preference", "category_affinity"];
const UNKNOWN = 0.5;

interface Like {
  readonly id: string;
  readonly name: string;
  readonly isStated: boolean;
  /** What was learned, by term. */
  readonly learned: readonly (readonly [string, number])[];
}

/** What the engine's own terms say of each category, and what the person stated. */
function likesOf({ categories, known: { profile, decision } }: Centre): readonly Like[] {
  const stated = profile.preferences.recommendation_categories_preferred;
  return categories.map(({ id, name }) => {
    const terms = decision.items.find(({ category }) => category === id)?.terms ?? [];
    const learned = terms.filter(({ name: term, value }) => OF_CATEGORY.includes(term) && value > UNKNOWN).map((term) => [term.name, term.value] as const);
    return { id, name, isStated: stated.includes(id), learned };
  });
}

/** "What we think you like": pinned by the person, or learned, with remove, pin and why. */
export function likes(centre: Centre): HTMLElement {
  const { nearside, words, known: { profile } } = centre;
  const all = likesOf(centre);
  const shown = all.filter(({ isStated, learned }) => isStated || learned.length > 0);
  const state = async (change: (stated: readonly string[]) => string[]): Promise<void> => {
    const recommendation_categories_preferred = change(profile.preferences.recommendation_categories_preferred);
    await nearside.profile.set({ preferences: { recommendation_categories_preferred } });
  };
  const pin = (id: string): void => centre.do(() => state((stated) => [...stated, id]));
  const unpin = (id: string): Promise<void> => state((stated) => stated.filter((other) => other !== id));
  const remove = (id: string): void => centre.do(async () => {
    await unpin(id);
    const { withheld } = await nearside.observe({ type: "FEEDBACK", action: "negative", target_type: "category", target_id: id, category: id });
    return words[withheld > 0 ? "withheld" : "removed"];
  });
  const row = ({ id, name, isStated, learned }: Like): HTMLElement => {
    const named = (text: string): { readonly ariaLabel: string } => ({ ariaLabel: `${text}: ${name}` });
    const reasons = learned.map(([what, value]) => fill(words["whyLearned"]!, { what: words[what], value: value.toFixed(2) }));
    return make("li", {}, make("div", { className: "row" }, make("b", {}, name), make("small", {}, words[isStated ? "stated" : "learned"])),
      make("div", { className: "row" },
        isStated ? button(words["unpin"]!, () => centre.do(() => unpin(id)), `pin-${id}`, named(words["unpin"]!)) : button(words["pin"]!, () => pin(id), `pin-${id}`, named(words["pin"]!)),
        button(words["remove"]!, () => remove(id), `remove-${id}`, named(words["remove"]!))),
      make("details", {}, make("summary", named(words["whyLike"]!), words["whyLike"]),
        ...[isStated && words["whyStated"]!, ...reasons].map((text) => text && make("p", { className: "soft" }, text))));
  };
  const others = all.filter(({ isStated }) => !isStated).map(({ id, name }) => [id, name] as const);
  return panel(words["likes"]!,
    shown.length > 0 ? make("ul", { className: "likes", role: "list" }, ...shown.map(row)) : make("p", {}, words["noLikes"]),
    others.length > 0 && choice("add", words["addLike"]!, [["", "…"], ...others], "", (id) => id && pin(id)));
}
