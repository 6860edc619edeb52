// Written by pkg-scripts/write-wire-types.mjs from www/openapi.json. Change that, not this.

import type { AttributeValue } from "./items.js";
import type { Personalization } from "./decisions.js";

/** What is known of a person, as far as they agreed to it. */
export interface Profile {
  readonly attributes: { readonly [name: string]: AttributeValue };
  readonly behavior: {
    readonly average_session_duration_seconds: number | null;
    readonly engagement_level: Level;
    readonly feature_usage: { readonly [name: string]: number };
    readonly goal_completion_rate: number | null;
    readonly login_frequency: number | null;
    readonly recommendation_interaction_rate: number | null;
  };
  readonly demographics: {
    readonly age: number | null;
    readonly country: string | null;
    readonly income_level: Level;
    readonly life_stage: string | null;
    readonly net_worth_level: Level;
  };
  readonly history: {
    readonly abandoned_features: readonly string[];
    readonly average_time_to_action_days: number | null;
    readonly most_successful_recommendation_types: { readonly [name: string]: number };
    readonly recommendations_accepted: number;
    readonly recommendations_dismissed: number;
  };
  readonly insights: { readonly [name: string]: boolean };
  readonly last_updated: string | null;
  readonly personalization: Personalization;
  readonly preferences: {
    readonly communication_preference: string | null;
    readonly detail_level_preference: Detail;
    readonly investment_style: string | null;
    readonly notification_frequency: NotificationFrequency;
    readonly preferred_channels: readonly ("EMAIL" | "IN_APP" | "SMS" | "PUSH")[] | null;
    readonly recommendation_categories_preferred: readonly string[];
    readonly risk_tolerance: Level;
  };
  /** Per cent of known fields. */
  readonly profile_completeness: number;
  readonly revision: number;
  readonly sophistication: {
    readonly complexity_comfortable_with: number;
    readonly financial_literacy_score: number;
    readonly self_reported_expertise: Expertise;
    readonly terminology_familiarity: number;
  };
  readonly user_id: string;
}

/** Any subset; null takes a statement back. */
export interface PreferencesUpdate {
  /** Those that the pack declares. */
  readonly attributes?: { readonly [name: string]: AttributeValue | null };
  readonly demographics?: {
    readonly age?: number | null;
    readonly country?: string | null;
    readonly income_level?: Level;
    readonly net_worth_level?: Level;
  };
  readonly preferences?: {
    readonly communication_preference?: string | null;
    readonly detail_level_preference?: Detail;
    readonly investment_style?: string | null;
    readonly notification_frequency?: NotificationFrequency;
    readonly preferred_channels?: readonly ("EMAIL" | "IN_APP" | "SMS" | "PUSH")[] | null;
    readonly recommendation_categories_preferred?: readonly string[] | null;
    readonly risk_tolerance?: Level;
  };
  readonly sophistication?: {
    readonly self_reported_expertise?: Expertise;
  };
}

/** How much of something. */
export type Level = "LOW" | "MEDIUM" | "HIGH" | null;

/** How much a person wants to read. */
export type Detail = "CONCISE" | "MODERATE" | "DETAILED" | null;

/** How well a person says that they know the subject. */
export type Expertise = "NOVICE" | "INTERMEDIATE" | "EXPERT" | null;

/** How often a person wants to be told. */
export type NotificationFrequency = "REAL_TIME" | "DAILY" | "WEEKLY" | "MONTHLY" | null;
