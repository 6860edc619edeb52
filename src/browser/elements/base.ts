import type { Context, Nearside, NearsideError } from "nearside";
import { styles } from "./style.js";
import type { TakenAction } from "./types.js";
import { fill, type Words } from "./words.js";

/** What both elements are built on. Made when asked for: a server that renders pages has no elements. */
export function baseOf(words: Words) {
  return class Base extends HTMLElement {
    nearside: Nearside | undefined;
    context: Context | undefined;
    scope: string | undefined;
    readonly root: ShadowRoot = this.attachShadow({ mode: "open", delegatesFocus: true });

    constructor() {
      super();
      this.root.adoptedStyleSheets = [styles()];
    }

    connectedCallback(): void {
      void this.refresh();
    }

    async refresh(): Promise<void> {}

    /** Replaces what is shown; what has the focus keeps it. */
    paint(parent: ParentNode, ...nodes: Node[]): void {
      const focused = (this.root.activeElement as HTMLElement | null)?.dataset["key"];
      parent.replaceChildren(...nodes);
      this.find(focused)?.focus();
    }

    /** What went wrong, in words. */
    problem(error: unknown): string {
      const { code, detail, message } = error as NearsideError;
      return code === "offline" || code === "unavailable" ? words["offline"]! : fill(words["failed"]!, { detail: detail ?? message });
    }

    /** Tells the page. */
    tell(detail: TakenAction): void {
      this.dispatchEvent(new CustomEvent("nearside-change", { bubbles: true, composed: true, detail }));
    }

    /** What was drawn under a key. */
    find(key: string | undefined): HTMLElement | null {
      return this.root.querySelector(`[data-key="${key}"]`);
    }
  };
}
