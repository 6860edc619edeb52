// The environment of every program that a script starts: our tools first on PATH, and nothing that phones home.
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { at } from "./root.mjs";

/** Where rustup puts cargo, also in a shell that was opened before rustup ran. */
export const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");

/** Keeps wrangler and npm quiet, offline and free of questions. */
const quiet = {
  CI: "1",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_LOG_PATH: at(".wrangler", "logs"),
  // Workers of other clones on this machine have the same queues: they must not find each other.
  WRANGLER_REGISTRY_PATH: at(".wrangler", "registry"),
  CLOUDFLARE_DEV_REGISTRY_PATH: at(".wrangler", "registry"),
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  npm_config_update_notifier: "false",
};

/** Returns the environment for a child, with `extra` on top. */
export function environment(extra = {}) {
  const path = [at("node_modules", ".bin"), process.env.PATH ?? "", join(cargoHome, "bin")].join(delimiter);
  return { ...process.env, ...quiet, PATH: path, ...extra };
}
