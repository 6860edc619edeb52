//! An input without its lines that are too long to be rows: they are taken out before CSV is read, and remembered. Else
//! one of them would end the import, and nothing after it would come in.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use super::lines::{LINE_BYTES, SkippedLine, skip_line};

/// The lines that were taken out and that nobody asked for yet, each with its number in the file.
#[derive(Debug, Clone, Default)]
pub(super) struct Skipped(Rc<RefCell<VecDeque<(i64, SkippedLine)>>>);

impl Skipped {
    /// The next one, if its number is at most this.
    pub(super) fn next_until(&self, number: i64) -> Option<(i64, SkippedLine)> {
        let mut lines = self.0.borrow_mut();
        if lines.front().is_some_and(|(first, _)| *first <= number) { lines.pop_front() } else { None }
    }
}

/// Gives all lines but the too long ones, CRLF as LF: the reader of CSV would count a row with the line before it.
pub(super) struct ShortLines<R> {
    input: BufReader<R>,
    /// The line at hand and its end.
    line: Vec<u8>,
    /// So much of it was given.
    given: usize,
    number: i64,
    skipped: Skipped,
}

impl<R: Read> ShortLines<R> {
    /// Begins at the first line; what is taken out goes to `skipped`.
    pub(super) fn new(input: R, skipped: Skipped) -> Self {
        let input = BufReader::with_capacity(65_536, input);
        Self { input, line: Vec::new(), given: 0, number: 1, skipped }
    }

    /// Reads the next line that is not too long; an empty one, without an end, after the last.
    fn advance(&mut self) -> io::Result<()> {
        self.line.clear();
        self.given = 0;
        loop {
            let buffer = self.input.fill_buf()?;
            let end = buffer.iter().position(is_end);
            let part = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
            let (used, is_last) = (part.len(), buffer.is_empty() || end.is_some());
            self.line.extend_from_slice(part);
            self.input.consume(used);
            if self.line.len() > LINE_BYTES {
                let number = self.number;
                let line = skip_line(&mut self.input, std::mem::take(&mut self.line), is_end)?;
                self.skipped.0.borrow_mut().push_back((number, line));
                self.end()?;
            } else if is_last {
                let end = self.end()?;
                self.line.extend(end);
                return Ok(());
            }
        }
    }

    /// Takes what ends a line, CRLF as LF; None at the end of the input.
    fn end(&mut self) -> io::Result<Option<u8>> {
        let mut end = self.take_byte()?;
        if end == Some(b'\r') && self.input.fill_buf()?.first() == Some(&b'\n') {
            end = self.take_byte()?;
        }
        self.number += i64::from(end == Some(b'\n'));
        Ok(end)
    }

    fn take_byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.input.fill_buf()?.first().copied();
        self.input.consume(usize::from(byte.is_some()));
        Ok(byte)
    }
}

impl<R: Read> Read for ShortLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.line.len() {
            self.advance()?;
        }
        let read = self.line.get(self.given..).unwrap_or_default().read(buffer)?;
        self.given += read;
        Ok(read)
    }
}

/// Old programs end lines with a carriage return alone.
fn is_end(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Vec<i64>) {
        let skipped = Skipped::default();
        let mut read = String::new();
        ShortLines::new(text.as_bytes(), skipped.clone()).read_to_string(&mut read).unwrap();
        (read, std::iter::from_fn(|| skipped.next_until(i64::MAX)).map(|(number, _)| number).collect())
    }

    #[test]
    fn what_is_short_stays_as_it_is() {
        for text in ["", "a", "a\n", "a\rb\r", "a\r\rb", "\n\n", &"ab\n".repeat(100_000)] {
            assert_eq!(read(text), (text.to_owned(), Vec::new()));
        }
        assert_eq!(read("a\r\nb\r\n\r\nc").0, "a\nb\n\nc");
        let longest = "x".repeat(LINE_BYTES);
        assert_eq!(read(&longest), (longest.clone(), Vec::new()));
    }

    #[test]
    fn what_is_long_goes_with_its_end() {
        let long = "x".repeat(LINE_BYTES + 1);
        for end in ["\n", "\r\n"] {
            let text = ["a", &long, "b", &long, &long, "c", &long].join(end);
            assert_eq!(read(&text), ("a\nb\nc\n".to_owned(), vec![2, 4, 5, 7]));
        }
        assert_eq!(read(&format!("a\r{long}\rb")).0, "a\rb");
        assert_eq!(read(&long), (String::new(), vec![1]));
    }

    #[test]
    fn they_are_given_up_to_a_number() {
        let skipped = Skipped::default();
        let text = format!("a\n{}\nb\n", "x".repeat(3 * LINE_BYTES));
        io::copy(&mut ShortLines::new(text.as_bytes(), skipped.clone()), &mut io::sink()).unwrap();
        assert!(skipped.next_until(1).is_none());
        let (number, line) = skipped.next_until(2).unwrap();
        assert_eq!((number, line.sha256), (2, nearside_engine::math::sha256_hex(&vec![b'x'; 3 * LINE_BYTES])));
        assert!(line.beginning.len() < LINE_BYTES && skipped.next_until(i64::MAX).is_none());
    }
}
