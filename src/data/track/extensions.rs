//! What the header of each packet says of its frame, and how: a number, and two extensions.

use core::fmt;

use super::TrackError;
use crate::codec::rt::copy;

/// What is known of a frame beside its content.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FrameInfo {
    /// When it was made, in ticks of 1/90 000 s, as of RTP: wraps, and begins anywhere. SDKs begin with a
    /// random number.
    pub timestamp: u32,
    /// A number of the application's; SDKs put milliseconds since 1970 there.
    pub user_timestamp: Option<u64>,
    /// How it is encrypted, if it is.
    pub encryption: Option<Encryption>,
}

/// What a receiver needs to open a frame beside the key.
// Aligned, so that words are moved: of bytes it would be a call of `memcpy`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(align(4))]
pub struct Encryption {
    /// The nonce of AES-GCM: each is used once with a key.
    pub iv: [u8; 12],
    /// Which key of the sender's, 0 to 15.
    pub key_index: u8,
}

/// Id and length of the extensions, as LiveKit defines them.
const ENCRYPTION: [u8; 2] = [1, 13];
const USER_TIMESTAMP: [u8; 2] = [2, 8];
/// Padding: one byte, without a length.
const PADDING: u8 = 0;

impl FrameInfo {
    pub(super) const EMPTY: Self = Self { timestamp: 0, user_timestamp: None, encryption: None };

    /// Bytes of all extensions with their length in front: whole words; 0 if there is none.
    pub(super) const fn extensions_len(&self) -> usize {
        match (self.encryption.is_some(), self.user_timestamp.is_some()) {
            (false, false) => 0,
            (false, true) => 12,
            (true, false) => 20,
            (true, true) => 28,
        }
    }

    /// Writes the extensions to `space`, which has [`extensions_len`](Self::extensions_len) bytes. Padding comes
    /// last: LiveKit's Rust SDK loses an extension after it.
    pub(super) fn write_extensions(&self, space: &mut [u8]) {
        let words = (space.len() / 4).wrapping_sub(1) as u16;
        if let Some(end) = space.last_chunk_mut() {
            *end = [0; 4];
        }
        let Some((len, space)) = space.split_first_chunk_mut() else { return };
        *len = words.to_be_bytes();
        let mut at = 0usize;
        if let Some(Encryption { iv, key_index }) = &self.encryption
            && let Some((head, nonce)) = space.split_first_chunk_mut()
        {
            let [id, len] = ENCRYPTION;
            *head = [id, len, *key_index];
            copy(nonce, iv);
            at = 15;
        }
        if let Some(timestamp) = self.user_timestamp
            && let Some((head, rest)) = space.get_mut(at..).and_then(<[u8]>::split_first_chunk_mut)
            && let Some(number) = rest.first_chunk_mut()
        {
            *head = USER_TIMESTAMP;
            *number = timestamp.to_be_bytes();
        }
    }

    /// Reads the extensions in `block`. Those that are not known are skipped, and so are known ones that are
    /// shorter; of longer ones, the end.
    pub(super) fn read_extensions(&mut self, mut block: &[u8]) -> Result<(), TrackError> {
        while let [id, after_id @ ..] = block {
            if *id == PADDING {
                block = after_id;
                continue;
            }
            let [len, after_len @ ..] = after_id else { break };
            let (data, rest) = after_len
                .split_at_checked(usize::from(*len))
                .ok_or(TrackError::MalformedExtension { id: *id })?;
            block = rest;
            match (*id, data) {
                (id, [key_index, iv @ ..]) if id == ENCRYPTION[0] => {
                    if let Some(iv) = iv.first_chunk::<12>() {
                        let kept = Encryption { iv: [0; 12], key_index: *key_index };
                        copy(&mut self.encryption.insert(kept).iv, iv);
                    }
                }
                (id, number) if id == USER_TIMESTAMP[0] => {
                    if let Some(number) = number.first_chunk() {
                        self.user_timestamp = Some(u64::from_be_bytes(*number));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encryption").field("key_index", &self.key_index).finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Encryption {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Encryption {{ key_index: {=u8}, .. }}", self.key_index);
    }
}
