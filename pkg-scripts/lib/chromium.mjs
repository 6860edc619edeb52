// The browser of the page tests: the system's own Chromium or Chrome, Debian's where there is none.
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run, StepFailed } from "./run.mjs";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const elsewhere = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** What every browser of the tests is started with: no first-run pages, nothing that talks to anybody. */
export const CHROMIUM_FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** Returns the path of a browser, or null. `CHROMIUM` names one that is elsewhere. */
export function findChromium() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const places = [process.env.CHROMIUM, ...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...elsewhere];
  return places.find((place) => place && isProgram(place)) ?? null;
}

/** Makes sure that there is a browser; installs Debian's when this is Debian and we may. */
export async function ensureChromium() {
  if (findChromium()) return;
  const mayInstall = existsSync("/etc/debian_version") && process.getuid?.() === 0;
  if (!mayInstall) {
    throw new StepFailed(
      "The page tests need Chromium or Chrome, and there is none.\n" +
        "Install one (Debian: sudo apt-get install chromium), or name one: CHROMIUM=/path/to/chrome npm test",
    );
  }
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("package lists (apt-get update)", "apt-get", ["update", "-qq"], { env });
  await run("Chromium (apt-get install)", "apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"], { env });
  if (!findChromium()) throw new StepFailed("Chromium was installed, but is not on PATH.");
}

function isProgram(place) {
  try {
    accessSync(place, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
