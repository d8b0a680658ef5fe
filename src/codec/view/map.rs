//! Maps.

use core::fmt;
use core::marker::PhantomData;

use super::source::{Next, Source, SourceIter};
use crate::codec::element::{Element, Message, Scalar};
use crate::codec::error::DecodeError;
use crate::codec::sealed::Borrowed;
use crate::codec::wire::fields::RawFieldsAt;
use crate::codec::wire::reader::Reader;
use crate::codec::wire::writer::Writer;

/// A map field of a borrowed message: a slice of the caller's entries, or received fields.
///
/// Decoding checks every entry. Iterating reads one after the other. If a key was received twice, its
/// last entry counts: [`get`](Self::get) returns that one, while iterating yields both, and
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
pub struct MapView<'a, K, V, E = (Scalar, Scalar)>(
    Source<'a, (K, V), RawFieldsAt<'a>>,
    PhantomData<E>,
);

impl<'a, K, V, E> MapView<'a, K, V, E> {
    /// A map to be sent; its keys should differ.
    pub const fn new(entries: &'a [(K, V)]) -> Self {
        Self(Source::Borrowed(entries), PhantomData)
    }
}

impl<'a, K: Element<'a, A>, V: Element<'a, B>, A, B> MapView<'a, K, V, (A, B)> {
    /// Returns the entries, in the order of the encoding or of the slice.
    pub fn iter(&self) -> MapViewIter<'a, K, V, (A, B)> {
        MapViewIter(self.0.iter(), PhantomData)
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Returns `true` if there are no entries.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Returns the value of `key`. Goes through all entries.
    pub fn get<Q>(&self, key: Q) -> Option<V::Out>
    where
        K::Out: PartialEq<Q>,
    {
        self.iter().filter(|(other, _)| *other == key).last().map(|(_, value)| value)
    }

    /// Records the entry in the current field of `r`, and checks it.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn record(&mut self, r: &mut Reader<'a>) {
        self.0.record(r);
        entry::<K, V, A, B>(r);
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn write(&self, w: &mut Writer<'_>, tag: u32) {
        self.0.write(w, |w, entries| {
            w.entries(tag, entries.iter().rev().map(|(key, value)| (key, value)));
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

/// Decodes the current field of `r` as an entry. A missing key or value is the default; unknown fields
/// are skipped.
#[cfg_attr(target_pointer_width = "32", inline(never))]
fn entry<'a, K: Element<'a, A>, V: Element<'a, B>, A, B>(r: &mut Reader<'a>) -> (K::Out, V::Out) {
    let (mut key, mut value) = (K::default_value(), V::default_value());
    r.fields(|r, tag| {
        if tag == 1 << 3 | K::WIRE {
            K::decode(&mut key, r);
        } else if tag == 2 << 3 | V::WIRE {
            V::decode(&mut value, r);
        }
    });
    (key, value)
}

/// Iterates over the entries of a [`MapView`].
pub struct MapViewIter<'a, K, V, E = (Scalar, Scalar)>(SourceIter<'a, (K, V)>, PhantomData<E>);

impl<'a, K: Element<'a, A>, V: Element<'a, B>, A, B> Iterator for MapViewIter<'a, K, V, (A, B)> {
    type Item = (K::Out, V::Out);

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    fn next(&mut self) -> Option<Self::Item> {
        let mut r = self.0.reader();
        loop {
            match self.0.next(&mut r)? {
                Next::Borrowed((key, value)) => {
                    return Some((key.from_slice_item(), value.from_slice_item()));
                }
                Next::Field(tag) if tag & 7 == 2 => return Some(entry::<K, V, A, B>(&mut r)),
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

/// Equal if every key has the same value in both, in whatever order; with more than 32 entries, if
/// the entries are the same in the same order.
///
/// The server writes the entries of a map in any order, so the order of short maps does not count.
/// Comparing takes a time that grows with the square of the number of entries, which a peer chooses:
/// hence the bound. To compare longer maps in whatever order, copy them to
/// [`owned`](crate::owned), where the capacity is the bound.
impl<'a, K, V, A, B> PartialEq for MapView<'a, K, V, (A, B)>
where
    K: Element<'a, A, Out: PartialEq>,
    V: Element<'a, B, Out: PartialEq>,
{
    fn eq(&self, other: &Self) -> bool {
        maps_are_equal(&self.iter(), &other.iter(), |one, two| one == two)
    }
}

/// The most entries that are compared in whatever order.
const UNORDERED_ENTRIES: usize = 32;

/// Compares two maps by their entries, each value at most once.
pub(crate) fn maps_are_equal<K: PartialEq, V: Copy>(
    one: &(impl Iterator<Item = (K, V)> + Clone),
    two: &(impl Iterator<Item = (K, V)> + Clone),
    same: impl Fn(V, V) -> bool,
) -> bool {
    if one.clone().nth(UNORDERED_ENTRIES).is_some() || two.clone().nth(UNORDERED_ENTRIES).is_some()
    {
        let (mut one, mut two) = (one.clone(), two.clone());
        loop {
            match (one.next(), two.next()) {
                (Some((key, value)), Some((other, with))) if key == other && same(value, with) => {}
                (ours, theirs) => return ours.is_none() && theirs.is_none(),
            }
        }
    }
    let mut rest = one.clone();
    while let Some((key, value)) = rest.next() {
        let is_last = rest.clone().all(|(other, _)| other != key);
        let with = || two.clone().filter(|(other, _)| *other == key).last();
        if is_last && !with().is_some_and(|(_, with)| same(value, with)) {
            return false;
        }
    }
    two.clone().all(|(key, _)| one.clone().any(|(other, _)| other == key))
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
        crate::codec::fmt::map(f, self.iter());
    }
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;

    use super::{UNORDERED_ENTRIES, maps_are_equal};

    /// Compares a map of `count` entries with itself; returns how many entries were read, and how
    /// many values were compared.
    fn work(count: usize) -> (usize, usize) {
        let (read, compared) = (Cell::new(0), Cell::new(0));
        let entries = (0..count).map(|key| {
            read.set(read.get() + 1);
            (key, key)
        });
        let same = |one, two| {
            compared.set(compared.get() + 1);
            one == two
        };
        assert!(maps_are_equal(&entries, &entries, same));
        (read.get(), compared.get())
    }

    #[test]
    fn long_maps_are_compared_in_one_pass() {
        for count in [UNORDERED_ENTRIES + 1, 1_000, 100_000] {
            let (read, compared) = work(count);
            assert!(read <= 2 * (count + UNORDERED_ENTRIES + 1), "{count} entries: {read} read");
            assert_eq!(compared, count);
        }
    }

    #[test]
    fn short_maps_read_at_most_the_square_and_compare_each_value_once() {
        for count in 0..=UNORDERED_ENTRIES {
            let (read, compared) = work(count);
            assert!(read <= 3 * count * count + 5 * count, "{count} entries: {read} read");
            assert_eq!(compared, count);
        }
    }
}
