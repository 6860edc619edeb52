// Writes the TypeScript of the API's shapes into src/browser/package/wire.
import { writeFileSync } from "node:fs";
import { at } from "./lib/root.mjs";
import { main } from "./lib/main.mjs";
import { wireFiles } from "./lib/wire-types.mjs";

await main(import.meta.url, () => {
  for (const [name, text] of Object.entries(wireFiles())) writeFileSync(at("src", "browser", "package", "wire", name), text);
});
