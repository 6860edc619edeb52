// Uses every name that the package exports, as an app would: compiled, never run.
import { createNearside, init, NearsideError } from "nearside";
import type {
  Assignment, AttributeValue, Candidates, Change, Context, DecidedItem, DecidedReason, DecidedTest, Decision, Detail,
  ErasureReceipt, EventType, Expertise, ExplainedTerm, ExplainOptions, Explanation, Factor, Feedback, FeedbackType,
  Interaction, Item, Level, Mode, Nearside, NearsideChange, NearsideCode, NearsideOptions, NearsideStorage,
  NotificationFrequency, Personalization, PersonExport, PreferencesUpdate, Profile, ProfileAccess, RerankOptions, Row, Settings,
  SettingsAccess, SettingsUpdate, Term, TrackReport, Use, WasmSource,
} from "nearside";
import { defineElements, english, forgetSnoozes, isSnoozed, snooze } from "nearside/elements";
import type { Category, NearsideElement, PreferenceCentreElement, TakenAction, WhyThisElement, Words } from "nearside/elements";

const attribute: AttributeValue = ["a", "b"];
const item: Item = { id: "isa", category: "TAX", title: "Use your allowance", attributes: { area: attribute } };
const items: Candidates = [item, "an-id-of-the-catalogue"];
const context: Context = { time_zone: "Europe/London", country: "GB" };
const type: EventType = "CLICKED";
const interaction: Interaction = { type, target_id: item.id, context };
const feedbackType: FeedbackType = "HELPFUL";
const feedback: Feedback = { type: feedbackType, recommendation_id: item.id };
const level: Level = "HIGH";
const detail: Detail = "CONCISE";
const expertise: Expertise = "EXPERT";
const often: NotificationFrequency = "WEEKLY";
const stated: PreferencesUpdate = {
  demographics: { age: 41, income_level: level },
  preferences: { detail_level_preference: detail, notification_frequency: often },
  sophistication: { self_reported_expertise: expertise },
};
const switches: SettingsUpdate = { location: false };
const how: RerankOptions = { scope: "home", limit: 10, explain: "terms", showHidden: true };
const why: ExplainOptions = { items, context, scope: "home" };

const rows = new Map<string, Row>();
const storage: NearsideStorage = {
  find: async () => rows.size > 0,
  create: async () => {},
  read: async (prefix) => [...rows].filter(([key]) => key.startsWith(prefix)),
  change: async <T>(keys: readonly string[], apply: (found: readonly (Row | undefined)[]) => Change<T>) => {
    const { put, result } = apply(keys.map((key) => rows.get(key)));
    for (const [key, row] of Object.entries(put ?? {})) row ? rows.set(key, row) : rows.delete(key);
    return result;
  },
  erase: async () => rows.clear(),
  close: () => {},
};

const wasm: WasmSource = new URL("https://example.org/nearside_bg.wasm");
const options: NearsideOptions = {
  pack: "finance", base: "/api", token: async () => "token", user: "0192", session: "s", storage, wasm, fetch, now: Date.now,
  onChange: ({ mode, degraded, cause }: NearsideChange): void => console.log(mode satisfies Mode, degraded.length, cause),
};

/** One of each call. */
export async function useEverything(): Promise<readonly unknown[]> {
  await init(wasm);
  using nearside: Nearside = await createNearside(options);
  await nearside.setMode("visit" satisfies Mode);
  const decision: Decision = await nearside.rerank(items, context, how);
  const [first]: readonly DecidedItem[] = decision.items;
  const terms: readonly Term[] = first?.terms ?? [];
  const factors: readonly Factor[] = first?.factors ?? [];
  const personalization: Personalization = decision.personalization;
  const use: Use = decision.use;
  const tests: readonly DecidedTest[] = decision.experiments ?? [];
  const reason: DecidedReason | undefined = tests[0]?.reason;
  const explanation: Explanation = await nearside.explain(item.id, why);
  const explained: readonly ExplainedTerm[] = explanation.terms ?? [];
  const report: TrackReport = await nearside.observe(interaction);
  await nearside.feedback(feedback);
  const assignment: Assignment | undefined = await nearside.assign("test", context);
  const person: ProfileAccess = nearside.profile;
  const profile: Profile = await person.set(stated);
  const exported: PersonExport = await person.export();
  const access: SettingsAccess = nearside.settings;
  const settings: Settings = await access.set(switches);
  nearside.pauseLearning(true);
  nearside.rerankSync();
  const [left, isNew]: [number, boolean] = [await nearside.flush(), await nearside.refresh()];
  const receipt: ErasureReceipt = await person.erase();
  await nearside.optOut();
  return [
    terms, factors, personalization, use, reason, explained, report, assignment, profile, exported, settings, left, isNew, receipt,
    nearside.mode, nearside.degraded, nearside.hasPrivacySignal,
  ];
}

/** What an app does with an error. */
export function codeOf(error: unknown): NearsideCode | undefined {
  return error instanceof NearsideError ? error.code : undefined;
}

/** The elements, as a page sets them. */
export function useElements(nearside: Nearside): readonly Node[] {
  const words: Partial<Words> = { why: english["why"] ?? "Why?" };
  defineElements(words);
  const why = document.createElement("why-this") as WhyThisElement;
  Object.assign(why, { nearside, item: item.id, label: item.title, items, context } satisfies Partial<WhyThisElement>);
  const centre = document.createElement("preference-centre") as PreferenceCentreElement;
  const categories: readonly Category[] = [{ id: "TAX", name: "Tax" }];
  Object.assign(centre, { nearside, categories, modes: ["general", "device"] } satisfies Partial<PreferenceCentreElement>);
  const both: readonly NearsideElement[] = [why, centre];
  centre.addEventListener("nearside-change", (event) => console.log((event as CustomEvent<TakenAction>).detail.action));
  if (!isSnoozed(nearside, item.id)) snooze(nearside, item.id);
  forgetSnoozes();
  return both;
}
