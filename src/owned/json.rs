//! `google.protobuf.Struct`, `Value` and `ListValue`: JSON as a message.
//!
//! They hold each other, so their parts cannot have a fixed capacity. Instead each owns its encoded
//! bytes, which are checked when they are decoded and read as the borrowed message of the same name.

#[cfg(feature = "defmt")]
mod format;
mod view;

use core::fmt;

use heapless::{CapacityError, Vec};

pub use view::{Entries, Items, Json};

use crate::borrowed::google::protobuf as borrowed;
use crate::codec::rt as codec;
use crate::codec::{CapacityKind, Encode, Malformed, from_bytes, to_slice, validate};
use crate::limits::STRUCT_BYTES;

/// An object of JSON: strings to values. `google.protobuf.Struct`.
///
/// It owns its encoded bytes, at most [`STRUCT_BYTES`], and is encoded as it was received.
///
/// ```
/// use livekit_micro::owned::google::protobuf::{Json, ListValue, Struct};
///
/// let mut sizes = ListValue::new();
/// sizes.push(Json::Number(1.5))?;
/// let mut object = Struct::new();
/// object.insert("name", Json::String("probe"))?;
/// object.insert("sizes", Json::List(sizes.items()))?;
///
/// assert_eq!(object.get("name"), Some(Json::String("probe")));
/// for (key, value) in object.entries().iter() {
///     println!("{key}: {value:?}");
/// }
/// # Ok::<(), livekit_micro::CapacityError>(())
/// ```
#[derive(Clone)]
pub struct Struct(Vec<u8, STRUCT_BYTES>);

/// A list of values. `google.protobuf.ListValue`.
#[derive(Clone)]
pub struct ListValue(Vec<u8, STRUCT_BYTES>);

/// One value: null, number, string, bool, object or list. `google.protobuf.Value`.
#[derive(Clone)]
pub struct Value(Vec<u8, STRUCT_BYTES>);

impl Struct {
    /// Returns the entries, in the order they were inserted.
    pub fn entries(&self) -> Entries<'_> {
        Entries(self.read().fields)
    }

    /// Returns the value of `key`; the last one, if there are several.
    pub fn get(&self, key: &str) -> Option<Json<'_>> {
        self.entries().get(key)
    }

    /// Adds an entry.
    ///
    /// An earlier entry of `key` keeps its bytes, but the new value is the one that counts.
    ///
    /// # Errors
    /// [`CapacityError`] if the encoded object would take more than `STRUCT_BYTES`; it is then
    /// left as it was.
    pub fn insert(&mut self, key: &str, value: Json<'_>) -> Result<(), CapacityError> {
        value.with(|value| {
            let entry = [(key, *value)];
            append(&mut self.0, &borrowed::Struct { fields: (&entry).into() })
        })
    }
}

impl ListValue {
    /// Returns the values, in order.
    pub fn items(&self) -> Items<'_> {
        Items(self.read().values)
    }

    /// Adds a value at the end.
    ///
    /// # Errors
    /// [`CapacityError`] if the encoded list would take more than `STRUCT_BYTES`; it is then left
    /// as it was.
    pub fn push(&mut self, value: Json<'_>) -> Result<(), CapacityError> {
        value.with(|value| append(&mut self.0, &borrowed::ListValue { values: (&[*value]).into() }))
    }
}

impl Value {
    /// Returns the value; `None` if nothing was set.
    pub fn get(&self) -> Option<Json<'_>> {
        Json::of(self.read())
    }

    /// Replaces the value.
    ///
    /// # Errors
    /// [`CapacityError`] if the encoded value would take more than `STRUCT_BYTES`; it then holds
    /// nothing.
    pub fn set(&mut self, value: Json<'_>) -> Result<(), CapacityError> {
        self.0.clear();
        value.with(|value| append(&mut self.0, value))
    }
}

/// Appends the fields of `message` to `out`, all of them or none.
fn append(out: &mut Vec<u8, STRUCT_BYTES>, message: &impl Encode) -> Result<(), CapacityError> {
    let mut buf = [0; STRUCT_BYTES];
    match to_slice(message, &mut buf) {
        Ok(fields) => out.extend_from_slice(fields),
        // Only heapless can make its error.
        Err(_) => Vec::<u8, 0>::from_slice(&[0]).map(drop),
    }
}

/// Equal as [`Entries`] are.
impl PartialEq for Struct {
    fn eq(&self, other: &Self) -> bool {
        self.entries() == other.entries()
    }
}

impl PartialEq for ListValue {
    fn eq(&self, other: &Self) -> bool {
        self.items() == other.items()
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl fmt::Debug for Struct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entries().fmt(f)
    }
}

impl fmt::Debug for ListValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items().fmt(f)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

/// Implements what every message implements.
macro_rules! message {
    ($name:ident, $full_name:literal) => {
        impl $name {
            /// An empty message, `const` so that it can be in a `static`.
            pub const fn new() -> Self {
                Self(Vec::new())
            }

            /// Returns the borrowed message that its bytes encode.
            pub fn read(&self) -> borrowed::$name<'_> {
                // The bytes were checked when they were received.
                from_bytes(&self.0).unwrap_or_default()
            }

            /// Its encoded bytes.
            #[cfg(feature = "micropb")]
            pub(crate) fn encoded(&self) -> &[u8] {
                &self.0
            }

            /// Its encoded bytes. Who changes them keeps them valid.
            #[cfg(feature = "micropb")]
            pub(crate) fn encoded_mut(&mut self) -> &mut Vec<u8, STRUCT_BYTES> {
                &mut self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        codec::owned!($name, borrowed::$name<'_>);

        impl codec::Owned for $name {
            /// [`merge`](codec::Owned::merge) decodes all of them at once.
            fn field(&mut self, _: &mut codec::Reader<'_>, _: u32) {}

            fn clear(&mut self) {
                self.0.clear();
            }

            /// Appends the bytes: in protobuf, concatenated encodings are the merged message.
            fn merge(&mut self, r: &mut codec::Reader<'_>) {
                codec::check_submessage::<borrowed::$name<'_>>(r);
                let (part, is_first) = (r.bytes(), self.0.is_empty());
                if self.0.extend_from_slice(part).is_err() {
                    let actual = self.0.len().saturating_add(part.len());
                    r.over(&$full_name, CapacityKind::Bytes, actual, STRUCT_BYTES);
                } else if !is_first && !part.is_empty() && validate(&self.read()).is_err() {
                    // Each part is valid, but not both together.
                    r.set_field_error(Malformed::SplitSubmessage);
                }
            }
        }

        impl codec::Write for $name {
            fn write(&self, w: &mut codec::Writer<'_>) {
                w.raw(&self.0);
            }
        }

        impl<'a> codec::CopyMessage<'a, borrowed::$name<'a>> for $name {
            fn copy_message(&mut self, from: &borrowed::$name<'a>, r: &mut codec::Reader<'a>) {
                if let Err(error) = validate(from) {
                    r.set_error(error);
                } else if append(&mut self.0, from).is_err() {
                    r.over(
                        &$full_name,
                        CapacityKind::Bytes,
                        crate::encoded_len(from),
                        STRUCT_BYTES,
                    );
                }
            }
        }
    };
}

message!(Struct, "google.protobuf.Struct");
message!(ListValue, "google.protobuf.ListValue");
message!(Value, "google.protobuf.Value");
