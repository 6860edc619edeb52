// Written by pkg-scripts/write-wire-types.mjs from www/openapi.json. Change that, not this.

/** The switches: what may be read, learned and shared. */
export interface Settings {
  readonly aggregate_retention_days: number | null;
  readonly aggregate_small_groups: boolean;
  readonly behavioral: boolean;
  /** True where the yes came with `Sec-GPC: 1`: it then holds for requests with it, too. Absent is false. */
  readonly consented_under_signal?: true;
  readonly data_sharing_consent: boolean;
  readonly demographics: boolean;
  readonly experiments: boolean;
  readonly hash_user_id: boolean;
  readonly location: boolean;
  /** null: never asked; the pack's basis decides. */
  readonly personalization_enabled: boolean | null;
  readonly privacy_mode: boolean;
  readonly retention_days: number | null;
  readonly third_party: boolean;
}

/** Any subset; what is absent or null stays. A yes that is said without `Sec-GPC: 1` is none under it. */
export interface SettingsUpdate {
  readonly aggregate_retention_days?: number | null;
  readonly aggregate_small_groups?: boolean | null;
  readonly behavioral?: boolean | null;
  readonly data_sharing_consent?: boolean | null;
  readonly demographics?: boolean | null;
  readonly experiments?: boolean | null;
  readonly hash_user_id?: boolean | null;
  readonly location?: boolean | null;
  readonly personalization_enabled?: boolean | null;
  readonly privacy_mode?: boolean | null;
  readonly retention_days?: number | null;
  readonly third_party?: boolean | null;
}

/** Every row about the person, by table. */
export type PersonExport = { readonly [name: string]: readonly { readonly [name: string]: unknown }[] };
