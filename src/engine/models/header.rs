//! The head of a model's body: for which pack and engine it is, when and from what it was trained, and how it did. The
//! arrays behind it are not read here.

use nearside_json::{RawJson, Read, read_json};
use serde::Serialize;

use super::InvalidModel;
use crate::types::TimeMs;

/// The version of this engine.
const ENGINE: &str = env!("CARGO_PKG_VERSION");
/// Clocks of two machines may differ by this much.
const CLOCKS_DIFFER_MS: i64 = 5 * 60_000;

/// What records keep of a head, in bytes: they are listed ten at a time.
const LONGEST_RECORD: usize = 32 * 1024;

/// The head. Members that it does not name are passed over.
#[derive(Debug, Clone, PartialEq, Read)]
pub struct ModelHeader {
    /// 1.
    pub format: u32,
    /// The pack whose items it knows.
    pub pack: String,
    /// The engines that read it.
    pub engine: EngineRange,
    /// When it was trained, by the clock of the job.
    pub trained_at_ms: TimeMs,
    /// JSON: the data that it was trained on.
    pub window: RawJson,
    /// JSON: name to number.
    pub metrics: RawJson,
    /// JSON: term to number.
    pub importance: RawJson,
}

/// Engine versions, `MAJOR.MINOR.PATCH`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Read)]
pub struct EngineRange {
    /// The first that reads it.
    pub from: String,
    /// The first that does not any more.
    pub below: String,
}

impl ModelHeader {
    /// Reads the head of a body, and says whether this engine may use the model for the pack now.
    ///
    /// # Errors
    /// `shape`, `format`, `engine`, `pack` or `clock`, with the numbers.
    pub fn read_for(body: &[u8], pack: &str, now_ms: TimeMs) -> Result<Self, InvalidModel> {
        let header: Self = read_json(body)
            .map_err(|error| InvalidModel::new("shape", format!("the model does not read at byte {}", error.at)))?;
        if [&header.window, &header.metrics, &header.importance].iter().any(|json| !json.get().starts_with('{')) {
            return Err(InvalidModel::new("shape", "window, metrics and importance are objects"));
        }
        if header.trained_at_ms < 0 || header.record().len() > LONGEST_RECORD {
            return Err(InvalidModel::new(
                "shape",
                "window, metrics and importance have 32 KB at most, and the time of training is after 1970",
            ));
        }
        header.check(pack, now_ms).map(|()| header)
    }

    fn check(&self, pack: &str, now_ms: TimeMs) -> Result<(), InvalidModel> {
        if self.format != 1 {
            return Err(InvalidModel::new(
                "format",
                format!("the model has format {}, this Worker reads 1", self.format),
            ));
        }
        self.engine.check(ENGINE)?;
        if self.pack != pack {
            return Err(InvalidModel::new("pack", "the model is for another pack"));
        }
        let ahead_ms = self.trained_at_ms.saturating_sub(now_ms);
        if ahead_ms > CLOCKS_DIFFER_MS {
            let detail = format!("the model was trained {} s after now; set the job's clock", ahead_ms / 1_000);
            return Err(InvalidModel::new("clock", detail));
        }
        Ok(())
    }

    /// Returns what the records keep of it, as JSON.
    pub fn record(&self) -> String {
        let [window, metrics, importance] = [&self.window, &self.metrics, &self.importance].map(RawJson::get);
        let trained_at_ms = self.trained_at_ms;
        format!(
            r#"{{"trained_at_ms":{trained_at_ms},"window":{window},"metrics":{metrics},"importance":{importance}}}"#
        )
    }
}

impl EngineRange {
    fn check(&self, engine: &str) -> Result<(), InvalidModel> {
        let (Some(from), Some(below), Some(own)) = (numbers(&self.from), numbers(&self.below), numbers(engine)) else {
            return Err(InvalidModel::new("engine", "engine.from and engine.below are versions such as 0.1.0"));
        };
        let need = if own < from {
            format!("{} or newer", text(from))
        } else if own >= below {
            format!("older than {}", text(below))
        } else {
            return Ok(());
        };
        Err(InvalidModel::new("engine", format!("the model needs engine {need}, this Worker has {engine}")))
    }
}

