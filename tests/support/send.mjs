// Plain HTTP to a Worker that was started with `direct`: no URL is normalised on the way, and it costs a quarter of the
// time that the test runtime's own fetch takes.
import http from "node:http";

const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

/** A body of this length may be refused by its length alone, and the connection closed while it is still being written. */
const LONG_BODY_BYTES = 100_000;
/** So long such a body waits for a refusal. */
const REFUSAL_MS = 100;

const isLong = (body) => body !== undefined && Buffer.byteLength(body) > LONG_BODY_BYTES;

/** Sends a request as it is written and returns `{ status, headers, text, bytes }`. */
export async function send(origin, request) {
  for (let tries = isLong(request.body) ? 5 : 1; ; tries -= 1) {
    try {
      return await sendOnce(origin, request);
    } catch (error) {
      // Whether the refusal or the closed connection arrives first is chance.
      if (tries === 1 || !["EPIPE", "ECONNRESET"].includes(error.code)) throw error;
    }
  }
}

function sendOnce(origin, { method = "GET", path, headers = {}, body }) {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const request = http.request({ agent, hostname, port, method, path, headers: { ...length, ...headers } }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        const bytes = Buffer.concat(parts);
        resolve({ status: answer.statusCode, headers: answer.headers, text: bytes.toString("utf8"), bytes });
      });
    });
    request.on("error", reject);
    if (isLong(body)) {
      // Whoever refuses the length has then answered before the first byte, and no broken pipe hides the answer.
      request.flushHeaders();
      const late = setTimeout(() => request.end(body), REFUSAL_MS);
      request.on("response", (answer) => {
        clearTimeout(late);
        if (!request.writableEnded) answer.on("end", () => request.destroy());
      });
    } else {
      request.end(body);
    }
  });
}
