// What these pages say in more than one place.

export const MODES = [
  { id: "general", name: "General order", about: "The same for everybody. Nothing new is stored but a no." },
  { id: "visit", name: "This visit", about: "Learned in memory, gone when you leave the page." },
  { id: "device", name: "On this device", about: "Remembered in this browser. Nothing about you is sent." },
  { id: "server", name: "In my account", about: "Remembered on the server, on all your devices." },
];

/** @type {Record<string, string>} */
const TONES = { PLAIN: "Plain and simple", NEUTRAL: "Neutral", DIRECT: "Short and direct", ENCOURAGING: "Encouraging", WARM_FORMAL: "Warm and formal" };

/** @param {string} id */
export const toneName = (id) => TONES[id] ?? id.toLowerCase().replaceAll("_", " ");

/** @type {Record<string, string>} */
const DEGRADED = {
  offline: "The server cannot be reached. You see the general order until it answers; what you do is kept and sent then.",
  storage: "This browser cannot store anything now, so nothing outlives this visit.",
  published: "What you see may not be the newest version: not all of it could be fetched.",
  consent: "What you allowed could not be read, so nothing about you is used until it can.",
  features: "What was learned about you could not be read. The list does without.",
  pack: "What you see may not be the newest version: not all of it could be fetched.",
  catalog: "The catalogue of suggestions could not be fetched.",
  popularity: "How often things are taken up could not be fetched.",
  experiments: "The experiments could not be fetched. You take part in none.",
  "opt-out": "The server does not know yet that you said no. It is told as soon as it answers.",
  signal: "Your browser asks not to be profiled, so you see the general order. Say yes again to be known all the same.",
  model: "The learned model could not be used. The order comes from the plain rules instead.",
};

/** @param {string} what */
export const degradedWords = (what) => DEGRADED[what] ?? `Something does not work as it should at the moment: ${what.replaceAll("_", " ")}.`;

/** @param {unknown} thrown */
export function problemWords(thrown) {
  const { code, detail, message } = /** @type {{ code?: string, detail?: string, message?: string }} */ (thrown ?? {});
  if (code === "offline" || code === "no-pack") return "The suggestions cannot be fetched at the moment. Check the connection and try again.";
  if (code === "unavailable") return "The server does not answer at the moment. Try again later.";
  return `That did not work: ${detail ?? message ?? "unknown"}.`;
}
