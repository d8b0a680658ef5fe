//! Reads the structs and enums in micropb-gen's output.
//!
//! micropb-gen keeps protobuf's names and puts the types nested in a message `X` into a module `X_`;
//! here they get the names of the official prost crate.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::error::{Error, Result};
use crate::schema::{Schema, names};

/// A struct or an enum.
#[derive(PartialEq, Debug)]
pub struct Declaration {
    /// `Clone, PartialEq`
    pub derives: String,
    /// Name and type of each field of a struct, or variant of an enum.
    pub members: Vec<(String, String)>,
}

/// Reads all structs and enums of `text`, by their path below `owned`.
pub fn read(text: &str, schema: &Schema) -> Result<BTreeMap<String, Declaration>> {
    let tokens = text.parse::<TokenStream>();
    let tokens = tokens.map_err(|error| Error::new(format!("micropb-gen: {error}")))?;
    let mut reader = Reader { renamed: renamed(schema), found: BTreeMap::new() };
    reader.module(tokens, &[]);
    Ok(reader.found)
}

/// The names that change: those of messages, and of the modules `X_`.
fn renamed(schema: &Schema) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for message in &schema.messages {
        let name = names::last(&message.name);
        names.insert(format!("{name}_"), names::module(name));
        names.insert(name.to_owned(), names::type_name(name));
    }
    names
}

struct Reader {
    renamed: BTreeMap<String, String>,
    found: BTreeMap<String, Declaration>,
}

impl Reader {
    /// Reads the items of the module `path`; passes over implementations.
    fn module(&mut self, tokens: TokenStream, path: &[String]) {
        // The package `livekit` is `owned` itself. Paths to other packages, which begin with as many
        // `super` as it takes to leave `livekit`, then begin at `owned` and still hold.
        let path = if path == ["livekit"] { &[] } else { path };
        let (mut tokens, mut derives) = (tokens.into_iter(), String::new());
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Ident(word) if word == "mod" => {
                    let (name, body) = self.name_and_body(&mut tokens);
                    self.module(body, &[path, &[name]].concat());
                }
                TokenTree::Ident(word) if word == "struct" || word == "enum" => {
                    let (name, body) = self.name_and_body(&mut tokens);
                    let members = self.members(body);
                    let declaration =
                        Declaration { derives: std::mem::take(&mut derives), members };
                    self.found.insert([path, &[name]].concat().join("::"), declaration);
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                    derives = derived(&group).unwrap_or(derives);
                }
                _ => {}
            }
        }
    }

    /// Returns the name that comes next, and the content of the braces after it.
    fn name_and_body(&self, tokens: &mut impl Iterator<Item = TokenTree>) -> (String, TokenStream) {
        let mut name = String::new();
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if name.is_empty() => {
                    name = self.rename(&ident.to_string())
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    return (name, group.stream());
                }
                _ => {}
            }
        }
        (name, TokenStream::new())
    }

    /// Returns name and type of each field `pub name: Type` or variant `Name(Type)`.
    fn members(&self, body: TokenStream) -> Vec<(String, String)> {
        let mut members = Vec::new();
        let mut tokens = body.into_iter();
        while let Some(token) = tokens.next() {
            // Everything else is an attribute or a comma.
            let TokenTree::Ident(name) = token else { continue };
            if name == "pub" {
                continue;
            }
            let ty = match tokens.next() {
                Some(TokenTree::Group(group)) => self.print(group.stream()),
                _colon => self.field_type(&mut tokens),
            };
            members.push((plain(&name.to_string()), ty));
        }
        members
    }

    /// Returns the type up to the comma that ends its field.
    fn field_type(&self, tokens: &mut impl Iterator<Item = TokenTree>) -> String {
        let (mut ty, mut depth) = (TokenStream::new(), 0);
        for token in tokens {
            if let TokenTree::Punct(punct) = &token {
                match punct.as_char() {
                    ',' if depth == 0 => break,
                    '<' => depth += 1,
                    '>' => depth -= 1,
                    _ => {}
                }
            }
            ty.extend([token]);
        }
        self.print(ty)
    }

    /// Prints a type, with the new names.
    fn print(&self, tokens: TokenStream) -> String {
        let one = |token| match token {
            TokenTree::Ident(ident) => self.rename(&ident.to_string()),
            TokenTree::Punct(punct) if punct.as_char() == ',' => ", ".to_owned(),
            other => other.to_string(),
        };
        // micropb-gen writes `Value<>` for a oneof without a lifetime.
        tokens.into_iter().map(one).collect::<String>().replace("<>", "")
    }

    fn rename(&self, name: &str) -> String {
        let name = plain(name);
        self.renamed.get(&name).cloned().unwrap_or(name)
    }
}

