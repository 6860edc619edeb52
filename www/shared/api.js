// The only door to the network. One function a route; each answer is read by a parser before anybody sees it.

import { parseAdmin, parseResults, parseTests } from "./experiments-wire.js";
import { problemOf } from "./problem.js";
import { list, object, text } from "./read.js";
import { parseDecision, parseExplanation, parsePeople, parseSettings, parseTrackReport } from "./wire.js";

/** @import { TestResults, TestSummary } from "./experiments-wire.js" */
/** @import { Decision, DemoPerson, Explanation, Interaction, Settings, TrackReport } from "./wire.js" */

const BASE = "/api/v1/personalization";
/** Longer than any answer should take; then the page says so and offers another try. */
const PATIENCE_MS = 15_000;

/**
 * @template T
 * @param {string} path
 * @param {RequestInit} init
 * @param {(json: unknown) => T} parse
 * @returns {Promise<T>}
 */
async function request(path, init, parse) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    throw problemOf(0, null);
  }
  const json = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response.status, json);
  try {
    return parse(json);
  } catch {
    throw problemOf(-1, null);
  }
}

/**
 * @param {string} token
 * @param {object} [body]
 * @returns {RequestInit}
 */
function as(token, body) {
  const authorization = { Authorization: `Bearer ${token}` };
  if (!body) return { headers: authorization };
  return { method: "POST", headers: { ...authorization, "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

/**
 * When the lists are asked for: by the clock of the invented person. Of whoever looks at the page nothing is read.
 * No country: each person's own is in the profile, and the general order is everybody's.
 * @param {DemoPerson} person
 */
const contextOf = ({ time_zone }) => ({ time_zone });

/** @returns {Promise<DemoPerson[]>} */
export const readPeople = () => request("/demo-people.json", {}, parsePeople);

/**
 * @param {DemoPerson} person
 * @param {number} limit
 * @returns {Promise<Decision>}
 */
export const recommend = (person, limit) =>
  request(`${BASE}/recommend`, as(person.token, { scope: "home", limit, context: contextOf(person), explain: "summary" }), parseDecision);

/**
 * @param {string} token
 * @param {number} limit
 * @returns {Promise<Decision>}
 */
export const recommendGeneral = (token, limit) =>
  request(`${BASE}/recommend`, as(token, { scope: "home", limit, mode: "general" }), parseDecision);

/**
 * @param {DemoPerson} person
 * @param {string} recommendationId
 * @returns {Promise<Explanation>}
 */
export const explain = (person, recommendationId) =>
  request(`${BASE}/explain`, as(person.token, { recommendation_id: recommendationId, scope: "home", context: contextOf(person) }), parseExplanation);

/**
 * @param {string} token
 * @param {Interaction} interaction
 * @returns {Promise<TrackReport>}
 */
export const track = (token, interaction) => request(`${BASE}/track-interaction`, as(token, interaction), parseTrackReport);

/**
 * @param {string} token
 * @returns {Promise<Settings>}
 */
export const readSettings = (token) => request(`${BASE}/settings`, as(token), parseSettings);

/**
 * @param {string} token
 * @param {boolean} isOn
 * @returns {Promise<Settings>}
 */
export const switchPersonalization = (token, isOn) =>
  request(`${BASE}/settings`, as(token, { personalization_enabled: isOn }), parseSettings);

/**
 * Reads what is published of a pack for everybody: which versions are live, or one part of it. Who asks is not said, and
 * what has a version may be cached.
 * @param {string} pack
 * @param {string} [part]
 * @param {string} [version]
 */
export const readPublishedPart = (pack, part, version) =>
  request(`${BASE}/published/${pack}${part ? `?part=${part}&version=${version}` : ""}`, { cache: "default", credentials: "omit", referrerPolicy: "no-referrer" }, object);

/**
 * Reads which items people like this person took up.
 * @param {string} token
 * @param {string} scope
 * @returns {Promise<string[]>}
 */
export const collaborative = (token, scope) =>
  request(`${BASE}/recommendations/collaborative?scope=${scope}`, as(token), (json) =>
    list(object(json).recommendations, (entry) => text(object(entry).recommendation_id)));

/** The token that `npm start` leaves for the results page. @returns {Promise<string>} */
export const readAdminToken = () => request("/demo-admin.json", {}, parseAdmin);

/**
 * @param {string} token
 * @param {string} environment
 * @returns {Promise<TestSummary[]>}
 */
export const readTests = (token, environment) => request(`${BASE}/ab-test?environment=${environment}`, as(token), parseTests);

/**
 * @param {string} token
 * @param {string} environment
 * @param {string} testName
 * @returns {Promise<TestResults>}
 */
export const readResults = (token, environment, testName) =>
  request(`${BASE}/ab-test/${encodeURIComponent(testName)}/results?environment=${environment}`, as(token), parseResults);
