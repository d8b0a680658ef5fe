//! What logs show: `Debug` and `defmt::Format` of every message and oneof.
//!
//! Both print field by field, except what the schema marks as personal or secret and what the
//! datasheet adds to that: of those only the length. Payloads print as their length as well.

use std::fmt::Write as _;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Item, ItemEnum, ItemStruct};

use super::datasheet::{Datasheet, Silent};
use super::mistake::{Result, did_you_mean, mistake};
use super::names;
use super::plan::Plan;
use super::schema::{Field, Kind, Message, Schema, Shape};

/// How a field is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Show {
    /// As it is.
    Plain,
    /// `<12 bytes>`
    Length,
    /// `<redacted (12 bytes)>`
    Redacted,
}

/// How `field` of `message` is shown, and why.
pub fn show(plan: &Plan, message: &Message, field: &Field) -> (Show, &'static str) {
    let name = format!("{}.{}", message.name, field.name);
    let rows =
        |rows: &[Silent]| rows.iter().find(|row| row.matches(&name, &field.name)).map(|r| r.why);
    let shape = plan.schema.shape(field);
    match field.sensitivity {
        _ if shape == Shape::Plain => (Show::Plain, ""),
        1 => (Show::Redacted, "personal, by the schema"),
        2 => (Show::Redacted, "secret, by the schema"),
        _ => match (rows(plan.datasheet.secrets), rows(plan.datasheet.payloads)) {
            (Some(why), _) => (Show::Redacted, why),
            (None, Some(why)) => (Show::Length, why),
            (None, None) if field.kind == Kind::Bytes => (Show::Length, "bytes"),
            (None, None) => (Show::Plain, ""),
        },
    }
}

/// Every row of the datasheet has to be about some field.
pub fn check(schema: &Schema, datasheet: &Datasheet) -> Result<()> {
    for row in datasheet.secrets.iter().chain(datasheet.payloads) {
        let is_about = |m: &Message| {
            m.fields.iter().any(|f| row.matches(&format!("{}.{}", m.name, f.name), &f.name))
        };
        if !schema.messages.iter().any(is_about) {
            let names = schema.messages.iter().flat_map(|m| &m.fields).map(|f| f.name.as_str());
            let hint = did_you_mean(row.field, names);
            return mistake!(
                "build.rs: silent({:?}, …) matches no field of the schema{hint}",
                row.field
            );
        }
    }
    Ok(())
}

/// The Rust text of the list of fields that logs do not show.
pub fn list(plan: &Plan) -> String {
    let (mut table, mut array) = (String::new(), String::new());
    for message in plan.messages() {
        for field in &message.fields {
            if let (Show::Redacted, why) = show(plan, message, field) {
                let name = format!("{}.{}", message.name, field.name);
                writeln!(table, "/// | `{name}` | {why} |").expect("a String takes any text");
                writeln!(array, "    {name:?},").expect("a String takes any text");
            }
        }
    }
    format!(
        "/// Full names of the fields of this build that logs do not show.\n///\n\
         /// | field | why |\n/// |---|---|\n{table}pub const REDACTED: &[&str] = &[\n{array}];\n"
    )
}

/// `Debug` and `Format` of the struct that micropb-gen made of `message`.
pub fn of_message(plan: &Plan, message: &Message, item: &ItemStruct) -> Vec<Item> {
    let name = &item.ident;
    let text = name.to_string();
    let fields: Vec<&Ident> = item.fields.iter().filter_map(|field| field.ident.as_ref()).collect();
    let labels: Vec<String> = fields.iter().map(|field| field.to_string()).collect();
    let values: Vec<TokenStream> = fields
        .iter()
        .map(|ident| {
            let field = message.fields.iter().find(|f| **ident == names::field(&f.name));
            let optional = field.is_some_and(|f| f.optional && !f.repeated);
            let place = quote!(self.#ident);
            match field.map(|f| (show(plan, message, f).0, unit(plan, f))) {
                None | Some((Show::Plain, _)) => quote!(&#place),
                Some((show, unit)) if optional => {
                    let value = measured(show, &quote!(value), unit);
                    quote!(&#place.as_ref().map(|value| #value))
                }
                Some((show, unit)) => {
                    let value = measured(show, &place, unit);
                    quote!(&#value)
                }
            }
        })
        .collect();
    let format = match labels.as_slice() {
        [] => text.clone(),
        labels => format!("{text} {{{{ {}: {{}} }}}}", labels.join(": {}, ")),
    };
    items(quote! {
        impl ::core::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#text)#(.field(#labels, #values))*.finish()
            }
        }

        #[cfg(feature = "defmt")]
        impl ::defmt::Format for #name {
            fn format(&self, f: ::defmt::Formatter<'_>) {
                ::defmt::write!(f, #format #(, #values)*)
            }
        }
    })
}

/// `Debug` and `Format` of a oneof of `message`.
pub fn of_oneof(plan: &Plan, message: &Message, item: &ItemEnum) -> Vec<Item> {
    let name = &item.ident;
    let (mut debug, mut format) = (Vec::new(), Vec::new());
    for variant in &item.variants {
        let (case, text) = (&variant.ident, variant.ident.to_string());
        let field = message.fields.iter().find(|f| *case == names::type_name(&f.name));
        let field = field.expect("a case is a field of the message");
        let value = match show(plan, message, field).0 {
            Show::Plain => quote!(value),
            show => {
                let value = measured(show, &quote!(value), unit(plan, field));
                quote!(&#value)
            }
        };
        debug.push(quote!(Self::#case(value) => f.debug_tuple(#text).field(#value).finish()));
        let text = format!("{text}({{}})");
        format.push(quote!(Self::#case(value) => ::defmt::write!(f, #text, #value)));
    }
    items(quote! {
        impl ::core::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self { #(#debug),* }
            }
        }

        #[cfg(feature = "defmt")]
        impl ::defmt::Format for #name {
            fn format(&self, f: ::defmt::Formatter<'_>) {
                match self { #(#format),* }
            }
        }
    })
}

/// The length of `value`, to be shown in its place.
fn measured(show: Show, value: &TokenStream, unit: &str) -> TokenStream {
    let kind = match show {
        Show::Redacted => format_ident!("Redacted"),
        _ => format_ident!("Length"),
    };
    quote!(crate::codec::log::#kind { len: #value.len(), unit: #unit })
}

/// What the length of a field counts.
fn unit(plan: &Plan, field: &Field) -> &'static str {
    match plan.schema.shape(field) {
        Shape::Text | Shape::Bytes => "bytes",
        Shape::Map { .. } => "entries",
        _ => "items",
    }
}

fn items(tokens: TokenStream) -> Vec<Item> {
    syn::parse2::<syn::File>(tokens).expect("implementations are valid Rust").items
}