/// The three numbers of a version.
fn numbers(version: &str) -> Option<[u32; 3]> {
    let mut parts = version.split('.').map(|part| part.parse().ok());
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(numbers)
}

/// Only numbers are said again, whatever else the sender wrote.
fn text([major, minor, patch]: [u32; 3]) -> String {
    format!("{major}.{minor}.{patch}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const NOW: TimeMs = 1_795_132_800_000;

    fn body(change: (&str, &str)) -> String {
        let body = r#"{"format":1,"pack":"finance","engine":{"from":"0.1.0","below":"0.2.0"},
            "trained_at_ms":1795132800000,"window":{"from_ms":1},"seed":7,"parent":null,"metrics":{"ndcg_10":0.3},
            "importance":{"recency":0.5},"terms":[[1,2],{"deep":[]}]}"#;
        assert!(body.contains(change.0), "{}", change.0);
        body.replacen(change.0, change.1, 1)
    }

    fn check(change: (&str, &str), expected: Option<(&str, &str)>) {
        let body = body(change);
        let found = ModelHeader::read_for(body.as_bytes(), "finance", NOW).err();
        let found = found.as_ref().map(|invalid| (invalid.code, invalid.detail.as_str()));
        assert_eq!(found, expected, "{change:?}");
    }

    #[test]
    fn a_model_of_this_engine_pack_and_time_is_read() {
        check(("", ""), None);
        let header = ModelHeader::read_for(body(("", "")).as_bytes(), "finance", NOW).unwrap();
        assert!(header.record().contains(r#""metrics":{"ndcg_10":0.3},"importance":{"recency":0.5}}"#));
    }

    #[test]
    fn another_engine_is_named_both_ways() {
        let newer = "the model needs engine 0.3.0 or newer, this Worker has 0.1.0";
        check((r#""from":"0.1.0""#, r#""from":"0.3.0""#), Some(("engine", newer)));
        let older = "the model needs engine older than 0.1.0, this Worker has 0.1.0";
        check((r#""below":"0.2.0""#, r#""below":"0.1.0""#), Some(("engine", older)));
        let odd = "engine.from and engine.below are versions such as 0.1.0";
        for version in ["0.1", "0.1.0.0", "", "a.b.c", "0.1.99999999999"] {
            check((r#""from":"0.1.0""#, &format!(r#""from":"{version}""#)), Some(("engine", odd)));
        }
        check((r#""from":"0.1.0""#, r#""from":"0.0.10""#), None);
        check((r#""below":"0.2.0""#, r#""below":"0.10.0""#), None);
    }

    #[test]
    fn clocks_may_differ_by_five_minutes() {
        check(("1795132800000", "1795133100000"), None);
        let detail = "the model was trained 301 s after now; set the job's clock";
        check(("1795132800000", "1795133101000"), Some(("clock", detail)));
        check(("1795132800000", "0"), None);
    }

    #[test]
    fn another_pack_format_or_shape_is_refused() {
        check(("finance", "retail"), Some(("pack", "the model is for another pack")));
        check((r#""format":1"#, r#""format":2"#), Some(("format", "the model has format 2, this Worker reads 1")));
        let objects = "window, metrics and importance are objects";
        check((r#"{"ndcg_10":0.3}"#, "[]"), Some(("shape", objects)));
        let limits = "window, metrics and importance have 32 KB at most, and the time of training is after 1970";
        let long = format!(r#"{{"{}":1}}"#, "x".repeat(LONGEST_RECORD));
        check((r#"{"ndcg_10":0.3}"#, &long), Some(("shape", limits)));
        check((r#""trained_at_ms":1795132800000"#, r#""trained_at_ms":-1"#), Some(("shape", limits)));
        for change in
            [(r#""seed":7"#, r#""pack":"twice""#), (r#""pack":"finance","#, ""), (r#""deep":[]"#, r#""deep":["#)]
        {
            assert_eq!(
                ModelHeader::read_for(body(change).as_bytes(), "finance", NOW).unwrap_err().code,
                "shape",
                "{change:?}"
            );
        }
        assert_eq!(ModelHeader::read_for(b"[]", "finance", NOW).unwrap_err().code, "shape");
    }
}
