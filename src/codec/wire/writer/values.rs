//! Writing lists and maps of any type of value.

use super::Writer;

/// A value that can be written. `E` says how it is encoded (see [`Scalar`](crate::codec::Scalar)).
pub trait Value<E> {
    /// Its wire type.
    const WIRE: u32;

    /// Writes it with its tag.
    fn put(&self, w: &mut Writer<'_>, tag: u32);

    /// Writes it as the key or the value of a map entry, where the default is left out.
    fn write_map_entry_field(&self, w: &mut Writer<'_>, tag: u32);
}

/// A number, which can be written in a packed list.
pub trait PackedValue<E>: Value<E> + Copy {
    /// Writes it without a tag.
    fn put_packed(self, w: &mut Writer<'_>);
}

impl Writer<'_> {
    /// The items of a list, one field each.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn items<T: Value<E>, E>(&mut self, tag: u32, items: &[T]) {
        for item in items.iter().rev() {
            item.put(self, tag);
        }
    }

    /// The items of a list, in one field.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn packed<T: PackedValue<E>, E>(&mut self, tag: u32, items: &[T]) {
        if !items.is_empty() {
            let end = self.position();
            for item in items.iter().rev() {
                item.put_packed(self);
            }
            self.end_message(tag, end);
        }
    }

    /// The entries of a map; `reversed` yields the last one first.
    pub(crate) fn entries<'e, K: Value<A> + 'e, V: Value<B> + 'e, A, B>(
        &mut self,
        tag: u32,
        reversed: impl Iterator<Item = (&'e K, &'e V)>,
    ) {
        for (key, value) in reversed {
            let end = self.position();
            value.write_map_entry_field(self, 2 << 3 | V::WIRE);
            key.write_map_entry_field(self, 1 << 3 | K::WIRE);
            self.end_message(tag, end);
        }
    }
}
