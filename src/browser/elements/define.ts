import { preferenceCentre } from "./preference-centre.js";
import { whyThis } from "./why-this.js";
import { english, type Words } from "./words.js";

/** Makes `<why-this>` and `<preference-centre>` known to the page. Called again it does nothing. */
export function defineElements(words: Partial<Words> = {}): void {
  const all = { ...english, ...words } as Words;
  if (!customElements.get("why-this")) customElements.define("why-this", whyThis(all));
  if (!customElements.get("preference-centre")) customElements.define("preference-centre", preferenceCentre(all));
}
