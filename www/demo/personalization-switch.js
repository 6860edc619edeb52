// The switch of one person: off is off at once, and everybody's order comes back.

import { switchPersonalization } from "../shared/api.js";
import { find, spoken } from "../shared/dom.js";

/**
 * @import { DemoPerson, Settings } from "../shared/wire.js"
 * @import { Frame } from "./column-frame.js"
 */

/**
 * @param {Frame} frame
 * @param {DemoPerson} person
 * @param {(change: () => Promise<string>) => Promise<void>} run runs the change when nothing else is under way
 */
export function personalizationSwitch(frame, person, run) {
  const input = find(frame.switch, "input", HTMLInputElement);
  const state = find(frame.switch, ".switch-state", HTMLElement);
  find(frame.switch, "span", HTMLElement).append(spoken(` for ${person.name}`));
  input.disabled = true;
  let isOn = false;

  /** @param {Settings | null} settings null when they could not be read */
  const show = (settings) => {
    isOn = settings?.isEnabled === true;
    input.disabled = settings === null;
    input.checked = isOn;
    state.textContent = settings === null ? "unknown" : isOn ? "on" : "off";
  };

  input.addEventListener("change", async () => {
    const wanted = input.checked;
    await run(async () => {
      const settings = await switchPersonalization(person.token, wanted);
      show(settings);
      return settings.isEnabled
        ? `Personalization is on for ${person.name}. The list is in ${person.name}’s own order again.`
        : `Personalization is off for ${person.name}. This is the general order now.`;
    });
    // Where the change failed, or waited for another, the switch goes back to what holds.
    input.checked = isOn;
  });
  return { show };
}
