//! The verbs on top of micropb's traits, which the owned messages implement.

use core::convert::Infallible;
use core::mem::MaybeUninit;

use micropb::{DecodeError as Cause, MessageDecode, MessageEncode};
use micropb::{PbDecoder, PbEncoder, PbRead, PbWrite};

use super::sealed::{Message, Read, Wire};
use super::{Decode, DecodeError, Encode, EncodeError, Malformed};

/// How deep messages may be nested in a frame. The schema's deepest is 10; a
/// `google.protobuf.Value` can be deeper.
const NESTING: usize = 32;

impl<M: Message + MessageEncode> Encode for M {}

impl<M: Message + MessageEncode> Wire for M {
    fn wire_len(&self) -> usize {
        self.compute_size()
    }

    fn write<'b>(&self, buf: &'b mut [u8]) -> Result<&'b [u8], EncodeError> {
        let (needed, available) = (self.compute_size(), buf.len());
        let too_small = EncodeError::BufferTooSmall { needed, available };
        let Some(frame) = buf.get_mut(..needed) else { return Err(too_small) };
        let mut encoder = PbEncoder::new(Cursor(&mut *frame));
        match self.encode(&mut encoder) {
            Ok(()) => Ok(frame),
            Err(Full) => Err(too_small),
        }
    }
}

impl<M: Message + MessageDecode + Default> Decode<'_> for M {}

impl<M: Message + MessageDecode + Default> Read<'_> for M {
    fn empty() -> Self {
        Self::default()
    }

    fn reset(&mut self) {
        self.clear();
    }

    fn read(&mut self, frame: &[u8]) -> Result<(), DecodeError> {
        let mut decoder = PbDecoder::new(Rest(frame));
        decoder.nesting_limit = NESTING;
        let result = self.decode(&mut decoder, frame.len());
        let offset = decoder.bytes_read();
        result.map_err(|cause| match cause {
            Cause::Capacity => DecodeError::Capacity { offset },
            Cause::UnexpectedEof => malformed(Malformed::Truncated, offset),
            Cause::VarIntLimit => malformed(Malformed::Varint, offset),
            Cause::Utf8 => malformed(Malformed::Utf8, offset),
            Cause::ZeroField => malformed(Malformed::FieldNumber, offset),
            Cause::NestingLimit => malformed(Malformed::Nesting, offset),
            Cause::WrongWireType => malformed(Malformed::WireType, offset),
            Cause::Deprecation => malformed(Malformed::Group, offset),
            Cause::UnknownWireType => malformed(Malformed::WireType, offset),
            _ => malformed(Malformed::Length, offset),
        })
    }
}

fn malformed(kind: Malformed, offset: usize) -> DecodeError {
    DecodeError::Malformed { kind, offset }
}

/// The rest of the frame that is read from.
///
/// micropb reads slices as well, but by indexing and `copy_from_slice`, whose checks are left in
/// the program at opt levels 1 and z. A loop has nothing to check and becomes the same `memcpy`.
struct Rest<'a>(&'a [u8]);

impl PbRead for Rest<'_> {
    type Error = Infallible;

    fn pb_read_chunk(&mut self) -> Result<&[u8], Infallible> {
        Ok(self.0)
    }

    fn pb_advance(&mut self, bytes: usize) {
        self.0 = self.0.get(bytes..).unwrap_or(&[]);
    }

    fn pb_read_exact(&mut self, buf: &mut [MaybeUninit<u8>]) -> Result<usize, Infallible> {
        let len = buf.len().min(self.0.len());
        for (to, from) in buf.iter_mut().zip(self.0) {
            to.write(*from);
        }
        self.pb_advance(len);
        Ok(len)
    }
}

/// The rest of the buffer that is written to.
struct Cursor<'b>(&'b mut [u8]);

struct Full;

impl PbWrite for Cursor<'_> {
    type Error = Full;

    fn pb_write(&mut self, data: &[u8]) -> Result<(), Full> {
        let buf = core::mem::take(&mut self.0);
        let (head, tail) = buf.split_at_mut_checked(data.len()).ok_or(Full)?;
        // Not `copy_from_slice`: see `Rest`.
        for (to, from) in head.iter_mut().zip(data) {
            *to = *from;
        }
        self.0 = tail;
        Ok(())
    }
}
