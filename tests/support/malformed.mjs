// Bodies that are wrong in known ways, the same on every run. Each carries the canary where a careless server would
// repeat it.
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";

/** In small letters, so that it would pass for one of our own names. */
export const CANARY = "canary_in_the_coal_mine";

const text = (value) => JSON.stringify(value);
const bytes = (...parts) => Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));

/** Every place in a JSON value: `[holder, key]`. */
function places(value, found = []) {
  if (typeof value !== "object" || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push([value, key]);
    places(value[key], found);
  }
  return found;
}

/** The text of a copy of the body in which one place holds another text. */
function withRaw(random, body, raw) {
  const copy = structuredClone(body);
  const found = places(copy);
  if (found.length === 0) return raw;
  const [holder, key] = random.pick(found);
  holder[key] = "@@raw@@";
  return text(copy).replace('"@@raw@@"', () => raw);
}

const nested = (depth, open, close, inside) => open.repeat(depth) + inside + close.repeat(depth);
const many = (count, entry) => Array.from({ length: count }, () => entry);

/**
 * The ways to be wrong. Each returns `{ body, headers? }`; where `always` is true no such body may be accepted.
 * `body` is a good one, `random` the numbers of the run.
 */
const WAYS = {
  truncated: { always: true, make: (random, body) => ({ body: text(body).slice(0, 1 + random.below(text(body).length - 1)) }) },
  nested: {
    always: true,
    make: (random, body) => {
      const depth = random.pick([17, 100, 1_000, 5_000]);
      const [open, close] = random.pick([["[", "]"], ['{"a":', "}"], [`{"${CANARY}":[`, "]}"], ["[{\"context\":", "}]"]]);
      const deep = nested(depth, open, close, `"${CANARY}"`);
      return { body: random.pick([deep, withRaw(random, body, deep), deep.slice(0, deep.length - random.below(9))]) };
    },
  },
  "key twice": {
    always: true,
    make: (random, body) => {
      const key = random.pick(Object.keys(body));
      return { body: `{${text(key)}:${text(random.pick([body[key], null, CANARY]))},${text(body).slice(1)}` };
    },
  },
  "no number": { always: true, make: (random, body) => ({ body: withRaw(random, body, random.pick(["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "01", "+1", ".5", "1.", "0x10", "1_000", "--1"])) }) },
  "odd number": { make: (random, body) => ({ body: withRaw(random, body, random.pick(["-0", "1e308", "9007199254740993", "18446744073709551616", "-1", "1e-400", "0.1", "99999999999999999999999", "-9223372036854775809"])) }) },
  "wrong type": { make: (random, body) => ({ body: withRaw(random, body, text(random.pick([null, true, 7, CANARY, [], {}, [CANARY], { [CANARY]: CANARY }, [[]], ""]))) }) },
  "long string": { make: (random, body) => ({ body: withRaw(random, body, text(CANARY + "x".repeat(random.pick([300, 5_000, 9_000])))) }) },
  "odd string": { make: (random, body) => ({ body: withRaw(random, body, random.pick([`"${CANARY}\\u0000"`, `"\\ud800${CANARY}"`, `"${CANARY}\\u202e"`, `"' OR 1=1 -- ${CANARY}"`, `"../../${CANARY}"`, `"<script>${CANARY}</script>"`, `"=1+1 ${CANARY}"`, `"${CANARY}\\n\\r"`, `" ${CANARY} "`, `"%00${CANARY}"`, `"\u0130${CANARY}"`])) }) },
  "bad escape": { always: true, make: (random, body) => ({ body: withRaw(random, body, random.pick([`"${CANARY}\\x41"`, `"${CANARY}\\u12"`, `"${CANARY}\t"`, `'${CANARY}'`, `${CANARY}`, `"${CANARY}`])) }) },
  "not UTF-8": {
    always: true,
    make: (random, body) => {
      const raw = bytes('"', CANARY, random.pick([[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80], [0xe2, 0x82]]), '"');
      const [before, after] = withRaw(random, body, '"@@bytes@@"').split('"@@bytes@@"');
      return { body: bytes(before, raw, after) };
    },
  },
  "byte order mark": { always: true, make: (random, body) => ({ body: bytes(random.pick([[0xef, 0xbb, 0xbf], [0xff, 0xfe], [0xfe, 0xff]]), text(body)) }) },
  "UTF-16": { always: true, make: (random, body) => ({ body: Buffer.from(text(body), "utf16le") }) },
  "unknown field": { always: true, make: (random, body) => ({ body: text({ ...body, [random.pick([CANARY, "role", "consent", "sub", "is_admin", "__proto__x", "constructor", "User_Id", "userId", "personalization", "$where", ""])]: random.pick([CANARY, "admin", true, { [CANARY]: 1 }]) }) }) },
  "unknown field inside": {
    make: (random, body) => {
      const copy = structuredClone(body);
      const objects = places(copy).map(([holder, key]) => holder[key]).filter((value) => typeof value === "object" && value !== null && !Array.isArray(value));
      if (objects.length > 0) random.pick(objects)[CANARY] = CANARY;
      return { body: text(copy) };
    },
  },
  "too many": {
    always: true,
    make: (random, body, id) => {
      const list = { post_track_interactions: ["interactions", 1_001], post_recommend: random.pick([["candidates", 1_001], ["pending", 33]]), post_explain: ["candidates", 1_001], put_catalog_pack: ["remove", 1_001] }[id];
      if (!list) return { body: text(many(1_001, Object.keys(body).length < 9 ? { [CANARY]: 1 } : CANARY)) };
      const entry = { interactions: body.interactions?.[0], candidates: CANARY, pending: { type: "SESSION_STARTED" }, remove: CANARY }[list[0]];
      return { body: text({ ...body, [list[0]]: many(list[1], entry) }) };
    },
  },
  compressed: {
    always: true,
    make: (random, body) => {
      const [encoding, compress] = random.pick([["gzip", gzipSync], ["deflate", deflateSync], ["br", brotliCompressSync], ["gzip, gzip", (value) => gzipSync(gzipSync(value))], ["x-canary", Buffer.from], ["GZIP", gzipSync]]);
      return { body: compress(text(body)), headers: { "content-encoding": encoding } };
    },
  },
  "compressed in secret": { always: true, make: (random, body) => ({ body: gzipSync(text(body)) }) },
  "other media": { always: true, make: (random, body) => ({ body: text(body), headers: { "content-type": random.pick(["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json-seq", "text/json", `application/${CANARY}`, "application/jsonx"]) } }) },
  "more behind": { always: true, make: (random, body) => ({ body: text(body) + random.pick(["x", "{}", "]", `\n${text(body)}`, `// ${CANARY}`, ",", "\u0000", `"${CANARY}"`]) }) },
  "other scripts": { always: true, make: (random, body) => ({ body: random.pick([`/* ${CANARY} */ ${text(body)}`, text(body).replaceAll('"', "'"), `(${text(body)})`, `<a>${CANARY}</a>`, `a=${CANARY}&b=1`, `--- ${CANARY}`, `${text(body).slice(0, -1)},}`, text(body).replaceAll(":", "=")]) }) },
  "no object": { always: true, make: (random) => ({ body: random.pick([" ", "null", "[]", "true", "0", '""', text(CANARY), text([CANARY]), "\n\n", "{", "}", "[", ":"]) }) },
  "random bytes": { always: true, make: (random) => ({ body: Buffer.from(many(1 + random.below(400), 0).map(() => random.below(256))) }) },
  "too large": { always: true, make: (random, body, id, limit) => ({ body: text({ ...body, [CANARY]: "x".repeat(Math.min(limit, 70_000)) }) + (limit > 70_000 ? " ".repeat(limit) : "") }) },
};

/** Rare ones: each of them is about a megabyte. */
const RARE = ["too large"];

/** Makes `count` malformed requests: `{ way, always, body, headers }`; `operationOf` gives the good body to spoil. */
export function* malformedBodies(random, count, operationOf) {
  const names = Object.keys(WAYS).filter((name) => !RARE.includes(name));
  for (let index = 0; index < count; index += 1) {
    const way = index % 100 === 99 ? RARE[0] : names[index % names.length];
    const { operation, body, limit } = operationOf(random);
    const made = WAYS[way].make(random, body, operation.operation.operationId, limit);
    yield { way, always: WAYS[way].always ?? false, operation, headers: {}, ...made };
  }
}
