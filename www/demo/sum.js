// A score as what it is: terms that add up, times factors. The numbers are the API's; nothing is worked out here but the bars' lengths.

import { element } from "../shared/dom.js";

/** @import { Explanation, Term } from "../shared/wire.js" */

/** @param {number} value */
const three = (value) => value.toFixed(3);
/** @param {number} value */
const two = (value) => value.toFixed(2);

/** @param {Explanation} explanation */
export function sumOf({ terms, factors, score }) {
  const longest = Math.max(...terms.map((term) => Math.abs(term.contribution)), Number.MIN_VALUE);
  const list = element("ul", "terms");
  const strongestFirst = terms.toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  list.append(...strongestFirst.map((term) => row(term, longest)));
  const total = element("ul", "sum");
  total.append(...factors.map((factor) => line(factor.label, `× ${two(factor.multiplier)}`)));
  if (score !== null) total.append(line(factors.length > 0 ? "Score: the sum, times the factors" : "Score: the sum", three(score)));
  const made = element("div");
  made.append(list, total);
  return made;
}

/** @param {Term} term @param {number} longest */
function row(term, longest) {
  const made = element("li");
  const bar = element("div", term.contribution < 0 ? "bar is-minus" : "bar");
  const filled = element("span");
  filled.style.inlineSize = `${(100 * Math.abs(term.contribution)) / longest}%`;
  bar.append(filled);
  bar.setAttribute("aria-hidden", "true");
  made.append(
    element("span", "term-label", term.label),
    element("span", "term-adds", `${term.contribution < 0 ? "−" : "+"} ${three(Math.abs(term.contribution))}`),
    bar,
    element("span", "term-sum", `value ${two(term.value)} × weight ${two(term.weight)}`),
  );
  return made;
}

/** @param {string} label @param {string} value */
function line(label, value) {
  const made = element("li");
  made.append(element("span", "", label), element("span", "", value));
  return made;
}
