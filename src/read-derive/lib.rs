//! `#[derive(Read)]`: implements serde's `Deserialize` for a struct, in a third of the code of serde's own derive.
//!
//! **In scope**: structs with named fields; of serde's attributes `default`, `default = "…"`, `rename = "…"`,
//! `skip_serializing_if` (passed over) and `deny_unknown_fields`. **Out of scope**: everything else: an attribute that
//! is not known here is a compile error, and the type keeps serde's derive.
//!
//! Where serde's derive writes a reader of names and two readers of fields for every type, this one shares the first
//! (`nearside_engine::types::FieldName`) and writes one of the second; a list in the place of an object is refused.

mod parse;

use proc_macro::TokenStream;

use parse::{Field, Struct};

/// Implements `serde::Deserialize`.
#[proc_macro_derive(Read, attributes(serde))]
pub fn read(item: TokenStream) -> TokenStream {
    let code = match Struct::parse(item) {
        Ok(parsed) => implementation(&parsed),
        Err(mistake) => format!("::core::compile_error!({mistake:?});"),
    };
    code.parse().unwrap_or_default()
}

fn implementation(parsed: &Struct) -> String {
    let Struct { name, fields, has_default, denies_unknown } = parsed;
    let each = |write: &dyn Fn(usize, &Field) -> String| -> String {
        fields.iter().enumerate().map(|(index, field)| write(index, field)).collect()
    };
    let names = each(&|_, field| format!("{:?}, ", field.key));
    let place = |index: usize, field: &Field| {
        if *has_default { format!("whole.{}", field.name) } else { format!("field_{index}") }
    };
    let starts = if *has_default {
        format!("let mut whole: {name} = ::core::default::Default::default();")
    } else {
        each(&|index, field| {
            let (kind, start) = match &field.start {
                Some(start) => (field.kind.clone(), format!("{start}()")),
                None => (format!("::core::option::Option<{}>", field.kind), "::core::option::Option::None".to_owned()),
            };
            format!("let mut field_{index}: {kind} = {start};\n")
        })
    };
    let arms = each(&|index, field| {
        let read = if *has_default || field.start.is_some() {
            "map.next_value()?".to_owned()
        } else {
            "::core::option::Option::Some(map.next_value()?)".to_owned()
        };
        format!("{index} => {} = {read},\n", place(index, field))
    });
    let whole = if *has_default {
        "whole".to_owned()
    } else {
        let members = each(&|index, field| match &field.start {
            Some(_) => format!("{}: field_{index},\n", field.name),
            None => format!("{}: crate::types::required(field_{index}, {:?})?,\n", field.name, field.key),
        });
        format!("{name} {{ {members} }}")
    };
    format!(
        r#"
        impl<'de> ::serde::Deserialize<'de> for {name} {{
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {{
                const NAMES: &[&str] = &[{names}];
                struct Fields;
                impl<'de> ::serde::de::Visitor<'de> for Fields {{
                    type Value = {name};
                    fn expecting(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {{
                        f.write_str("struct {name}")
                    }}
                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> ::core::result::Result<{name}, A::Error> {{
                        let mut seen = 0_u64;
                        {starts}
                        loop {{
                            let name = crate::types::FieldName {{ names: NAMES, seen: &mut seen, denies_unknown: {denies_unknown} }};
                            let ::core::option::Option::Some(index) = map.next_key_seed(name)? else {{ break }};
                            match index {{
                                {arms}
                                _ => {{
                                    map.next_value::<::serde::de::IgnoredAny>()?;
                                }}
                            }}
                        }}
                        ::core::result::Result::Ok({whole})
                    }}
                }}
                deserializer.deserialize_struct("{name}", NAMES, Fields)
            }}
        }}
        "#
    )
}
