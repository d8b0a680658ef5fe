//! What every owned message gets beside micropb-gen's struct: a constant empty value, a reset in
//! place, and this crate's codec traits.

use quote::quote;
use syn::{Field, Item, ItemStruct, Type, parse_quote};

/// The companions of `message`.
pub fn of(message: &ItemStruct) -> Vec<Item> {
    let name = &message.ident;
    let (fields, empties): (Vec<_>, Vec<_>) =
        message.fields.iter().map(|field| (ident(field), empty(&field.ty))).unzip();
    let resets = message.fields.iter().map(|field| {
        let (name, empty) = (ident(field), empty(&field.ty));
        match last_segment(&field.ty) {
            // `clear` leaves the bytes where they are, an assignment would write all of them.
            "String" | "Vec" | "Map" => quote!(self.#name.clear();),
            _ => quote!(self.#name = #empty;),
        }
    });
    vec![
        parse_quote! {
            impl #name {
                /// An empty message: every number 0, every text and list empty, nothing present.
                ///
                /// It is `const`, so a message can stand in a `static`.
                pub const fn new() -> Self {
                    Self { #(#fields: #empties),* }
                }
            }
        },
        parse_quote! {
            impl ::core::default::Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        },
        parse_quote! {
            impl crate::codec::Message for #name {
                fn clear(&mut self) {
                    #(#resets)*
                }
            }
        },
    ]
}

fn ident(field: &Field) -> &syn::Ident {
    field.ident.as_ref().expect("messages have named fields")
}

/// The last word of a type's path: `Vec` for `::heapless::Vec<u8, 4>`.
fn last_segment(ty: &Type) -> &'static str {
    let Type::Path(path) = ty else { return "" };
    let name = path.path.segments.last().expect("paths are not empty").ident.to_string();
    ["String", "Vec", "Map", "Option", "bool", "f32", "f64", "i32", "i64", "u32", "u64"]
        .into_iter()
        .find(|known| *known == name)
        .unwrap_or("")
}

/// A constant empty value of type `ty`.
fn empty(ty: &Type) -> syn::Expr {
    match last_segment(ty) {
        "String" => parse_quote!(::heapless::String::new()),
        "Vec" => parse_quote!(::heapless::Vec::new()),
        "Map" => parse_quote!(crate::codec::Map::new()),
        "Option" => parse_quote!(::core::option::Option::None),
        "bool" => parse_quote!(false),
        "f32" | "f64" => parse_quote!(0.0),
        "i32" | "i64" | "u32" | "u64" => parse_quote!(0),
        _ => parse_quote!(#ty(0)), // an enum
    }
}
