// The key that signs tokens on this machine. It is made once, at random, and never leaves the git-ignored file.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { at } from "./root.mjs";

const file = at(".dev.vars");

/** Makes `.dev.vars` with a fresh AUTH_KEYS secret unless it has one. Returns whether it did. */
export function ensureDevKeys() {
  const present = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (/^AUTH_KEYS=/m.test(present)) return false;
  const keys = [
    {
      id: `dev-${randomBytes(4).toString("hex")}`,
      algorithm: "HS256",
      key: randomBytes(32).toString("base64url"),
      roles: ["client", "reader", "monitor", "admin", "superadmin"],
    },
  ];
  // Single quotes: wrangler reads the value as it is, and JSON needs its own double quotes.
  writeFileSync(file, `${present}AUTH_KEYS='${JSON.stringify(keys)}'\n`, { mode: 0o600 });
  return true;
}
