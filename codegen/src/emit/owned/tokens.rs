//! The names in micropb-gen's output, which change word by word.

use std::collections::BTreeMap;

use proc_macro2::{Group, Ident, TokenStream, TokenTree};

use crate::schema::Schema;
use crate::schema::names;

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
