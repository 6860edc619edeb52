// Brings a fresh clone to the point where it can build: packages, Node, Rust, a development key.
// Done again it only looks, which takes a second.
import { main } from "./lib/main.mjs";
import { step } from "./lib/progress.mjs";
import { ensurePackages } from "./lib/packages.mjs";
import { useCurrentNode } from "./lib/node-version.mjs";
import { ensureRust } from "./lib/rust.mjs";
import { ensureDevKeys } from "./lib/dev-keys.mjs";
import { ensureVendored } from "./lib/vendor.mjs";

/** Sets up what every command needs. Ends this process and goes on in another where this Node is too old. */
export async function setUp() {
  await ensurePackages();
  await useCurrentNode();
  await step(`Node ${process.versions.node}, Rust and its wasm target`, ensureRust);
  if (ensureVendored()) console.log("  ✓ the charts' library beside the pages");
  if (ensureDevKeys()) console.log("  ✓ .dev.vars with fresh keys for development tokens and models");
}

await main(import.meta.url, setUp);
