//! What a character is to the sentence rules of Unicode Annex 29: the property `Sentence_Break` of Unicode 17. The rules
//! are in `sentence_bounds`.
//!
//! Letters, capitals and digits are those of the standard library, whose tables the program holds anyway; the rest is
//! listed here. The full tables would weigh 14 KB in the compressed Worker. What is told apart differently:
//!
//! - stops of scripts beyond U+FFFF, nearly all historic, are not known;
//! - marks of scripts without capitals (Hebrew points, Indic vowel signs) are letters or nothing. They follow a letter in
//!   well-formed text, and there it makes no difference;
//! - of the scripts that count with signs of their own, the signs are digits (Bengali fractions) and the separators are
//!   not (Arabic): it shows only right after a European full stop. The Hebrew geresh is no letter.

/// What a character is to the rules.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// `Lower`.
    Small,
    /// `Upper`.
    Capital,
    /// `OLetter`: letters of scripts without capitals.
    Letter,
    /// `Numeric`.
    Digit,
    /// `ATerm`: a full stop, which also stands in numbers and abbreviations.
    Stop,
    /// `STerm`: what ends a sentence beyond doubt.
    Terminator,
    /// `Close`: quotes and brackets of both directions.
    Close,
    /// `Sp`.
    Space,
    /// `SContinue`: a comma, colon or dash, which goes on.
    Continue,
    /// `Sep`, `CR` and `LF`.
    LineEnd,
    /// `Extend` and `Format`: accents and invisible marks, part of the character before.
    Mark,
    Other,
}

pub(super) fn class_of(character: char) -> Class {
    match character {
        'a'..='z' => Class::Small,
        'A'..='Z' => Class::Capital,
        '0'..='9' => Class::Digit,
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Class::LineEnd,
        '.' | '\u{2024}' | '\u{fe52}' | '\u{ff0e}' => Class::Stop,
        _ if character.is_whitespace() => Class::Space,
        _ if is_terminator(character) => Class::Terminator,
        _ if is_close(character) => Class::Close,
        _ if is_continuing(character) => Class::Continue,
        _ if character.is_ascii() => Class::Other,
        _ if is_mark(character) => Class::Mark,
        _ if is_georgian(character) => Class::Letter,
        _ if character.is_lowercase() => Class::Small,
        _ if character.is_uppercase() || is_title(character) => Class::Capital,
        _ if character.is_alphabetic() => Class::Letter,
        _ if character.is_numeric() && !is_counting(character) => Class::Digit,
        _ => Class::Other,
    }
}

/// `STerm`: the scripts that are most written.
fn is_terminator(character: char) -> bool {
    matches!(character, '!' | '?' | '\u{203c}' | '\u{203d}' | '\u{2047}'..='\u{2049}')
        // Chinese and Japanese, wide and narrow.
        || matches!(character, '\u{3002}' | '\u{fe12}' | '\u{fe15}' | '\u{fe16}' | '\u{fe56}' | '\u{fe57}')
        || matches!(character, '\u{ff01}' | '\u{ff1f}' | '\u{ff61}')
        // Armenian, Arabic, Urdu, Syriac, Devanagari and its neighbours.
        || matches!(character, '\u{589}' | '\u{61d}'..='\u{61f}' | '\u{6d4}' | '\u{700}'..='\u{702}')
        || matches!(character, '\u{964}' | '\u{965}')
        // Burmese, Ethiopic, Khmer, Mongolian, Tibeto-Burman scripts.
        || matches!(character, '\u{104a}' | '\u{104b}' | '\u{1362}' | '\u{1367}' | '\u{1368}' | '\u{17d4}' | '\u{17d5}')
        || matches!(character, '\u{1803}' | '\u{1809}' | '\u{1944}' | '\u{1945}')
        || is_rare_terminator(character)
}

/// The scripts of smaller communities, below U+10000.
fn is_rare_terminator(character: char) -> bool {
    matches!(
        character,
        '\u{7f9}' | '\u{837}' | '\u{839}' | '\u{83d}' | '\u{83e}' | '\u{166e}' | '\u{1735}' | '\u{1736}'
    ) || matches!(character, '\u{1aa8}'..='\u{1aab}' | '\u{1b4e}' | '\u{1b4f}' | '\u{1b5a}' | '\u{1b5b}')
        || matches!(character, '\u{1b5e}' | '\u{1b5f}' | '\u{1b7d}'..='\u{1b7f}' | '\u{1c3b}' | '\u{1c3c}')
        || matches!(character, '\u{1c7e}' | '\u{1c7f}' | '\u{2cf9}'..='\u{2cfb}' | '\u{2e2e}' | '\u{2e3c}')
        || matches!(character, '\u{2e53}' | '\u{2e54}' | '\u{a4ff}' | '\u{a60e}' | '\u{a60f}' | '\u{a6f3}' | '\u{a6f7}')
        || matches!(character, '\u{a876}' | '\u{a877}' | '\u{a8ce}' | '\u{a8cf}' | '\u{a92f}' | '\u{a9c8}' | '\u{a9c9}')
        || matches!(character, '\u{aa5d}'..='\u{aa5f}' | '\u{aaf0}' | '\u{aaf1}' | '\u{abeb}')
}

