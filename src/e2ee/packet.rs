//! Encrypted packets: made around what is written, opened in the frame that was received.

use core::ops::Range;

use super::cipher::{Cipher, IV_BYTES, TAG_BYTES};
use super::error::{OpenError, SealError};
use super::ring::KeyProvider;
use super::state::{E2ee, Policy, open};
use crate::data::{Encryption, SendError, encryption, frame};
use crate::tags::{data_packet, encrypted_packet, encrypted_packet_payload as payload};
use crate::{EncodeError, Reader, Writer, to_slice_with};

/// `Encryption.Type.GCM`.
const GCM: u32 = 1;

impl<P: KeyProvider, C: Cipher> Encryption for E2ee<P, C> {}

impl<P: KeyProvider, C: Cipher> encryption::sealed::Encryption for E2ee<P, C> {
    /// The type, the vector, the index, and tags and lengths of `encrypted_value` and of what is in it.
    const HEAD: usize = 2 + (2 + IV_BYTES) + 2 + 4 + 4 + 1;

    fn takes_plain(&mut self) -> bool {
        self.was_encrypted = false;
        self.policy != Policy::Require
    }

    fn tail(&self) -> usize {
        if self.policy == Policy::Off { 0 } else { TAG_BYTES }
    }

    #[inline(never)]
    fn frame<'b>(
        &mut self,
        sequence: u32,
        to: &[&str],
        tag: u32,
        body: &dyn Fn(&mut Writer<'_>),
        buf: &'b mut [u8],
    ) -> Result<(&'b [u8], usize), SendError> {
        let member = match payload_tag(tag) {
            Some(member) if self.policy != Policy::Off => member,
            _ => return Ok((Self::write(sequence, to, tag, body, buf)?, 0)),
        };
        let (key_index, iv) = self.next()?;
        // What is encrypted stands at the end, but for the tag, before anything is written in front of it.
        let end = buf.len().checked_sub(TAG_BYTES);
        let space = end.and_then(|end| buf.get_mut(..end)).unwrap_or_default();
        let len = match to_slice_with(space, |w| w.fields(member, body)) {
            Ok(plaintext) => plaintext.len(),
            // Then the frame does not fit either: what it needs is counted.
            Err(EncodeError::BufferTooSmall { needed, .. }) => needed,
        };
        let value = len.saturating_add(TAG_BYTES);
        let packet = |w: &mut Writer<'_>| {
            w.bytes_in_place(encrypted_packet::ENCRYPTED_VALUE, value);
            w.uint32(encrypted_packet::KEY_INDEX, u32::from(key_index));
            w.put_bytes(encrypted_packet::IV, &iv);
            w.uint32(encrypted_packet::ENCRYPTION_TYPE, GCM);
        };
        let whole = Self::write(sequence, to, data_packet::ENCRYPTED_PACKET, &packet, buf)?.len();
        let added = whole.saturating_sub(len).saturating_sub(Self::around(sequence, to, tag));
        let at = buf.len().saturating_sub(value);
        let value = buf.get_mut(at..).and_then(<[u8]>::split_last_chunk_mut);
        // It is there, and nothing is sent as it is.
        let (data, tag) = value.ok_or(SealError::Cipher)?;
        *tag = self.seal(data)?.tag;
        let frame = buf.get(buf.len().saturating_sub(whole)..).unwrap_or_default();
        Ok((frame, added))
    }
}

/// Of the type, although they use nothing of it: so that a session without encryption is compiled as if they were
/// not there, which saves it up to 0.5 KB.
impl<P, C> E2ee<P, C> {
    /// Writes a packet; it is called three times here.
    #[inline(never)]
    fn write<'b>(
        sequence: u32,
        to: &[&str],
        tag: u32,
        body: &dyn Fn(&mut Writer<'_>),
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], EncodeError> {
        frame(sequence, to, tag, body, buf)
    }

    /// Bytes of a packet around its member of `value`.
    fn around(sequence: u32, to: &[&str], tag: u32) -> usize {
        match Self::write(sequence, to, tag, &|_| {}, &mut []) {
            // A member without fields has a tag, of one byte as all that can be encrypted, and the length 0.
            Err(EncodeError::BufferTooSmall { needed, .. }) => needed.saturating_sub(2),
            Ok(_) => 0,
        }
    }
}

