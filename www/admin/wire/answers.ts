// Written by pkg-scripts/write-wire-types.mjs from www/openapi.json. Change that, not this.

import type { Context, Item } from "../../../src/browser/package/wire/items.js";
import type { Interaction } from "../../../src/browser/package/wire/events.js";

/** Entries are put into the draft, which a commit makes live. */
export interface CatalogUpload {
  readonly items?: readonly Item[];
  readonly remove?: readonly string[];
}

/** A live catalogue. */
export interface Catalogue {
  readonly format: 1;
  readonly items: readonly Item[];
  readonly pack: string;
}

/** What became of a draft. */
export interface CatalogueReport {
  /** In the draft, or in the version; where items for a draft are checked only, their number. */
  readonly items: number;
  readonly pack: string;
  /** The hash that is live now, or with `check` would be; null for a draft. */
  readonly version: string | null;
}

/** Asks why a person sees an item. */
export interface ExplainRequest {
  /** Admins only. */
  readonly as_of?: string | null;
  readonly candidates?: readonly (string | Item)[] | null;
  readonly context?: Context;
  readonly recommendation_id: string;
  readonly scope?: string | null;
  /** Admins only. */
  readonly user_id?: string | null;
}

/** How the Worker does, and which versions are live. */
export interface Health {
  /** A version, a colon, and the per cent of people who get it, by pack. */
  readonly canaries: { readonly [name: string]: string };
  readonly catalogs: { readonly [name: string]: string };
  readonly engine_version: string;
  /** missing or malformed: no model is taken. */
  readonly model_keys: "ok" | "missing" | "malformed";
  /** The live version by pack. */
  readonly models: { readonly [name: string]: string };
  readonly packs: { readonly [name: string]: string };
  readonly personalization_enabled: boolean;
  readonly status: "ok" | "degraded";
  readonly stores: { readonly [name: string]: "ok" | "unavailable" };
}

/** Asks the origin job for something. */
export interface JobRequest {
  readonly pack: string;
  readonly reason?: string | null;
}

/** How far a request is. */
export interface JobRequestReport {
  readonly finished_at: string | null;
  readonly id: string;
  readonly kind: "TRAIN" | "EVALUATE";
  readonly pack: string;
  readonly reason: string | null;
  readonly requested_at: string;
  readonly requested_by: string;
  readonly result: unknown;
  readonly status: "PENDING" | "RUNNING" | "DONE" | "FAILED";
}

/** What the origin job is asked for, and what is due. */
export interface Jobs {
  readonly due: readonly {
    readonly last_trained_at: string | null;
    readonly pack: string;
    /** AGE: nothing was trained within 7 days. FEEDBACK: there is significant feedback. None: nothing is due. */
    readonly reasons: readonly ("AGE" | "FEEDBACK")[];
    /** Times that somebody's feedback on the pack crossed a multiple of 20 since the last retraining. */
    readonly significant_feedback: number;
  }[];
  readonly requests: readonly JobRequestReport[];
}

/** A version that is kept, and what is known of it. */
export interface KeptModel {
  readonly forced_reason: string | null;
  /** The verdicts of the last promotion. */
  readonly gate: { readonly [name: string]: unknown } | null;
  readonly importance: { readonly [name: string]: unknown };
  readonly metrics: { readonly [name: string]: unknown };
  readonly promoted_at: string | null;
  readonly size_bytes: number;
  readonly status: "CANDIDATE" | "LIVE" | "CANARY" | "RETIRED";
  readonly trained_at: string;
  readonly uploaded_at: string;
  readonly uploaded_by: string;
  readonly version: string;
  readonly window: { readonly [name: string]: unknown };
}

/** What somebody did with the models of a pack. */
export interface ModelLogRow {
  readonly action: "uploaded" | "promoted" | "canary" | "rolled_back" | "retrained" | "refused";
  readonly actor: string;
  readonly at: string;
  readonly details: unknown;
  readonly from_version: string | null;
  readonly reason: string | null;
  readonly version: string | null;
}

/** The models of every pack, with their log and evaluations. */
export interface ModelPerformance {
  readonly packs: readonly {
    readonly canary: string | null;
    readonly evaluations: readonly StoredEvaluation[];
    readonly live: string | null;
    /** Newest first. */
    readonly log: readonly ModelLogRow[];
    readonly pack: string;
    readonly previous: string | null;
    readonly versions: readonly KeptModel[];
  }[];
}

/** Figures of the last days. */
export interface Overview {
  /** Every day of every live pack, oldest first, whether anybody was there or not. */
  readonly days: readonly OverviewDay[];
  readonly least_people: 20;
  readonly people: OverviewPeople;
  /** Of the token's environment; days with answers, oldest first. */
  readonly service: readonly ServiceDay[];
  /** Until when the events of today are counted: the last full hour. */
  readonly until: string;
}

/** What people who share did on a day with a pack. What fewer than `least_people` people did is null, and so is a figure from which it could be told by subtraction. */
export interface OverviewDay {
  /** accepted / (accepted + dismissed): of what people answered, what they took up. */
  readonly acceptance_rate: number | null;
  /** RECOMMENDATION_ACCEPTED, RSVP, PURCHASED, INSTALLED and GOAL_COMPLETED of items of the catalogue. */
  readonly accepted: number | null;
  /** Different people with an event. */
  readonly active_people: number | null;
  /** Catalogue coverage: items_shown / items of the catalogue that was live when the day was closed. */
  readonly coverage: number | null;
  readonly day: string;
  /** RECOMMENDATION_DISMISSED of items of the catalogue. */
  readonly dismissed: number | null;
  /** Gini-Simpson index 1 - sum of p^2, p the share of each category in `shown`: the chance that two views are of different categories. Categories that fewer than `least_people` people viewed are left out. */
  readonly diversity: number | null;
  /** Events of any kind; null also where what remains of them beside the other figures is fewer people's. */
  readonly events: number | null;
  /** Different items among `shown`. */
  readonly items_shown: number | null;
  readonly pack: string;
  /** RECOMMENDATION_VIEWED of items of the catalogue. */
  readonly shown: number | null;
}

