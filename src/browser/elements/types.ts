import type { Candidates, Context, Mode, Nearside } from "nearside";

/** A category of the pack, with the name that people read. */
export interface Category {
  readonly id: string;
  readonly name: string;
}

/** What a person did in an element: the detail of the event `nearside-change`, which bubbles. The moment to draw lists again. */
export interface TakenAction {
  /** `more`, `less`, `hide`, `done`, `restore`, `snooze`, `general`; `preferences` in the preference centre. */
  readonly action: string;
  /** The item, where it was about one. */
  readonly item?: string;
}

/** What both elements have. Set the properties after `defineElements`, then call `refresh`. */
export interface NearsideElement extends HTMLElement {
  /** Whose choices are shown. Without it the element is empty. */
  nearside: Nearside | undefined;
  /** The situation, as lists are asked for. */
  context: Context | undefined;
  /** The surface. */
  scope: string | undefined;
  /** Draws again: call it when `onChange` says that something changed. */
  refresh(): Promise<void>;
}

/** `<why-this>`: why an item stands where it stands, and what to do about it. */
export interface WhyThisElement extends NearsideElement {
  /** The item's id. */
  item: string;
  /** The item's title, for who cannot see where the button stands. */
  label: string;
  /** The list that the item stands in; the catalogue when absent. */
  items: Candidates | undefined;
  /** The decision that showed the item. */
  decision: string | undefined;
}

/** `<preference-centre>`: what is known, what may be used, and how to take it along or away. Its children stand among its panels. */
export interface PreferenceCentreElement extends NearsideElement {
  /** The modes that are offered, in this order; all but `server` when absent. */
  modes: readonly Mode[];
  /** The pack's categories. Without them there is nothing to pin. */
  categories: readonly Category[];
}
