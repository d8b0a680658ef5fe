//! Copying borrowed messages into owned ones: all of them is read, and copied as far as it fits.

use heapless::{String, Vec};

use super::Map;
use crate::codec::element::{Element, Open};
use crate::codec::error::{CapacityKind, DecodeError, FieldName};
use crate::codec::sealed::{Borrowed, Owned};
use crate::codec::view::{Item, MapView, Place, Repeated, RepeatedMessages, Submessage};
use crate::codec::wire::reader::Reader;

/// An owned message, the counterpart of the borrowed message `B`.
///
/// Implemented by every message of [`owned`](crate::owned), and by no other type.
#[diagnostic::on_unimplemented(
    message = "`{B}` cannot be copied into `{Self}`",
    note = "only a message of `livekit_micro::borrowed` can be copied, into the message of the same name of `livekit_micro::owned`"
)]
pub trait CopyFrom<'a, B>: CopyMessage<'a, B> {}

impl<'a, B, M: CopyMessage<'a, B>> CopyFrom<'a, B> for M {}

/// Copies a borrowed message into this one, which is empty.
pub trait CopyMessage<'a, B>: Owned {
    /// The first error is set in `r`.
    fn copy_message(&mut self, from: &B, r: &mut Reader<'a>);
}

/// See [`copy_from`](crate::copy_from).
pub(crate) fn copy_from<'a, B, M: CopyFrom<'a, B>>(
    message: &mut M,
    from: &B,
) -> Result<(), DecodeError> {
    message.clear();
    let mut r = Reader::new(&[]);
    message.copy_message(from, &mut r);
    r.finish()
}

/// A field of an owned message, which copies that of the borrowed message.
pub trait CopyField<'a, B> {
    /// The first error is set in `r`; `field` and `kind` are for the error that it does not fit.
    fn copy_field(&mut self, from: B, r: &mut Reader<'a>, field: FieldName, kind: CapacityKind);
}

macro_rules! numbers {
    ($($ty:ty)*) => {
        $(impl<'a> CopyField<'a, $ty> for $ty {
            fn copy_field(&mut self, from: $ty, _: &mut Reader<'a>, _: FieldName, _: CapacityKind) {
                *self = from;
            }
        })*
    };
}

numbers!(bool i32 i64 u32 u64 f32 f64);

impl<'a, T: Open> CopyField<'a, T> for T {
    fn copy_field(&mut self, from: T, _: &mut Reader<'a>, _: FieldName, _: CapacityKind) {
        *self = from;
    }
}

impl<'a, const N: usize> CopyField<'a, &'a str> for String<N> {
    fn copy_field(
        &mut self,
        from: &'a str,
        r: &mut Reader<'a>,
        field: FieldName,
        kind: CapacityKind,
    ) {
        r.copy_string(self, from, field, kind);
    }
}

impl<'a, const N: usize> CopyField<'a, &'a [u8]> for Vec<u8, N> {
    fn copy_field(
        &mut self,
        from: &'a [u8],
        r: &mut Reader<'a>,
        field: FieldName,
        kind: CapacityKind,
    ) {
        r.copy_bytes(self, from, field, kind);
    }
}

impl<'a, M: CopyMessage<'a, B>, B: Borrowed<'a>> CopyField<'a, Item<'a, B>> for M {
    fn copy_field(&mut self, from: Item<'a, B>, r: &mut Reader<'a>, _: FieldName, _: CapacityKind) {
        match from.0 {
            Place::Borrowed(message) => self.copy_message(message, r),
            Place::Received(fields) => {
                if let Err(error) = fields.read(|r| self.merge(r)) {
                    r.set_error(error);
                }
            }
        }
    }
}

impl<'a, M: CopyMessage<'a, B>, B: Borrowed<'a>> CopyField<'a, Submessage<'a, B>> for M {
    fn copy_field(
        &mut self,
        from: Submessage<'a, B>,
        r: &mut Reader<'a>,
        field: FieldName,
        kind: CapacityKind,
    ) {
        self.copy_field(from.item(), r, field, kind);
    }
}

impl<'a, T: CopyField<'a, B> + Default, B> CopyField<'a, Option<B>> for Option<T> {
    fn copy_field(
        &mut self,
        from: Option<B>,
        r: &mut Reader<'a>,
        field: FieldName,
        kind: CapacityKind,
    ) {
        match from {
            Some(from) => self.insert(T::default()).copy_field(from, r, field, kind),
            None => *self = None,
        }
    }
}

impl<'a, T, B, E, const N: usize> CopyField<'a, Repeated<'a, B, E>> for Vec<T, N>
where
    T: CopyField<'a, B::Out> + Default,
    B: Element<'a, E>,
{
    fn copy_field(
        &mut self,
        from: Repeated<'a, B, E>,
        r: &mut Reader<'a>,
        field: FieldName,
        kind: CapacityKind,
    ) {
        fill(self, from.iter(), r, field, kind);
    }
}

impl<'a, T, B, const N: usize> CopyField<'a, RepeatedMessages<'a, B>> for Vec<T, N>
where
    T: CopyField<'a, Item<'a, B>> + Default,
{
    fn copy_field(
        &mut self,
        from: RepeatedMessages<'a, B>,
        r: &mut Reader<'a>,
        field: FieldName,
        kind: CapacityKind,
    ) {
        fill(self, from.iter(), r, field, kind);
    }
}

fn fill<'a, T: CopyField<'a, B> + Default, B, const N: usize>(
    to: &mut Vec<T, N>,
    from: impl Iterator<Item = B> + Clone,
    r: &mut Reader<'a>,
    field: FieldName,
    kind: CapacityKind,
) {
    to.clear();
    for item in from.clone() {
        if to.push(T::default()).is_err() {
            return r.over(field, CapacityKind::Items, from.count(), N);
        }
        if let Some(last) = to.last_mut() {
            last.copy_field(item, r, field, kind);
        }
    }
}

impl<'a, K, V, KB, VB, A, B, const N: usize> CopyField<'a, MapView<'a, KB, VB, (A, B)>>
    for Map<K, V, N>
where
    K: CopyField<'a, KB::Out> + Default + Eq,
    V: CopyField<'a, VB::Out> + Default,
    KB: Element<'a, A>,
    VB: Element<'a, B>,
{
    fn copy_field(
        &mut self,
        from: MapView<'a, KB, VB, (A, B)>,
        r: &mut Reader<'a>,
        field: FieldName,
        _: CapacityKind,
    ) {
        self.clear();
        for (key, value) in &from {
            let (mut k, mut v) = (K::default(), V::default());
            k.copy_field(key, r, field, CapacityKind::KeyBytes);
            v.copy_field(value, r, field, CapacityKind::ValueBytes);
            if self.insert(k, v).is_err() {
                return r.over(field, CapacityKind::Items, from.len(), N);
            }
        }
    }
}
