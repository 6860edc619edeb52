import { init } from "./init.js";
import { Modes } from "./modes.js";
import type { Nearside } from "./nearside.js";
import type { NearsideOptions } from "./options.js";
import { Page } from "./page.js";
import { Running } from "./running.js";

/**
 * Loads what is published for everybody and goes where the person chose to be. Before they chose, that is the general order,
 * and nothing is written.
 *
 * @throws {@link NearsideError} `offline` or `no-pack` where nothing can be served, `engine-failed`
 */
export async function createNearside(options: NearsideOptions): Promise<Nearside> {
  const page = new Page(options);
  const modes = new Modes(page);
  try {
    await Promise.all([init(options.wasm), modes.begin()]);
  } catch (error) {
    modes.close();
    throw error;
  }
  return new Running(page, modes);
}
