// A site for the tests of the package: the published routes over real files, the built package, and, where it is given one, a
// Worker behind everything else.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";
import { assemblePack, readItems } from "../../pkg-scripts/lib/demo-pack.mjs";
import { at } from "../../pkg-scripts/lib/root.mjs";

export const BASE = "/api/v1/personalization";
const KINDS = ["pack", "catalog", "popularity", "model", "experiments"];
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".wasm": "application/wasm", ".css": "text/css", ".svg": "image/svg+xml" };
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:";

const sha256 = (text) => createHash("sha256").update(text).digest("hex");

/** Returns what is published of a pack: its parts by version, and the document that names them. */
export function publishedOf(id, parts = {}) {
  const items = [...readItems(id)].sort((one, other) => (one.id < other.id ? -1 : 1));
  const texts = { pack: assemblePack(id), catalog: JSON.stringify({ format: 1, pack: id, items }), ...parts };
  const versions = Object.fromEntries(KINDS.map((kind) => [`${kind}_version`, texts[kind] === undefined ? "" : sha256(texts[kind])]));
  return { items, texts, versions: { pack: id, ...versions } };
}

/**
 * Starts the site on a free port of this machine.
 * @param {object} [options]
 * @param {{[path: string]: string}} [options.pages] HTML or scripts by path
 * @param {string[]} [options.folders] folders of files that are served from the root
 * @param {URL | string} [options.worker] where the rest of the API is
 * @param {string} [options.policy] the content security policy of every answer
 * `site.fault` may be a function of a request: "drop" does not answer, "lose" loses the Worker's answer, `{status, body}` answers.
 */
export async function startSite({ pages = {}, folders = [], worker, policy = POLICY } = {}) {
  const site = { requests: [], published: publishedOf("finance"), fault: null, pages };
  const server = createServer((request, response) => {
    response.setHeader("content-security-policy", policy);
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => answer(site, { folders, worker }, request, Buffer.concat(chunks), response).catch((error) => response.writeHead(502).end(String(error))));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  site.origin = `http://127.0.0.1:${server.address().port}`;
  site.stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return site;
}

async function answer(site, { folders, worker }, request, body, response) {
  const { pathname, search, searchParams } = new URL(request.url, site.origin);
  const seen = { method: request.method, path: pathname + search, headers: request.headers, body: body.toString() };
  site.requests.push(seen);
  const fault = await site.fault?.(seen);
  if (fault === "drop") return request.socket.destroy();
  // The Worker hears it, and nobody hears the Worker.
  if (fault === "lose") return forward(seen, worker, { writeHead: () => ({ end: () => request.socket.destroy() }) });
  if (fault) return send(response, fault.status, fault.body, "application/problem+json");
  const isPlayed = pathname.startsWith(`${BASE}/published/`) && !site.isPublishedByWorker;
  if (isPlayed) return published(site, pathname.slice(`${BASE}/published/`.length), searchParams, response);
  if (pathname.startsWith(BASE) && worker) return forward(seen, worker, response);
  if (pathname === "/") return send(response, 200, "<!doctype html><title>Small site</title><link rel=icon href=data:,>", TYPES[".html"]);
  if (site.pages[pathname] !== undefined) return send(response, 200, site.pages[pathname], TYPES[extname(pathname)] ?? TYPES[".html"]);
  const file = [...folders, at("build", "package")].map((folder) => folder + pathname).find((path) => extname(path) && existsSync(path));
  return file ? send(response, 200, readFileSync(file), TYPES[extname(file)] ?? "text/plain") : send(response, 404, "{}", "application/json");
}

function published({ published: { texts, versions } }, pack, asked, response) {
  const [kind, version] = [asked.get("part"), asked.get("version")];
  if (pack !== versions.pack) return send(response, 404, "{}", "application/json");
  if (!kind) return send(response, 200, JSON.stringify(versions), TYPES[".json"], { "cache-control": "public, max-age=0" });
  if (versions[`${kind}_version`] !== version || !version) return send(response, 404, "{}", "application/json");
  return send(response, 200, texts[kind], TYPES[".json"], { "cache-control": "public, max-age=31536000, immutable" });
}

async function forward({ method, path, headers, body }, worker, response) {
  const { host, connection, "content-length": _, ...rest } = headers;
  const answered = await fetch(new URL(path, worker), { method, headers: rest, body: body || undefined });
  send(response, answered.status, Buffer.from(await answered.arrayBuffer()), answered.headers.get("content-type") ?? TYPES[".json"]);
}

function send(response, status, body, type, headers = {}) {
  response.writeHead(status, { "content-type": type, ...headers }).end(body);
}
