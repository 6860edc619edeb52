//! Bytes of a document: white space, brackets, texts. Nothing here knows the types that are read.

use super::error::{Fault, JsonMistake};
use super::number::{InvalidNumber, Number, parse_number, parse_short_number};

/// The deepest nesting that is followed; routes have narrower limits of their own.
pub const DEEPEST_JSON: u8 = 128;

/// A document and how far it was read.
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    levels_left: u8,
    /// The last text, where it holds escapes.
    unescaped: String,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, levels: u8) -> Self {
        Self { text, at: 0, levels_left: levels, unescaped: String::new() }
    }

    /// How far the document was read.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over white space and returns the next byte without taking it.
    pub(super) fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.byte() {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    /// Takes `word`, whose first letter was seen.
    pub(super) fn word(&mut self, word: &str) -> Result<(), Fault> {
        for expected in word.bytes() {
            let byte = self.byte().ok_or_else(|| Fault::end("a value"))?;
            self.at += 1;
            if byte != expected {
                return Err(Fault::syntax("expected ident"));
            }
        }
        Ok(())
    }

    /// Takes the bracket that opens a list or an object, which was seen.
    pub(super) fn open(&mut self) -> Result<(), Fault> {
        let too_deep = || Fault::new(JsonMistake::Depth, "recursion limit exceeded".to_owned());
        self.levels_left = self.levels_left.checked_sub(1).ok_or_else(too_deep)?;
        self.at += 1;
        Ok(())
    }

    /// Takes the bracket that closes what `open` opened.
    pub(super) fn close(&mut self, bracket: u8) -> Result<(), Fault> {
        match self.peek() {
            Some(byte) if byte == bracket => {
                self.at += 1;
                self.levels_left += 1;
                Ok(())
            }
            Some(_) => Err(Fault::syntax("trailing characters")),
            None => Err(Fault::end("a list or an object")),
        }
    }

    /// Goes to the next element of a list; false when there is none.
    pub(super) fn next_element(&mut self, is_first: &mut bool) -> Result<bool, Fault> {
        match self.peek() {
            Some(b']') => return Ok(false),
            Some(b',') if !*is_first => self.at += 1,
            Some(_) if *is_first => {}
            Some(_) => return Err(Fault::syntax("expected `,` or `]`")),
            None => return Err(Fault::end("a list")),
        }
        *is_first = false;
        match self.peek() {
            Some(b']') => Err(Fault::syntax("trailing comma")),
            Some(_) => Ok(true),
            None => Err(Fault::end("a value")),
        }
    }

    /// Goes to the next name of an object; false when there is none.
    pub(super) fn next_name(&mut self, is_first: &mut bool) -> Result<bool, Fault> {
        match self.peek() {
            Some(b'}') => return Ok(false),
            Some(b',') if !*is_first => self.at += 1,
            Some(_) if *is_first => {}
            Some(_) => return Err(Fault::syntax("expected `,` or `}`")),
            None => return Err(Fault::end("an object")),
        }
        *is_first = false;
        match self.peek() {
            Some(b'"') => Ok(true),
            Some(b'}') => Err(Fault::syntax("trailing comma")),
            Some(_) => Err(Fault::syntax("key must be a string")),
            None => Err(Fault::end("a value")),
        }
    }

    /// Takes the colon between a name and its value.
    pub(super) fn colon(&mut self) -> Result<(), Fault> {
        match self.peek() {
            Some(b':') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(Fault::syntax("expected `:`")),
            None => Err(Fault::end("an object")),
        }
    }

    /// Takes a number, whose first byte was seen.
    pub(super) fn number(&mut self) -> Result<Number, Fault> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if let Some((number, length)) = parse_short_number(rest) {
            self.at += length;
            return Ok(number);
        }
        self.any_number()
    }

    #[inline(never)]
    fn any_number(&mut self) -> Result<Number, Fault> {
        let bytes = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let (number, length) = parse_number(bytes).map_err(|invalid| match invalid {
            InvalidNumber::Digit(at) => {
                self.at += at;
                if self.byte().is_none() { Fault::end("a value") } else { Fault::syntax("invalid number") }
            }
            InvalidNumber::TooLarge => Fault::syntax("number out of range"),
        })?;
        self.at += length;
        // A second digit after a leading zero.
        if matches!(self.byte(), Some(b'0'..=b'9')) { Err(Fault::syntax("invalid number")) } else { Ok(number) }
    }

    /// Takes a text, whose quotation mark was seen.
    pub(super) fn string(&mut self) -> Result<&str, Fault> {
        self.at += 1;
        let start = self.at;
        if self.plain_part()? {
            let text = self.text;
            return Ok(text.get(start..self.at - 1).unwrap_or_default());
        }
        self.unescaped.clear();
        let mut start = start;
        loop {
            self.unescaped.push_str(self.text.get(start..self.at - 1).unwrap_or_default());
            self.escape()?;
            start = self.at;
            if self.plain_part()? {
                self.unescaped.push_str(self.text.get(start..self.at - 1).unwrap_or_default());
                return Ok(&self.unescaped);
            }
        }
    }

    /// Goes behind the next quotation mark (true) or backslash (false).
    fn plain_part(&mut self) -> Result<bool, Fault> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F)).unwrap_or(rest.len());
        self.at += length;
        match self.byte() {
            Some(byte @ (b'"' | b'\\')) => {
                self.at += 1;
                Ok(byte == b'"')
            }
            Some(_) => Err(Fault::syntax("control character found while parsing a string")),
            None => Err(Fault::end("a string")),
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let byte = self.byte().ok_or_else(|| Fault::end("a string"))?;
        self.at += 1;
        let character = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode_escape()?,
            _ => return Err(Fault::syntax("invalid escape")),
        };
        self.unescaped.push(character);
        Ok(())
    }

    fn unicode_escape(&mut self) -> Result<char, Fault> {
        let first = self.four_hex_digits()?;
        let code = match first {
            0xD800..=0xDBFF => {
                if self.text.as_bytes().get(self.at..self.at + 2) != Some(b"\\u") {
                    return Err(Fault::syntax("lone leading surrogate in hex escape"));
                }
                self.at += 2;
                let second = self.four_hex_digits()?;
                match second {
                    0xDC00..=0xDFFF => 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00),
                    _ => return Err(Fault::syntax("lone leading surrogate in hex escape")),
                }
            }
            _ => first,
        };
        char::from_u32(code).ok_or_else(|| Fault::syntax("lone trailing surrogate in hex escape"))
    }

    fn four_hex_digits(&mut self) -> Result<u32, Fault> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4).ok_or_else(|| Fault::end("a string"))?;
        let mut code = 0;
        for digit in digits {
            let digit = char::from(*digit).to_digit(16).ok_or_else(|| Fault::syntax("invalid escape"))?;
            code = code * 16 + digit;
        }
        self.at += 4;
        Ok(code)
    }

    /// Passes over one value of any shape and returns its text.
    pub(super) fn skip(&mut self) -> Result<&'a str, Fault> {
        self.peek();
        let start = self.at;
        self.skip_value()?;
        let text = self.text;
        Ok(text.get(start..self.at).unwrap_or_default())
    }

    fn skip_value(&mut self) -> Result<(), Fault> {
        let mut is_first = true;
        match self.peek() {
            None => Err(Fault::end("a value")),
            Some(b'n') => self.word("null"),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'"') => self.string().map(|_| ()),
            Some(b'-' | b'0'..=b'9') => self.number().map(|_| ()),
            Some(b'[') => {
                self.open()?;
                while self.next_element(&mut is_first)? {
                    self.skip_value()?;
                }
                self.close(b']')
            }
            Some(b'{') => {
                self.open()?;
                while self.next_name(&mut is_first)? {
                    self.string()?;
                    self.colon()?;
                    self.skip_value()?;
                }
                self.close(b'}')
            }
            Some(_) => Err(Fault::syntax("expected value")),
        }
    }

    /// What must hold after the last value.
    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        if self.peek().is_none() { Ok(()) } else { Err(Fault::syntax("trailing characters")) }
    }
}
