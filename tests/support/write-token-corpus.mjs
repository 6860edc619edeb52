// Writes tests/corpus/tokens.json: tokens made by Node with fixed keys and a fixed clock, which the Rust verifier must
// accept or refuse, and which `nearside token` must reproduce. Run: node tests/support/write-token-corpus.mjs

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AUDIENCE, forgedTokens, ISSUER, mint, newKeys, publicKeyOf, ROLES } from './tokens.mjs';

export const CORPUS_FILE = fileURLToPath(new URL('../corpus/tokens.json', import.meta.url));

/** The oversized ones are refused for their length alone; the Rust tests build those themselves. */
const LONGEST_KEPT_TOKEN = 5000;

/** Returns the text of the corpus, the same on every run. */
export function tokenCorpus() {
  const now = 1_790_000_000_000;
  const user = '0192f0c1-2d3e-7a4b-8c5d-6e7f80912a3b';
  const secret = Buffer.from(Array.from({ length: 32 }, (_, index) => index + 1));
  const seed = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index));
  const keys = newKeys({ secret, seed });
  const accepted = [keys.hs256, keys.eddsa].flatMap((key) =>
    ROLES.map((role) => ({ name: `${key.alg} ${role}`, role, key_id: key.kid, token: mint({ ...key, role, user, now }) })),
  );
  const refused = forgedTokens({ ...keys.hs256, user, now, publicKey: publicKeyOf(seed), publicKid: keys.eddsa.kid })
    .filter(({ token }) => token.length <= LONGEST_KEPT_TOKEN)
    .map(({ name, token }) => ({ name, token }));
  const corpus = {
    about: 'Written by tests/support/write-token-corpus.mjs; the keys are for tests only.',
    now_ms: now, issuer: ISSUER, audience: AUDIENCE, user, expires_in_s: 3600,
    private_seed: seed.toString('base64url'), auth_keys: keys.authKeys, accepted, refused,
  };
  return `${JSON.stringify(corpus, null, 1)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(CORPUS_FILE, tokenCorpus());
