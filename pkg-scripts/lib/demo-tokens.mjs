// Development tokens, signed with the HS256 key of .dev.vars. They last a day, which is the longest that the Worker takes.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { at } from "./root.mjs";
import { StepFailed } from "./run.mjs";

/** What wrangler.toml says of issuer and audience. */
const ISSUER = "nearside-dev";
const AUDIENCE = "nearside";
const DAY_SECONDS = 24 * 60 * 60;

/** Reads the secret AUTH_KEYS of this machine, as JSON text. */
export function readDevKeys() {
  const line = /^AUTH_KEYS=(['"]?)(.*)\1$/m.exec(readFileSync(at(".dev.vars"), "utf8"));
  if (!line) throw new StepFailed("AUTH_KEYS is missing in .dev.vars; delete that file and run npm start again.");
  return line[2];
}

/**
 * Returns a function that signs tokens.
 * @param {string} authKeys the value of AUTH_KEYS
 * @returns {(role: string, user: string) => string}
 */
export function tokenSigner(authKeys) {
  const known = JSON.parse(authKeys).find((entry) => entry.algorithm === "HS256");
  if (!known) throw new StepFailed("AUTH_KEYS has no HS256 key, which the demo's tokens need.");
  return (role, user) => {
    const now = Math.floor(Date.now() / 1000);
    const parts = [
      { alg: "HS256", kid: known.id, typ: "JWT" },
      { iss: ISSUER, aud: AUDIENCE, sub: user, role, nbf: now, iat: now, exp: now + DAY_SECONDS },
    ];
    const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    return `${signed}.${createHmac("sha256", Buffer.from(known.key, "base64url")).update(signed).digest("base64url")}`;
  };
}
