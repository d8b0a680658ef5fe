//! One value of a list or a map.

use heapless::{String, Vec};
use micropb::{DecodeError, PbDecoder, PbRead, Presence};

use super::reader::{FieldReader, Owned};
use super::writer::{FieldWriter, Write, encoded_len};
use crate::codec::rt::{Message, Scalar};

/// A value of a list or a map, encoded as `E` says.
pub trait Element<E>: Default {
    /// Its wire type.
    const WIRE: u32;

    /// Decodes the current field into it.
    fn decode<R: PbRead>(&mut self, r: &mut FieldReader<'_, R>);

    /// Writes it with its tag.
    fn put(&self, w: &mut FieldWriter<'_>, tag: u32);

    /// Writes it as the key or the value of a map entry, unless it is the default.
    fn put_in_entry(&self, w: &mut FieldWriter<'_>, tag: u32);
}

/// A number, which can be packed.
pub trait Number<E>: Copy + Default {
    /// Decodes it, without a tag.
    fn read<R: PbRead>(decoder: &mut PbDecoder<R>) -> Result<Self, DecodeError<R::Error>>;

    /// Writes it without a tag.
    fn write(&self, w: &mut FieldWriter<'_>);
}

impl<const N: usize> Element<Scalar> for String<N> {
    const WIRE: u32 = 2;

    fn decode<R: PbRead>(&mut self, r: &mut FieldReader<'_, R>) {
        r.value(|decoder| decoder.decode_string(self, Presence::Explicit));
    }

    fn put(&self, w: &mut FieldWriter<'_>, tag: u32) {
        w.put_bytes(tag, self.as_bytes());
    }

    fn put_in_entry(&self, w: &mut FieldWriter<'_>, tag: u32) {
        w.bytes(tag, self.as_bytes());
    }
}

impl<const N: usize> Element<Scalar> for Vec<u8, N> {
    const WIRE: u32 = 2;

    fn decode<R: PbRead>(&mut self, r: &mut FieldReader<'_, R>) {
        r.value(|decoder| decoder.decode_bytes(self, Presence::Explicit));
    }

    fn put(&self, w: &mut FieldWriter<'_>, tag: u32) {
        w.put_bytes(tag, self);
    }

    fn put_in_entry(&self, w: &mut FieldWriter<'_>, tag: u32) {
        w.bytes(tag, self);
    }
}

impl<M: Owned + Write + Default> Element<Message> for M {
    const WIRE: u32 = 2;

    fn decode<R: PbRead>(&mut self, r: &mut FieldReader<'_, R>) {
        self.merge(r);
    }

    fn put(&self, w: &mut FieldWriter<'_>, tag: u32) {
        w.message(tag, self);
    }

    /// As prost, which leaves out an empty one.
    fn put_in_entry(&self, w: &mut FieldWriter<'_>, tag: u32) {
        if encoded_len(self) != 0 {
            w.message(tag, self);
        }
    }
}
