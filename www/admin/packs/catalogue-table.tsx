// The items of a catalogue, to look through.

import { useState } from "preact/hooks";
import type { Item } from "../../../src/browser/package/wire/items.js";
import { count, day } from "../format.js";

const STEP = 20;

/** Items that a word finds, some at a time. */
export function CatalogueTable({ items }: { items: readonly Item[] }) {
  const [word, setWord] = useState("");
  const [category, setCategory] = useState("");
  const [most, setMost] = useState(STEP);
  const needle = word.trim().toLowerCase();
  const found = items.filter((item) => (!category || item.category === category) && [item.id, item.title, ...(item.tags ?? [])].some((text) => text.toLowerCase().includes(needle)));
  const shown = found.slice(0, most);
  const categories = [...new Set(items.map((item) => item.category))].sort();
  return (
    <>
      <div class="filters">
        <p class="field"><label for="word">Find in id, title or tags</label><input id="word" type="search" value={word} onInput={(event) => { setWord(event.currentTarget.value); setMost(STEP); }} /></p>
        <p class="field"><label for="category">Category</label>
          <select id="category" value={category} onChange={(event) => { setCategory(event.currentTarget.value); setMost(STEP); }}>
            <option value="">All</option>{categories.map((name) => <option key={name} value={name}>{name}</option>)}
          </select></p>
      </div>
      <p class="soft" role="status">{found.length === items.length ? `${count(items.length)} items` : `${count(found.length)} of ${count(items.length)} items`}</p>
      {shown.length > 0 && (
        <div class="table-frame" tabIndex={0} role="group" aria-label="Items">
          <table>
            <thead><tr><th scope="col">Title</th><th scope="col">Id</th><th scope="col">Category</th><th scope="col" class="number">Priority</th><th scope="col">Countries</th><th scope="col">Deadline</th><th scope="col">Regulated</th></tr></thead>
            <tbody>{shown.map((item) => (
              <tr key={item.id}>
                <th scope="row" class="words">{item.title}</th><td><code>{item.id}</code></td><td>{item.category}</td><td class="number">{item.priority ?? "–"}</td>
                <td>{item.countries?.join(", ") || "all"}</td><td>{item.deadline ? day(item.deadline) : "–"}</td><td>{item.regulated ? "yes" : "no"}</td>
              </tr>
            ))}</tbody>
          </table>
        </div>
      )}
      {found.length > most && <p><button type="button" class="quiet" onClick={() => setMost(most + STEP)}>Show {Math.min(STEP, found.length - most)} more</button></p>}
    </>
  );
}
