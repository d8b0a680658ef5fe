//! The container of a map field.

use core::fmt;
use core::ops::{Deref, DerefMut};

use heapless::LinearMap;

use crate::codec::wire::writer::{Value, Writer};

/// A map of at most `N` entries, in the order of their insertion.
///
/// It is a [`heapless::LinearMap`] and has all its methods: a look-up compares keys one by one,
/// which for the few entries of LiveKit's attributes is smaller and no slower than hashing.
/// `insert` gives the entry back when the map is full.
pub struct Map<K, V, const N: usize>(LinearMap<K, V, N>);

impl<K, V, const N: usize> Map<K, V, N> {
    /// Returns an empty map.
    pub const fn new() -> Self {
        Self(LinearMap::new())
    }
}

/// Writes the entries of `map`, in its order.
#[cfg_attr(target_pointer_width = "32", inline(never))]
pub fn write_map<K: Value<A> + Eq, V: Value<B>, A, B, const N: usize>(
    map: &Map<K, V, N>,
    w: &mut Writer<'_>,
    tag: u32,
) {
    // LinearMap's iterator is not double-ended.
    let reversed = (0..map.len()).rev().filter_map(|index| map.iter().nth(index));
    w.entries(tag, reversed);
}

impl<K: Clone + Eq, V: Clone, const N: usize> Clone for Map<K, V, N> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K, V, const N: usize> Default for Map<K, V, N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V, const N: usize> Deref for Map<K, V, N> {
    type Target = LinearMap<K, V, N>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<K, V, const N: usize> DerefMut for Map<K, V, N> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

/// Equal if the entries are, in whatever order.
impl<K: Eq, V: PartialEq, const N: usize> PartialEq for Map<K, V, N> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(key, value)| other.get(key) == Some(value))
    }
}

impl<K: fmt::Debug + Eq, V: fmt::Debug, const N: usize> fmt::Debug for Map<K, V, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(feature = "defmt")]
impl<K: defmt::Format + Eq, V: defmt::Format, const N: usize> defmt::Format for Map<K, V, N> {
    fn format(&self, f: defmt::Formatter<'_>) {
        crate::codec::fmt::map(f, self.iter());
    }
}

impl<'a, K: Eq, V, const N: usize> IntoIterator for &'a Map<K, V, N> {
    type Item = (&'a K, &'a V);
    type IntoIter = heapless::linear_map::Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
