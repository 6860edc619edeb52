// The token builders themselves: what they promise to the tests that use them.

import assert from 'node:assert/strict';
import { createHmac, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { forgedTokens, mint, newKeys, privateKeyOf, publicKeyOf } from './tokens.mjs';
import { CORPUS_FILE, tokenCorpus } from './write-token-corpus.mjs';

const user = '0192f0c1-2d3e-7a4b-8c5d-6e7f80912a3b';
const decoded = (token) => token.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));

test('the committed corpus is what the builders make', () => {
  assert.equal(readFileSync(CORPUS_FILE, 'utf8'), tokenCorpus());
});

test('minted tokens verify with the keys that signed them', () => {
  const { hs256, eddsa } = newKeys();
  const shared = mint({ ...hs256, user });
  const [signed, signature] = [shared.slice(0, shared.lastIndexOf('.')), shared.slice(shared.lastIndexOf('.') + 1)];
  assert.equal(createHmac('sha256', hs256.key).update(signed).digest('base64url'), signature);
  const open = mint({ ...eddsa, user, role: 'reader' });
  const at = open.lastIndexOf('.');
  const publicKey = createPublicKey(privateKeyOf(eddsa.key));
  assert.ok(verify(null, Buffer.from(open.slice(0, at)), publicKey, Buffer.from(open.slice(at + 1), 'base64url')));
});

test('claims and header parameters can be replaced and removed', () => {
  const { hs256 } = newKeys();
  const [header, claims] = decoded(mint({ ...hs256, user, header: { typ: undefined }, claims: { nbf: undefined, exp: 7 } }));
  assert.deepEqual(header, { alg: 'HS256', kid: hs256.kid });
  assert.equal(claims.exp, 7);
  assert.ok(!('nbf' in claims));
});

test('forged tokens are many, differ from each other and from the good one, and can travel in a header', () => {
  const { hs256, eddsa } = newKeys();
  const now = Date.now();
  const rows = forgedTokens({ ...hs256, user, now, publicKey: publicKeyOf(eddsa.key), publicKid: eddsa.kid });
  const good = mint({ ...hs256, user, now });
  assert.ok(rows.length >= 100, `${rows.length} rows`);
  assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
  assert.equal(new Set(rows.map(({ token }) => token)).size, rows.length);
  for (const { name, token } of rows) {
    assert.notEqual(token, good, name);
    assert.match(token, /^[!-~](?:[\t -~]*[!-~])?$/, name);
  }
});
