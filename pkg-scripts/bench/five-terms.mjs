// The peer of the browser's bench: the five terms as a web developer would write them in plain JavaScript, on the same
// person, the same items and the same pack, with the same answer. It keeps its items prepared, as the engine does.

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const softsign = (x) => x / (1 + Math.abs(x));
const dayOf = (ms) => Math.floor(ms / DAY_MS);
const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

/** Takes what does not change from call to call out of the items. */
export function prepared(items) {
  const time = (text) => (text ? Date.parse(text) : undefined);
  return items.map((item) => ({ item, deadline: time(item.deadline), published: time(item.published_at) }));
}

/**
 * Orders prepared items for a person.
 * @param pack the pack, as parsed
 * @param list what `prepared` returned
 * @param person the person's document, as parsed
 * @param {{context: {country: string, utc_offset_minutes: number}, limit: number}} request
 * @param {number} nowMs
 */
export function rank(pack, list, { state, stated }, { context, limit }, nowMs) {
  const today = dayOf(nowMs);
  const part = state.p[pack.id] ?? { c: {}, i: {} };
  const evidence = clamp((nowMs - state.from) / DAY_MS / 30, 0, 1);
  const shrinkage = 0.3 + 0.7 * evidence;
  const fatigue = new Map();
  const ignored = new Map();
  for (const [id, item] of Object.entries(part.i ?? {})) {
    const count = ignoredViews(item, today, pack.rules.ignored_after_days);
    if (count === 0) continue;
    fatigue.set(id, 1 - 0.7 ** count);
    ignored.set(item.c, (ignored.get(item.c) ?? 0) + count);
  }
  const of = new Map(pack.categories.map(({ id }) => [id, ofCategory(part.c[id], ignored.get(id) ?? 0, pack, shrinkage, today)]));
  const comfortable = state.cn > 0 ? clamp((4 * 5 + state.cs) / (4 + state.cn), 1, 10) : undefined;
  const stage = pack.relevance.life_stages.find(({ from_age, to_age }) => stated.age >= from_age && stated.age <= to_age)?.id;
  const hour = hourOpinion(state.h, context.utc_offset_minutes, nowMs);
  const weights = pack.scoring.weights;
  const term = (name, value) => ({ name, value, weight: weights[name], contribution: value * weights[name] });
  const scored = [];
  for (const { item, deadline, published } of list) {
    if (item.countries?.length > 0 && !item.countries.includes(context.country)) continue;
    if (published > nowMs || deadline < nowMs) continue;
    const category = of.get(item.category);
    const preference = term("category_preference", category.preference);
    const sophistication = term("sophistication_match", sophisticationMatch(item.complexity, comfortable));
    const lifeStage = term("life_stage_relevance", lifeStageRelevance(item, stage, pack));
    const timing = term("timing", 0.5 * hour + 0.5 * nearness(deadline, nowMs));
    const recency = term("recency", 0.5 + shrinkage * (0.5 * category.attention - 0.5 * (fatigue.get(item.id) ?? 0)));
    const terms = [preference, sophistication, lifeStage, timing, recency];
    const score = preference.contribution + sophistication.contribution + lifeStage.contribution + timing.contribution + recency.contribution;
    const adjusted_priority = clamp(Math.round(item.priority * (0.5 + category.preference)), 1, 100);
    const confidence = 0.5 * evidence + (0.5 * category.observations) / (category.observations + 10);
    scored.push({ id: item.id, rank: 0, score, confidence, adjusted_priority, category: item.category, terms, factors: [] });
  }
  scored.sort((a, b) => b.score - a.score || b.adjusted_priority - a.adjusted_priority || (a.id < b.id ? -1 : 1));
  const items = scored.slice(0, limit);
  items.forEach((item, index) => (item.rank = index + 1));
  return items;
}

function ignoredViews({ v: viewed = [], e: engaged = [] }, today, after) {
  return viewed.filter((day) => day <= today - after && !engaged.some((other) => other >= day && other <= day + after)).length;
}

function ofCategory({ a: accepted = 0, x: dismissed = 0, d: days = [] } = {}, ignored, pack, shrinkage, today) {
  const prior = pack.scoring.prior_observations;
  const observations = accepted + dismissed + ignored;
  const rate = (prior / 2 + accepted) / (prior + observations);
  const recent = days.filter(([day]) => day > today - 14 && day <= today);
  const attention = softsign(recent.reduce((sum, [day, , , , strength]) => sum + strength * 2 ** (-(today - day) / 3), 0));
  return { preference: 0.5 + shrinkage * (rate - 0.5), observations, attention };
}

function sophisticationMatch(complexity, comfortable) {
  if (complexity == null || comfortable === undefined) return 0.5;
  const distance = complexity - comfortable;
  return 1 - (distance > 0 ? distance : -0.5 * distance) / 9;
}

function lifeStageRelevance({ category, life_stages: stages = [] }, stage, pack) {
  if (stage === undefined) return 0.5;
  if (stages.includes(stage)) return 1;
  const inGeneral = pack.relevance.life_stage_table[category]?.[stage] ?? 0.5;
  return stages.length === 0 ? inGeneral : inGeneral * 0.5;
}

function nearness(deadline, nowMs) {
  if (deadline === undefined) return 0.5;
  const days = (deadline - nowMs) / DAY_MS;
  return days < 0 ? 0 : 1 - 0.5 * clamp((days - 7) / 83, 0, 1);
}

function hourOpinion(hours = [], offset, nowMs) {
  if (hours.length !== 24 || offset === undefined) return 0.5;
  const window = (hour) => hours[(hour + 23) % 24] + hours[hour] + hours[(hour + 1) % 24];
  const busiest = Math.max(...hours.map((_, hour) => window(hour)));
  if (busiest === 0) return 0.5;
  const events = hours.reduce((sum, count) => sum + count, 0);
  const local = Math.floor((nowMs + offset * 60_000) / HOUR_MS) % 24;
  return (events * (window(local) / busiest) + 5) / (events + 10);
}
