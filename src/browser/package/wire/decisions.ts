// Written by pkg-scripts/write-wire-types.mjs from www/openapi.json. Change that, not this.

/** One answer: items in their order, and how it came about. */
export interface Decision {
  readonly cached: boolean;
  readonly catalog_version: string | null;
  readonly decision_id: string;
  readonly degraded: readonly string[];
  /** The tests that run for this list, and what it shows of them. */
  readonly experiments?: readonly DecidedTest[];
  /** To send with the next request. */
  readonly experiments_token?: string;
  readonly items: readonly DecidedItem[];
  readonly message?: string;
  readonly model_version: string | null;
  readonly pack_version: string | null;
  readonly personalization: Personalization;
  /** To send with the interactions that follow from this list. */
  readonly receipt?: string;
  readonly scope: string;
  readonly use: Use;
}

/** score = sum of the terms' contributions x product of the factors. What the general order or internal reasoning withholds is absent. */
export interface DecidedItem {
  readonly adjusted_priority?: number;
  readonly benefit_presentation?: string;
  readonly category?: string;
  readonly confidence?: number;
  readonly description?: string;
  readonly description_full?: string;
  readonly examples?: readonly string[];
  readonly factors?: readonly Factor[];
  /** The variants that changed its words, as `FRAMING:VARIANT`. */
  readonly framing?: readonly string[];
  readonly id: string;
  readonly personalized_reasoning?: readonly string[];
  readonly rank: number;
  readonly score?: number;
  readonly terms?: readonly Term[];
  readonly title?: string;
  readonly tone?: string;
}

/** contribution = value x weight. */
export interface Term {
  readonly contribution: number;
  readonly name: string;
  readonly value: number;
  readonly weight: number;
}

/** What the sum of the terms is multiplied by. */
export interface Factor {
  readonly multiplier: number;
  readonly name: string;
}

/** none: the general order. building: less than 30 days since the first interaction. */
export type Personalization = "none" | "building" | "full";

/** Nothing here approves, declines, prices or decides eligibility. */
export type Use = "ordering_only";

/** A test, and what this person sees of it. */
export interface DecidedTest {
  readonly epoch: number;
  readonly reason: DecidedReason;
  readonly test_name: string;
  readonly variant: string;
}

/** hash: its id says so. recorded: it saw this before. token: it carries this. forced: a tester, not counted. merged: taken over from before the login. The others see the control: no_unit: the request names no session or device. */
export type DecidedReason = "hash" | "recorded" | "token" | "forced" | "merged" | "inactive" | "not_started" | "ended" | "no_unit" | "not_eligible" | "not_in_traffic" | "other_layer" | "holdout" | "no_consent" | "degraded";
