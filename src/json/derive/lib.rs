//! `#[derive(Read)]`: implements the engine's `Read`, and through it serde's `Deserialize`.
//!
//! **In scope**: structs with named fields, structs around one value, and enums without data; of serde's attributes
//! `default`, `default = "…"`, `rename = "…"`, `rename_all = "…"` of enums, `transparent`, `skip_serializing`,
//! `skip_serializing_if` (passed over) and `deny_unknown_fields`; of our own `#[read(place = "…")]`, a function that turns a field's place into the
//! place that is read. **Out of scope**: everything else: an attribute that is not known here is a compile error.
//!
//! Where serde's derive writes a reader for every type, this one writes tables: the names of a struct's fields and their
//! places, the names of an enum's variants. The loops over them are the engine's, and exist once.

mod names;
mod parse;

use proc_macro::TokenStream;

use parse::{Field, Shape, Start, Type};

/// Implements `Read` and `serde::Deserialize`.
#[proc_macro_derive(Read, attributes(serde, read))]
pub fn read(item: TokenStream) -> TokenStream {
    let code = match Type::parse(item) {
        Ok(parsed) => implementation(&parsed),
        Err(mistake) => format!("::core::compile_error!({mistake:?});"),
    };
    code.parse().unwrap_or_default()
}

fn implementation(parsed: &Type) -> String {
    let name = &parsed.name;
    let Parts { blank, read, cleared, more } = match &parsed.shape {
        Shape::Struct { fields, has_default, denies_unknown } => of_struct(name, fields, *has_default, *denies_unknown),
        Shape::Wrapper { member } => of_wrapper(member),
        Shape::Enum { variants } => of_enum(name, variants),
    };
    format!(
        r#"
        impl ::nearside_json::Read for {name} {{
            fn blank() -> Self {{ {blank} }}

            fn read(&mut self, reader: &mut ::nearside_json::Reader<'_>)
                -> ::core::result::Result<(), ::nearside_json::Fault>
            {{
                {read}
            }}

            fn cleared(&mut self) -> &mut Self {{
                {cleared}
                self
            }}
        }}

        {more}

        impl<'de> ::serde::Deserialize<'de> for {name} {{
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {{
                ::nearside_json::read_through_serde(deserializer)
            }}
        }}
        "#
    )
}

/// The bodies of the trait's functions, and further implementations.
struct Parts {
    blank: String,
    read: String,
    cleared: String,
    more: String,
}

fn of_struct(name: &str, fields: &[Field], has_default: bool, denies_unknown: bool) -> Parts {
    let each = |write: &dyn Fn(usize, &Field) -> String| -> String {
        fields.iter().enumerate().map(|(index, field)| write(index, field)).collect()
    };
    let blank = if has_default {
        "::core::default::Default::default()".to_owned()
    } else {
        let members = each(&|_, field| match &field.start {
            Start::Required => format!("{}: ::nearside_json::Read::blank(),\n", field.name),
            Start::From(start) => format!("{}: {start}(),\n", field.name),
        });
        format!("Self {{ {members} }}")
    };
    let names = each(&|_, field| format!("{:?}, ", field.key));
    let required = fields.iter().enumerate().filter(|(_, field)| !has_default && field.start == Start::Required);
    let required = required.fold(0_u64, |required, (index, _)| required | 1 << index);
    let read = format!(
        r#"
        static SHAPE: ::nearside_json::Shape = ::nearside_json::Shape {{
            expected: "struct {name}",
            names: &[{names}],
            required: {required},
            denies_unknown: {denies_unknown},
        }};
        reader.object(&SHAPE, self)
        "#
    );
    let arms = each(&|index, field| {
        let place = format!("self.{}", field.name);
        let place = match &field.place {
            Some(turn) => format!("{turn}(&mut {place})"),
            // What `blank` made is ready to be read; a default may hold something.
            None if !has_default && field.start == Start::Required => place,
            None => format!("{place}.cleared()"),
        };
        format!("{index} => {place}.read(reader),\n")
    });
    let more = format!(
        r#"
        impl ::nearside_json::Fields for {name} {{
            fn read_field(
                &mut self,
                index: usize,
                reader: &mut ::nearside_json::Reader<'_>,
            ) -> ::core::result::Result<(), ::nearside_json::Fault> {{
                use ::nearside_json::Read as _;
                match index {{
                    {arms}
                    _ => reader.pass_over(),
                }}
            }}
        }}
        "#
    );
    Parts { blank, read, cleared: "*self = ::nearside_json::Read::blank();".to_owned(), more }
}

fn of_wrapper(member: &str) -> Parts {
    Parts {
        blank: format!("Self {{ {member}: ::nearside_json::Read::blank() }}"),
        read: format!("::nearside_json::Read::read(&mut self.{member}, reader)"),
        cleared: format!("::nearside_json::Read::cleared(&mut self.{member});"),
        more: String::new(),
    }
}

fn of_enum(name: &str, variants: &[(String, String)]) -> Parts {
    let names: String = variants.iter().map(|(_, key)| format!("{key:?}, ")).collect();
    let first = variants.first().map(|(variant, _)| variant.as_str()).unwrap_or_default();
    let others = variants.iter().enumerate().skip(1);
    let arms: String = others.map(|(index, (variant, _))| format!("{index} => Self::{variant},\n")).collect();
    let more = format!(
        r#"
        impl {name} {{
            const READ_NAMES: &[&str] = &[{names}];

            fn read_at(index: usize) -> Self {{
                match index {{
                    {arms}
                    _ => Self::{first},
                }}
            }}
        }}

        impl ::nearside_json::FromName for {name} {{
            fn from_name(name: &str) -> ::core::result::Result<Self, ::nearside_json::Fault> {{
                ::nearside_json::variant_named(name, Self::READ_NAMES).map(Self::read_at)
            }}
        }}
        "#
    );
    let read = format!(
        r#"
        *self = Self::read_at(reader.variant("enum {name}", Self::READ_NAMES)?);
        ::core::result::Result::Ok(())
        "#
    );
    Parts { blank: format!("Self::{first}"), read, cleared: String::new(), more }
}
