//! Reading `Struct`, `Value` and `ListValue` from their bytes.

use core::fmt;

use crate::borrowed::google::protobuf::value::Kind;
use crate::borrowed::google::protobuf::{ListValue, NullValue, Struct, Value};
use crate::codec::{self, Message, Scalar};

/// One value of JSON: read from a message, or to be written to one.
#[derive(Clone, Copy, PartialEq)]
pub enum Json<'a> {
    /// `null`; also a value that was sent without any content.
    Null,
    /// A number.
    Number(f64),
    /// A string.
    String(&'a str),
    /// `true` or `false`.
    Bool(bool),
    /// An object.
    Struct(Entries<'a>),
    /// A list.
    List(Items<'a>),
}

/// The entries of an object.
#[derive(Clone, Copy)]
pub struct Entries<'a>(pub(super) codec::MapView<'a, &'a str, Value<'a>, (Scalar, Message)>);

/// The values of a list.
#[derive(Clone, Copy)]
pub struct Items<'a>(pub(super) codec::RepeatedMessages<'a, Value<'a>>);

impl<'a> Entries<'a> {
    /// Returns keys and values, in order.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, Json<'a>)> + Clone {
        self.0.iter().map(|(key, value)| (key, Json::of_item(value)))
    }

    /// Returns the value of `key`; the last one, if there are several.
    pub fn get(self, key: &str) -> Option<Json<'a>> {
        self.0.get(key).map(Json::of_item)
    }
}

impl<'a> Items<'a> {
    /// Returns the values, in order.
    pub fn iter(self) -> impl Iterator<Item = Json<'a>> + Clone {
        self.0.iter().map(Json::of_item)
    }
}

// Messages are checked all the way down before a view of them is made, so reading does not fail.
impl<'a> Json<'a> {
    /// Returns what a value holds, if anything.
    pub(super) fn of(value: Value<'a>) -> Option<Self> {
        Some(match value.kind? {
            Kind::NullValue(_) => Self::Null,
            Kind::NumberValue(number) => Self::Number(number),
            Kind::StringValue(text) => Self::String(text),
            Kind::BoolValue(value) => Self::Bool(value),
            Kind::StructValue(object) => {
                Self::Struct(Entries(object.read().unwrap_or_default().fields))
            }
            Kind::ListValue(list) => Self::List(Items(list.read().unwrap_or_default().values)),
        })
    }

    fn of_item(item: codec::Item<'a, Value<'a>>) -> Self {
        Self::of(item.read().unwrap_or_default()).unwrap_or(Self::Null)
    }

    /// Calls `f` with the value as a message.
    pub(super) fn with<T>(self, f: impl FnOnce(&Value<'_>) -> T) -> T {
        let (object, list);
        let kind = match self {
            Self::Null => Kind::NullValue(NullValue::NullValue),
            Self::Number(number) => Kind::NumberValue(number),
            Self::String(text) => Kind::StringValue(text),
            Self::Bool(value) => Kind::BoolValue(value),
            Self::Struct(entries) => {
                object = Struct { fields: entries.0 };
                Kind::StructValue((&object).into())
            }
            Self::List(items) => {
                list = ListValue { values: items.0 };
                Kind::ListValue((&list).into())
            }
        };
        f(&Value { kind: Some(kind) })
    }
}

/// Equal if every key has the same value in both, in whatever order; with more than 32 entries, if
/// the entries are the same in the same order, as of a [`MapView`](crate::MapView).
impl PartialEq for Entries<'_> {
    fn eq(&self, other: &Self) -> bool {
        // Values are decoded only to be compared, and each is compared once: objects in one another
        // would otherwise multiply the time at every level.
        let same = |one, two| Json::of_item(one) == Json::of_item(two);
        codec::rt::maps_are_equal(&self.0.iter(), &other.0.iter(), same)
    }
}

impl PartialEq for Items<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Number(number) => number.fmt(f),
            Self::String(text) => text.fmt(f),
            Self::Bool(value) => value.fmt(f),
            Self::Struct(entries) => entries.fmt(f),
            Self::List(items) => items.fmt(f),
        }
    }
}

impl fmt::Debug for Entries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl fmt::Debug for Items<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
