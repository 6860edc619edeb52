// Where the project is. Scripts name files by their path from here, wherever they were started.
import { fileURLToPath } from "node:url";
import { join } from "node:path";

/** The folder that holds package.json. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Returns the absolute path of a file of the project. */
export const at = (...parts) => join(root, ...parts);

/** The folder cargo builds into. */
export const cargoTarget = process.env.CARGO_TARGET_DIR ?? at("target");

process.chdir(root);