/// Returns the names in `derive(…)`, if `attribute` is one.
fn derived(attribute: &Group) -> Option<String> {
    let mut tokens = attribute.stream().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(word)), Some(TokenTree::Group(list))) if word == "derive" => {
            let names = list.stream().into_iter().filter_map(|token| match token {
                TokenTree::Ident(name) => Some(name.to_string()),
                _ => None,
            });
            Some(names.collect::<Vec<_>>().join(", "))
        }
        _ => None,
    }
}

/// micropb-gen writes `r#kind` for every lower-case name.
fn plain(name: &str) -> String {
    name.strip_prefix("r#").unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the form of micropb-gen's output.
    const TEXT: &str = r#"
        pub mod r#livekit {
            #[derive(PartialEq, Clone,)]
            pub struct SIPInfo<> {
                pub r#topic: ::core::option::Option<::heapless::String<32>>,
                #[doc = " A map."]
                pub r#map: crate::codec::Map<::heapless::String<8>, r#SIPInfo_::SIPInfo, 4>,
                pub r#type_: super::r#google::r#protobuf::Any,
            }
            impl<> SIPInfo<> { pub fn f(&self) -> u32 { struct Hidden { x: u32 } 1 } }
            pub mod r#SIPInfo_ {
                #[derive(Clone)]
                pub enum Value<> { Text(::heapless::String<64>), Info(super::SIPInfo<>), }
            }
        }
        pub mod r#google { pub mod r#protobuf { #[derive(Clone, Copy)] pub struct Any<> {} } }
    "#;

    fn schema() -> Schema {
        let mut schema = Schema::read(&[]).unwrap();
        schema.messages.push(crate::schema::Message {
            name: "livekit.SIPInfo".to_owned(),
            package: "livekit".to_owned(),
            file: String::new(),
            comment: String::new(),
            fields: Vec::new(),
            oneofs: Vec::new(),
        });
        schema
    }

    #[test]
    fn structs_and_enums_are_read_with_their_new_names() {
        let found = read(TEXT, &schema()).unwrap();
        let members = |path: &str| -> Vec<(&str, &str)> {
            found[path].members.iter().map(|(name, ty)| (name.as_str(), ty.as_str())).collect()
        };
        assert_eq!(
            found.keys().collect::<Vec<_>>(),
            ["SipInfo", "google::protobuf::Any", "sip_info::Value"]
        );
        assert_eq!(
            members("SipInfo"),
            [
                ("topic", "::core::option::Option<::heapless::String<32>>"),
                ("map", "crate::codec::Map<::heapless::String<8>, sip_info::SipInfo, 4>"),
                ("type_", "super::google::protobuf::Any"),
            ]
        );
        assert_eq!(
            members("sip_info::Value"),
            [("Text", "::heapless::String<64>"), ("Info", "super::SipInfo")]
        );
        assert_eq!(members("google::protobuf::Any"), []);
    }

    #[test]
    fn derives_are_kept() {
        let found = read(TEXT, &schema()).unwrap();
        assert_eq!(found["SipInfo"].derives, "PartialEq, Clone");
        assert_eq!(found["sip_info::Value"].derives, "Clone");
        assert_eq!(found["google::protobuf::Any"].derives, "Clone, Copy");
    }

    #[test]
    fn text_that_is_not_rust_is_an_error() {
        assert!(read("pub mod {", &schema()).unwrap_err().to_string().starts_with("micropb-gen: "));
    }
}
