// What was just done, for eyes and for screen readers.

/** A line that is read out when it changes. */
export function Said({ text }: { text: string }) {
  return <p class={text ? "said-line" : "visually-hidden"} role="status">{text}</p>;
}
