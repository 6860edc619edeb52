//! From the tokens of a type to what reading it needs.

use proc_macro::{Delimiter, Group, Spacing, TokenStream, TokenTree};

use crate::names::renamed;

/// A type, as far as reading it needs.
pub(crate) struct Type {
    /// Its name.
    pub(crate) name: String,
    /// What it is made of.
    pub(crate) shape: Shape,
}

/// What a type is made of.
pub(crate) enum Shape {
    /// An object.
    Struct {
        /// Its fields, in order.
        fields: Vec<Field>,
        /// True when what is absent comes from `Default` of the whole.
        has_default: bool,
        /// True when an unknown name is a mistake.
        denies_unknown: bool,
    },
    /// A struct that reads as its only member.
    Wrapper {
        /// The member's name, or `0`.
        member: String,
    },
    /// Names without data.
    Enum {
        /// The variants, each with its name in JSON.
        variants: Vec<(String, String)>,
    },
}

/// A field.
pub(crate) struct Field {
    /// Its name in Rust.
    pub(crate) name: String,
    /// Its name in JSON.
    pub(crate) key: String,
    /// The value when it is absent.
    pub(crate) start: Start,
    /// The path of a function that turns its place into the one that is read.
    pub(crate) place: Option<String>,
}

/// The value of an absent field.
#[derive(PartialEq, Eq)]
pub(crate) enum Start {
    /// None: it must be there.
    Required,
    /// The path of a function that makes it.
    From(String),
}

/// A word of an attribute, and the text behind it.
type Part = (String, Option<String>);

/// The most fields: one bit each says which were seen.
const MOST_FIELDS: usize = 64;

impl Type {
    /// Reads the tokens.
    pub(crate) fn parse(item: TokenStream) -> Result<Self, String> {
        let mut tokens = item.into_iter();
        let mut attributes = Vec::new();
        let mut words = Vec::new();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(mark) if mark.as_char() == '#' => attributes.extend(attribute_parts(tokens.next())?),
                TokenTree::Ident(word) => words.push(word.to_string()),
                TokenTree::Group(group) => {
                    let [.., keyword, name] = words.as_slice() else { continue };
                    let is_body = matches!(keyword.as_str(), "struct" | "enum");
                    if is_body {
                        return Ok(Self { name: name.clone(), shape: shape(keyword, &group, attributes)? });
                    }
                }
                _ => break,
            }
        }
        Err("Read is for structs and enums without parameters".to_owned())
    }
}

fn shape(keyword: &str, body: &Group, attributes: Vec<Part>) -> Result<Shape, String> {
    let (mut has_default, mut denies_unknown, mut is_transparent, mut rule) = (false, false, false, None);
    for (word, value) in attributes {
        match (word.as_str(), value) {
            ("default", None) => has_default = true,
            ("deny_unknown_fields", None) => denies_unknown = true,
            ("transparent", None) => is_transparent = true,
            ("rename_all", Some(known)) if keyword == "enum" => rule = Some(known),
            (word, _) => return Err(format!("Read does not know serde({word}) of a type")),
        }
    }
    if keyword == "enum" {
        return Ok(Shape::Enum { variants: variants(body.stream(), rule.as_deref())? });
    }
    if body.delimiter() == Delimiter::Parenthesis {
        return if is_transparent {
            Ok(Shape::Wrapper { member: "0".to_owned() })
        } else {
            Err("Read needs serde(transparent) of a struct without names".to_owned())
        };
    }
    let fields = fields(body.stream())?;
    match fields.as_slice() {
        [field] if is_transparent => Ok(Shape::Wrapper { member: field.name.clone() }),
        _ if is_transparent => Err("serde(transparent) is for one field".to_owned()),
        fields if fields.len() > MOST_FIELDS => Err("too many fields".to_owned()),
        _ => Ok(Shape::Struct { fields, has_default, denies_unknown }),
    }
}

fn variants(body: TokenStream, rule: Option<&str>) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    for token in body {
        match token {
            TokenTree::Ident(variant) => {
                let variant = variant.to_string();
                found.push((variant.clone(), renamed(&variant, rule)?));
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                if let Some((word, _)) = attribute_parts(Some(TokenTree::Group(group)))?.first() {
                    return Err(format!("Read does not know serde({word}) of a variant"));
                }
            }
            TokenTree::Punct(mark) if matches!(mark.as_char(), '#' | ',') => {}
            _ => return Err("Read is for enums without data".to_owned()),
        }
    }
    Ok(found)
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
                    attributes.extend(attribute_parts(Some(TokenTree::Group(group)))?);
                }
                // The `#` before an attribute, and the scope of `pub(crate)`.
                _ => {}
            }
        }
        let is_option = matches!(tokens.peek(), Some(TokenTree::Ident(word)) if word.to_string() == "Option");
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
        }
        found.push(field(name, is_option, attributes)?);
    }
    Ok(found)
}

fn field(name: String, is_option: bool, attributes: Vec<Part>) -> Result<Field, String> {
    let default = || Start::From("::core::default::Default::default".to_owned());
    let start = if is_option { default() } else { Start::Required };
    let mut field = Field { key: name.clone(), name, start, place: None };
    for (word, value) in attributes {
        match (word.as_str(), value) {
            ("default", None) => field.start = default(),
            ("default", Some(path)) => field.start = Start::From(path),
            ("rename", Some(key)) => field.key = key,
            ("place", Some(path)) => field.place = Some(path),
            ("skip_serializing_if", Some(_)) | ("skip_serializing", None) => {}
            (word, _) => return Err(format!("Read does not know serde({word}) of a field")),
        }
    }
    Ok(field)
}

/// The parts of `[serde(…)]` and `[read(…)]`: words, and words with a text. Other attributes have none.
fn attribute_parts(attribute: Option<TokenTree>) -> Result<Vec<Part>, String> {
    let Some(TokenTree::Group(group)) = attribute else { return Ok(Vec::new()) };
    let mut tokens = group.stream().into_iter();
    let is_ours =
        matches!(tokens.next(), Some(TokenTree::Ident(word)) if matches!(word.to_string().as_str(), "serde" | "read"));
    let (true, Some(TokenTree::Group(inside))) = (is_ours, tokens.next()) else { return Ok(Vec::new()) };
    let mut parts: Vec<Part> = Vec::new();
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
