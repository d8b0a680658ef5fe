//! The elements of lists and maps: how a value is encoded, and how each family decodes it.

mod numbers;

use heapless::{String, Vec};

use super::error::{CapacityKind, FieldName};
use super::wire::reader::{Packed, Reader, string};
use super::wire::writer::{PackedValue, Value, Write, Writer};

pub use numbers::Open;

/// As the Rust type says: a string, bytes, a varint, or the bits of a floating-point number.
#[derive(Clone, Copy)]
pub struct Scalar;
/// `sint32`, `sint64`: the sign in the lowest bit.
#[derive(Clone, Copy)]
pub struct ZigZag;
/// `fixed32`, `sfixed64` and the like: always of the same length.
#[derive(Clone, Copy)]
pub struct Fixed;
/// A message.
#[derive(Clone, Copy)]
pub struct Message;

/// A number, which can be decoded from a packed list.
pub trait Number<E>: PackedValue<E> {
    const PACKED: Packed;

    /// Returns the number that `r` has just read.
    fn of(r: &Reader<'_>) -> Self;
}

/// An element of a [`Repeated`](super::Repeated) field or of a map; `E` says how it is encoded.
///
/// Implemented by numbers, enums, strings, bytes and messages, and by no other type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be in a list or map of a borrowed message with the encoding `{E}`",
    note = "lists of `livekit_micro::borrowed` hold numbers, enums, `&str`, `&[u8]` and borrowed messages"
)]
pub trait Element<'a, E>: Value<E> + Copy + 'a {
    /// The type that reading yields: the value, or an [`Item`](super::Item), which is read on demand.
    type Out: Copy;

    /// How items are encoded in a packed field; `None` if they cannot be packed.
    #[doc(hidden)]
    const PACKED: Option<Packed> = None;

    /// The default of a map entry's key or value.
    #[doc(hidden)]
    fn default_value() -> Self::Out;
    /// Decodes the current field of `r` into `out`.
    #[doc(hidden)]
    fn decode(out: &mut Self::Out, r: &mut Reader<'a>);
    /// Returns an item of the caller's slice as reading does.
    #[doc(hidden)]
    fn slice_item(&'a self) -> Self::Out;
}

/// An element of a list or map of an owned message.
pub trait OwnedElement<E>: Value<E> {
    fn empty() -> Self;
    /// Decodes the current field of `r`. `field` and `kind` are for the error if it is too long.
    fn decode(&mut self, r: &mut Reader<'_>, field: FieldName, kind: CapacityKind);
}

/// Strings and `bytes`, which both families write alike.
macro_rules! bytes {
    ($($ty:ty $(, $size:ident)?;)*) => {
        $(impl$(<const $size: usize>)? Value<Scalar> for $ty {
            const WIRE: u32 = 2;

            fn put(&self, w: &mut Writer<'_>, tag: u32) {
                w.put_bytes(tag, self.as_ref());
            }

            fn write_map_entry_field(&self, w: &mut Writer<'_>, tag: u32) {
                w.bytes(tag, self.as_ref());
            }
        })*
    };
}

bytes! {
    &str;
    &[u8];
    String<N>, N;
    Vec<u8, N>, N;
}

impl<'a> Element<'a, Scalar> for &'a str {
    type Out = Self;

    fn default_value() -> Self {
        ""
    }

    fn decode(out: &mut Self, r: &mut Reader<'a>) {
        string(out, r);
    }

    fn slice_item(&'a self) -> Self {
        self
    }
}

impl<'a> Element<'a, Scalar> for &'a [u8] {
    type Out = Self;

    fn default_value() -> Self {
        &[]
    }

    fn decode(out: &mut Self, r: &mut Reader<'a>) {
        *out = r.bytes();
    }

    fn slice_item(&'a self) -> Self {
        self
    }
}

impl<M: Write> Value<Message> for M {
    const WIRE: u32 = 2;

    fn put(&self, w: &mut Writer<'_>, tag: u32) {
        w.message(tag, self);
    }

    /// An empty message is left out, as prost does.
    fn write_map_entry_field(&self, w: &mut Writer<'_>, tag: u32) {
        let end = w.position();
        self.write(w);
        if w.position() != end {
            w.end_message(tag, end);
        }
    }
}
