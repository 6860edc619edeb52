//! From the tokens of a struct to its fields.

use proc_macro::{Delimiter, Spacing, TokenStream, TokenTree};

/// A struct, as far as reading it needs.
pub(crate) struct Struct {
    /// Its name.
    pub(crate) name: String,
    /// Its fields, in order.
    pub(crate) fields: Vec<Field>,
    /// True when what is absent comes from `Default` of the whole.
    pub(crate) has_default: bool,
    /// True when an unknown name is a mistake.
    pub(crate) denies_unknown: bool,
}

/// A field.
pub(crate) struct Field {
    /// Its name in Rust.
    pub(crate) name: String,
    /// Its name in JSON.
    pub(crate) key: String,
    /// Its type.
    pub(crate) kind: String,
    /// The path of a function that makes the value of an absent field; None where it must be there.
    pub(crate) start: Option<String>,
}

/// The most fields: one bit each says which were seen.
const MOST_FIELDS: usize = 64;

impl Struct {
    /// Reads the tokens.
    pub(crate) fn parse(item: TokenStream) -> Result<Self, String> {
        let mut tokens = item.into_iter();
        let mut attributes = Vec::new();
        let mut words = Vec::new();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(mark) if mark.as_char() == '#' => attributes.extend(serde_parts(tokens.next())?),
                TokenTree::Ident(word) => words.push(word.to_string()),
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    let [.., keyword, name] = words.as_slice() else { return Err("no struct".to_owned()) };
                    if keyword != "struct" {
                        return Err("Read is for structs".to_owned());
                    }
                    let mut parsed = Self {
                        name: name.clone(),
                        fields: fields(group.stream())?,
                        has_default: false,
                        denies_unknown: false,
                    };
                    for (word, value) in attributes {
                        match (word.as_str(), value) {
                            ("default", None) => parsed.has_default = true,
                            ("deny_unknown_fields", None) => parsed.denies_unknown = true,
                            (word, _) => return Err(format!("Read does not know serde({word}) of a struct")),
                        }
                    }
                    return if parsed.fields.len() > MOST_FIELDS {
                        Err("too many fields".to_owned())
                    } else {
                        Ok(parsed)
                    };
                }
                TokenTree::Group(_) => {}
                _ => return Err("Read is for structs with named fields and without parameters".to_owned()),
            }
        }
        Err("Read is for structs with named fields".to_owned())
    }
}

fn fields(body: TokenStream) -> Result<Vec<Field>, String> {
    let mut tokens = body.into_iter().peekable();
    let mut found = Vec::new();
    while tokens.peek().is_some() {
        let mut attributes = Vec::new();
        let mut name = String::new();
        for token in tokens.by_ref() {
            match token {
                TokenTree::Punct(mark) if mark.as_char() == ':' => break,
                TokenTree::Ident(word) => name = word.to_string(),
                TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                    attributes.extend(serde_parts(Some(TokenTree::Group(group)))?);
                }
                // The `#` before an attribute, and the scope of `pub(crate)`.
                _ => {}
            }
        }
        let mut kind = TokenStream::new();
        let mut open = 0_u32;
        for token in tokens.by_ref() {
            if let TokenTree::Punct(mark) = &token {
                match mark.as_char() {
                    ',' if open == 0 => break,
                    '<' => open += 1,
                    '>' => open = open.saturating_sub(1),
                    _ => {}
                }
            }
            kind.extend([token]);
        }
        found.push(field(name, kind.to_string(), attributes)?);
    }
    Ok(found)
}

fn field(name: String, kind: String, attributes: Vec<(String, Option<String>)>) -> Result<Field, String> {
    let is_option = kind.starts_with("Option");
    let start = is_option.then(|| "::core::default::Default::default".to_owned());
    let mut field = Field { key: name.clone(), name, kind, start };
    for (word, value) in attributes {
        match (word.as_str(), value) {
            ("default", None) => field.start = Some("::core::default::Default::default".to_owned()),
            ("default", Some(path)) => field.start = Some(path),
            ("rename", Some(key)) => field.key = key,
            ("skip_serializing_if", Some(_)) => {}
            (word, _) => return Err(format!("Read does not know serde({word}) of a field")),
        }
    }
    Ok(field)
}

/// The parts of `[serde(…)]`: words, and words with a text. Other attributes have none.
fn serde_parts(attribute: Option<TokenTree>) -> Result<Vec<(String, Option<String>)>, String> {
    let Some(TokenTree::Group(group)) = attribute else { return Ok(Vec::new()) };
    let mut tokens = group.stream().into_iter();
    let is_serde = matches!(tokens.next(), Some(TokenTree::Ident(word)) if word.to_string() == "serde");
    let (true, Some(TokenTree::Group(inside))) = (is_serde, tokens.next()) else { return Ok(Vec::new()) };
    let mut parts: Vec<(String, Option<String>)> = Vec::new();
    for token in inside.stream() {
        match token {
            TokenTree::Ident(word) => parts.push((word.to_string(), None)),
            TokenTree::Literal(text) => {
                if let Some((_, value)) = parts.last_mut() {
                    *value = Some(text.to_string().trim_matches('"').to_owned());
                }
            }
            TokenTree::Punct(mark) if matches!(mark.as_char(), ',' | '=') && mark.spacing() == Spacing::Alone => {}
            _ => return Err("Read does not know this serde attribute".to_owned()),
        }
    }
    Ok(parts)
}
