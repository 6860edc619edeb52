// Tokens through the Worker: what is refused, how keys rotate, and what happens without keys.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BASE, apiOf, seedFinance, uuid } from "../support/api.mjs";
import { startControlled } from "../support/control.mjs";
import { exampleOf } from "../support/examples.mjs";
import { send } from "../support/send.mjs";
import { ROLES, forgedTokens, mint, newKeys, publicKeyOf } from "../support/tokens.mjs";

const USER = uuid(0xb0, 1);
/** Far above the largest header that Node and the runtime take. */
const NEVER_SENT_BYTES = 15_000;

let worker, api, finance, document;
before(async () => {
  worker = await startControlled();
  api = apiOf(worker);
  finance = await seedFinance(api);
  document = (await api.call("GET", "/openapi.json")).json;
});
after(() => worker.dispose());

/** A token of an EdDSA key, its signature changed. */
function eddsaToken({ key, kid, spoiled = (signature) => signature }) {
  const [header, payload, signature] = mint({ key, kid, alg: "EdDSA", user: USER }).split(".");
  return `${header}.${payload}.${Buffer.from(spoiled(Buffer.from(signature, "base64url"))).toString("base64url")}`;
}

/** The other signature that lax verifiers take: S plus the order of the group (both lowest byte first). */
function withLargerS(signature) {
  const numberOf = (bytes) => BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
  const sum = numberOf(signature.subarray(32)) + 2n ** 252n + 27742317777372353535851937790883648493n;
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(sum.toString(16).padStart(64, "0"), "hex").reverse()]);
}

const withToken = (token, path = `${BASE}/settings`, more = {}) => send(worker.url, { path, headers: { authorization: `Bearer ${token}` }, ...more });
const comparable = ({ status, headers: { date, ...headers }, text }) => ({ status, headers, text });

test("every forged token gets the same refusal as none at all", async (t) => {
  const { hs256, eddsa } = worker.keys;
  const rows = forgedTokens({ ...hs256, user: USER, publicKey: publicKeyOf(eddsa.key), publicKid: eddsa.kid });
  const none = comparable(await send(worker.url, { path: `${BASE}/settings` }));
  assert.equal(none.status, 401);
  assert.equal(none.headers["www-authenticate"], "Bearer");
  let refused = 0;
  for (const { name, token } of rows) {
    if (token.length > NEVER_SENT_BYTES) continue;
    assert.deepEqual(comparable(await withToken(token)), none, name);
    refused += 1;
  }
  assert.ok(refused >= 100, `${refused} tokens`);
  t.diagnostic(`${refused} forged tokens`);
});

test("an EdDSA signature is good under its own key, over its own bytes, and in one encoding only", async () => {
  const { key, kid } = worker.keys.eddsa;
  const status = async (spoiled) => (await withToken(eddsaToken({ key, kid, spoiled }))).status;
  assert.equal(await status((signature) => signature), 200);
  assert.equal(await status(withLargerS), 401, "S + L");
  assert.equal(await status((signature) => signature.subarray(0, 63)), 401, "cut");
  assert.equal(await status((signature) => Buffer.concat([signature, Buffer.alloc(1)])), 401, "a byte more");
  assert.equal(await status(() => Buffer.alloc(64)), 401, "zeros");
  for (let at = 0; at < 64; at += 1) {
    const changed = (signature) => signature.with(at, signature[at] ^ 1);
    assert.equal(await status((signature) => changed(new Uint8Array(signature))), 401, `byte ${at} changed`);
  }
  assert.equal((await withToken(eddsaToken({ key: Buffer.alloc(32, 7), kid }))).status, 401, "another key");
});

test("under a key that is no point of the curve nobody is let in, and the others go on", async () => {
  const { hs256, eddsa } = worker.keys;
  const shared = JSON.parse(worker.keys.authKeys).filter(({ id }) => id === hs256.kid);
  const noPoint = Buffer.alloc(32).fill(2, 0, 1).toString("base64url");
  const entry = { id: eddsa.kid, algorithm: "EdDSA", key: noPoint, roles: ROLES };
  await worker.set({ bindings: { AUTH_KEYS: JSON.stringify([...shared, entry]) } });
  for (const spoiled of [(signature) => signature, () => Buffer.alloc(64, 1)]) {
    assert.equal((await withToken(eddsaToken({ ...eddsa, spoiled }))).status, 401);
  }
  assert.equal((await withToken(mint({ ...hs256, user: USER }))).status, 200);
  await worker.reset();
});

test("a token too long for a header is refused too, and harms nobody", async () => {
  const rows = forgedTokens({ ...worker.keys.hs256, user: USER }).filter(({ token }) => token.length > NEVER_SENT_BYTES);
  assert.ok(rows.length >= 1);
  for (const { name, token } of rows) {
    const status = await withToken(token).then((answer) => answer.status, () => 0);
    assert.ok(status === 0 || (status >= 400 && status < 500), `${name}: ${status}`);
    assert.equal((await withToken(mint({ ...worker.keys.hs256, user: USER }))).status, 200);
  }
});

