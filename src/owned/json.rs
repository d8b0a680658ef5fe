//! `google.protobuf.Struct`, `Value` and `ListValue`: JSON as a message.
//!
//! They hold each other, so no fixed capacity could be given to their parts. Instead each owns its
//! encoded bytes, checked when they are decoded, and is read where it lies: as the borrowed message
//! of the same name.

#[cfg(feature = "defmt")]
mod log;
mod view;

use core::fmt;

use heapless::{CapacityError, Vec};

pub use view::{Entries, Items, Json};

use crate::borrowed::google::protobuf as borrowed;
use crate::codec::generated as codec;
use crate::codec::{Bound, Encode, Malformed, from_bytes, to_slice, validate};
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

/// One value: null, number, text, bool, object or list. `google.protobuf.Value`.
#[derive(Clone)]
pub struct Value(Vec<u8, STRUCT_BYTES>);

impl Struct {
    /// The entries, in the order they were put in.
    pub fn entries(&self) -> Entries<'_> {
        Entries(self.read().fields)
    }

    /// The value of `key`; the last one, if there are several.
    pub fn get(&self, key: &str) -> Option<Json<'_>> {
        self.entries().get(key)
    }

    /// Adds an entry.
    ///
    /// A `key` that is there already keeps its bytes, but its new value is the one that counts.
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
    /// The values, in order.
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
    /// What it holds; `None` if nothing was set.
    pub fn get(&self) -> Option<Json<'_>> {
        Json::of(self.read())
    }

    /// Replaces what it holds.
    ///
    /// # Errors
    /// [`CapacityError`] if the encoded value would take more than `STRUCT_BYTES`; it then holds
    /// nothing.
    pub fn set(&mut self, value: Json<'_>) -> Result<(), CapacityError> {
        self.0.clear();
        value.with(|value| append(&mut self.0, value))
    }
}

/// Puts the fields of `message` behind those that are there, or none of them.
fn append(out: &mut Vec<u8, STRUCT_BYTES>, message: &impl Encode) -> Result<(), CapacityError> {
    let mut buf = [0; STRUCT_BYTES];
    match to_slice(message, &mut buf) {
        Ok(fields) => out.extend_from_slice(fields),
        // Only heapless can make its error.
        Err(_) => Vec::<u8, 0>::from_slice(&[0]).map(drop),
    }
}

/// Equal if every key has the same value in both.
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

/// What the three have in common with every message.
macro_rules! message {
    ($name:ident, $full_name:literal) => {
        impl $name {
            /// An empty message, `const` so that it can stand in a `static`.
            pub const fn new() -> Self {
                Self(Vec::new())
            }

            /// The borrowed message that its bytes are.
            pub fn read(&self) -> borrowed::$name<'_> {
                // They were checked when they came in.
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
            /// [`merge`](codec::Owned::merge) takes all of them at once.
            fn field(&mut self, _: &mut codec::Reader<'_>, _: u32) {}

            fn clear(&mut self) {
                self.0.clear();
            }

            /// Bytes behind bytes: in protobuf that is how messages merge.
            fn merge(&mut self, r: &mut codec::Reader<'_>) {
                r.check::<borrowed::$name<'_>>();
                let (part, is_first) = (r.bytes(), self.0.is_empty());
                if self.0.extend_from_slice(part).is_err() {
                    let came = self.0.len().saturating_add(part.len());
                    r.over(&$full_name, Bound::Bytes, came, STRUCT_BYTES);
                } else if !is_first && validate(&self.read()).is_err() {
                    // Each part is in order, but not both together.
                    r.fail_field(Malformed::Split);
                }
            }
        }

        impl codec::Write for $name {
            fn write(&self, w: &mut codec::Writer<'_>) {
                w.raw(&self.0);
            }
        }

        impl<'a> codec::AssignMessage<'a, borrowed::$name<'a>> for $name {
            fn assign_message(&mut self, from: &borrowed::$name<'a>, r: &mut codec::Reader<'a>) {
                if let Err(error) = validate(from) {
                    r.note(error);
                } else if append(&mut self.0, from).is_err() {
                    r.over(&$full_name, Bound::Bytes, crate::encoded_len(from), STRUCT_BYTES);
                }
            }
        }
    };
}

message!(Struct, "google.protobuf.Struct");
message!(ListValue, "google.protobuf.ListValue");
message!(Value, "google.protobuf.Value");
