// A trap ends one wasm instance and the requests in it. It must end nothing else.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startWorker } from "../support/worker.mjs";

const HEALTH = "/api/v1/personalization/health";

/** A wasm module whose only function, `trap`, executes `unreachable`. An error thrown by JavaScript can be caught in wasm; a trap cannot. */
const TRAP = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, // magic, version
  1, 4, 1, 0x60, 0, 0, // one type: () -> ()
  3, 2, 1, 0, // one function of that type
  7, 8, 1, 4, 0x74, 0x72, 0x61, 0x70, 0, 0, // exported as "trap"
  10, 5, 1, 3, 0, 0x00, 0x0b, // its body: unreachable
]);

/** Counts the calls from wasm to its host, and traps in the one that is armed. */
const trappingHost = `
import trapModule from "./trap.wasm";
globalThis.host = { calls: 0, armed: 0, instances: 0 };
const Instance = WebAssembly.Instance;
const { trap } = new Instance(trapModule).exports;
WebAssembly.Instance = function (module, imports) {
  host.instances += 1;
  const spied = {};
  for (const [space, functions] of Object.entries(imports)) {
    spied[space] = { __proto__: null };
    for (const [name, value] of Object.entries(functions)) {
      spied[space][name] = typeof value !== "function" ? value : function (...given) {
        host.calls += 1;
        if (host.calls === host.armed) trap();
        return value.apply(this, given);
      };
    }
  }
  return new Instance(module, spied);
};`;

const wrapper = `
import "./trapping-host.js";
import worker from "./index.js";
export default {
  ...worker,
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== "/arm") return worker.fetch(request, env, ctx);
    const before = { ...host };
    Object.assign(host, { calls: 0, armed: Number(searchParams.get("at")) });
    return Response.json(before);
  },
};`;

const TOGETHER = 20;

let worker;
before(async () => {
  worker = await startWorker({ wrapper, modules: { "trapping-host.js": trappingHost, "trap.wasm": TRAP } });
});
after(() => worker.dispose());

/** Lets the n-th call to the host trap (0: none) and returns the counts until now. */
const arm = async (n) => (await worker.fetch(`/arm?at=${n}`)).json();

test("a trap at any call to the host fails its request with a problem document, and the next request works", async () => {
  await worker.fetch(HEALTH);
  await arm(0);
  assert.equal((await worker.fetch(HEALTH)).status, 200);
  const { calls } = await arm(0);
  assert.ok(calls > 0);
  for (let n = 1; n <= calls; n += 1) {
    const { instances } = await arm(n);
    const failed = await worker.fetch(HEALTH);
    const said = await failed.text();
    // Some calls come after the answer was given (a closure that is freed): then nobody is harmed.
    if (failed.status !== 200) {
      assert.equal(failed.status, 500);
      assert.equal(failed.headers.get("content-type"), "application/problem+json");
      assert.deepEqual(JSON.parse(said), { type: "about:blank", title: "Internal Server Error", status: 500 });
    }
    const next = await worker.fetch(HEALTH);
    assert.equal(next.status, 200, `after a trap at call ${n}: ${await next.text()}`);
    assert.equal((await arm(0)).instances, instances + 1, `a trap at call ${n} must cost one instance`);
  }
});

test("requests that share the instance with a trap are answered, and do no harm to the instance that follows", async () => {
  await arm(0);
  await worker.fetch(HEALTH);
  const { calls } = await arm(0);
  // Early traps meet requests that have not begun, late ones meet requests that wait for the database.
  for (let n = 5; n <= calls * TOGETHER; n += calls - 1) {
    const { instances } = await arm(n);
    const answers = await Promise.all(Array.from({ length: TOGETHER }, () => worker.fetch(HEALTH)));
    await Promise.all(answers.map((answer) => answer.text()));
    const statuses = answers.map(({ status }) => status);
    assert.ok(statuses.every((status) => status === 200 || status === 500), String(statuses));
    assert.equal((await worker.fetch(HEALTH)).status, 200);
    assert.equal((await arm(0)).instances, instances + 1, `a trap at call ${n} must cost one instance`);
  }
});
