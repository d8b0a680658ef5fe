//! Encodes a message to a [`PbEncoder`], and counts the bytes that this takes.

use micropb::{PbEncoder, PbWrite};

use super::value::{Element, Number};
use crate::codec::Map;

/// An owned message that can be encoded to a [`PbEncoder`].
pub trait Write {
    /// Writes the fields in the order of their numbers.
    fn write(&self, w: &mut FieldWriter<'_>);
}

/// Encodes `message` to `encoder`.
pub fn encode<W: PbWrite>(message: &dyn Write, encoder: &mut PbEncoder<W>) -> Result<(), W::Error> {
    let mut to = Encoder { encoder, result: Ok(()) };
    message.write(&mut FieldWriter { to: Some(&mut to), len: 0 });
    to.result
}

/// Returns how many bytes `message` takes when it is encoded.
pub fn encoded_len(message: &dyn Write) -> usize {
    len_of(&|w| message.write(w))
}

fn len_of(content: &dyn Fn(&mut FieldWriter<'_>)) -> usize {
    let mut w = FieldWriter { to: None, len: 0 };
    content(&mut w);
    w.len
}

/// Writes the fields of one message, or counts the bytes that they take.
///
/// It has no type parameter: the code of a message exists once, for every `PbWrite` and for the
/// length.
pub struct FieldWriter<'e> {
    /// `None` if bytes are only counted.
    to: Option<&'e mut dyn Primitives>,
    len: usize,
}

/// The part of a [`PbEncoder`] that is needed here. After an error it writes no more.
trait Primitives {
    fn varint(&mut self, value: u64);
    fn fixed32(&mut self, value: u32);
    fn fixed64(&mut self, value: u64);
    /// The length of `value`, then `value`.
    fn bytes(&mut self, value: &[u8]);
}

struct Encoder<'e, W: PbWrite> {
    encoder: &'e mut PbEncoder<W>,
    result: Result<(), W::Error>,
}

impl<W: PbWrite> Encoder<'_, W> {
    fn write(&mut self, write: impl FnOnce(&mut PbEncoder<W>) -> Result<(), W::Error>) {
        if self.result.is_ok() {
            self.result = write(self.encoder);
        }
    }
}

impl<W: PbWrite> Primitives for Encoder<'_, W> {
    fn varint(&mut self, value: u64) {
        self.write(|encoder| encoder.encode_varint64(value));
    }

    fn fixed32(&mut self, value: u32) {
        self.write(|encoder| encoder.encode_fixed32(value));
    }

    fn fixed64(&mut self, value: u64) {
        self.write(|encoder| encoder.encode_fixed64(value));
    }

    fn bytes(&mut self, value: &[u8]) {
        self.write(|encoder| encoder.encode_bytes(value));
    }
}

/// Parts of fields.
impl FieldWriter<'_> {
    pub(super) fn raw_varint(&mut self, value: u64) {
        match &mut self.to {
            Some(to) => to.varint(value),
            None => self.count(micropb::size::sizeof_varint64(value)),
        }
    }

    pub(super) fn raw_fixed32(&mut self, value: u32) {
        match &mut self.to {
            Some(to) => to.fixed32(value),
            None => self.count(4),
        }
    }

    pub(super) fn raw_fixed64(&mut self, value: u64) {
        match &mut self.to {
            Some(to) => to.fixed64(value),
            None => self.count(8),
        }
    }

    pub(super) fn len_and_bytes(&mut self, value: &[u8]) {
        match &mut self.to {
            Some(to) => to.bytes(value),
            None => self.count(micropb::size::sizeof_len_record(value.len())),
        }
    }

    pub(super) fn tag(&mut self, tag: u32) {
        self.raw_varint(u64::from(tag));
    }

    fn count(&mut self, bytes: usize) {
        self.len = self.len.wrapping_add(bytes);
    }

    /// Writes `content` with its tag and length. Before it is written it is counted. While counting,
    /// it is visited once only: twice would double the time with each level of nesting.
    fn record(&mut self, tag: u32, content: &dyn Fn(&mut FieldWriter<'_>)) {
        self.tag(tag);
        if self.to.is_some() {
            self.raw_varint(len_of(content) as u64);
            content(self);
        } else {
            let start = self.len;
            content(self);
            self.raw_varint(self.len.wrapping_sub(start) as u64);
        }
    }
}

/// Fields of all types but numbers, which are in [`numbers`](super::numbers).
impl FieldWriter<'_> {
    /// Writes a string or a `bytes` field, whatever its value is.
    pub(crate) fn put_bytes(&mut self, tag: u32, value: &[u8]) {
        self.tag(tag);
        self.len_and_bytes(value);
    }

    /// Writes a string or a `bytes` field without presence, unless it is empty.
    pub(crate) fn bytes(&mut self, tag: u32, value: &[u8]) {
        if !value.is_empty() {
            self.put_bytes(tag, value);
        }
    }

    /// Writes a submessage.
    pub(crate) fn message<M: Write>(&mut self, tag: u32, message: &M) {
        self.record(tag, &|w| message.write(w));
    }

    /// Writes the items of a list, one field each.
    pub(crate) fn items<T: Element<E>, E>(&mut self, tag: u32, items: &[T]) {
        for item in items {
            item.put(self, tag);
        }
    }

    /// Writes the items of a list in one field.
    pub(crate) fn packed<T: Number<E>, E>(&mut self, tag: u32, items: &[T]) {
        if !items.is_empty() {
            self.record(tag, &|w| items.iter().for_each(|item| item.write(w)));
        }
    }
}

/// Writes the entries of `map`. As prost, it leaves out a key or a value that is the default.
pub fn write_map<K: Element<A> + Eq, V: Element<B>, A, B, const N: usize>(
    map: &Map<K, V, N>,
    w: &mut FieldWriter<'_>,
    tag: u32,
) {
    for (key, value) in map {
        w.record(tag, &|w| {
            key.put_in_entry(w, 1 << 3 | K::WIRE);
            value.put_in_entry(w, 2 << 3 | V::WIRE);
        });
    }
}

/// The traits of micropb for an owned message.
#[allow(unused_macros, reason = "a build without messages needs none")]
macro_rules! message {
    ($message:ty, $max_size:expr) => {
        impl ::micropb::MessageDecode for $message {
            fn decode<R: ::micropb::PbRead>(
                &mut self,
                decoder: &mut ::micropb::PbDecoder<R>,
                len: usize,
            ) -> Result<(), ::micropb::DecodeError<R::Error>> {
                $crate::micropb::rt::decode(self, decoder, len)
            }
        }

        $crate::micropb::rt::message!(encode $message, $max_size);
    };
    (encode $message:ty, $max_size:expr) => {
        impl ::micropb::MessageEncode for $message {
            const MAX_SIZE: Result<usize, &'static str> = $max_size;

            fn encode<W: ::micropb::PbWrite>(
                &self,
                encoder: &mut ::micropb::PbEncoder<W>,
            ) -> Result<(), W::Error> {
                $crate::micropb::rt::encode(self, encoder)
            }

            fn compute_size(&self) -> usize {
                $crate::micropb::rt::encoded_len(self)
            }
        }
    };
}

#[allow(unused_imports, reason = "a build without messages needs none")]
pub(crate) use message;
