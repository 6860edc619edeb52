// The finance pack as one document, and its catalogue at any size, for measuring.
import { readFileSync, readdirSync } from "node:fs";
import { at } from "../lib/root.mjs";

const folder = (...parts) => at("src", "packs", "finance", ...parts);
const read = (file) => JSON.parse(readFileSync(file, "utf8"));

/** Returns the assembled pack. */
export function pack() {
  const whole = read(folder("pack.json"));
  const parts = readdirSync(folder()).filter((name) => name.endsWith(".json") && name !== "pack.json");
  for (const name of parts.sort()) whole[name.slice(0, -5)] = read(folder(name));
  return whole;
}

/** Returns `size` items: those of the pack, repeated under new ids, open to every country and without a deadline. */
export function items(size) {
  const all = readdirSync(folder("catalog")).sort().flatMap((name) => read(folder("catalog", name)));
  return Array.from({ length: size }, (_, index) => {
    const item = all[index % all.length];
    return { ...item, id: `${item.id}-${String(index).padStart(4, "0")}`, countries: [], deadline: null };
  });
}
