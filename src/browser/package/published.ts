import { NearsideError } from "./errors.js";
import type { NearsideOptions } from "./options.js";
import { answerOf, baseOf, fetchFrom } from "./worker-api.js";

/** What is published beside the pack, in the order in which the engine takes it. */
export const KINDS = ["pack", "catalog", "popularity", "model", "experiments"] as const;
type Kind = (typeof KINDS)[number];

/** Which versions are live; empty where there is none. The same for everybody. */
export type PublishedVersions = { readonly pack: string } & { readonly [kind in Kind as `${kind}_version`]: string };

/** What is live, with its bytes. */
export interface PublishedSet {
  readonly versions: PublishedVersions;
  readonly bytes: { readonly [kind in Kind]?: Uint8Array };
  /** True where something older stands in for what could not be fetched. */
  readonly isStale: boolean;
}

/** Nobody learns from the request who asks, or on which page. */
const ANONYMOUS: RequestInit = { credentials: "omit", referrerPolicy: "no-referrer" };

/**
 * Fetches what is published for everybody, and keeps the last good set where the person chose to be remembered. Whatever does not
 * hash to its version counts as not fetched: the engine in wasm believes what it is given.
 */
export class PublishedSource {
  readonly #options: NearsideOptions;
  readonly #cacheName: string;

  constructor(options: NearsideOptions, cacheName: string) {
    this.#options = options;
    this.#cacheName = cacheName;
  }

  /** Returns which versions are live; asks the network. */
  async versions(): Promise<PublishedVersions> {
    const response = await fetchFrom(this.#options, this.#path(), ANONYMOUS);
    if (!response.ok) throw noPack(response.status);
    return answerOf(response);
  }

  /** Returns what is live. `mayUseCache` has the last good set stand in where the network fails. */
  async load(mayUseCache: boolean): Promise<PublishedSet> {
    const kept = mayUseCache ? await this.lastGood().catch(() => undefined) : undefined;
    try {
      const versions = await this.versions();
      const parts = await Promise.all(KINDS.map((kind) => this.#part(kind, versions, kept)));
      if (!parts[0]?.bytes) throw noPack();
      return together(versions, parts);
    } catch (error) {
      if (kept?.bytes.pack) return kept;
      throw error;
    }
  }

  /**
   * Keeps a set for when the network fails. What was kept before goes when all of it stands: a page may be left in between.
   * Rejects where there is no Cache API.
   */
  async keep(set: PublishedSet): Promise<void> {
    const kept = await this.lastGood();
    const cache = await caches.open(this.#cacheName);
    const surplus: string[] = [];
    for (const kind of KINDS) {
      const part = set.bytes[kind];
      const address = this.#address(kind, set.versions);
      const before = this.#address(kind, (kept ?? set).versions);
      if (before !== address) surplus.push(before);
      else if (kept?.bytes[kind]) continue;
      if (part) await cache.put(address, new Response(part as BodyInit));
    }
    await cache.put(baseOf(this.#options) + this.#path(), Response.json(set.versions));
    for (const address of surplus) await cache.delete(address);
  }

  /** Removes what was kept, if anything was. */
  async forget(): Promise<void> {
    try {
      await caches.delete(this.#cacheName);
    } catch {
      // Where there is no such cache, nothing was kept.
    }
  }

  /** Returns what was kept. Rejects where there is no Cache API. */
  async lastGood(): Promise<PublishedSet | undefined> {
    if (!(await caches.has(this.#cacheName))) return undefined;
    const cache = await caches.open(this.#cacheName);
    const found = await cache.match(baseOf(this.#options) + this.#path());
    if (!found) return undefined;
    const versions = (await found.json()) as PublishedVersions;
    const parts = await Promise.all(KINDS.map(async (kind) => {
      const [version, part] = [versions[`${kind}_version`], await cache.match(this.#address(kind, versions))];
      return { kind, version, bytes: part && (await verified(part, version)), isStale: true };
    }));
    return together(versions, parts);
  }

  /** One part as it is live; as it was kept, under its own version, where it cannot be fetched. */
  async #part(kind: Kind, versions: PublishedVersions, kept: PublishedSet | undefined): Promise<Part> {
    const version = versions[`${kind}_version`];
    if (version === "") return { kind, version, bytes: undefined, isStale: false };
    const before = kept?.bytes[kind];
    const versionBefore = kept?.versions[`${kind}_version`] ?? "";
    const bytes = before && versionBefore === version ? before : await this.#fetched(kind, version).catch(() => undefined);
    if (bytes || !before) return { kind, version, bytes, isStale: !bytes };
    return { kind, version: versionBefore, bytes: before, isStale: true };
  }

  async #fetched(kind: Kind, version: string): Promise<Uint8Array | undefined> {
    const response = await fetchFrom(this.#options, this.#path(`?part=${kind}&version=${version}`), ANONYMOUS);
    return response.ok ? verified(response, version) : undefined;
  }

  readonly #path = (rest = ""): string => `/published/${this.#options.pack}${rest}`;

  readonly #address = (kind: Kind, versions: PublishedVersions): string =>
    baseOf(this.#options) + this.#path(`?part=${kind}&version=${versions[`${kind}_version`]}`);
}

const noPack = (status?: number): NearsideError => new NearsideError("no-pack", "no pack was fetched", status);

interface Part {
  readonly kind: Kind;
  readonly version: string;
  readonly bytes: Uint8Array | undefined;
  readonly isStale: boolean;
}

/** Returns the bytes that hash to their version. */
async function verified(answer: Response, version: string): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const hash = Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (byte) => byte.toString(16).padStart(2, "0"));
  return hash.join("") === version ? bytes : undefined;
}

function together(versions: PublishedVersions, parts: readonly Part[]): PublishedSet {
  const named = Object.fromEntries(parts.map(({ kind, version }) => [`${kind}_version`, version]));
  const bytes = Object.fromEntries(parts.map((part) => [part.kind, part.bytes]));
  return { versions: { ...versions, ...named }, bytes, isStale: parts.some((part) => part.isStale && part.version !== "") };
}
