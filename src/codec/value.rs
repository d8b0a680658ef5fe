//! One value of a list or a map: how it is encoded, and how each family reads it.

use heapless::{String, Vec};

use super::error::{CapacityKind, FieldName};
use super::nested::{Item, Place};
use super::reader::{Packed, Reader, text};
use super::received::Located;
use super::sealed::{Borrowed, Owned, Write};
use super::writer::Writer;

/// As the Rust type says: a varint, or the bits of a floating-point number.
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

/// A value that can be written.
pub trait Value<E> {
    /// Its wire type.
    const WIRE: u32;

    /// Writes it with its key.
    fn put(&self, w: &mut Writer<'_>, key: u32);

    /// Writes it as the half of a map's entry, where the default is left out.
    fn put_half(&self, w: &mut Writer<'_>, key: u32);
}

/// A number: what can be packed.
pub trait Number<E>: Value<E> + Copy {
    const PACKED: Packed;

    /// Takes what `r` has read.
    fn of(r: &Reader<'_>) -> Self;

    /// Writes it without a key.
    fn put_packed(self, w: &mut Writer<'_>);
}

/// What can stand in a [`Repeated`](super::Repeated) field or a map, with `E` saying how it is encoded.
///
/// Implemented by numbers, enums, texts, bytes and messages, and by no other type.
pub trait Element<'a, E>: Value<E> + Copy + 'a {
    /// What reading yields: the value, or an [`Item`] where it is read on demand.
    type Out: Copy;

    /// How many of them are encoded in one field, if they can be.
    #[doc(hidden)]
    const PACKED: Option<Packed> = None;

    /// The half of an entry that is left out.
    #[doc(hidden)]
    fn absent() -> Self::Out;
    /// Takes the field that `r` has at hand.
    #[doc(hidden)]
    fn take(out: &mut Self::Out, r: &mut Reader<'a>);
    /// One of the caller's.
    #[doc(hidden)]
    fn own(&'a self) -> Self::Out;
}

/// A value of an owned message.
pub trait Hold<E>: Value<E> {
    fn empty() -> Self;
    /// Takes the field that `r` has at hand. `field` and `bound` are for the error if it is too long.
    fn take(&mut self, r: &mut Reader<'_>, field: FieldName, bound: CapacityKind);
}

/// Texts and `bytes`, which both families write alike.
macro_rules! bytes {
    ($($ty:ty $(, $size:ident)?;)*) => {
        $(impl$(<const $size: usize>)? Value<Scalar> for $ty {
            const WIRE: u32 = 2;

            fn put(&self, w: &mut Writer<'_>, key: u32) {
                w.put_bytes(key, self.as_ref());
            }

            fn put_half(&self, w: &mut Writer<'_>, key: u32) {
                w.bytes(key, self.as_ref());
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

    fn absent() -> Self {
        ""
    }

    fn take(out: &mut Self, r: &mut Reader<'a>) {
        text(out, r);
    }

    fn own(&'a self) -> Self {
        self
    }
}

impl<'a> Element<'a, Scalar> for &'a [u8] {
    type Out = Self;

    fn absent() -> Self {
        &[]
    }

    fn take(out: &mut Self, r: &mut Reader<'a>) {
        *out = r.bytes();
    }

    fn own(&'a self) -> Self {
        self
    }
}

impl<const N: usize> Hold<Scalar> for String<N> {
    fn empty() -> Self {
        Self::new()
    }

    fn take(&mut self, r: &mut Reader<'_>, field: FieldName, bound: CapacityKind) {
        r.take_text(self, field, bound);
    }
}

impl<const N: usize> Hold<Scalar> for Vec<u8, N> {
    fn empty() -> Self {
        Self::new()
    }

    fn take(&mut self, r: &mut Reader<'_>, field: FieldName, bound: CapacityKind) {
        r.store_bytes(self, r.bytes(), field, bound);
    }
}

impl<M: Write> Value<Message> for M {
    const WIRE: u32 = 2;

    fn put(&self, w: &mut Writer<'_>, key: u32) {
        w.message(key, self);
    }

    /// As prost, which leaves out an empty one.
    fn put_half(&self, w: &mut Writer<'_>, key: u32) {
        let end = w.mark();
        self.write(w);
        if w.mark() != end {
            w.close(key, end);
        }
    }
}

impl<'a, M: Borrowed<'a>> Element<'a, Message> for M {
    type Out = Item<'a, M>;

    fn absent() -> Item<'a, M> {
        Item(Place::Received(Located::NOTHING))
    }

    /// From the first field of this number on, it is all of them that follow in its message.
    fn take(out: &mut Item<'a, M>, r: &mut Reader<'a>) {
        if let Item(Place::Received(located)) = out
            && located.is_nothing()
        {
            *located = r.to_the_end();
        }
    }

    fn own(&'a self) -> Item<'a, M> {
        Item(Place::Own(self))
    }
}

impl<M: Owned> Hold<Message> for M {
    fn empty() -> Self {
        Self::default()
    }

    fn take(&mut self, r: &mut Reader<'_>, _: FieldName, _: CapacityKind) {
        self.merge(r);
    }
}
