//! Lists of numbers, strings, bytes and enums.

use core::fmt;
use core::marker::PhantomData;

use super::source::{Next, Source, SourceIter};
use crate::codec::element::{Element, Number, Scalar};
use crate::codec::wire::fields::RawFields;
use crate::codec::wire::reader::Reader;
use crate::codec::wire::writer::Writer;

/// A list of anything but messages in a borrowed message: a slice of the caller's, or received
/// fields.
///
/// Decoding checks every item. Iterating reads one after the other, and so [`len`](Self::len) and
/// [`get`](Self::get) go through the encoded list from its start. `E` says how numbers are encoded.
///
/// ```
/// use livekit_micro::borrowed::DataPacket;
/// use livekit_micro::{from_bytes, to_slice};
///
/// let to = ["robot-1", "robot-2"];
/// let packet = DataPacket { destination_identities: (&to).into(), ..Default::default() };
/// let mut buf = [0; 64];
/// let received: DataPacket = from_bytes(to_slice(&packet, &mut buf)?)?;
/// assert!(received.destination_identities.iter().eq(to));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Repeated<'a, T, E = Scalar>(Source<'a, T, RawFields<'a>>, PhantomData<E>);

impl<'a, T, E> Repeated<'a, T, E> {
    /// A list to be sent.
    pub const fn new(items: &'a [T]) -> Self {
        Self(Source::Borrowed(items), PhantomData)
    }
}

impl<'a, T: Element<'a, E>, E> Repeated<'a, T, E> {
    /// Returns the items, in order.
    pub fn iter(&self) -> RepeatedIter<'a, T, E> {
        RepeatedIter { source: self.0.iter(), packed: &[], encoding: PhantomData }
    }

    /// Returns the number of items.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Returns `true` if there are no items.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Returns the item at `index`, counted from 0.
    pub fn get(&self, index: usize) -> Option<T::Out> {
        self.iter().nth(index)
    }

    /// Records the item in the current field of `r`, and checks it.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn record(&mut self, r: &mut Reader<'a>) {
        self.0.record(r);
        T::decode(&mut T::default_value(), r);
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn write(&self, w: &mut Writer<'_>, tag: u32) {
        self.0.write(w, |w, items| w.items(tag, items));
    }
}

impl<'a, T: Number<E>, E> Repeated<'a, T, E> {
    /// Records the packed items in the current field of `r`, and checks them.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn record_packed(&mut self, r: &mut Reader<'a>) {
        self.0.record(r);
        r.packed(T::PACKED, |_| {});
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn write_packed(&self, w: &mut Writer<'_>, tag: u32) {
        self.0.write(w, |w, items| w.packed(tag, items));
    }
}

/// Iterates over the items of a [`Repeated`].
pub struct RepeatedIter<'a, T, E = Scalar> {
    source: SourceIter<'a, T>,
    /// What is left of a packed field.
    packed: &'a [u8],
    encoding: PhantomData<E>,
}

impl<'a, T: Element<'a, E>, E> Iterator for RepeatedIter<'a, T, E> {
    type Item = T::Out;

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    fn next(&mut self) -> Option<T::Out> {
        let mut r = self.source.reader();
        loop {
            if let Some(kind) = T::PACKED
                && !self.packed.is_empty()
            {
                r.rest = self.packed;
                r.number(kind);
                self.packed = r.rest;
                break;
            }
            match self.source.next(&mut r)? {
                Next::Borrowed(item) => return Some(item.slice_item()),
                Next::Field(tag) if tag & 7 == T::WIRE => break,
                Next::Field(tag) if tag & 7 == 2 => self.packed = r.content,
                Next::Field(_) => {} // of a wire type that is not the schema's
            }
        }
        let mut out = T::default_value();
        T::decode(&mut out, &mut r);
        Some(out)
    }
}

impl<T, E> Clone for Repeated<'_, T, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, E> Copy for Repeated<'_, T, E> {}

impl<T, E> Default for Repeated<'_, T, E> {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl<T, E> Clone for RepeatedIter<'_, T, E> {
    fn clone(&self) -> Self {
        Self { source: self.source.clone(), ..*self }
    }
}

impl<'a, T, E> From<&'a [T]> for Repeated<'a, T, E> {
    fn from(items: &'a [T]) -> Self {
        Self::new(items)
    }
}

impl<'a, T, E, const N: usize> From<&'a [T; N]> for Repeated<'a, T, E> {
    fn from(items: &'a [T; N]) -> Self {
        Self::new(items)
    }
}

impl<'a, T: Element<'a, E>, E> IntoIterator for &Repeated<'a, T, E> {
    type Item = T::Out;
    type IntoIter = RepeatedIter<'a, T, E>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Equal if the items are, in order.
impl<'a, T: Element<'a, E, Out: PartialEq>, E> PartialEq for Repeated<'a, T, E> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<'a, T: Element<'a, E, Out: fmt::Debug>, E> fmt::Debug for Repeated<'a, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

#[cfg(feature = "defmt")]
impl<'a, T: Element<'a, E, Out: defmt::Format>, E> defmt::Format for Repeated<'a, T, E> {
    fn format(&self, f: defmt::Formatter<'_>) {
        crate::codec::fmt::list(f, self.iter());
    }
}
