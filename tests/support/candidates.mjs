// Candidates in a folder of the command line, made by hand: what publishing does with them needs no training.
import { createHash } from "node:crypto";
import { modelBody } from "./models.mjs";

/** A term that turns the order of the shelf round: the less an item is put forward, the higher it stands. */
const BACKWARDS = { name: "priority", feature: "priority", among: "all", cuts: [50, 60, 70], values: [0.9, 0.6, 0.3, 0.1], unknown: 0.5 };

/** A candidate with a term that shows in the order. `changes` are laid over it; another seed is another version. */
export const candidate = (changes = {}) => modelBody({ terms: [BACKWARDS], ...changes });

/** What `nearside evaluate` would write of a candidate that is better than what is live. */
function passing(document, live) {
  const difference = { mean: 0.01, standard_error: 0.004, lower: 0.002, upper: 0.018 };
  return {
    format: 2, pack: "finance", candidate_sha256: createHash("sha256").update(document).digest("hex"), live_version: live,
    evaluated_at_ms: Date.now(), test_from_ms: 1, test_to_ms: 2, people: 1000, difference, base_ndcg: 0.2, candidate_ndcg: 0.21,
    segments: [], exposure: [{ item: "document-folder", share_before: 0.01, share_after: 0.02, share_after_lower: 0.015, traffic_share: 0.01 }],
    latency_us_per_100: 300, size_bytes: document.length, figures: { ndcg_10: { value: 0.21, standard_error: 0.01 } },
  };
}

/** Leaves a candidate for `nearside publish`, with an evaluation that passes the gate against `live` (null: no model). */
export function leaveCandidate(near, live, changes = {}) {
  const document = JSON.stringify(candidate(changes));
  near.write(".nearside/models/finance-candidate.json", document);
  near.write(".nearside/models/finance-evaluation.json", JSON.stringify(passing(document, live)));
}
