import type { Mode } from "nearside";
import { baseOf } from "./base.js";
import type { Centre } from "./centre.js";
import { likes } from "./likes.js";
import { button, make } from "./make.js";
import { ownData } from "./own-data.js";
import { purposes } from "./purposes.js";
import { reading } from "./reading.js";
import type { Category } from "./types.js";
import type { Words } from "./words.js";

/** The most that the Worker returns: enough to see a term of most categories. */
const MOST_ITEMS = 50;

/** Makes the class of `<preference-centre>`. */
export function preferenceCentre(words: Words): CustomElementConstructor {
  return class PreferenceCentre extends baseOf(words) {
    modes: readonly Mode[] = ["general", "visit", "device"];
    categories: readonly Category[] = [];
    readonly #status = make("p", { className: "status", role: "status" });
    readonly #body = make("div", { className: "stack" });

    override async refresh(): Promise<void> {
      const { nearside } = this;
      if (!nearside) return;
      if (!this.#body.isConnected) this.root.replaceChildren(make("div", { className: "stack" }, this.#status, this.#body));
      const { mode } = nearside;
      const shared = { nearside, words, categories: this.categories, do: (work: () => Promise<string | undefined | void>) => void this.#do(work) };
      try {
        const parts = mode === "general" ? [make("p", { className: "panel" }, words["needsChoice"])] : await this.#known(shared);
        // Somebody chose otherwise meanwhile: that drawing shows it.
        if (mode !== nearside.mode) return this.refresh();
        this.paint(this.#body, this.#choice(), make("div", { className: "panels" }, ...parts, make("slot"), ownData(shared)));
      } catch (error) {
        this.paint(this.#body, this.#choice(), ownData(shared));
        this.#say(this.problem(error));
      }
    }

    async #known(shared: Omit<Centre, "known">): Promise<HTMLElement[]> {
      const { nearside } = shared;
      if (this.#body.childNodes.length === 0) this.#body.replaceChildren(make("p", {}, words["loading"]));
      const how = { explain: "full", limit: MOST_ITEMS, showHidden: true, ...(this.scope && { scope: this.scope }) } as const;
      const [profile, settings, decision] = await Promise.all([nearside.profile.get(), nearside.settings.get(), nearside.rerank(undefined, this.context, how)]);
      const centre: Centre = { ...shared, known: { profile, settings, decision } };
      return [likes(centre), ...reading(centre), purposes(centre)];
    }

    /** The modes as equals: same size, same words, one press each way. */
    #choice(): HTMLElement {
      const { modes, nearside } = this;
      const notes = [nearside!.hasPrivacySignal && words["signal"], ...nearside!.degraded.map((what) => words[`degraded_${what}`])];
      const of = (mode: Mode): HTMLElement => {
        const isChosen = nearside!.mode === mode;
        const made = button("", () => this.#do(() => nearside!.setMode(mode)), `mode-${mode}`, { "aria-pressed": isChosen });
        made.append(make("b", {}, words[`mode_${mode}`]), make("small", {}, words[`about_${mode}`]));
        return made;
      };
      return make("section", {}, make("h2", { id: "choice" }, words["choice"]),
        make("div", { className: "modes", role: "group", "aria-labelledby": "choice" }, ...modes.map(of)),
        ...notes.map((note) => note && make("p", { className: "note" }, note)));
    }

    async #do(work: () => Promise<string | undefined | void>): Promise<void> {
      this.#body.setAttribute("aria-busy", "true");
      try {
        const said = await work();
        this.#say(said ?? "");
      } catch (error) {
        this.#say(this.problem(error));
      } finally {
        this.#body.removeAttribute("aria-busy");
      }
      await this.refresh();
      this.tell({ action: "preferences" });
    }

    #say(text: string): void {
      this.#status.textContent = text;
    }
  };
}
