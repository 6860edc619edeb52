// A pack folder on its way to a Worker: put together as `npm run pack` reads it, and uploaded where it is new.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { at } from "./root.mjs";

/** The API takes 1,000 entries and 1 MB a call; this many items of the longest texts stay below both. */
const ITEMS_A_CALL = 100;

const readJson = (...path) => JSON.parse(readFileSync(at(...path), "utf8"));
const jsonFiles = (...folder) => readdirSync(at(...folder)).filter((name) => name.endsWith(".json")).sort();

/** Returns a pack as one JSON text: pack.json has the plain keys, every other KEY.json the value of its key. */
export function assemblePack(id) {
  const folder = ["src", "packs", id];
  const parts = jsonFiles(...folder).filter((name) => name !== "pack.json");
  const entries = parts.map((name) => [name.replace(/\.json$/, ""), readJson(...folder, name)]);
  return JSON.stringify({ ...readJson(...folder, "pack.json"), ...Object.fromEntries(entries) });
}

/** Returns the items of a pack's catalogue. */
export function readItems(id) {
  const folder = ["src", "packs", id, "catalog"];
  return jsonFiles(...folder).flatMap((name) => readJson(...folder, name));
}

/** Makes the pack live, unless its very bytes are. Returns whether it did. */
export async function publishPack(call, id) {
  const text = assemblePack(id);
  const version = createHash("sha256").update(text).digest("hex");
  const { json: health } = await call("GET", "/health");
  if (health.packs?.[id] === version) return false;
  await call("PUT", `/packs/${id}`, text);
  return true;
}

/** Makes the folder's items the live catalogue. The same items give the same version. Returns how many they are. */
export async function publishCatalogue(call, id) {
  const items = readItems(id);
  const { json: live } = await call("GET", `/catalog/${id}`);
  const kept = new Set(items.map((item) => item.id));
  const remove = (live?.items ?? []).map((item) => item.id).filter((known) => !kept.has(known));
  for (let from = 0; from < items.length; from += ITEMS_A_CALL) {
    await call("PUT", `/catalog/${id}`, { items: items.slice(from, from + ITEMS_A_CALL), remove: from === 0 ? remove : [] });
  }
  await call("POST", `/catalog/${id}/commit`);
  return items.length;
}
