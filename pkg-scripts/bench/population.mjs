// What becomes of a million ids in wasm under Node, each line with its figure and its limit.
import { readFileSync } from "node:fs";
import { at } from "../lib/root.mjs";

/** One line in a thousand may be as far off by chance; the ids are always the same, so a line is right or wrong for good. */
const LEAST_P = 0.001;
/** Standard errors of a share. */
const MOST_ERRORS = 4;

/** Returns the lines: what was looked at, the figure, its limit, and whether it is kept. */
export async function population(size) {
  const host = await import(at("build", "spec-host", "host.js"));
  host.initSync({ module: readFileSync(at("build", "spec-host", "host_bg.wasm")) });
  const { ids, shares, pairs, flips, moves } = JSON.parse(host.population(size));
  return [
    ...shares.map(({ name, counts, p }) => line(`shares: ${name}`, `p ${p.toPrecision(3)} (${counts.join(", ")})`, `p > ${LEAST_P}`, p > LEAST_P)),
    ...pairs.map(({ names, p }) => line(`independent: ${names.join(", ")}`, `p ${p.toPrecision(3)}`, `p > ${LEAST_P}`, p > LEAST_P)),
    ...flips.map(({ name, asked, flips: found }) => line(`flips: ${name}`, `${found} of ${asked}`, "0", found === 0 && asked > 0.4 * ids)),
    ...moves.flatMap(({ name, moved_ids, allocated, distance }) => {
      const errors = Math.abs(moved_ids - distance * ids) / Math.sqrt(ids * distance * (1 - distance));
      const gap = Math.abs(allocated - distance);
      return [
        line(`moves: ${name}`, `${moved_ids / ids} of ${distance.toPrecision(6)}, ${errors.toFixed(2)} standard errors`, `<= ${MOST_ERRORS}`, errors <= MOST_ERRORS),
        line(`moves, of all hashes: ${name}`, `${gap.toExponential(1)} from the distance`, "<= 1e-12", gap <= 1e-12),
      ];
    }),
  ];
}

const line = (name, figure, limit, isKept) => ({ name, figure, limit, isKept });
