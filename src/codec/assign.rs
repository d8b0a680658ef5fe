//! From a borrowed message to an owned one: everything is read, and taken as far as it fits.

use heapless::{String, Vec};

use super::error::{CapacityKind, FieldName};
use super::nested::{Item, Place, Submessage};
use super::numbers::Open;
use super::reader::Reader;
use super::sealed::{Borrowed, Owned};
use super::value::Element;
use super::{Map, MapView, Repeated, RepeatedMessages};

/// Something owned that takes what something borrowed holds. The reader notes the first error.
pub trait Assign<'a, B> {
    /// `field` and `bound` are for the error if it does not fit.
    fn assign(&mut self, from: B, r: &mut Reader<'a>, field: FieldName, bound: CapacityKind);
}

/// A message that takes what its borrowed twin holds.
pub trait AssignMessage<'a, B>: Owned {
    fn assign_message(&mut self, from: &B, r: &mut Reader<'a>);
}

macro_rules! numbers {
    ($($ty:ty)*) => {
        $(impl<'a> Assign<'a, $ty> for $ty {
            fn assign(&mut self, from: $ty, _: &mut Reader<'a>, _: FieldName, _: CapacityKind) {
                *self = from;
            }
        })*
    };
}

numbers!(bool i32 i64 u32 u64 f32 f64);

impl<'a, T: Open> Assign<'a, T> for T {
    fn assign(&mut self, from: T, _: &mut Reader<'a>, _: FieldName, _: CapacityKind) {
        *self = from;
    }
}

impl<'a, const N: usize> Assign<'a, &'a str> for String<N> {
    fn assign(&mut self, from: &'a str, r: &mut Reader<'a>, field: FieldName, bound: CapacityKind) {
        r.store_text(self, from, field, bound);
    }
}

impl<'a, const N: usize> Assign<'a, &'a [u8]> for Vec<u8, N> {
    fn assign(
        &mut self,
        from: &'a [u8],
        r: &mut Reader<'a>,
        field: FieldName,
        bound: CapacityKind,
    ) {
        r.store_bytes(self, from, field, bound);
    }
}

impl<'a, M: AssignMessage<'a, B>, B: Borrowed<'a>> Assign<'a, Item<'a, B>> for M {
    fn assign(&mut self, from: Item<'a, B>, r: &mut Reader<'a>, _: FieldName, _: CapacityKind) {
        match from.0 {
            Place::Own(own) => self.assign_message(own, r),
            Place::Received(located) => {
                if let Err(error) = located.read(|r| self.merge(r)) {
                    r.note(error);
                }
            }
        }
    }
}

impl<'a, M: AssignMessage<'a, B>, B: Borrowed<'a>> Assign<'a, Submessage<'a, B>> for M {
    fn assign(
        &mut self,
        from: Submessage<'a, B>,
        r: &mut Reader<'a>,
        field: FieldName,
        b: CapacityKind,
    ) {
        self.assign(from.item(), r, field, b);
    }
}

impl<'a, T: Assign<'a, B> + Default, B> Assign<'a, Option<B>> for Option<T> {
    fn assign(
        &mut self,
        from: Option<B>,
        r: &mut Reader<'a>,
        field: FieldName,
        bound: CapacityKind,
    ) {
        match from {
            Some(from) => self.insert(T::default()).assign(from, r, field, bound),
            None => *self = None,
        }
    }
}

impl<'a, T, B, E, const N: usize> Assign<'a, Repeated<'a, B, E>> for Vec<T, N>
where
    T: Assign<'a, B::Out> + Default,
    B: Element<'a, E>,
{
    fn assign(
        &mut self,
        from: Repeated<'a, B, E>,
        r: &mut Reader<'a>,
        field: FieldName,
        bound: CapacityKind,
    ) {
        fill(self, from.iter(), r, field, bound);
    }
}

impl<'a, T, B, const N: usize> Assign<'a, RepeatedMessages<'a, B>> for Vec<T, N>
where
    T: Assign<'a, Item<'a, B>> + Default,
{
    fn assign(
        &mut self,
        from: RepeatedMessages<'a, B>,
        r: &mut Reader<'a>,
        field: FieldName,
        bound: CapacityKind,
    ) {
        fill(self, from.iter(), r, field, bound);
    }
}

fn fill<'a, T: Assign<'a, B> + Default, B, const N: usize>(
    to: &mut Vec<T, N>,
    from: impl Iterator<Item = B> + Clone,
    r: &mut Reader<'a>,
    field: FieldName,
    bound: CapacityKind,
) {
    to.clear();
    for item in from.clone() {
        if to.push(T::default()).is_err() {
            return r.over(field, CapacityKind::Items, from.count(), N);
        }
        if let Some(place) = to.last_mut() {
            place.assign(item, r, field, bound);
        }
    }
}

impl<'a, K, V, KB, VB, A, B, const N: usize> Assign<'a, MapView<'a, KB, VB, (A, B)>>
    for Map<K, V, N>
where
    K: Assign<'a, KB::Out> + Default + Eq,
    V: Assign<'a, VB::Out> + Default,
    KB: Element<'a, A>,
    VB: Element<'a, B>,
{
    fn assign(
        &mut self,
        from: MapView<'a, KB, VB, (A, B)>,
        r: &mut Reader<'a>,
        field: FieldName,
        _: CapacityKind,
    ) {
        self.clear();
        for (key, value) in &from {
            let (mut k, mut v) = (K::default(), V::default());
            k.assign(key, r, field, CapacityKind::KeyBytes);
            v.assign(value, r, field, CapacityKind::ValueBytes);
            if self.insert(k, v).is_err() {
                return r.over(field, CapacityKind::Items, from.len(), N);
            }
        }
    }
}
