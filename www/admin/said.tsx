// What was just done, for eyes and for screen readers.

import { useEffect, useRef } from "preact/hooks";

/** A line that is read out when it changes. Whoever did it goes on from there: the button that began it may be gone. */
export function Said({ text }: { text: string }) {
  const line = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (text) line.current?.focus();
  }, [text]);
  return <p class={text ? "said-line" : "visually-hidden"} role="status" tabIndex={-1} ref={line}>{text}</p>;
}
