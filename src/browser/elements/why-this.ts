import type { Candidates, TrackReport } from "nearside";
import { baseOf } from "./base.js";
import { explained } from "./explained.js";
import { button, make } from "./make.js";
import { snooze } from "./snoozes.js";
import type { Words } from "./words.js";

/** Makes the class of `<why-this>`. */
export function whyThis(words: Words): CustomElementConstructor {
  return class WhyThis extends baseOf(words) {
    items: Candidates | undefined;
    decision: string | undefined;
    #isHidden = false;
    readonly #status = make("p", { className: "status", role: "status" });
    readonly #body = make("div", { className: "stack" });
    readonly #row = make("div", { className: "row" });
    #taken: string | undefined;
    readonly #dialog: HTMLDialogElement = make("dialog", { "aria-labelledby": "title", onclose: () => this.#closed() },
      make("header", {}, make("h2", { id: "title" }, words["whyTitle"]), button("✕", () => this.#dialog.close(), "close", { ariaLabel: words["close"] })),
      make("div", { className: "body" }, this.#status, this.#body));

    get item(): string {
      return this.getAttribute("item") ?? "";
    }

    set item(id: string) {
      this.setAttribute("item", id);
    }

    get label(): string {
      return this.getAttribute("label") ?? "";
    }

    set label(text: string) {
      this.setAttribute("label", text);
    }

    override async refresh(): Promise<void> {
      if (!this.nearside) return;
      const { nearside, label } = this;
      const named = (text: string): object => ({ className: "link", ariaLabel: label ? `${text} (${label})` : text });
      const why = button(words["why"]!, () => this.#open(), "why", { ...named(words["why"]!), "aria-haspopup": "dialog" });
      const general = button(words["showGeneral"]!, () => this.#act("general"), "general", named(words["showGeneral"]!));
      if (!this.#row.isConnected) this.root.replaceChildren(this.#row, this.#dialog);
      this.paint(this.#row, why, ...(nearside.mode === "general" ? [] : [general]));
    }

    #open(): void {
      this.#say("");
      this.#dialog.showModal();
      void this.#explain();
    }

    async #explain(): Promise<void> {
      const { nearside, item, items, context, scope } = this;
      if (this.#body.childNodes.length === 0) this.#body.replaceChildren(make("p", {}, words["loading"]));
      try {
        const explanation = await nearside!.explain(item, { ...(items && { items }), ...(context && { context }), ...(scope && { scope }) });
        this.#isHidden = explanation.is_hidden;
        this.paint(this.#body, ...explained(explanation, words, nearside!.mode !== "general" && this.#buttons()));
      } catch (error) {
        this.#body.replaceChildren();
        this.#say(this.problem(error));
      }
    }

    #buttons(): HTMLElement {
      const kinds = ["more", "less", this.#isHidden ? "restore" : "hide", "done", "snooze", "general"];
      const label = (kind: string): string => words[kind === "general" ? "showGeneral" : kind]!;
      return make("section", {}, make("h3", {}, words["tell"]),
        make("div", { className: "row" }, ...kinds.map((kind) => button(label(kind), () => this.#act(kind), kind === "general" ? "last" : kind))),
        make("small", {}, words["snoozeNote"]));
    }

    async #act(kind: string): Promise<void> {
      try {
        this.#taken = kind;
        if (kind === "general") {
          await this.nearside!.optOut();
          if (this.#dialog.open) this.#dialog.close();
          else this.#closed();
        } else if (kind === "snooze") {
          snooze(this.nearside!, this.item);
          this.#say(words["snoozed"]!);
        } else {
          const { withheld } = await this.#send(kind);
          await this.#explain();
          const isToGo = kind === "hide" || kind === "done";
          // What a person sends away goes at once, also where the engine keeps it: then it is out of sight in this browser.
          const isOnlyHere = isToGo && !this.#isHidden;
          if (isOnlyHere || kind === "restore") snooze(this.nearside!, this.item, isOnlyHere ? 7 : 0);
          this.#say(words[withheld > 0 ? (isOnlyHere ? "snoozed" : "withheld") : isOnlyHere ? "notHidden" : "taken"]!);
        }
      } catch (error) {
        this.#say(this.problem(error));
      }
    }

    #send(kind: string): Promise<TrackReport> {
      const { nearside, item, decision } = this;
      const about = { more: "positive", less: "negative" }[kind];
      if (about) return nearside!.observe({ type: "FEEDBACK", action: about, target_type: "recommendation", target_id: item, ...(decision && { decision_id: decision }) });
      const type = kind === "hide" ? "NOT_RELEVANT" : kind === "done" ? "ALREADY_DONE" : "RESTORE";
      return nearside!.feedback({ type, recommendation_id: item });
    }

    #say(text: string): void {
      this.#status.textContent = text;
    }

    /** The page is told when nobody reads the dialog any more: it may draw its lists anew. */
    #closed(): void {
      const action = this.#taken;
      this.#taken = undefined;
      this.find("why")?.focus();
      if (action) this.tell({ action, item: this.item });
    }
  };
}
