//! Decodes a message from a [`PbDecoder`], field by field.

use heapless::{String, Vec};
use micropb::{DecodeError, MessageDecode, PbDecoder, PbRead, Presence};

use super::value::{Element, Number};
use crate::codec::Map;
use crate::codec::rt::FieldName;

/// Groups that may be nested in one another. LiveKit's schema has none, so all are unknown.
const GROUPS: usize = 16;

/// An owned message that can be decoded from a [`PbDecoder`].
pub trait Owned: MessageDecode {
    /// Decodes the value of the current field, if the message has a field of this tag.
    fn field<R: PbRead>(&mut self, r: &mut FieldReader<'_, R>, tag: u32);

    /// Decodes the current field, a submessage, into the message.
    fn merge<R: PbRead>(&mut self, r: &mut FieldReader<'_, R>) {
        r.submessage(self);
    }
}

/// Decodes a message of `len` bytes into `message`.
pub fn decode<R: PbRead, M: Owned>(
    message: &mut M,
    decoder: &mut PbDecoder<R>,
    len: usize,
) -> Result<(), DecodeError<R::Error>> {
    let mut r = FieldReader::new(decoder, len);
    r.fields(|r, tag| message.field(r, tag));
    r.result
}

/// Reads the fields of one message.
///
/// The first error is kept, and ends the message. The methods that read a value return a default
/// instead.
pub struct FieldReader<'d, R: PbRead> {
    decoder: &'d mut PbDecoder<R>,
    /// Where the message ends, in bytes that the decoder has read.
    end: usize,
    /// The value of the current field is not read yet.
    is_unread: bool,
    pub(super) result: Result<(), DecodeError<R::Error>>,
}

impl<'d, R: PbRead> FieldReader<'d, R> {
    pub(super) fn new(decoder: &'d mut PbDecoder<R>, len: usize) -> Self {
        let end = decoder.bytes_read().saturating_add(len);
        Self { decoder, end, is_unread: false, result: Ok(()) }
    }

    /// Calls `field` with the tag of every field. A field whose value it leaves is skipped.
    pub(super) fn fields(&mut self, mut field: impl FnMut(&mut Self, u32)) {
        while self.result.is_ok() && self.decoder.bytes_read() < self.end {
            let tag = self.tag();
            if tag == 0 {
                return;
            }
            self.is_unread = true;
            field(self, tag);
            if self.is_unread && self.result.is_ok() {
                self.skip(tag);
            }
        }
        if self.result.is_ok()
            && self.decoder.bytes_read() != self.end
            && !self.decoder.ignore_wrong_len
        {
            self.result = Err(DecodeError::WrongLen);
        }
    }

    /// Reads a tag; returns 0 and keeps the error if there is none.
    fn tag(&mut self) -> u32 {
        let tag = self.value(PbDecoder::decode_varint64);
        match u32::try_from(tag) {
            _ if self.result.is_err() => 0,
            Ok(tag @ 8..) => tag,
            Ok(_) => self.fail(DecodeError::ZeroField),
            // 29 bits are a field number's.
            Err(_) => self.fail(DecodeError::VarIntLimit),
        }
    }

    /// Keeps an error; returns the tag that ends every loop.
    fn fail(&mut self, error: DecodeError<R::Error>) -> u32 {
        self.result = Err(error);
        0
    }

    /// Reads the value of the current field.
    pub(super) fn value<T: Default>(
        &mut self,
        read: impl FnOnce(&mut PbDecoder<R>) -> Result<T, DecodeError<R::Error>>,
    ) -> T {
        self.is_unread = false;
        match read(self.decoder) {
            Ok(value) => value,
            Err(error) => {
                self.result = Err(error);
                T::default()
            }
        }
    }

    /// Skips the value of an unknown field.
    fn skip(&mut self, first: u32) {
        // The tags that end the groups which are open.
        let mut ends = [0; GROUPS];
        let (mut depth, mut tag) = (0usize, first);
        loop {
            match tag & 7 {
                3 => match ends.get_mut(depth) {
                    Some(end) => {
                        *end = tag + 1;
                        depth += 1;
                    }
                    None => return self.result = Err(DecodeError::NestingLimit),
                },
                4 => {
                    depth = depth.wrapping_sub(1);
                    if ends.get(depth) != Some(&tag) {
                        return self.result = Err(DecodeError::Deprecation);
                    }
                }
                wire_type => self.value(|decoder| decoder.skip_wire_value(wire_type as u8)),
            }
            if depth == 0 || self.result.is_err() {
                return;
            }
            if self.decoder.bytes_read() >= self.end {
                return self.result = Err(DecodeError::WrongLen);
            }
            tag = self.tag();
            if tag == 0 {
                return;
            }
        }
    }

    /// Decodes the current field, a submessage.
    fn submessage<M: MessageDecode + ?Sized>(&mut self, message: &mut M) {
        self.value(|decoder| decoder.decode_submessage_delimited(message));
    }

    /// Decodes a string. The last one of several replaces the others, also if it is empty.
    pub(crate) fn string_into<const N: usize>(&mut self, to: &mut String<N>, _: FieldName) {
        self.value(|decoder| decoder.decode_string(to, Presence::Explicit));
    }

    /// Decodes a `bytes` field, as [`text`](Self::text) decodes a string.
    pub(crate) fn bytes_into<const N: usize>(&mut self, to: &mut Vec<u8, N>, _: FieldName) {
        self.value(|decoder| decoder.decode_bytes(to, Presence::Explicit));
    }

    /// Decodes one item of a list.
    pub(crate) fn item<T: Element<E>, E, const N: usize>(
        &mut self,
        to: &mut Vec<T, N>,
        _: FieldName,
    ) {
        // The item is decoded in the list: on the stack it could be large.
        match to.push(T::default()) {
            Ok(()) => to.last_mut().into_iter().for_each(|item| item.decode(self)),
            Err(_) => self.over_capacity(),
        }
    }

    /// Decodes packed items of a list.
    pub(crate) fn items_packed<T: Number<E>, E, const N: usize>(
        &mut self,
        to: &mut Vec<T, N>,
        _: FieldName,
    ) {
        self.value(|decoder| decoder.decode_packed(to, T::read));
    }

    /// Decodes one entry of a map.
    pub(crate) fn entry<K: Element<A> + Eq, V: Element<B>, A, B, const N: usize>(
        &mut self,
        to: &mut Map<K, V, N>,
        _: FieldName,
    ) {
        let (mut k, mut v) = (K::default(), V::default());
        let len = self.value(PbDecoder::decode_varint32) as usize;
        let mut entry = FieldReader::new(self.decoder, len);
        entry.result = core::mem::replace(&mut self.result, Ok(()));
        entry.fields(|r, tag| {
            if tag == 1 << 3 | K::WIRE {
                k.decode(r);
            } else if tag == 2 << 3 | V::WIRE {
                v.decode(r);
            }
        });
        self.result = entry.result;
        if self.result.is_ok() && to.insert(k, v).is_err() {
            self.over_capacity();
        }
    }

    /// The current field is an item or an entry of a container that is full.
    fn over_capacity(&mut self) {
        if !self.decoder.ignore_repeated_cap_err {
            self.result = Err(DecodeError::Capacity);
        }
    }
}
