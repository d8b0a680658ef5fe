//! Lists of numbers, texts and enums.

use core::fmt;
use core::marker::PhantomData;

use super::many::{Many, Next, Walk};
use super::reader::Reader;
use super::received::Received;
use super::value::{Element, Number, Scalar, Value};
use super::writer::Writer;

/// A repeated field of a borrowed message, of anything but messages: a slice of the caller's, or
/// what stands in a frame.
///
/// Decoding checks every item; iterating reads them from the frame, one after the other, and so
/// [`len`](Self::len) and [`get`](Self::get) count through it. `E` says how numbers are encoded.
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
pub struct Repeated<'a, T, E = Scalar>(Many<'a, T, Received<'a>>, PhantomData<E>);

impl<'a, T, E> Repeated<'a, T, E> {
    /// A list to be sent.
    pub const fn new(items: &'a [T]) -> Self {
        Self(Many::Own(items), PhantomData)
    }
}

impl<'a, T: Element<'a, E>, E> Repeated<'a, T, E> {
    /// The items, in order.
    pub fn iter(&self) -> RepeatedIter<'a, T, E> {
        RepeatedIter { walk: self.0.walk(), packed: &[], encoding: PhantomData }
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The item at `index`, from 0.
    pub fn get(&self, index: usize) -> Option<T::Out> {
        self.iter().nth(index)
    }

    /// Takes in an item that `r` has at hand, and checks it.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn keep(&mut self, r: &mut Reader<'a>) {
        self.0.keep(r);
        T::take(&mut T::absent(), r);
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn write(&self, w: &mut Writer<'_>, key: u32) {
        self.0.write(w, |w, items| w.items(key, items));
    }
}

impl<'a, T: Number<E>, E> Repeated<'a, T, E> {
    /// Takes in packed items that `r` has at hand, and checks them.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn keep_packed(&mut self, r: &mut Reader<'a>) {
        self.0.keep(r);
        r.packed(T::PACKED, |_| {});
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn write_packed(&self, w: &mut Writer<'_>, key: u32) {
        self.0.write(w, |w, items| w.packed(key, items));
    }
}

impl Writer<'_> {
    /// The items of a list, one field each.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn items<T: Value<E>, E>(&mut self, key: u32, items: &[T]) {
        for item in items.iter().rev() {
            item.put(self, key);
        }
    }

    /// The items of a list, in one field.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn packed<T: Number<E>, E>(&mut self, key: u32, items: &[T]) {
        if !items.is_empty() {
            let end = self.mark();
            for item in items.iter().rev() {
                item.put_packed(self);
            }
            self.close(key, end);
        }
    }
}

/// The items of a [`Repeated`] field.
pub struct RepeatedIter<'a, T, E = Scalar> {
    walk: Walk<'a, T>,
    /// What is left of a packed field.
    packed: &'a [u8],
    encoding: PhantomData<E>,
}

impl<'a, T: Element<'a, E>, E> Iterator for RepeatedIter<'a, T, E> {
    type Item = T::Out;

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    fn next(&mut self) -> Option<T::Out> {
        let mut r = self.walk.reader();
        loop {
            if let Some(kind) = T::PACKED
                && !self.packed.is_empty()
            {
                r.rest = self.packed;
                r.number(kind);
                self.packed = r.rest;
                break;
            }
            match self.walk.next(&mut r)? {
                Next::Own(own) => return Some(own.own()),
                Next::Field(key) if key & 7 == T::WIRE => break,
                Next::Field(key) if key & 7 == 2 => self.packed = r.content,
                Next::Field(_) => {} // of a wire type that is not the schema's
            }
        }
        let mut out = T::absent();
        T::take(&mut out, &mut r);
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
        Self { walk: self.walk.clone(), ..*self }
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

/// Equal if the items are.
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
        super::log::list(f, self.iter());
    }
}
