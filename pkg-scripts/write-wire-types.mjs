// Writes the TypeScript of the API's shapes into src/browser/package/wire, and what admins see besides into www/admin/wire.
import { mkdirSync, writeFileSync } from "node:fs";
import { adminFiles } from "./lib/admin-types.mjs";
import { at } from "./lib/root.mjs";
import { main } from "./lib/main.mjs";
import { wireFiles } from "./lib/wire-types.mjs";

await main(import.meta.url, () => {
  write(at("src", "browser", "package", "wire"), wireFiles());
  write(at("www", "admin", "wire"), adminFiles());
});

function write(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(`${folder}/${name}`, text);
}
