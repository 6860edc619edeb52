//! The situation of a request or an event. Hosts resolve time zones; the engine sees an offset only.

use nearside_json::Read;
use serde::Serialize;

/// Where, on what and in which surroundings. The list is closed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct Context {
    /// IANA name; the host turns it into `utc_offset_minutes` and drops it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Local time minus UTC, -840 to 840. Unknown means UTC and a neutral hour term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utc_offset_minutes: Option<i16>,
    /// BCP 47 language tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// ISO 3166 alpha-2, or an alias that the pack accepts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// A position rounded to about a kilometre.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Operating system or app shell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// `mobile`, `tablet`, `desktop`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_type: Option<String>,
    /// A word for the weather.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weather: Option<String>,
    /// A word for the company: `alone`, `friends`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub social: Option<String>,
    /// The part of the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surface: Option<String>,
    /// Share of the page that was scrolled, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scroll_depth: Option<f64>,
    /// What the person did before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_action: Option<String>,
    /// The row or carousel the item stood in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recommendation_type: Option<String>,
}

/// Latitude and longitude, rounded to two decimals by the sender.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// -90 to 90.
    pub lat: f64,
    /// -180 to 180.
    pub lon: f64,
}
