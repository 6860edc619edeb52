// Written by pkg-scripts/write-wire-types.mjs from www/openapi.json. Change that, not this.

import type { Factor, Personalization, Use } from "./decisions.js";

/** Why an item stands where it stands, as of now. */
export interface Explanation {
  /** It is of a ranking made at this moment. */
  readonly as_of: "now";
  readonly contributing_factors: readonly string[];
  readonly data_used: readonly string[];
  readonly degraded: readonly string[];
  readonly factors?: readonly Factor[];
  readonly how_to_improve_relevance: readonly string[];
  readonly is_hidden: boolean;
  readonly logic: string;
  readonly personalization: Personalization;
  readonly primary_reasons: readonly string[];
  readonly rank?: number;
  readonly recommendation_id: string;
  readonly score?: number;
  readonly terms?: readonly ExplainedTerm[];
  readonly use: Use;
  readonly what_would_change_it: readonly string[];
}

/** A part of the score, with its plain name and what the score were without it. */
export interface ExplainedTerm {
  readonly contribution: number;
  /** The term's plain name. */
  readonly label: string;
  readonly name: string;
  readonly score_without: number;
  readonly value: number;
  readonly weight: number;
}
