type Child = Node | string | undefined | false;

/** Makes an element. Names with a hyphen and `role` become attributes, others properties; texts go in as text, never as markup. */
export function make<K extends keyof HTMLElementTagNameMap>(tag: K, with_: { readonly [name: string]: unknown } = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(with_)) {
    if (name.includes("-") || name === "role") made.setAttribute(name, String(value));
    else Object.assign(made, { [name]: value });
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

/** A button. `key` finds it again after everything was drawn anew. */
export const button = (text: string, onclick: () => unknown, key = text, more: object = {}): HTMLButtonElement =>
  make("button", { type: "button", onclick, "data-key": key, ...more }, text);

/** A heading with a list of texts; nothing where there are none. */
export const listed = (heading: string, texts: readonly string[]): Child =>
  texts.length > 0 && make("section", {}, make("h3", {}, heading), make("ul", {}, ...texts.map((text) => make("li", {}, text))));

/** A bar of -1 to 1 as a picture; the text beside it has the number. */
export const bar = (share: number): HTMLElement =>
  make("progress", { value: Math.abs(share), className: share < 0 ? "minus" : "", "aria-hidden": true });
