//! Enums: open ones, a number with names for the values that this schema knows.
//!
//! Both families of messages share them. micropb-gen's own are not used: its names differ from the
//! official prost crate's, and they have no way from a value to its name.

use std::collections::BTreeMap;

use quote::{format_ident, quote};
use syn::{Attribute, Item};

use crate::config::plan::Plan;
use crate::schema::Enum;
use crate::schema::names;

/// The enums to generate by the module they belong to.
pub fn by_module(plan: &Plan) -> BTreeMap<Vec<String>, Vec<Item>> {
    let mut modules: BTreeMap<_, Vec<Item>> = BTreeMap::new();
    for item in plan.schema.enums.iter().filter(|item| plan.wanted.contains(&item.name)) {
        let path = names::modules_of(&item.name, &item.package);
        modules.entry(path).or_default().extend(items(item, plan.label(&item.name)));
    }
    modules
}

fn items(item: &Enum, label: Option<Attribute>) -> Vec<Item> {
    let proto_name = names::last(&item.name);
    let name = format_ident!("{}", names::type_name(proto_name));
    let doc = item.comment.lines();
    let variants = item.values.iter().map(|value| {
        let variant = format_ident!("{}", names::enum_value(proto_name, &value.name));
        let (doc, number) = (value.comment.lines(), value.number);
        quote!(#(#[doc = #doc])* pub const #variant: Self = Self(#number);)
    });
    let numbers: Vec<_> = item.values.iter().map(|value| value.number).collect();
    let texts: Vec<_> = item.values.iter().map(|value| value.name.as_str()).collect();
    let tokens = quote! {
        #(#[doc = #doc])*
        ///
        /// An open enum: a number that this schema does not know is kept as it is.
        #label
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct #name(pub i32);

        impl #name {
            #(#variants)*

            /// The value's name in the schema; `None` for a number the schema does not know.
            pub const fn as_str_name(self) -> Option<&'static str> {
                match self.0 {
                    #(#numbers => Some(#texts),)*
                    _ => None,
                }
            }

            /// The value that the schema calls `name`.
            pub fn from_str_name(name: &str) -> Option<Self> {
                match name {
                    #(#texts => Some(Self(#numbers)),)*
                    _ => None,
                }
            }
        }

        impl ::core::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                crate::codec::fmt::debug_enum(f, self.0, self.as_str_name())
            }
        }

        #[cfg(feature = "defmt")]
        impl ::defmt::Format for #name {
            fn format(&self, f: ::defmt::Formatter<'_>) {
                crate::codec::fmt::format_enum(f, self.0, self.as_str_name())
            }
        }

        impl crate::codec::rt::Open for #name {
            fn number(self) -> i32 {
                self.0
            }

            fn from_number(number: i32) -> Self {
                Self(number)
            }
        }

        impl From<i32> for #name {
            fn from(number: i32) -> Self {
                Self(number)
            }
        }

        impl From<#name> for i32 {
            fn from(value: #name) -> Self {
                value.0
            }
        }
    };
    syn::parse2::<syn::File>(tokens).expect("enums are valid Rust").items
}
