//! What changes in micropb-gen's output word by word: names, and three rules of its decoder.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;

use super::names;
use super::schema::Schema;

/// Every identifier that changes: type names, and the modules micropb-gen calls `X_`.
pub fn idents(schema: &Schema) -> BTreeMap<String, String> {
    let mut map = BTreeMap::new();
    for message in &schema.messages {
        let name = names::last(&message.name);
        map.insert(format!("{name}_"), names::module(name));
        map.insert(name.to_owned(), names::type_name(name));
    }
    map
}

/// Gives identifiers their new names.
pub fn rename(tokens: TokenStream, idents: &BTreeMap<String, String>) -> TokenStream {
    let one = |token| match token {
        TokenTree::Ident(ident) => {
            // micropb-gen writes `r#kind` for every lower-case name.
            let text = ident.to_string();
            let text = text.strip_prefix("r#").unwrap_or(&text);
            let text = idents.get(text).map_or(text, String::as_str);
            TokenTree::Ident(Ident::new(text, ident.span()))
        }
        TokenTree::Group(group) => {
            TokenTree::Group(Group::new(group.delimiter(), rename(group.stream(), idents)))
        }
        other => other,
    };
    tokens.into_iter().map(one).collect()
}

/// Lets the last of several values of a field win, as protobuf wants it.
///
/// micropb's decoder passes over a default value of a field without presence, so that `5` and then
/// `0` left `5`: it asks `if *val_ref != 0 { *mut_ref = val as _; }`, and calls this for text and
/// bytes `Presence::Implicit`.
pub fn last_one_wins(tokens: TokenStream) -> TokenStream {
    let mut out = Vec::new();
    let mut condition = None; // where in `out` the last `if` stands
    let assignment = quote!(*mut_ref = val as _;).to_string();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) if ident == "if" => {
                condition = Some(out.len());
                out.push(ident.into());
            }
            TokenTree::Ident(ident) if ident == "Implicit" => {
                out.push(Ident::new("Explicit", ident.span()).into());
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                // Only behind an `if`: to print every block at every depth would take long.
                if let Some(start) = condition.take()
                    && group.stream().to_string() == assignment
                {
                    out.truncate(start);
                }
                out.push(Group::new(Delimiter::Brace, last_one_wins(group.stream())).into());
            }
            TokenTree::Group(group) => {
                out.push(Group::new(group.delimiter(), last_one_wins(group.stream())).into());
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}

/// Calls this crate's own reading of two things that micropb reads otherwise than protobuf wants
/// it: bools of more than 32 bits, and map entries without their key or value.
pub fn mend(tokens: TokenStream) -> TokenStream {
    let mut out: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(name) if name == "decode_bool" => {
                let arguments = tokens.next();
                out.extend(quote!(decode_varint64 #arguments .map(|bits| bits != 0)));
            }
            TokenTree::Ident(name) if name == "decode_map_elem" => {
                let Some(TokenTree::Group(group)) = tokens.next() else {
                    panic!("micropb-gen calls decode_map_elem");
                };
                let closures = mend(group.stream());
                out.truncate(out.len() - 2); // `decoder .`
                out.extend(quote!(crate::codec::map_entry(decoder, #closures)));
            }
            TokenTree::Group(group) => {
                out.push(Group::new(group.delimiter(), mend(group.stream())).into());
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}
