//! Enums: open ones, a number with constants for the values that this schema knows.
//!
//! Both families of messages share them. micropb-gen's own are not used: its names differ from the
//! official prost crate's, and they cannot return the name of a value.

use std::fmt::Write as _;

use crate::config::plan::Plan;
use crate::emit::module_tree::{doc, indent};
use crate::schema::Enum;
use crate::schema::names;

/// Returns the text of an enum.
pub fn of_enum(plan: &Plan, item: &Enum) -> String {
    let proto_name = names::last(&item.name);
    let name = names::type_name(proto_name);
    let (mut constants, mut to_text, mut from_text) = (String::new(), String::new(), String::new());
    for value in &item.values {
        let (constant, text, number) =
            (names::enum_value(proto_name, &value.name), &value.name, value.number);
        constants += &doc(&value.comment);
        writeln!(constants, "pub const {constant}: Self = Self({number});").expect(INFALLIBLE);
        writeln!(to_text, "            {number} => Some({text:?}),").expect(INFALLIBLE);
        writeln!(from_text, "            {text:?} => Some(Self({number})),").expect(INFALLIBLE);
    }
    format!(
        r#"
{comment}///
/// An open enum: a number that this schema does not know is kept as it is.
{label}#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct {name}(
    /// The number on the wire.
    pub i32,
);

impl {name} {{
{constants}
    /// Returns the value's name in the schema; `None` for a number that the schema does not know.
    pub const fn as_str_name(self) -> Option<&'static str> {{
        match self.0 {{
{to_text}            _ => None,
        }}
    }}

    /// Returns the value that the schema calls `name`.
    pub fn from_str_name(name: &str) -> Option<Self> {{
        match name {{
{from_text}            _ => None,
        }}
    }}
}}

impl ::core::fmt::Debug for {name} {{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {{
        crate::codec::fmt::debug_enum(f, self.0, self.as_str_name())
    }}
}}

#[cfg(feature = "defmt")]
impl ::defmt::Format for {name} {{
    fn format(&self, f: ::defmt::Formatter<'_>) {{
        crate::codec::fmt::format_enum(f, self.0, self.as_str_name())
    }}
}}

impl crate::codec::rt::Open for {name} {{
    fn number(self) -> i32 {{
        self.0
    }}

    fn from_number(number: i32) -> Self {{
        Self(number)
    }}
}}

impl From<i32> for {name} {{
    fn from(number: i32) -> Self {{
        Self(number)
    }}
}}

impl From<{name}> for i32 {{
    fn from(value: {name}) -> Self {{
        value.0
    }}
}}
"#,
        comment = doc(&item.comment),
        label = plan.label(&item.name),
        constants = indent(&constants),
    )
}

const INFALLIBLE: &str = "a String takes any text";
