// Tokens for tests that go through the Worker: good ones, and forged ones. Built with Node's own crypto only, so that
// the Rust verifier is checked against code it shares nothing with.

import { createHmac, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';

export const ISSUER = 'nearside-dev';
export const AUDIENCE = 'nearside';
export const ROLES = ['client', 'reader', 'monitor', 'admin', 'superadmin'];

const base64url = (data) => Buffer.from(data).toString('base64url');

/** DER in front of a raw 32-byte Ed25519 seed (RFC 8410). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Reads a raw Ed25519 seed (Buffer or base64url) as a private key. */
export function privateKeyOf(seed) {
  const raw = typeof seed === 'string' ? Buffer.from(seed, 'base64url') : Buffer.from(seed);
  return createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, raw]), format: 'der', type: 'pkcs8' });
}

/** Returns the raw 32-byte public key of a raw Ed25519 seed. */
export function publicKeyOf(seed) {
  return createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' }).subarray(-32);
}

/**
 * Makes keys for one test server: `authKeys` is the value of the secret AUTH_KEYS, `hs256` and `eddsa` are what
 * `mint` and `forgedTokens` take; `modelKeys` is the value of MODEL_KEYS, `model` what `signedModel` takes.
 */
export function newKeys({ roles = ROLES, secret = randomBytes(32), seed = randomBytes(32), modelSeed = randomBytes(32) } = {}) {
  const authKeys = JSON.stringify([
    { id: 'test-hs256', algorithm: 'HS256', key: base64url(secret), roles },
    { id: 'test-eddsa', algorithm: 'EdDSA', key: base64url(publicKeyOf(seed)), roles },
  ]);
  return {
    authKeys,
    modelKeys: JSON.stringify({ 'test-model': publicKeyOf(modelSeed).toString('base64') }),
    model: { id: 'test-model', seed: modelSeed },
    hs256: { key: Buffer.from(secret), kid: 'test-hs256', alg: 'HS256' },
    eddsa: { key: Buffer.from(seed), kid: 'test-eddsa', alg: 'EdDSA' },
  };
}

/** Signs text with a key: HS256 with a secret, EdDSA with a seed; any other algorithm gives no signature. */
function signature(alg, key, text) {
  const raw = typeof key === 'string' ? Buffer.from(key, 'base64url') : key;
  if (alg === 'HS256') return createHmac('sha256', raw).update(text).digest();
  if (alg === 'EdDSA') return sign(null, Buffer.from(text), privateKeyOf(raw));
  return Buffer.alloc(0);
}

const goodClaims = ({ role, user, issuer = ISSUER, audience = AUDIENCE, now = Date.now() }) => {
  const nowS = Math.floor(now / 1000);
  return { iss: issuer, aud: audience, sub: user, role, nbf: nowS, iat: nowS, exp: nowS + 3600 };
};

/**
 * Makes a token. `key` is a secret or an Ed25519 seed (Buffer or base64url). `claims` and `header` are laid over the
 * good ones; `undefined` removes a member. `now` is in milliseconds.
 */
export function mint({ role = 'client', user, key, kid, alg = 'HS256', claims = {}, header = {}, now, issuer, audience }) {
  return mintTexts({
    header: JSON.stringify({ alg, kid, typ: 'JWT', ...header }),
    payload: JSON.stringify({ ...goodClaims({ role, user, issuer, audience, now }), ...claims }),
    sign: (text) => signature(alg, key, text),
  });
}

/** Makes a token of any two texts (or bytes), signed by any function. */
export function mintTexts({ header, payload, sign: signer }) {
  const signed = `${base64url(header)}.${base64url(payload)}`;
  return `${signed}.${base64url(signer(signed))}`;
}

/**
 * Makes tokens that must all be refused, as `{ name, token, isOversized? }`. `key` is the HS256 secret behind `kid`; with
 * `publicKey` (raw bytes) and `publicKid` of an EdDSA key the confusion of algorithms is tried too.
 * Every token can travel in a header; `isOversized` marks those that a server may refuse before reading them.
 */
