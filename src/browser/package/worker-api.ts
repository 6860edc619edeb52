import { NearsideError } from "./errors.js";
import { jsonOf } from "./json.js";
import type { NearsideOptions } from "./options.js";

/** One request. */
export interface Ask {
  readonly body?: object;
  /** Lets the request outlive the page. A beacon could not carry the token. */
  readonly keepalive?: boolean;
  /** In whose name. Who it is may be known only when the token is there; another's token tells nothing of them. */
  readonly user?: string;
}

/** Whoever has not answered by then is taken to be away. */
const LONGEST_MS = 10_000;

/** Asks the Worker in the person's name. */
export class WorkerApi {
  readonly #options: NearsideOptions;
  #lastToken: string | undefined;

  constructor(options: NearsideOptions) {
    this.#options = options;
  }

  /** The person's id. */
  get user(): string {
    if (this.#options.user === undefined) throw new NearsideError("no-user", "user was not given");
    return this.#options.user;
  }

  /** Sends a request and returns what the answer holds. Rejects with the problem's code, or `offline`. */
  async send<T>(method: string, path: string, { body, keepalive, user }: Ask = {}): Promise<T> {
    const given = this.#options.token?.();
    // A page that is left has no time to wait for a token.
    const token = keepalive && typeof given !== "string" ? this.#lastToken : await given;
    this.#lastToken = token;
    if (user && user !== this.#options.user) throw away();
    return answerOf(await fetchFrom(this.#options, path, {
      method,
      cache: "no-store",
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...(body && { "content-type": "application/json" }) },
      ...(keepalive ? { keepalive } : { signal: AbortSignal.timeout(LONGEST_MS) }),
      ...(body && { body: jsonOf(body) }),
    }));
  }

  /** Says yes or no to personalization in the Worker, in one person's name. */
  agree(personalization_enabled: boolean, user: string): Promise<unknown> {
    return this.send("POST", "/settings", { body: { personalization_enabled }, user });
  }
}

/** Fetches a path below the base. Rejects with `offline` where nobody answers. */
export async function fetchFrom(options: NearsideOptions, path: string, init?: RequestInit): Promise<Response> {
  const fetching = options.fetch ?? globalThis.fetch;
  try {
    return await fetching(`${baseOf(options)}${path}`, init);
  } catch {
    throw away();
  }
}

/** Returns what an answer holds. Rejects with the problem's code, or `offline`. */
export async function answerOf<T>(response: Response): Promise<T> {
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw problem(response.status, answer);
  // Something between here and the Worker answered.
  if (answer === undefined) throw away();
  return answer as T;
}

const away = (): NearsideError => new NearsideError("offline", "nobody answers");

/** Returns where the API is. */
export const baseOf = (options: NearsideOptions): string => options.base ?? "/api/v1/personalization";

/** Whether it is worth trying again, because nothing was wrong with the request. */
export const isPassing = (error: unknown): boolean =>
  error instanceof NearsideError && (error.code === "offline" || error.status === 429 || (error.status ?? 0) >= 500);

function problem(status: number, answer: unknown): NearsideError {
  const { type, detail, title } = (answer ?? {}) as { type?: unknown; detail?: unknown; title?: unknown };
  const code = typeof type === "string" ? (type.split("/").at(-1) ?? "") : "";
  return new NearsideError(code || "unavailable", String(detail ?? title ?? `the answer's status is ${status}`), status);
}
