//! Taking fields into owned messages, as far as they fit.

use heapless::string::StringView;
use heapless::{Vec, VecView};

use super::Map;
use super::error::{CapacityKind, DecodeError, FieldName, OverCapacity};
use super::reader::Reader;
use super::sealed::Owned;
use super::value::{Hold, Number};

impl<'a> Reader<'a> {
    /// Takes every field of the message at hand into `message`.
    #[inline(always)]
    pub(crate) fn merge_owned<M: Owned>(&mut self, message: &mut M) {
        self.fields(|r, key| message.field(r, key));
    }

    /// More came than fits.
    #[cold]
    #[inline(never)]
    pub(crate) fn over(&mut self, field: FieldName, bound: CapacityKind, came: usize, fits: usize) {
        self.note(DecodeError::Capacity(OverCapacity::new(field, bound, came, fits)));
    }

    /// A text.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn text(&mut self, to: &mut StringView, field: FieldName) {
        self.take_text(to, field, CapacityKind::Bytes);
    }

    /// A `bytes` field.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn bytes_into(&mut self, to: &mut VecView<u8>, field: FieldName) {
        self.store_bytes(to, self.content, field, CapacityKind::Bytes);
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(super) fn take_text(&mut self, to: &mut StringView, field: FieldName, bound: CapacityKind) {
        let text = self.str();
        self.store_text(to, text, field, bound);
    }

    #[inline(always)]
    pub(super) fn store_text(
        &mut self,
        to: &mut StringView,
        text: &str,
        field: FieldName,
        bound: CapacityKind,
    ) {
        to.clear();
        if to.push_str(text).is_err() {
            self.over(field, bound, text.len(), to.capacity());
        }
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(super) fn store_bytes(
        &mut self,
        to: &mut VecView<u8>,
        bytes: &[u8],
        field: FieldName,
        bound: CapacityKind,
    ) {
        to.clear();
        if to.extend_from_slice(bytes).is_err() {
            self.over(field, bound, bytes.len(), to.capacity());
        }
    }

    /// One item of a list.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn item<T: Hold<E>, E, const N: usize>(
        &mut self,
        to: &mut Vec<T, N>,
        field: FieldName,
    ) {
        // In its place: on the stack it could be large.
        match to.push(T::empty()) {
            Ok(()) => to
                .last_mut()
                .into_iter()
                .for_each(|item| item.take(self, field, CapacityKind::Bytes)),
            Err(_) => self.over_items(field, N),
        }
    }

    /// Packed items of a list.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn items_packed<T: Number<E> + Hold<E>, E, const N: usize>(
        &mut self,
        to: &mut Vec<T, N>,
        field: FieldName,
    ) {
        let mut came = to.len();
        self.packed(T::PACKED, |r| {
            // All are counted, for the error.
            came += 1;
            let _ = to.push(T::of(r));
        });
        if came > N {
            self.over(field, CapacityKind::Items, came, N);
        }
    }

    /// One entry of a map.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn entry<K: Hold<A> + Eq, V: Hold<B>, A, B, const N: usize>(
        &mut self,
        to: &mut Map<K, V, N>,
        field: FieldName,
    ) {
        let (mut k, mut v) = (K::empty(), V::empty());
        let (place, key) = (self.field, self.key);
        self.fields(|r, key| {
            if key == 1 << 3 | K::WIRE {
                k.take(r, field, CapacityKind::KeyBytes);
            } else if key == 2 << 3 | V::WIRE {
                v.take(r, field, CapacityKind::ValueBytes);
            }
        });
        if to.insert(k, v).is_err() {
            (self.field, self.key) = (place, key);
            self.over_items(field, N);
        }
    }

    /// A list or map that is full, with one more and all that follow in this message.
    #[cold]
    #[inline(never)]
    fn over_items(&mut self, field: FieldName, fits: usize) {
        let (own, mut came) = (self.key, fits);
        let mut rest = Reader::new(self.field);
        rest.fields(|_, key| came += usize::from(key == own));
        self.over(field, CapacityKind::Items, came, fits);
    }
}