export function forgedTokens({ key, kid, user, now = Date.now(), publicKey, publicKid, issuer = ISSUER, audience = AUDIENCE }) {
  const nowS = Math.floor(now / 1000);
  const base = { role: 'client', user, key, kid, now, issuer, audience };
  const secret = typeof key === 'string' ? Buffer.from(key, 'base64url') : key;
  const hs256 = (text) => signature('HS256', secret, text);
  const good = mint(base);
  const [head, body, tail] = good.split('.');
  const header = JSON.stringify({ alg: 'HS256', kid, typ: 'JWT' });
  const payload = JSON.stringify(goodClaims(base));
  const rows = [];
  const add = (name, token, more = {}) => rows.push({ name, token, ...more });
  const addHeader = (name, parameters, more) => add(name, mint({ ...base, header: parameters }), more);
  const addClaims = (name, claims, more) => add(name, mint({ ...base, claims }), more);
  const addPayload = (name, text) => add(name, mintTexts({ header, payload: text, sign: hs256 }));
  const addRawClaim = (name, claim, raw) =>
    addPayload(name, JSON.stringify({ ...goodClaims(base), [claim]: '@' }).replace('"@"', () => raw));
  const addRawBody = (name, text) => add(name, `${head}.${text}.${base64url(hs256(`${head}.${text}`))}`);

  for (const alg of ['none', 'None', 'NONE', 'nOnE', 'none ', '']) {
    add(`alg ${JSON.stringify(alg)} without a signature`, mint({ ...base, alg }));
  }
  addHeader('alg none with a good HS256 signature', { alg: 'none' });
  addHeader('alg missing', { alg: undefined });
  addHeader('alg null', { alg: null });
  addHeader('alg a list', { alg: ['HS256'] });
  addHeader('alg in lower case', { alg: 'hs256' });
  addHeader('alg not the one of the key', { alg: 'EdDSA' });
  addHeader('alg RS256', { alg: 'RS256' });
  add('alg twice', mintTexts({ header: header.replace('{', '{"alg":"none",'), payload, sign: hs256 }));
  if (publicKey && publicKid) {
    add('HS256 signed with the public key', mint({ ...base, key: publicKey, kid: publicKid }));
    add('HS256 signed with the public key, saying EdDSA',
      mint({ ...base, key: publicKey, kid: publicKid, header: { alg: 'EdDSA' } }));
    add('HS256 signed with the public key as text', mint({ ...base, key: Buffer.from(base64url(publicKey)), kid: publicKid }));
    add('EdDSA signature of zeros', mintTexts({
      header: JSON.stringify({ alg: 'EdDSA', kid: publicKid }), payload, sign: () => Buffer.alloc(64),
    }));
  }

  addHeader('kid missing', { kid: undefined });
  addHeader('kid empty', { kid: '' });
  addHeader('kid a number', { kid: 0 });
  addHeader('kid unknown', { kid: 'another' });
  addHeader('kid a path', { kid: '../../dev/null' });
  addHeader('kid SQL', { kid: `${kid}' OR '1'='1` });
  addHeader('kid of 10 KB', { kid: 'k'.repeat(10_240) }, { isOversized: true });
  addHeader('jwk', { jwk: { kty: 'oct', k: base64url(secret) } });
  addHeader('jku', { jku: 'https://keys.example/jwks.json' });
  addHeader('x5u', { x5u: 'https://keys.example/chain.pem' });
  addHeader('x5c', { x5c: ['MIIB'] });
  addHeader('crit', { crit: ['exp'] });
  addHeader('crit b64', { crit: ['b64'], b64: false });
  addHeader('typ of an access token', { typ: 'at+jwt' });
  addHeader('typ in lower case', { typ: 'jwt' });
  addHeader('typ null', { typ: null });
  addHeader('nested: cty JWT', { cty: 'JWT' });
  addPayload('nested: a token as payload', good);

  addClaims('iss missing', { iss: undefined });
  addClaims('iss with a suffix', { iss: `${issuer}.example` });
  addClaims('iss in other case', { iss: issuer.toUpperCase() });
  addClaims('iss a list', { iss: [issuer] });
  addClaims('aud missing', { aud: undefined });
  addClaims('aud of another', { aud: `${audience}-2` });
  addClaims('aud a list without us', { aud: ['elsewhere'] });
  addClaims('aud an empty list', { aud: [] });
  addClaims('aud a list with a number', { aud: [audience, 1] });

  addClaims('exp missing', { exp: undefined });
  addClaims('exp null', { exp: null });
  addClaims('exp a string', { exp: String(nowS + 3600) });
  addClaims('exp a float', { exp: nowS + 3600.5 });
  addRawClaim('exp a whole float', 'exp', `${nowS + 3600}.0`);
  addRawClaim('exp 1e308', 'exp', '1e308');
  addRawClaim('exp above 64 bits', 'exp', '99999999999999999999');
  addClaims('exp negative', { exp: -1 });
  addClaims('exp an hour ago', { exp: nowS - 3600 });
  addClaims('exp too far ahead', { exp: nowS + 25 * 3600 });
  addClaims('exp in milliseconds', { exp: now + 3_600_000 });
  addClaims('nbf missing', { nbf: undefined });
  addClaims('nbf a string', { nbf: String(nowS) });
  addClaims('nbf an hour ahead', { nbf: nowS + 3600 });
  addClaims('iat a string', { iat: String(nowS) });
  addClaims('iat an hour ahead', { iat: nowS + 3600 });
  for (const claim of ['exp', 'sub', 'role', 'aud']) {
    const twice = `{${JSON.stringify(claim)}:${JSON.stringify(goodClaims(base)[claim])},${payload.slice(1)}`;
    addPayload(`${claim} twice`, twice);
  }

  addClaims('sub missing', { sub: undefined });
  addClaims('sub empty', { sub: '' });
  addClaims('sub a number', { sub: 7 });
  addClaims('sub not a UUID', { sub: 'alice@example.com' });
  addClaims('sub without hyphens', { sub: user.replaceAll('-', '') });
  addClaims('sub a URN', { sub: `urn:uuid:${user}` });
  addClaims('sub nil', { sub: '00000000-0000-0000-0000-000000000000' });
  addClaims('sub of 1 MB', { sub: 'a'.repeat(1 << 20) }, { isOversized: true });
  addClaims('role missing', { role: undefined });
  addClaims('role unknown', { role: 'root' });
  addClaims('role in other case', { role: 'Admin' });
  addClaims('role a list', { role: ['admin'] });
  addClaims('jti a number', { jti: 7 });

  addPayload('payload not JSON', 'sub=1');
  addPayload('payload a list', '[]');
  addPayload('payload twice', payload + payload);
  addPayload('payload not UTF-8', Buffer.from([0x22, 0xff, 0x22]));
  addPayload('payload nested deep', '['.repeat(1000));
  addRawBody('padding in the payload', `${body}=`);
  addRawBody('letters of the standard base64 alphabet', '+/+/');
  addRawBody('non-canonical payload', 'e31');
  addRawBody('space in the payload', `${body.slice(0, 8)} ${body.slice(8)}`);
  add('tab after a dot', `${head}.\t${body}.${tail}`);
  add('padding on the signature', `${good}=`);
  add('non-canonical signature', good.slice(0, -1) + nextLetter(good.at(-1)));
  add('trailing dot', `${good}.`);
  add('four parts', `${good}.${tail}`);
  add('two parts', `${head}.${body}`);
  add('one word', 'token');
  add('two dots only', '..');
  add('signature missing', `${head}.${body}.`);
  add('signature cut', `${head}.${body}.${base64url(Buffer.from(tail, 'base64url').subarray(0, 31))}`);
  add('signature of zeros', `${head}.${body}.${base64url(Buffer.alloc(32))}`);
  add('signature of another key', mint({ ...base, key: Buffer.from('another secret that is long enough') }));
  add('signature with an empty secret', mint({ ...base, key: Buffer.alloc(0) }));
  add('payload changed', `${head}.${base64url(payload.replace('"client"', '"admin"'))}.${tail}`);
  add('header changed', `${base64url(JSON.stringify({ kid, alg: 'HS256' }))}.${body}.${tail}`);
  add('over 4 KB', mint({ ...base, claims: { team: 't'.repeat(4096) } }));
  return rows;
}

/** The next base64url letter: for the last letter of 32 bytes it changes only bits that carry no data. */
function nextLetter(letter) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[alphabet.indexOf(letter) + 1];
}
