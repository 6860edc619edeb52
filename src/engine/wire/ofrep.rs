//! What the OpenFeature Remote Evaluation Protocol sends. Contexts hold whatever an application puts there, so members that
//! are not known here are passed over.

use nearside_json::Read;

/// POST /ofrep/v1/evaluate/flags and below.
#[derive(Debug, Clone, Default, Read)]
#[serde(default)]
pub struct EvaluationRequest {
    /// The situation.
    pub context: EvaluationContext,
}

/// The situation of an evaluation.
#[derive(Debug, Clone, Default, Read)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are the protocol's, or those of our own contexts")]
pub struct EvaluationContext {
    #[serde(rename = "targetingKey")]
    pub targeting_key: Option<String>,
    pub country: Option<String>,
    #[serde(rename = "deviceType")]
    pub device_type: Option<String>,
    #[serde(rename = "device_type")]
    pub device_type_too: Option<String>,
    pub platform: Option<String>,
    pub locale: Option<String>,
    #[serde(rename = "sessionId")]
    pub session_id: Option<String>,
    #[serde(rename = "session_id")]
    pub session_id_too: Option<String>,
    #[serde(rename = "deviceId")]
    pub device_id: Option<String>,
    #[serde(rename = "device_id")]
    pub device_id_too: Option<String>,
}
