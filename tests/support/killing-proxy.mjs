// A proxy in front of a Worker that can end its client at any request: before the Worker hears of it, in the middle of its
// body, or when the Worker is done and the answer is not yet told.
import http from "node:http";
import { send } from "./send.mjs";

/** Starts the proxy. `plan({ request, moment, child })` arms it for the n-th request from then on; `seen` lists requests. */
export async function startKillingProxy(target) {
  let seen = [];
  let armed = null;
  const server = http.createServer(async (request, answer) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    seen.push(`${request.method} ${request.url}`);
    const moment = armed?.request === seen.length ? armed.moment : null;
    const kill = () => armed.child.kill("SIGKILL");
    if (moment === "before") return kill();
    const { host, connection, ...headers } = request.headers;
    const asked = { method: request.method, path: request.url, headers };
    if (moment === "halfway") return sendHalf(target, asked, body).then(kill);
    const reply = await send(target, body.length > 0 ? { ...asked, body } : asked);
    if (moment === "after") return kill();
    answer.writeHead(reply.status, { "content-type": reply.headers["content-type"] ?? "text/plain", "content-length": reply.bytes.length });
    answer.end(reply.bytes);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    get seen() {
      return seen;
    },
    plan(next) {
      seen = [];
      armed = next;
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Sends a request with the first half of its body, and hangs up. */
function sendHalf(target, { method, path, headers }, body) {
  const { hostname, port } = new URL(target);
  return new Promise((resolve) => {
    const request = http.request({ hostname, port, method, path, headers });
    request.on("error", () => {});
    request.on("close", resolve);
    request.write(body.subarray(0, body.length / 2), () => setTimeout(() => request.destroy(), 50));
  });
}
