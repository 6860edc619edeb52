//! Lines of a text, however long: one that is too long is skipped without being held.

use std::io::{self, BufRead, BufReader, Read};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::store::RejectedRow;

/// The longest line: a thousand times a usual event.
pub(super) const LINE_BYTES: usize = 1_048_576;
/// What is kept of a longer one.
const KEPT_BYTES: usize = 2_048;
const UNREADABLE: &str = "the file cannot be read on";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A line without its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Its bytes.
    Whole(Vec<u8>),
    /// It is longer than a mebibyte.
    TooLong(SkippedLine),
}

/// What is kept of a line that is too long.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SkippedLine {
    /// SHA-256 of the whole, in hex.
    pub(super) sha256: String,
    /// The first 2 KB.
    pub(super) beginning: Vec<u8>,
}

impl SkippedLine {
    /// The line as a row that is put aside.
    pub(super) fn as_rejected(&self, number: i64) -> RejectedRow<'_> {
        let reason = "the line is longer than 1 MiB";
        RejectedRow { number, reason, sha256: &self.sha256, text: Some(&self.beginning) }
    }
}

/// Reads lines ended by LF or CRLF.
pub(super) struct Lines<R> {
    input: BufReader<R>,
    is_first: bool,
}

impl<R: Read> Lines<R> {
    /// Begins at the first line; a byte order mark before it is skipped.
    pub(super) fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(65_536, input), is_first: true }
    }

    /// The next line; None after the last one.
    ///
    /// # Errors
    /// An input that cannot be read on.
    pub(super) fn next(&mut self) -> Result<Option<Line>> {
        let mut line = Vec::new();
        let limit = LINE_BYTES as u64 + 1;
        let read = self.input.by_ref().take(limit).read_until(b'\n', &mut line).context(UNREADABLE)?;
        if read == 0 {
            return Ok(None);
        }
        if std::mem::take(&mut self.is_first) && line.starts_with(BYTE_ORDER_MARK) {
            line.drain(..BYTE_ORDER_MARK.len());
        }
        if line.last() == Some(&b'\n') {
            line.pop();
            if line.last() == Some(&b'\r') {
                line.pop();
            }
        } else if read as u64 == limit {
            return self.skip_rest(line).map(Some);
        }
        Ok(Some(Line::Whole(line)))
    }

    fn skip_rest(&mut self, beginning: Vec<u8>) -> Result<Line> {
        let line = skip_line(&mut self.input, beginning, |byte| *byte == b'\n').context(UNREADABLE)?;
        let end = self.input.fill_buf().context(UNREADABLE)?.len().min(1);
        self.input.consume(end);
        Ok(Line::TooLong(line))
    }
}

/// Skips the rest of a line whose beginning was read, up to its end or that of the input, which are left there.
///
/// # Errors
/// An input that cannot be read on.
pub(super) fn skip_line(
    input: &mut impl BufRead,
    mut beginning: Vec<u8>,
    is_end: impl Fn(&u8) -> bool,
) -> io::Result<SkippedLine> {
    let mut hash = Sha256::new_with_prefix(&beginning);
    beginning.truncate(KEPT_BYTES);
    beginning.shrink_to_fit();
    loop {
        let buffer = input.fill_buf()?;
        let end = buffer.iter().position(&is_end);
        let rest = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
        hash.update(rest);
        let (used, is_last) = (rest.len(), buffer.is_empty() || end.is_some());
        input.consume(used);
        if is_last {
            let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            return Ok(SkippedLine { sha256, beginning });
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn all(text: &[u8]) -> Vec<Line> {
        let mut lines = Lines::new(text);
        std::iter::from_fn(|| lines.next().unwrap()).collect()
    }

    #[test]
    fn ends_and_marks_are_no_part_of_a_line() {
        let whole = |text: &str| Line::Whole(text.as_bytes().to_vec());
        assert_eq!(all(b"\xef\xbb\xbfa\r\nb\n\nc"), [whole("a"), whole("b"), whole(""), whole("c")]);
        assert!(all(b"").is_empty());
    }

    #[test]
    fn a_huge_line_is_skipped_and_the_next_one_is_read() {
        let huge = vec![b'x'; 3 * LINE_BYTES];
        let lines = all(&[&huge[..], b"\nnext\n"].concat());
        let Line::TooLong(SkippedLine { sha256, beginning }) = &lines[0] else { panic!("it is not too long") };
        assert_eq!(*sha256, nearside_engine::math::sha256_hex(&huge));
        assert_eq!(beginning.len(), KEPT_BYTES);
        assert_eq!(lines[1], Line::Whole(b"next".to_vec()));
        assert!(matches!(all(&vec![b'x'; LINE_BYTES + 1])[0], Line::TooLong(_)));
        assert!(matches!(all(&vec![b'x'; LINE_BYTES])[0], Line::Whole(_)));
    }
}