/// `Close`: quotes and brackets, whichever way they face.
fn is_close(character: char) -> bool {
    matches!(character, '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}' | '«' | '»')
        || matches!(character, '\u{2018}'..='\u{201f}' | '\u{2039}' | '\u{203a}' | '\u{2045}' | '\u{2046}')
        // Raised and lowered, technical, ornamental and mathematical.
        || matches!(character, '\u{207d}' | '\u{207e}' | '\u{208d}' | '\u{208e}' | '\u{2308}'..='\u{230b}')
        || matches!(character, '\u{2329}' | '\u{232a}' | '\u{275b}'..='\u{2760}' | '\u{2768}'..='\u{2775}')
        || matches!(character, '\u{27c5}' | '\u{27c6}' | '\u{27e6}'..='\u{27ef}' | '\u{2983}'..='\u{2998}')
        || matches!(character, '\u{29d8}'..='\u{29db}' | '\u{29fc}' | '\u{29fd}' | '\u{1f676}'..='\u{1f678}')
        || matches!(character, '\u{2e00}'..='\u{2e0d}' | '\u{2e1c}' | '\u{2e1d}' | '\u{2e20}'..='\u{2e29}')
        || matches!(character, '\u{2e42}' | '\u{2e55}'..='\u{2e5c}')
        // Chinese, Japanese and Korean; Arabic and Tibetan.
        || matches!(character, '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301b}' | '\u{301d}'..='\u{301f}')
        || matches!(character, '\u{fe17}' | '\u{fe18}' | '\u{fe35}'..='\u{fe44}' | '\u{fe47}' | '\u{fe48}')
        || matches!(character, '\u{fe59}'..='\u{fe5e}' | '\u{ff08}' | '\u{ff09}' | '\u{ff3b}' | '\u{ff3d}' | '\u{ff5b}')
        || matches!(character, '\u{ff5d}' | '\u{ff5f}' | '\u{ff60}' | '\u{ff62}' | '\u{ff63}' | '\u{fd3e}' | '\u{fd3f}')
        || matches!(character, '\u{f3a}'..='\u{f3d}' | '\u{169b}' | '\u{169c}')
}

/// `SContinue`: commas, colons and dashes.
fn is_continuing(character: char) -> bool {
    matches!(character, ',' | '-' | ':' | ';' | '–' | '—' | '\u{37e}' | '\u{55d}' | '\u{60c}' | '\u{60d}' | '\u{7f8}')
        || matches!(character, '\u{1802}' | '\u{1808}' | '\u{3001}' | '\u{fe10}' | '\u{fe11}' | '\u{fe13}' | '\u{fe14}')
        || matches!(character, '\u{fe31}' | '\u{fe32}' | '\u{fe50}' | '\u{fe51}' | '\u{fe54}' | '\u{fe55}' | '\u{fe58}')
        || matches!(character, '\u{fe63}' | '\u{ff0c}' | '\u{ff0d}' | '\u{ff1a}' | '\u{ff1b}' | '\u{ff64}')
}

/// `Extend` and `Format`, as far as scripts with capitals, Chinese, Japanese, symbols and line layout use them.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1add}' | '\u{1ae0}'..='\u{1aeb}')
        || matches!(character, '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20f0}' | '\u{2cef}'..='\u{2cf1}' | '\u{2de0}'..='\u{2dff}')
        || matches!(character, '\u{a66f}'..='\u{a672}' | '\u{a674}'..='\u{a67d}' | '\u{a69e}' | '\u{a69f}')
        || matches!(character, '\u{302a}'..='\u{302f}' | '\u{3099}' | '\u{309a}' | '\u{ff9e}' | '\u{ff9f}')
        || matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{e0001}'..='\u{e01ef}')
        // Invisible: soft hyphen, joiners, directions, byte order.
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(character, '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Letters in title case, such as the Croatian ǅ: capitals to a reader, neither large nor small to the standard library.
fn is_title(character: char) -> bool {
    matches!(character, 'ǅ' | 'ǈ' | 'ǋ' | 'ǲ' | '\u{1f88}'..='\u{1f8f}' | '\u{1f98}'..='\u{1f9f}')
        || matches!(character, '\u{1fa8}'..='\u{1faf}' | '\u{1fbc}' | '\u{1fcc}' | '\u{1ffc}')
}

/// Georgian has capitals for whole words only, so that they tell nothing of sentences.
fn is_georgian(character: char) -> bool {
    matches!(character, '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' | '\u{1c90}'..='\u{1cba}' | '\u{1cbd}'..='\u{1cbf}')
}

/// Fractions, raised and ringed numbers: they are no decimal digits.
fn is_counting(character: char) -> bool {
    matches!(character, '²' | '³' | '¹' | '¼'..='¾' | '\u{2070}'..='\u{2189}' | '\u{2460}'..='\u{24ff}' | '\u{2cfd}')
        || matches!(character, '\u{2776}'..='\u{2793}' | '\u{3192}'..='\u{3195}' | '\u{3220}'..='\u{32bf}')
}
