//! `google.protobuf.Struct`, `Value` and `ListValue`: JSON as a message.
//!
//! They hold each other, so no fixed capacity could be given to their parts. Instead each owns its
//! encoded bytes, checked when they are decoded, and is read where it lies.

mod append;
#[cfg(feature = "defmt")]
mod log;
mod view;
mod wire;

use core::fmt;

use heapless::{CapacityError, Vec};

use append::{append, push, push_bytes, push_message};
pub use view::{Entries, Items, Json};

use crate::limits::STRUCT_BYTES;

/// An object of JSON: texts to values. `google.protobuf.Struct`.
///
/// It owns its encoded bytes, at most [`STRUCT_BYTES`], and passes on unchanged what it was
/// decoded from.
///
/// ```
/// use livekit_micro::owned::google::protobuf::{Json, ListValue, Struct};
///
/// let mut sizes = ListValue::new();
/// sizes.push(Json::Number(1.5))?;
/// let mut object = Struct::new();
/// object.insert("name", Json::String("probe"))?;
/// object.insert("sizes", Json::List(sizes.iter()))?;
///
/// assert_eq!(object.get("name"), Some(Json::String("probe")));
/// for (key, value) in object.iter() {
///     println!("{key}: {value:?}");
/// }
/// # Ok::<(), livekit_micro::CapacityError>(())
/// ```
#[derive(Clone)]
pub struct Struct(Vec<u8, STRUCT_BYTES>);

/// A list of values. `google.protobuf.ListValue`.
#[derive(Clone)]
pub struct ListValue(Vec<u8, STRUCT_BYTES>);

/// One value: null, number, text, bool, object or list. `google.protobuf.Value`.
#[derive(Clone)]
pub struct Value(Vec<u8, STRUCT_BYTES>);

impl Struct {
    /// The entries, in the order they were put in.
    pub fn iter(&self) -> Entries<'_> {
        Entries::new(&self.0)
    }

    /// The value of `key`; the last one, if there are several.
    pub fn get(&self, key: &str) -> Option<Json<'_>> {
        self.iter().get(key)
    }

    /// Adds an entry.
    ///
    /// A `key` that is there already keeps its bytes, but its new value is the one that counts.
    ///
    /// # Errors
    /// [`CapacityError`] if the encoded object would take more than `STRUCT_BYTES`; it is then
    /// left as it was.
    pub fn insert(&mut self, key: &str, value: Json<'_>) -> Result<(), CapacityError> {
        append(&mut self.0, |out| {
            push_message(out, wire::ITEM, |entry| {
                push(entry, &[wire::ENTRY_KEY])?;
                push_bytes(entry, key.as_bytes())?;
                push_message(entry, wire::ENTRY_VALUE, |content| value.push(content))
            })
        })
    }
}

impl ListValue {
    /// The values, in order.
    pub fn iter(&self) -> Items<'_> {
        Items::new(&self.0)
    }

    /// Adds a value at the end.
    ///
    /// # Errors
    /// [`CapacityError`] if the encoded list would take more than `STRUCT_BYTES`; it is then left
    /// as it was.
    pub fn push(&mut self, value: Json<'_>) -> Result<(), CapacityError> {
        append(&mut self.0, |out| push_message(out, wire::ITEM, |item| value.push(item)))
    }
}

impl Value {
    /// What it holds; `None` if nothing was set.
    pub fn get(&self) -> Option<Json<'_>> {
        view::value(&self.0)
    }

    /// Replaces what it holds.
    ///
    /// # Errors
    /// [`CapacityError`] if the encoded value would take more than `STRUCT_BYTES`; it then holds
    /// nothing.
    pub fn set(&mut self, value: Json<'_>) -> Result<(), CapacityError> {
        self.0.clear();
        append(&mut self.0, |out| value.push(out))
    }
}

/// Equal if every key has the same value in both.
impl PartialEq for Struct {
    fn eq(&self, other: &Self) -> bool {
        self.iter() == other.iter()
    }
}

impl PartialEq for ListValue {
    fn eq(&self, other: &Self) -> bool {
        self.iter() == other.iter()
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl fmt::Debug for Struct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().fmt(f)
    }
}

impl fmt::Debug for ListValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().fmt(f)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

/// What the three have in common with every message.
macro_rules! message {
    ($name:ident, $kind:ident) => {
        impl $name {
            /// An empty message, `const` so that it can stand in a `static`.
            pub const fn new() -> Self {
                Self(Vec::new())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl crate::codec::Message for $name {
            fn clear(&mut self) {
                self.0.clear();
            }
        }

        #[doc(hidden)]
        impl micropb::MessageDecode for $name {
            fn decode<R: micropb::PbRead>(
                &mut self,
                decoder: &mut micropb::PbDecoder<R>,
                len: usize,
            ) -> Result<(), micropb::DecodeError<R::Error>> {
                // Bytes behind bytes: in protobuf that is how messages merge.
                wire::copy(&mut self.0, decoder, len)?;
                wire::check(wire::Kind::$kind, &self.0, wire::DEPTH)
            }
        }

        #[doc(hidden)]
        impl micropb::MessageEncode for $name {
            const MAX_SIZE: Result<usize, &'static str> = Ok(STRUCT_BYTES);

            fn encode<W: micropb::PbWrite>(
                &self,
                encoder: &mut micropb::PbEncoder<W>,
            ) -> Result<(), W::Error> {
                wire::emit(&self.0, encoder)
            }

            fn compute_size(&self) -> usize {
                self.0.len()
            }
        }
    };
}

message!(Struct, Struct);
message!(ListValue, List);
message!(Value, Value);
