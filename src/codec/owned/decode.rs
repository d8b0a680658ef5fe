//! Decoding fields into the containers of owned messages, as far as they fit.

use heapless::string::StringView;
use heapless::{String, Vec, VecView};

use super::Map;
use crate::codec::element::{Message, Number, OwnedElement, Scalar};
use crate::codec::error::{CapacityKind, DecodeError, FieldName, OverCapacity};
use crate::codec::sealed::Owned;
use crate::codec::wire::reader::Reader;

impl Reader<'_> {
    /// Sets the error that `actual` exceeds `capacity`.
    #[cold]
    #[inline(never)]
    pub(crate) fn over(
        &mut self,
        field: FieldName,
        kind: CapacityKind,
        actual: usize,
        capacity: usize,
    ) {
        self.set_error(DecodeError::Capacity(OverCapacity::new(field, kind, actual, capacity)));
    }

    /// Decodes a `string` field.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn string_into(&mut self, to: &mut StringView, field: FieldName) {
        self.decode_string(to, field, CapacityKind::Bytes);
    }

    /// Decodes a `bytes` field.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn bytes_into(&mut self, to: &mut VecView<u8>, field: FieldName) {
        self.copy_bytes(to, self.content, field, CapacityKind::Bytes);
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    fn decode_string(&mut self, to: &mut StringView, field: FieldName, kind: CapacityKind) {
        let text = self.str();
        self.copy_string(to, text, field, kind);
    }

    #[inline(always)]
    pub(crate) fn copy_string(
        &mut self,
        to: &mut StringView,
        text: &str,
        field: FieldName,
        kind: CapacityKind,
    ) {
        to.clear();
        if to.push_str(text).is_err() {
            self.over(field, kind, text.len(), to.capacity());
        }
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn copy_bytes(
        &mut self,
        to: &mut VecView<u8>,
        bytes: &[u8],
        field: FieldName,
        kind: CapacityKind,
    ) {
        to.clear();
        if to.extend_from_slice(bytes).is_err() {
            self.over(field, kind, bytes.len(), to.capacity());
        }
    }

    /// Decodes one item of a list.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn item<T: OwnedElement<E>, E, const N: usize>(
        &mut self,
        to: &mut Vec<T, N>,
        field: FieldName,
    ) {
        // Decoded in place: on the stack it could be large.
        match to.push(T::empty()) {
            Ok(()) => to
                .last_mut()
                .into_iter()
                .for_each(|item| item.decode(self, field, CapacityKind::Bytes)),
            Err(_) => self.over_items(field, N),
        }
    }

    /// Decodes the packed items of a list.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn items_packed<T: Number<E> + OwnedElement<E>, E, const N: usize>(
        &mut self,
        to: &mut Vec<T, N>,
        field: FieldName,
    ) {
        let mut actual = to.len();
        self.packed(T::PACKED, |r| {
            // All are counted, for the error.
            actual += 1;
            let _ = to.push(T::of(r));
        });
        if actual > N {
            self.over(field, CapacityKind::Items, actual, N);
        }
    }

    /// Decodes one entry of a map.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn entry<K: OwnedElement<A> + Eq, V: OwnedElement<B>, A, B, const N: usize>(
        &mut self,
        to: &mut Map<K, V, N>,
        field: FieldName,
    ) {
        let (mut k, mut v) = (K::empty(), V::empty());
        let (entry, own) = (self.field, self.tag);
        self.fields(|r, tag| {
            if tag == 1 << 3 | K::WIRE {
                k.decode(r, field, CapacityKind::KeyBytes);
            } else if tag == 2 << 3 | V::WIRE {
                v.decode(r, field, CapacityKind::ValueBytes);
            }
        });
        if to.insert(k, v).is_err() {
            (self.field, self.tag) = (entry, own);
            self.over_items(field, N);
        }
    }

    /// Sets the error of a full list or map: counts the current item and all that follow in this
    /// message.
    #[cold]
    #[inline(never)]
    fn over_items(&mut self, field: FieldName, capacity: usize) {
        let (own, mut actual) = (self.tag, capacity);
        let mut rest = Reader::new(self.field);
        rest.fields(|_, tag| actual += usize::from(tag == own));
        self.over(field, CapacityKind::Items, actual, capacity);
    }
}

impl<const N: usize> OwnedElement<Scalar> for String<N> {
    fn empty() -> Self {
        Self::new()
    }

    fn decode(&mut self, r: &mut Reader<'_>, field: FieldName, kind: CapacityKind) {
        r.decode_string(self, field, kind);
    }
}

impl<const N: usize> OwnedElement<Scalar> for Vec<u8, N> {
    fn empty() -> Self {
        Self::new()
    }

    fn decode(&mut self, r: &mut Reader<'_>, field: FieldName, kind: CapacityKind) {
        r.copy_bytes(self, r.bytes(), field, kind);
    }
}

impl<M: Owned> OwnedElement<Message> for M {
    fn empty() -> Self {
        Self::default()
    }

    fn decode(&mut self, r: &mut Reader<'_>, _: FieldName, _: CapacityKind) {
        self.merge(r);
    }
}
