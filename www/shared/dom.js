// Making and finding elements. Text goes in as text, never as markup.

/**
 * Makes an element with a class and a text.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/**
 * Finds the element that the page's markup promises.
 * @template {typeof HTMLElement} Kind
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {Kind} kind
 * @returns {InstanceType<Kind>}
 */
export function find(parent, selector, kind) {
  const found = parent.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`no ${selector} in the markup`);
  return /** @type {InstanceType<Kind>} */ (found);
}

/**
 * Copies the one element of a template.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function copyOf(id) {
  const { content } = find(document, `#${id}`, HTMLTemplateElement);
  return find(/** @type {DocumentFragment} */ (content.cloneNode(true)), "*", HTMLElement);
}

/**
 * Makes a list of texts.
 * @param {string[]} texts
 * @param {string} [className]
 */
export function bullets(texts, className = "") {
  const made = element("ul", className);
  made.append(...texts.map((text) => element("li", "", text)));
  return made;
}

/** Text that only a screen reader says. @param {string} text */
export const spoken = (text) => element("span", "visually-hidden", text);