/** What people chose, counted by night. */
export interface OverviewPeople {
  /** The night's; null before the first. */
  readonly day: string | null;
  /** People with settings. */
  readonly known: number | null;
  /** opted_out / known. */
  readonly opt_out_rate: number | null;
  /** Of them those who said no; null also where so few did not. */
  readonly opted_out: number | null;
}

/** A domain as data. Only its outline is here: `pack check` names every rule with its place. */
export interface Pack {
  readonly attributes?: { readonly [name: string]: unknown };
  readonly categories: readonly { readonly [name: string]: unknown }[];
  readonly consent_basis?: "opt_in" | "opt_out";
  readonly countries?: readonly string[];
  readonly country_aliases?: { readonly [name: string]: unknown };
  readonly events?: { readonly [name: string]: unknown };
  readonly experiments?: { readonly [name: string]: unknown };
  readonly format: 1;
  readonly glossary?: readonly unknown[];
  readonly id: string;
  readonly kinds: readonly string[];
  readonly language: string;
  readonly on_device?: boolean;
  readonly order_by?: readonly ("priority" | "popularity" | "newest" | "deadline" | "id")[];
  readonly reasoning?: "visible" | "internal";
  readonly relevance?: { readonly [name: string]: unknown };
  readonly retention?: { readonly [name: string]: unknown };
  readonly rules?: { readonly [name: string]: unknown };
  readonly scopes: readonly { readonly [name: string]: unknown }[];
  readonly scoring?: { readonly [name: string]: unknown };
  readonly title: string;
  readonly version: string;
  readonly words: { readonly [name: string]: unknown };
}

/** The models of a pack. */
export interface PackModels {
  /** A version, a colon, and the per cent of people who get it. */
  readonly canary: string | null;
  /** null: the pack's own priors. */
  readonly live: string | null;
  readonly pack: string;
  /** What was live before the live one: a step back leads there, and it serves where the live one cannot be read. null: the pack's own priors. */
  readonly previous: string | null;
  /** Newest first. */
  readonly versions: readonly KeptModel[];
}

/** What became of a pack. */
export interface PackReport {
  readonly pack: string;
  /** The hash that is live now, or with `check` would be. */
  readonly version: string;
}

/** Makes a version live, or a canary. */
export interface PromoteRequest {
  /** The same of `canary`. */
  readonly expected_canary?: string | null;
  /** The version that this rests on, null for none: where another is live the answer is 409 model-moved. Absent: whichever is. */
  readonly expected_live?: string | null;
  readonly forced_reason?: string | null;
  /** Without `passed` true a forced_reason is needed. */
  readonly gate?: {
    readonly passed: boolean;
  } | null;
  /** Per cent of people, by a hash of their ids. 100, the default: the live one. Less: a canary beside it. */
  readonly share?: number;
  readonly version: string;
}

/** Asks for a person's list. */
export interface RecommendRequest {
  /** Admins only. */
  readonly as_of?: string | null;
  readonly candidates?: readonly (string | Item)[] | null;
  readonly context?: Context;
  readonly device_id?: string | null;
  readonly experiments_token?: string | null;
  readonly explain?: "none" | "summary" | "terms" | "full";
  readonly limit?: number | null;
  /** general: this request only, nothing personal is read. */
  readonly mode?: "general" | null;
  /** Interactions that the client has not seen acknowledged: folded in, not stored. */
  readonly pending?: readonly Interaction[];
  /** The surface that asks; the default pack's first when absent, `pack:scope` where two packs have one of that name. */
  readonly scope?: string | null;
  readonly session_id?: string | null;
  readonly show_hidden?: boolean;
  /** Admins only. */
  readonly user_id?: string | null;
}

/** Takes a version back. */
export interface RollbackRequest {
  /** The same of `canary`. */
  readonly expected_canary?: string | null;
  /** The version that this rests on, null for none: where another is live the answer is 409 model-moved. Absent: whichever is. */
  readonly expected_live?: string | null;
  readonly reason?: string | null;
  /** A kept version that was live before. null: the one before the live one, or none. Empty: the pack's own priors. The live one itself: only the canary ends. */
  readonly to?: string | null;
}

/** How POST /recommend was answered. Counted in the memory of each isolate and written every 64 answers or every minute: what an isolate had not written when it ended is missing. null until one isolate has answered `least_people` different people that day. */
export interface ServiceDay {
  readonly day: string;
  /** Share of them that name something in `degraded` other than `signal`, to two decimals. */
  readonly degraded_share: number | null;
  /** Share of them with the general order, to two decimals. */
  readonly general_share: number | null;
  /** Percentiles of the time to answer. The runtime's clock moves at reads and writes only: an answer from memory takes no time. */
  readonly latency_ms: {
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
  };
  /** Answers with a list. */
  readonly requests: number | null;
}

/** What a test of a version found. */
export interface StoredEvaluation {
  readonly evaluated_at: string;
  readonly kind: "nightly" | "weekly" | "gate" | "manual";
  readonly metrics: { readonly [name: string]: unknown };
  readonly pack: string;
  readonly segments: unknown;
  readonly version: string;
  readonly window: unknown;
}

/** The global switch. */
export interface Switch {
  readonly personalization_enabled: boolean;
}
