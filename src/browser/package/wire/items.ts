// Written by pkg-scripts/write-wire-types.mjs from www/openapi.json. Change that, not this.

/** What can be recommended. Only `id`, `category` and `title` must be there. */
export interface Item {
  readonly attributes?: { readonly [name: string]: AttributeValue };
  readonly benefit?: {
    readonly amount?: number | null;
    readonly currency?: string | null;
    readonly percentage?: number | null;
  } | null;
  /** One of the pack's categories. */
  readonly category: string;
  readonly complexity?: number | null;
  readonly countries?: readonly string[];
  readonly deadline?: string | null;
  readonly description?: string;
  readonly id: string;
  /** One of the pack's kinds. */
  readonly kind?: string;
  readonly life_stages?: readonly string[];
  readonly priority?: number;
  readonly published_at?: string | null;
  readonly regulated?: boolean;
  readonly tags?: readonly string[];
  readonly title: string;
  readonly type?: string | null;
  readonly urgency?: number;
}

/** Of the type that the pack declares. */
export type AttributeValue = boolean | number | string | readonly string[];

/** The situation. The list is closed. */
export interface Context {
  /** ISO 3166, or an alias that the pack accepts. */
  readonly country?: string | null;
  readonly device_type?: string | null;
  readonly locale?: string | null;
  /** Rounded to two decimals by the sender. */
  readonly place?: {
    readonly lat: number;
    readonly lon: number;
  } | null;
  readonly platform?: string | null;
  readonly previous_action?: string | null;
  readonly recommendation_type?: string | null;
  readonly scroll_depth?: number | null;
  readonly social?: string | null;
  readonly surface?: string | null;
  /** IANA name. The host turns it into the offset and keeps only that. */
  readonly time_zone?: string | null;
  readonly utc_offset_minutes?: number | null;
  readonly weather?: string | null;
}
