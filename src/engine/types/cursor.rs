//! Places in a list, as opaque texts. Nothing personal is in one.

/// A place after a row: its time and a tie-breaking sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The row's time.
    pub at_ms: i64,
    /// The row's sequence number.
    pub sequence: i64,
}

impl Cursor {
    /// Reads `TIME-SEQUENCE`.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, sequence) = text.split_once('-')?;
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        Some(Self { at_ms: number(at)?, sequence: number(sequence)? })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.at_ms, self.sequence)
    }
}
