// What went wrong with a request, in words that say what to do about it.

/** One thing that the checker found wrong: a place and the rule that is broken there. */
export interface Finding {
  readonly place: string;
  readonly rule: string;
}

/** A request that did not end well. */
export class Problem extends Error {
  /** The HTTP status; 0 when nothing answered, -1 when the answer did not read. */
  readonly status: number;
  /** The code at the end of the problem document's type. */
  readonly code: string;
  /** What the checker found, where the refusal is one of its. */
  readonly findings: readonly Finding[];

  constructor(status: number, message: string, code = "", findings: readonly Finding[] = []) {
    super(message);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.findings = findings;
  }
}

const WORDS: Readonly<Record<number, string>> = {
  [-1]: "The answer did not have its documented shape. The page and the Worker may be of different versions: reload the page.",
  401: "The token is not valid any more; tokens last a day at most.",
  403: "This token's role may not do that.",
  413: "That is more than the Worker takes in one call: 1 MB, or 1,000 entries.",
  503: "A store does not answer at the moment. Nothing was changed.",
};

/** Makes a problem of a status and of the problem document that came with it, if one did. */
export function problemOf(status: number, document: unknown): Problem {
  const code = memberText(document, "type").split("/").at(-1) ?? "";
  const detail = memberText(document, "detail");
  if (code === "invalid-pack") return new Problem(status, "The checker refused it. Nothing was changed.", code, findingsOf(detail));
  if (code === "model-moved") return new Problem(status, "Somebody else moved the live model since this page was loaded. Nothing was changed.", code);
  const said = detail ? `The request was refused: ${detail}.` : `The request failed with status ${status}.`;
  return new Problem(status, WORDS[status] ?? said, code);
}

/** What is said when no answer came at all. */
export function silence(): Problem {
  const words = navigator.onLine ? "Nothing answered. Is the Worker running?" : "You are offline. It can be tried again when the connection is back.";
  return new Problem(0, words);
}

/** Anything that was thrown, as a problem. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  console.error(thrown);
  return new Problem(-2, "Something in this page went wrong. Reload it.");
}

/** Reads "categories[9].name [text-length]; scopes [count]". */
export function findingsOf(detail: string): Finding[] {
  return detail.split("; ").filter(Boolean).map((said) => {
    const [, place, rule] = /^(.*) \[([a-z0-9-]+)\]$/.exec(said) ?? [];
    return { place: place ?? said, rule: rule ?? "" };
  });
}

function memberText(document: unknown, name: string): string {
  if (typeof document !== "object" || document === null) return "";
  const value: unknown = (document as Record<string, unknown>)[name];
  return typeof value === "string" ? value : "";
}
