// Lets cards glide from their old places to the new ones, unless the person asked for less motion.

const GLIDE = { duration: 420, easing: "cubic-bezier(0.2, 0.7, 0.2, 1)" };

/** @param {Map<string, HTMLElement>} cards */
const tops = (cards) => new Map([...cards].filter(([, card]) => card.isConnected && !card.hidden).map(([id, card]) => [id, card.offsetTop]));

/**
 * Remembers where the cards are; the returned function is called when they are in their new places.
 * @param {Map<string, HTMLElement>} before
 * @returns {(after: Map<string, HTMLElement>) => void}
 */
export function glide(before) {
  const old = tops(before);
  return (after) => {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const [id, top] of tops(after)) {
      const from = old.get(id);
      if (from === undefined || from === top) continue;
      after.get(id)?.animate([{ transform: `translateY(${from - top}px)` }, { transform: "none" }], GLIDE);
    }
  };
}
