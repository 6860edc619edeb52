import { isPaused, pause, type Centre } from "./centre.js";
import { panel, toggle } from "./controls.js";
import { make } from "./make.js";
import { fill } from "./words.js";

const PURPOSES = ["behavioral", "demographics", "location", "third_party", "data_sharing_consent", "privacy_mode", "experiments"] as const;

/** One switch for each purpose, and what experiments show this person. */
export function purposes(centre: Centre): HTMLElement {
  const { nearside, words, known: { settings, decision } } = centre;
  const tests = (decision.experiments ?? []).map(({ test_name: test, variant }) => fill(words["variant"]!, { test, variant }));
  const set = (name: string, isOn: boolean): void => centre.do(async () => {
    await nearside.settings.set({ [name]: isOn });
    return words["saved"];
  });
  const pauseNow = (isOn: boolean): void => centre.do(async () => pause(nearside, isOn));
  return panel(words["purposes"]!,
    toggle("pause", words["pause"]!, isPaused(nearside), pauseNow, words["pauseNote"]),
    ...PURPOSES.map((name) => toggle(name, words[`use_${name}`]!, settings[name], (isOn) => set(name, isOn))),
    ...(tests.length > 0 ? tests : [words["noVariants"]!]).map((text) => make("p", { className: "soft" }, text)));
}
