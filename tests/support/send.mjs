// Plain HTTP to a Worker that was started with `direct`: no URL is normalised on the way, and it costs a quarter of the
// time that the test runtime's own fetch takes.
import http from "node:http";

const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

/** A body of this length may be refused, and the connection closed, while it is still being written. */
const LONG_BODY_BYTES = 100_000;

/** Sends a request as it is written and returns `{ status, headers, text, bytes }`. */
export async function send(origin, request) {
  const isLong = request.body !== undefined && Buffer.byteLength(request.body) > LONG_BODY_BYTES;
  for (let tries = isLong ? 5 : 1; ; tries -= 1) {
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
    request.end(body);
  });
}
