//! The encryption of a session: keys, policy, initialization vectors.

use core::fmt;

use super::cipher::{Cipher, IV_BYTES, TAG_BYTES};
use super::error::{OpenError, SealError};
use super::gcm::Aes128Gcm;
use super::nonces::Nonces;
use super::ring::{KeyProvider, KeyRing, MAX_KEY_INDEX};

/// What becomes of packets that are not encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Policy {
    /// All that can be encrypted is: an unencrypted user packet, call or stream is refused, with an event. What a
    /// server sends over HTTP is never encrypted, and refused too.
    #[default]
    Require,
    /// What is sent is encrypted; unencrypted packets are received too, as by LiveKit's SDKs.
    /// [`Session::was_encrypted`](crate::data::Session::was_encrypted) tells which.
    Accept,
    /// No encryption: as a session without it.
    Off,
}

/// End-to-end encryption with the keys `P` and the cipher `C`: the type parameter `E` of a
/// [`Session`](crate::data::Session).
///
/// All zero at the start, and then it neither encrypts nor accepts anything: it needs a key and
/// [`seed`](Self::seed).
pub struct E2ee<P = KeyRing, C = Aes128Gcm> {
    /// The keys.
    pub keys: P,
    /// What becomes of packets that are not encrypted; [`Policy::Require`] at the start.
    pub policy: Policy,
    /// The cipher.
    pub cipher: C,
    nonces: Nonces,
    /// The packet that was received last was encrypted.
    pub(crate) was_encrypted: bool,
}

/// What a receiver needs beside the encrypted bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// The index of the key, at most [`MAX_KEY_INDEX`](super::MAX_KEY_INDEX).
    pub key_index: u8,
    /// The initialization vector.
    pub iv: [u8; IV_BYTES],
    /// The tag, which stands after the encrypted bytes.
    pub tag: [u8; TAG_BYTES],
}

impl<P> E2ee<P> {
    /// Encryption in software.
    pub const fn new(keys: P) -> Self {
        Self::with_cipher(keys, Aes128Gcm)
    }
}

impl<P, C> E2ee<P, C> {
    /// Encryption with another cipher.
    pub const fn with_cipher(keys: P, cipher: C) -> Self {
        let (nonces, policy) = (Nonces::NONE, Policy::Require);
        Self { keys, policy, cipher, nonces, was_encrypted: false }
    }

    /// Sets the random bits of initialization vectors: 64 bits of a true random number generator, drawn anew for
    /// each call. Never bits that were used before: not at another boot, on another device, for another `E2ee` of
    /// this device (one made anew to reconnect, a second one for data tracks), nor after RAM was restored. Two
    /// with the same key and the same bits would encrypt with the same vectors, which gives away what both sent,
    /// and the means to forge packets.
    ///
    /// After 65 536 seeds of all participants together it is time for another key: up to there the probability
    /// that two are the same stays below that of NIST SP 800-38D, 8 (2^-32).
    pub fn seed(&mut self, random: [u8; 8]) {
        self.nonces.seed(random);
    }
}

impl<P: KeyProvider, C: Cipher> E2ee<P, C> {
    /// Encrypts all of `data` in place with this participant's key, as a packet or a frame of a data track.
    ///
    /// # Errors
    /// See [`SealError`]; `data` is not to be sent then.
    pub fn seal(&mut self, data: &mut [u8]) -> Result<Sealed, SealError> {
        let (key_index, key) = own(&self.keys)?;
        let iv = self.nonces.next().ok_or(SealError::OutOfNonces)?;
        let tag = self.cipher.seal(key, &iv, data).map_err(|_| SealError::Cipher)?;
        Ok(Sealed { key_index, iv, tag })
    }

    /// The index and the vector that [`seal`](Self::seal) takes next.
    pub(super) fn next(&self) -> Result<(u8, [u8; IV_BYTES]), SealError> {
        let (key_index, _) = own(&self.keys)?;
        Ok((key_index, self.nonces.peek().ok_or(SealError::OutOfNonces)?))
    }

    /// Decrypts what the participant of the identity `from` has encrypted, and its tag, in place: returns `data`
    /// without the tag. After an error `data` is not to be used.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open<'d>(
        &mut self,
        from: &str,
        key_index: u32,
        iv: &[u8],
        data: &'d mut [u8],
    ) -> Result<&'d mut [u8], OpenError> {
        let key = self.keys.of(from.as_bytes(), key_index).ok_or(OpenError::NoKey { key_index })?;
        open(&mut self.cipher, key, iv, data)
    }
}

/// The key that encrypts, of an index that receivers have.
fn own(keys: &impl KeyProvider) -> Result<(u8, &super::Key), SealError> {
    keys.own().filter(|(index, _)| *index <= MAX_KEY_INDEX).ok_or(SealError::NoKey)
}

/// Decrypts `data`, whose end is the tag.
pub(super) fn open<'d>(
    cipher: &mut impl Cipher,
    key: &super::Key,
    iv: &[u8],
    data: &'d mut [u8],
) -> Result<&'d mut [u8], OpenError> {
    let iv = iv.try_into().map_err(|_| OpenError::Malformed)?;
    let (data, tag) = data.split_last_chunk_mut().ok_or(OpenError::Malformed)?;
    cipher.open(key, iv, data, tag).map_err(|_| OpenError::WrongKey)?;
    Ok(data)
}

impl<P: fmt::Debug, C> fmt::Debug for E2ee<P, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("E2ee")
            .field("keys", &self.keys)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Data, SendError, Session};
    use crate::e2ee::Key;

    #[test]
    fn nothing_is_sent_when_vectors_are_used_up() {
        let mut session: Session<(), (), (), E2ee> =
            Session::with_encryption(E2ee::new(KeyRing::new()));
        assert_eq!(session.e2ee().keys.set(0, Key::new([1; 16])), Ok(()));
        session.e2ee().seed([7; 8]);
        session.e2ee().nonces.set_left(2);
        let (data, mut buf) = (Data { payload: b"21.5", ..Data::default() }, [0; 128]);
        let mut publish = |session: &mut Session<(), (), (), E2ee>| {
            session.publish_data(&data, &mut buf).map(drop)
        };
        let error = Err(SendError::Encryption(SealError::OutOfNonces));
        let results = [(); 4].map(|()| publish(&mut session));
        assert_eq!(results, [Ok(()), Ok(()), error, error]);
        assert_eq!(session.local.last_sequence(), 2);
        session.e2ee().seed([7; 8]);
        assert_eq!(publish(&mut session), error, "the same bits again");
        session.e2ee().seed([8; 8]);
        assert_eq!(publish(&mut session), Ok(()));
        assert_eq!(session.local.last_sequence(), 3);
    }
}
