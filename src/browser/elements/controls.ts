import { make } from "./make.js";

/** A switch with its label, and what it means. */
export const toggle = (key: string, label: string, checked: boolean, onSet: (isOn: boolean) => void, note?: string): HTMLElement => {
  const input = make("input", { type: "checkbox", role: "switch", "data-key": key, checked, onchange: () => onSet(input.checked) });
  return make("label", { className: "check" }, input, make("span", {}, label, note !== undefined && make("br"), note !== undefined && make("small", {}, note)));
};

/** A choice of one. `options` are values with their labels. */
export const choice = (key: string, label: string, options: readonly (readonly [string, string])[], value: string, onSet: (value: string) => void): HTMLElement => {
  const select = make("select", { "data-key": key, onchange: () => onSet(select.value) }, ...options.map(([id, name]) => make("option", { value: id }, name)));
  select.value = value;
  return make("label", {}, label, select);
};

/** A part of the centre. */
export const panel = (heading: string, ...children: (Node | string | undefined | false)[]): HTMLElement =>
  make("section", { className: "panel" }, make("h2", {}, heading), ...children);
