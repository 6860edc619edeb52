// What stands in a document at a place that the checker named, such as "words.reasons[3].when".

const MOST_CHARACTERS = 160;

/** The text of what stands there, shortened; nothing where the place does not lead anywhere. */
export function textAt(document: unknown, place: string): string {
  let found: unknown = document;
  for (const [, key, index] of place.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    if (typeof found !== "object" || found === null) return "";
    found = (found as Record<string, unknown>)[key ?? index ?? ""];
  }
  if (found === undefined || found === document) return "";
  const text = JSON.stringify(found);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
}

/** A JSON document, or why it is none. */
export function readDocument(text: string): { document: unknown } | { fault: string } {
  try {
    return { document: JSON.parse(text) as unknown };
  } catch (thrown) {
    return { fault: thrown instanceof Error ? thrown.message : "it does not read" };
  }
}
