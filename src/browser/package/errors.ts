/** What went wrong, for programs. The engine, the Worker and this package each add theirs; others may come with a later version. */
export type NearsideCode =
  /** The pack is not the one that its version names, or none could be fetched. */
  | "no-pack"
  /** There is no such thing, or it is somebody else's. */
  | "not-found"
  /** The person has not agreed to it. */
  | "consent-required"
  | "invalid-request"
  | "invalid-interaction"
  | "invalid-feedback"
  | "invalid-settings"
  | "invalid-preferences"
  | "invalid-profile"
  | "unknown-scope"
  | "unauthorized"
  | "forbidden"
  | "conflict"
  | "too-large"
  /** A store of the Worker's is down. */
  | "unavailable"
  /** Nobody answered. */
  | "offline"
  /** The call needs the Worker, and so cannot be answered at once. */
  | "needs-worker"
  /** The call is about a person's data in the Worker, and `user` was not given. */
  | "no-user"
  /** `dispose` was called. */
  | "disposed"
  /** The wasm could not be fetched or started, or broke off. */
  | "engine-failed"
  | (string & {});

/** Everything that this package throws or rejects with. */
export class NearsideError extends Error {
  override readonly name = "NearsideError";
  /** For programs. */
  readonly code: NearsideCode;
  /** For people; never repeats what was sent. */
  readonly detail: string;
  /** The status of the Worker's answer, where it was the Worker who refused. */
  readonly status: number | undefined;

  constructor(code: NearsideCode, detail: string, status?: number) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
    this.status = status;
  }
}

/** Makes an error of whatever was thrown: the engine throws plain objects with a code. */
export function asError(thrown: unknown): NearsideError {
  if (thrown instanceof NearsideError) return thrown;
  const { code, detail, message } = (thrown ?? {}) as { code?: unknown; detail?: unknown; message?: unknown };
  if (typeof code === "string" && typeof detail === "string") return new NearsideError(code, detail);
  return new NearsideError("engine-failed", String(message ?? thrown));
}
