import type { Detail, Expertise, NotificationFrequency, PreferencesUpdate } from "nearside";
import type { Centre } from "./centre.js";
import { choice, panel, toggle } from "./controls.js";
import { make } from "./make.js";
import { fill } from "./words.js";

const DETAIL = ["CONCISE", "MODERATE", "DETAILED"];
const LEVEL = ["NOVICE", "INTERMEDIATE", "EXPERT"];
const OFTEN = ["REAL_TIME", "DAILY", "WEEKLY", "MONTHLY"];
const CHANNELS = ["EMAIL", "IN_APP", "SMS", "PUSH"] as const;

/** How much, how hard and in which tone to read; how often and where to be told. */
export function reading(centre: Centre): HTMLElement[] {
  const { nearside, words, known: { profile: { preferences, sophistication }, decision } } = centre;
  const set = (update: PreferencesUpdate): void => centre.do(async () => {
    await nearside.profile.set(update);
    return words["saved"];
  });
  const one = (key: string, values: readonly string[], value: string | null, onSet: (value: string | null) => void): HTMLElement => {
    const options = values.map((id) => [id, words[`${key}_${id}`]!] as const);
    return choice(key, words[key]!, [["", words["unsaid"]!], ...options], value ?? "", (chosen) => onSet(chosen || null));
  };
  const channels = preferences.preferred_channels ?? [];
  const { tone } = decision.items[0] ?? {};
  return [
    panel(words["reading"]!,
      one("detail", DETAIL, preferences.detail_level_preference, (value) => set({ preferences: { detail_level_preference: value as Detail } })),
      one("level", LEVEL, sophistication.self_reported_expertise, (value) => set({ sophistication: { self_reported_expertise: value as Expertise } })),
      tone !== undefined && make("p", { className: "soft" }, fill(words["tone"]!, { tone: tone.toLowerCase().replaceAll("_", " ") }))),
    panel(words["messages"]!,
      one("often", OFTEN, preferences.notification_frequency, (value) => set({ preferences: { notification_frequency: value as NotificationFrequency } })),
      ...CHANNELS.map((id) => toggle(id, words[`channel_${id}`]!, channels.includes(id),
        (isOn) => set({ preferences: { preferred_channels: isOn ? [...channels, id] : channels.filter((other) => other !== id) } }))),
      make("small", {}, words["messagesNote"])),
  ];
}
