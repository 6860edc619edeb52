// The keys of this machine: one signs tokens, the other signs models. Each is made once, at random, and its secret half
// never leaves a git-ignored file.
import { createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { at } from "./root.mjs";

const file = at(".dev.vars");

/** Where `nearside publish` finds the key that it signs models with: `{"id", "private"}`, the seed in base64. */
const modelKeyFile = process.env.NEARSIDE_MODEL_KEY_FILE ?? at(".nearside", "model-key.json");

/** Makes `.dev.vars` with a fresh AUTH_KEYS secret and MODEL_KEYS unless it has them. Returns whether it did. */
export function ensureDevKeys() {
  const made = [ensure("AUTH_KEYS", tokenKeys), ensure("MODEL_KEYS", modelKeys)];
  return made.includes(true);
}

/** Adds a variable unless it is there. */
function ensure(name, make) {
  const present = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (new RegExp(`^${name}=`, "m").test(present)) return false;
  const before = present === "" || present.endsWith("\n") ? present : `${present}\n`;
  // Single quotes: wrangler reads the value as it is, and JSON needs its own double quotes.
  writeFileSync(file, `${before}${name}='${JSON.stringify(make())}'\n`, { mode: 0o600 });
  return true;
}

function tokenKeys() {
  return [
    {
      id: `dev-${randomBytes(4).toString("hex")}`,
      algorithm: "HS256",
      key: randomBytes(32).toString("base64url"),
      roles: ["client", "reader", "monitor", "admin", "superadmin"],
    },
  ];
}

/** The public half of the key in the file, which is made when it is missing. */
function modelKeys() {
  if (!existsSync(modelKeyFile)) {
    const { privateKey } = generateKeyPairSync("ed25519");
    const key = { id: `dev-${randomBytes(4).toString("hex")}`, private: rawHalf(privateKey, "d") };
    mkdirSync(dirname(modelKeyFile), { recursive: true, mode: 0o700 });
    writeFileSync(modelKeyFile, `${JSON.stringify(key)}\n`, { mode: 0o600 });
  }
  const { id, private: seed } = JSON.parse(readFileSync(modelKeyFile, "utf8"));
  const jwk = { kty: "OKP", crv: "Ed25519", d: Buffer.from(seed, "base64").toString("base64url"), x: "" };
  return { [id]: rawHalf(createPublicKey({ key: jwk, format: "jwk" }), "x") };
}

/** The 32 bytes of a half, in base64. */
const rawHalf = (key, name) => Buffer.from(key.export({ format: "jwk" })[name], "base64url").toString("base64");
