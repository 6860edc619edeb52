// Starts the page: one column for each demo person, and one for the order that everybody gets.

import { readPeople } from "../shared/api.js";
import { element, find } from "../shared/dom.js";
import { Problem, wordsFor } from "../shared/problem.js";
import { generalColumn } from "./general-column.js";
import { personColumn } from "./person-column.js";
import { titlesOnly } from "./titles-only.js";

/** @param {unknown} thrown */
function words(thrown) {
  const isMissing = thrown instanceof Problem && (thrown.status === 404 || thrown.status === -1);
  return isMissing ? "The demo people are missing. Run npm start, which makes them, then reload this page." : wordsFor(thrown);
}

/** Links to the columns, for screens that show one below the other. @param {HTMLElement[]} columns */
function showJumps(columns) {
  const jump = find(document, ".jump", HTMLElement);
  for (const column of columns) {
    const link = element("a", "", find(column, "h2", HTMLHeadingElement).textContent ?? "");
    link.href = `#${column.id}`;
    jump.append(link);
  }
  jump.hidden = false;
}

async function start() {
  const lists = find(document, "#lists", HTMLElement);
  lists.setAttribute("aria-busy", "true");
  titlesOnly(lists);
  try {
    const people = await readPeople();
    const [first] = people;
    if (!first) throw new Problem(404, "");
    const columns = [...people.map(personColumn), generalColumn(first.token)];
    lists.append(...columns);
    showJumps(columns);
  } catch (thrown) {
    const problem = element("p", "problem page-problem", words(thrown));
    problem.setAttribute("role", "alert");
    lists.append(problem);
  } finally {
    lists.removeAttribute("aria-busy");
  }
}

await start();