test("other ways to carry a token are no ways", async () => {
  const token = mint({ ...worker.keys.hs256, user: USER });
  const refuse = async (more) => assert.equal((await send(worker.url, { path: `${BASE}/settings`, ...more })).status, 401, JSON.stringify(more).slice(0, 60));
  await refuse({ headers: { authorization: token } });
  await refuse({ headers: { authorization: `Basic ${token}` } });
  await refuse({ headers: { authorization: `Bearer  ${token}` } });
  await refuse({ headers: { authorization: `Bearer ${token}, Bearer ${token}` } });
  await refuse({ headers: { "x-authorization": `Bearer ${token}` } });
  await refuse({ headers: { cookie: `authorization=Bearer ${token}; token=${token}` } });
  await refuse({ path: `${BASE}/settings?access_token=${token}` });
});

test("both algorithms are accepted for every role, with the rights of that role", async () => {
  for (const key of [worker.keys.hs256, worker.keys.eddsa]) {
    for (const role of ROLES) {
      const answer = await withToken(mint({ ...key, role, user: USER }));
      assert.equal(answer.status, role === "monitor" ? 403 : 200, `${key.alg} ${role}`);
    }
  }
});

test("times are judged with a minute of tolerance and not a second more", async () => {
  const now = Math.floor(Date.now() / 1000);
  const at = (claims) => withToken(mint({ ...worker.keys.hs256, user: USER, claims }));
  // The exact edge is tested natively with a fixed clock; here a few seconds are left for the clock to go on.
  for (const [claims, status] of [[{ exp: now - 50 }, 200], [{ exp: now - 61 }, 401], [{ nbf: now + 50 }, 200], [{ nbf: now + 70 }, 401], [{ iat: now + 70 }, 401], [{ exp: now + 86_400 }, 200], [{ exp: now + 86_400 + 70 }, 401]]) {
    assert.equal((await at({ iat: now - 100, nbf: now - 100, ...claims })).status, status, JSON.stringify(claims));
  }
});

test("keys rotate with an overlap, and a removed key is refused at once", async () => {
  const [old, next] = [newKeys(), newKeys()];
  const entries = (keys, suffix) => JSON.parse(keys.authKeys).map((one) => ({ ...one, id: `${one.id}${suffix}` }));
  const token = (keys, suffix) => mint({ ...keys.hs256, kid: `${keys.hs256.kid}${suffix}`, user: USER });
  const statuses = async () => [(await withToken(token(old, "-1"))).status, (await withToken(token(next, "-2"))).status];
  const ring = (...keys) => worker.set({ bindings: { AUTH_KEYS: JSON.stringify(keys.flat()) } });
  await ring(entries(old, "-1"));
  assert.deepEqual(await statuses(), [200, 401]);
  await ring(entries(old, "-1"), entries(next, "-2"));
  assert.deepEqual(await statuses(), [200, 200]);
  await ring(entries(next, "-2"));
  assert.deepEqual(await statuses(), [401, 200]);
  const retired = entries(old, "-1").map((one) => ({ ...one, not_after_ms: Date.now() - 1 }));
  await ring(retired, entries(next, "-2"));
  assert.deepEqual(await statuses(), [401, 200]);
  await worker.reset();
});

test("a key vouches only for its own roles", async () => {
  const keys = newKeys({ roles: ["client"] });
  await worker.set({ bindings: { AUTH_KEYS: keys.authKeys } });
  for (const key of [keys.hs256, keys.eddsa]) {
    assert.equal((await withToken(mint({ ...key, role: "client", user: USER }))).status, 200);
    for (const role of ["reader", "monitor", "admin", "superadmin"]) {
      assert.equal((await withToken(mint({ ...key, role, user: USER }))).status, 401, role);
    }
  }
  await worker.reset();
});

test("without usable keys every route answers 503 and says so, and no secret", async () => {
  const short = Buffer.from("short but secret").toString("base64url");
  const rings = [null, "", "[]", "not JSON", JSON.stringify([{ id: "a", algorithm: "HS256", key: short, roles: ["client"] }])];
  for (const ring of rings) {
    await worker.set({ bindings: { AUTH_KEYS: ring } });
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const example = exampleOf({ method: method.toUpperCase(), path, operation }, finance, USER);
        const answer = await api.call(example.method, example.path, { role: "admin", user: USER, body: example.body });
        assert.equal(answer.status, 503, `${method} ${path} with ${ring}`);
        // The protocol of flags has refusals of its own.
        const isFlags = path.startsWith("/ofrep/");
        assert.equal(answer.headers["content-type"], isFlags ? "application/json" : "application/problem+json");
        if (!isFlags) assert.equal(answer.json.type, "/problems/no-keys");
        assert.match(isFlags ? answer.json.errorDetails : answer.json.detail, /AUTH_KEYS/);
        assert.ok(!answer.text.includes(short));
      }
    }
  }
  await worker.reset();
  assert.equal((await api.call("GET", "/health")).status, 200);
});

test("without an issuer or an audience nobody is let in", async () => {
  for (const name of ["AUTH_ISSUER", "AUTH_AUDIENCE"]) {
    await worker.set({ bindings: { [name]: null } });
    assert.equal((await withToken(mint({ ...worker.keys.hs256, user: USER }))).status, 503, name);
  }
  await worker.reset();
});
