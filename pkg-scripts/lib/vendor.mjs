// The one library that a page uses, beside the pages: a browser asks nobody but the Worker for it.
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { at } from "./root.mjs";

const FILES = [["dist", "uPlot.esm.js"], ["dist", "uPlot.min.css"], ["LICENSE"]];

/** Copies uPlot into the git-ignored `www/dist/uplot`, unless it is there as it should be. Returns whether it did. */
export function ensureVendored() {
  mkdirSync(at("www", "dist", "uplot"), { recursive: true });
  const copied = FILES.map((path) => copy(at("node_modules", "uplot", ...path), at("www", "dist", "uplot", path.at(-1))));
  return copied.includes(true);
}

function copy(from, to) {
  try {
    if (readFileSync(to).equals(readFileSync(from))) return false;
  } catch {
    // Not there yet.
  }
  copyFileSync(from, to);
  return true;
}
