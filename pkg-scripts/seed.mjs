// Fills a local Worker through its own API: pack, catalogue and demo people. Done again it changes nothing but the tokens.
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { apiOf } from "./lib/demo-api.mjs";
import { seedCrowd } from "./lib/demo-crowd.mjs";
import { seedExperiment } from "./lib/demo-experiment.mjs";
import { historyOf } from "./lib/demo-history.mjs";
import { publishCatalogue, publishPack } from "./lib/demo-pack.mjs";
import { PEOPLE } from "./lib/demo-people.mjs";
import { readDevKeys, tokenSigner } from "./lib/demo-tokens.mjs";
import { ADMIN_FILE, PEOPLE_FILE } from "./lib/demo-files.mjs";
import { main } from "./lib/main.mjs";

const PACK = "finance";

/**
 * Fills the Worker at `url` and returns the demo people with their tokens.
 * @param {string} url
 * @param {object} [options]
 * @param {string} [options.authKeys] the value of AUTH_KEYS, where it is not that of .dev.vars
 * @param {string | null} [options.peopleFile] where the page finds the people; null writes no file
 * @param {string | null} [options.adminFile] where the page of experiments finds a monitor's token; null writes no file
 * @param {boolean} [options.hasCrowd] whether an invented crowd is added, from which a model can be trained, and a test with
 *   visitors of its own
 * @param {(line: string) => void} [options.say]
 */
export async function seed(
  url,
  { authKeys = readDevKeys(), peopleFile = PEOPLE_FILE, adminFile = peopleFile && ADMIN_FILE, hasCrowd = false, say = console.log } = {},
) {
  const sign = tokenSigner(authKeys);
  const call = apiOf(url, sign("admin", randomUUID()));
  say(`    pack ${PACK}: ${(await publishPack(call, PACK)) ? "published" : "is live"}`);
  say(`    catalogue ${PACK}: ${await publishCatalogue(call, PACK)} items`);
  for (const person of PEOPLE) say(`    ${person.name}: ${await settle(call, person)}`);
  if (hasCrowd) say(`    crowd: ${await seedCrowd(call, PACK)} new interactions of people who share theirs`);
  if (hasCrowd) say(`    experiment: ${await seedExperiment(call)} new visitors of a test`);
  const people = PEOPLE.map(({ user_id, name, about, time_zone }) => ({ user_id, name, about, time_zone, token: sign("client", user_id) }));
  // Development only: these files are git-ignored, and their tokens are worth nothing where AUTH_KEYS is another.
  if (peopleFile) writeFileSync(peopleFile, JSON.stringify(people, null, 2));
  if (adminFile) writeFileSync(adminFile, JSON.stringify({ token: sign("monitor", randomUUID()) }));
  return people;
}

/** Makes a person who is not there yet; one who is keeps every choice that was made since. */
async function settle(call, person) {
  const { user_id, stated } = person;
  const { json: settings } = await call("GET", `/settings?user_id=${user_id}`);
  if (settings.personalization_enabled === false) return "switched off, left as it is";
  if (settings.personalization_enabled === null) await call("POST", "/settings", { user_id, personalization_enabled: true });
  await call("PUT", `/profile/${user_id}/preferences`, stated);
  const interactions = historyOf(person);
  const { json: report } = await call("POST", "/track-interactions?sync=1", { interactions });
  if (report.rejected.length > 0) throw new Error(`interaction ${report.rejected[0].index}: ${report.rejected[0].detail}`);
  return `${report.accepted} interactions, ${report.duplicates} known already`;
}

/** Returns the lines that `npm start` prints for the first try. */
export async function whatToTry(url) {
  const token = `$(node -p 'JSON.parse(fs.readFileSync("www/demo-people.json"))[0].token')`;
  return [
    "Try, in this folder (what Amara should see next):",
    `  curl -s ${url}/api/v1/personalization/recommend -H "Authorization: Bearer ${token}" \\`,
    `    -H 'Content-Type: application/json' -d '{"limit":3}'`,
    "",
    `A person's own pages: ${url}/me/`,
    `See what a test shows: ${url}/experiments/`,
    `See what is live, and how good it is: ${url}/admin/`,
  ].join("\n");
}

await main(import.meta.url, () => seed(process.argv[2] ?? "http://127.0.0.1:8787", { hasCrowd: true }));