/// What was in an encrypted packet, and where in its frame.
pub(crate) struct Payload {
    /// The tag in `DataPacket` of the kind that it is; 0 if the schema does not have it.
    pub(crate) tag: u32,
    /// The member itself.
    pub(crate) body: Range<usize>,
    /// The encoded `EncryptedPacketPayload`.
    pub(crate) all: Range<usize>,
}

impl<P: KeyProvider, C: Cipher> E2ee<P, C> {
    /// Opens the packet whose `EncryptedPacket` is at `packet` in `frame`, and the identity of its sender at
    /// `from`.
    #[inline(never)]
    pub(crate) fn open_packet(
        &mut self,
        from: Range<usize>,
        packet: Range<usize>,
        frame: &mut [u8],
    ) -> Result<Payload, OpenError> {
        let start = frame.as_ptr().addr();
        let (mut iv, mut key_index, mut value) = (&[][..], 0, 0..0);
        let mut r = Reader::new(frame.get(packet).unwrap_or_default());
        r.fields(|r, tag| match tag {
            encrypted_packet::IV => iv = r.bytes(),
            encrypted_packet::KEY_INDEX => key_index = r.uint32(),
            encrypted_packet::ENCRYPTED_VALUE => value = range(r.bytes(), start),
            // `encryption_type` is not looked at: JavaScript leaves it out.
            _ => {}
        });
        r.finish().map_err(|_| OpenError::Malformed)?;
        let iv: [u8; IV_BYTES] = iv.try_into().map_err(|_| OpenError::Malformed)?;
        let from = frame.get(from).unwrap_or_default();
        let key = self.keys.of(from, key_index).ok_or(OpenError::NoKey { key_index })?;
        let value = frame.get_mut(value).unwrap_or_default();
        let plaintext = &*open(&mut self.cipher, key, &iv, value)?;
        let mut opened = Payload { tag: 0, body: 0..0, all: range(plaintext, start) };
        let mut r = Reader::new(plaintext);
        r.fields(|r, tag| {
            if let Some(tag) = packet_tag(tag) {
                (opened.tag, opened.body) = (tag, range(r.bytes(), start));
            }
        });
        r.finish().map_err(|_| OpenError::Malformed)?;
        Ok(opened)
    }
}

/// Where `part` is in what begins at the address `start`.
pub(crate) fn range(part: &[u8], start: usize) -> Range<usize> {
    let at = part.as_ptr().addr().wrapping_sub(start);
    at..at.wrapping_add(part.len())
}

/// Returns `true` for the kinds of packets that can be encrypted.
pub(crate) fn is_encryptable(tag: u32) -> bool {
    payload_tag(tag).is_some()
}

/// The members of `EncryptedPacketPayload` and of `DataPacket` that are the same, by their tags.
const MEMBERS: [(u8, u8); 8] = [
    (payload::USER as u8, data_packet::USER as u8),
    (payload::CHAT_MESSAGE as u8, data_packet::CHAT_MESSAGE as u8),
    (payload::RPC_REQUEST as u8, data_packet::RPC_REQUEST as u8),
    (payload::RPC_ACK as u8, data_packet::RPC_ACK as u8),
    (payload::RPC_RESPONSE as u8, data_packet::RPC_RESPONSE as u8),
    (payload::STREAM_HEADER as u8, data_packet::STREAM_HEADER as u8),
    (payload::STREAM_CHUNK as u8, data_packet::STREAM_CHUNK as u8),
    (payload::STREAM_TRAILER as u8, data_packet::STREAM_TRAILER as u8),
];

fn payload_tag(tag: u32) -> Option<u32> {
    let found = MEMBERS.iter().find(|(_, packet)| u32::from(*packet) == tag);
    found.map(|(payload, _)| u32::from(*payload))
}

fn packet_tag(tag: u32) -> Option<u32> {
    let found = MEMBERS.iter().find(|(payload, _)| u32::from(*payload) == tag);
    found.map(|(_, packet)| u32::from(*packet))
}
