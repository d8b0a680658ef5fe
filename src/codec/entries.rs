//! Maps.

use core::fmt;
use core::marker::PhantomData;

use super::error::DecodeError;
use super::many::{Many, Next, Walk};
use super::reader::Reader;
use super::received::Located;
use super::sealed::Borrowed;
use super::value::{Element, Message, Scalar, Value};
use super::writer::Writer;

/// A map field of a borrowed message: a slice of the caller's entries, or what stands in a frame.
///
/// Decoding checks every entry; iterating reads them, one after the other. Of a key that came twice
/// the last entry counts: [`get`](Self::get) finds that one, while iterating yields both, and
/// [`len`](Self::len) counts both. A value that is a message is an [`Item`](super::Item), read on
/// demand. `E` says how keys and values that are numbers are encoded.
///
/// ```
/// use livekit_micro::borrowed::data_stream::Trailer;
/// use livekit_micro::{from_bytes, to_slice};
///
/// let attributes = [("unit", "celsius"), ("place", "roof")];
/// let trailer = Trailer { attributes: (&attributes).into(), ..Default::default() };
/// let mut buf = [0; 64];
/// let received: Trailer = from_bytes(to_slice(&trailer, &mut buf)?)?;
/// assert_eq!(received.attributes.get("place"), Some("roof"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MapView<'a, K, V, E = (Scalar, Scalar)>(Many<'a, (K, V), Located<'a>>, PhantomData<E>);

impl<'a, K, V, E> MapView<'a, K, V, E> {
    /// A map to be sent; its keys should differ.
    pub const fn new(entries: &'a [(K, V)]) -> Self {
        Self(Many::Own(entries), PhantomData)
    }
}

impl<'a, K: Element<'a, A>, V: Element<'a, B>, A, B> MapView<'a, K, V, (A, B)> {
    /// The entries, in the order they came.
    pub fn iter(&self) -> MapViewIter<'a, K, V, (A, B)> {
        MapViewIter(self.0.walk(), PhantomData)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The value of `key`.
    pub fn get<Q>(&self, key: Q) -> Option<V::Out>
    where
        K::Out: PartialEq<Q>,
    {
        self.iter().filter(|(other, _)| *other == key).last().map(|(_, value)| value)
    }

    /// Takes in the entry that `r` has at hand, and checks it.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn keep(&mut self, r: &mut Reader<'a>) {
        self.0.keep(r);
        entry::<K, V, A, B>(r);
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn write(&self, w: &mut Writer<'_>, key: u32) {
        self.0.write(w, |w, entries| {
            w.entries(key, entries.iter().rev().map(|(key, value)| (key, value)));
        });
    }
}

impl<'a, K: Element<'a, A>, V: Borrowed<'a>, A> MapView<'a, K, V, (A, Message)> {
    /// Reads all that is in its values.
    pub(crate) fn check(&self, depth: u8) -> Result<(), DecodeError> {
        // An entry is a message too.
        let depth = depth.saturating_sub(1);
        self.iter().try_for_each(|(_, value)| value.check(depth))
    }
}

/// Reads the entry at hand. A half that is left out is the default; other fields are passed over.
#[cfg_attr(target_pointer_width = "32", inline(never))]
fn entry<'a, K: Element<'a, A>, V: Element<'a, B>, A, B>(r: &mut Reader<'a>) -> (K::Out, V::Out) {
    let (mut key, mut value) = (K::absent(), V::absent());
    r.fields(|r, number| {
        if number == 1 << 3 | K::WIRE {
            K::take(&mut key, r);
        } else if number == 2 << 3 | V::WIRE {
            V::take(&mut value, r);
        }
    });
    (key, value)
}

impl Writer<'_> {
    /// The entries of a map, from the last to the first.
    pub(crate) fn entries<'e, K: Value<A> + 'e, V: Value<B> + 'e, A, B>(
        &mut self,
        key: u32,
        from_the_last: impl Iterator<Item = (&'e K, &'e V)>,
    ) {
        for (k, v) in from_the_last {
            let end = self.mark();
            v.put_half(self, 2 << 3 | V::WIRE);
            k.put_half(self, 1 << 3 | K::WIRE);
            self.close(key, end);
        }
    }
}

impl Writer<'_> {
    /// The entries of an owned map, in its order.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn map<K: Value<A> + Eq, V: Value<B>, A, B, const N: usize>(
        &mut self,
        key: u32,
        map: &super::Map<K, V, N>,
    ) {
        // It has no way back from its end.
        let from_the_last = (0..map.len()).rev().filter_map(|index| map.iter().nth(index));
        self.entries(key, from_the_last);
    }
}

/// The entries of an [`MapView`] field.
pub struct MapViewIter<'a, K, V, E = (Scalar, Scalar)>(Walk<'a, (K, V)>, PhantomData<E>);

impl<'a, K: Element<'a, A>, V: Element<'a, B>, A, B> Iterator for MapViewIter<'a, K, V, (A, B)> {
    type Item = (K::Out, V::Out);

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    fn next(&mut self) -> Option<Self::Item> {
        let mut r = self.0.reader();
        loop {
            match self.0.next(&mut r)? {
                Next::Own((key, value)) => return Some((key.own(), value.own())),
                Next::Field(key) if key & 7 == 2 => return Some(entry::<K, V, A, B>(&mut r)),
                Next::Field(_) => {} // of a wire type that is not the schema's
            }
        }
    }
}

impl<K, V, E> Clone for MapView<'_, K, V, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, V, E> Copy for MapView<'_, K, V, E> {}

impl<K, V, E> Default for MapView<'_, K, V, E> {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl<K, V, E> Clone for MapViewIter<'_, K, V, E> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<'a, K, V, E> From<&'a [(K, V)]> for MapView<'a, K, V, E> {
    fn from(entries: &'a [(K, V)]) -> Self {
        Self::new(entries)
    }
}

impl<'a, K, V, E, const N: usize> From<&'a [(K, V); N]> for MapView<'a, K, V, E> {
    fn from(entries: &'a [(K, V); N]) -> Self {
        Self::new(entries)
    }
}

impl<'a, K: Element<'a, A>, V: Element<'a, B>, A, B> IntoIterator for &MapView<'a, K, V, (A, B)> {
    type Item = (K::Out, V::Out);
    type IntoIter = MapViewIter<'a, K, V, (A, B)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Equal if every key has the same value in both, in whatever order.
impl<'a, K, V, A, B> PartialEq for MapView<'a, K, V, (A, B)>
where
    K: Element<'a, A, Out: PartialEq>,
    V: Element<'a, B, Out: PartialEq>,
{
    fn eq(&self, other: &Self) -> bool {
        let within = |one: &Self, two: &Self| {
            one.iter().all(|(key, _)| two.get(key).is_some_and(|v| one.get(key) == Some(v)))
        };
        within(self, other) && within(other, self)
    }
}

impl<'a, K, V, A, B> fmt::Debug for MapView<'a, K, V, (A, B)>
where
    K: Element<'a, A, Out: fmt::Debug>,
    V: Element<'a, B, Out: fmt::Debug>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

#[cfg(feature = "defmt")]
impl<'a, K, V, A, B> defmt::Format for MapView<'a, K, V, (A, B)>
where
    K: Element<'a, A, Out: defmt::Format>,
    V: Element<'a, B, Out: defmt::Format>,
{
    fn format(&self, f: defmt::Formatter<'_>) {
        super::log::map(f, self.iter());
    }
}
