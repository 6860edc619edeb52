// What `npm start` writes beside the pages: the tokens of the demo. They are git-ignored, and no part of a deployment.
import { rmSync } from "node:fs";
import { at } from "./root.mjs";

/** Where the pages find the demo people. */
export const PEOPLE_FILE = at("www", "demo-people.json");

/** Where the admin's pages find a monitor's token. */
export const ADMIN_FILE = at("www", "demo-admin.json");

/** Removes them: what is built is what is deployed. */
export function removeDemoFiles(files = [PEOPLE_FILE, ADMIN_FILE]) {
  for (const file of files) rmSync(file, { force: true });
}
