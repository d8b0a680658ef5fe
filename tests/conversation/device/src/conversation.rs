//! The participant of a device: with either version of RPC, with or without encryption and compression.

use std::env;

use livekit_micro::data::{
    CallId, Encryption, Incoming, PerformRpc, Resend, Rpc, RpcV2, SendError, Session, StreamWriter,
    Streams, Topics, track,
};
use livekit_micro::e2ee::{DEFAULT_SALT, Derived, E2ee, Key, KeyRing, Pbkdf2};
use livekit_micro::participant::Participant;
use livekit_micro::participant::peer::RustCrypto;
use livekit_micro::topics;

/// What it wants to receive. Streams of other topics come to nothing.
pub struct Wanted<const V2: bool, const DEFLATE: bool>;

impl<const V2: bool, const DEFLATE: bool> Topics for Wanted<V2, DEFLATE> {
    const TOPICS: &'static [&'static str] = if V2 {
        &["text", "bytes", topics::TRANSCRIPTION, topics::RPC_REQUEST, topics::RPC_RESPONSE]
    } else {
        &["text", "bytes", topics::TRANSCRIPTION]
    };
    const COMPRESSED: bool = DEFLATE;
}

pub const STREAMS: usize = 12;
pub type Kept = Resend<8192>;
pub type Encrypted = E2ee<KeyRing>;
pub type Crypto = RustCrypto<fn(&mut [u8])>;
pub type Conversation<const V2: bool, const DEFLATE: bool, E> =
    Session<Incoming<Wanted<V2, DEFLATE>, STREAMS>, Rpc<8, V2>, Kept, E>;
/// Memory and configuration are kept for as long as the program runs.
pub type Member<const V2: bool, const DEFLATE: bool, E> =
    Participant<'static, Crypto, Conversation<V2, DEFLATE, E>>;

/// The key of a passphrase, derived as DERIVATION says: `pbkdf2` or `hkdf`.
fn key(passphrase: &[u8]) -> Key {
    if env::var("DERIVATION").is_ok_and(|it| it == "hkdf") {
        return Derived::hkdf(passphrase, DEFAULT_SALT).key();
    }
    let mut derivation = Pbkdf2::new(passphrase, DEFAULT_SALT);
    loop {
        if let Some(derived) = derivation.poll(1_000) {
            break derived.key();
        }
    }
}

/// Encryption with a key of the passphrase.
pub fn encryption(passphrase: &str) -> Encrypted {
    let mut encryption = E2ee::new(KeyRing::new());
    encryption.keys.set(0, key(passphrase.as_bytes())).expect("an index below 16");
    encryption.seed(fastrand::u64(..).to_le_bytes());
    encryption
}

/// What differs with encryption.
pub trait SetKey {
    fn set_key(&mut self, index: u8, passphrase: &[u8]);
}

impl<const V2: bool, const DEFLATE: bool> SetKey for Conversation<V2, DEFLATE, ()> {
    fn set_key(&mut self, _: u8, _: &[u8]) {
        panic!("a key for a device without encryption");
    }
}

impl<const V2: bool, const DEFLATE: bool> SetKey for Conversation<V2, DEFLATE, Encrypted> {
    fn set_key(&mut self, index: u8, passphrase: &[u8]) {
        self.e2ee().keys.set(index, key(passphrase)).expect("an index below 16");
    }
}

/// Frames of data tracks, with encryption and without.
pub trait Seal {
    fn is_encrypted(&self) -> bool;
    fn seal(&mut self, frame: &mut Vec<u8>) -> Option<track::Encryption>;
    /// Returns whether the frame could be opened.
    fn open(
        &mut self,
        from: &str,
        encryption: Option<track::Encryption>,
        frame: &mut Vec<u8>,
    ) -> bool;
}

impl<const V2: bool, const DEFLATE: bool> Seal for Conversation<V2, DEFLATE, ()> {
    fn is_encrypted(&self) -> bool {
        false
    }

    fn seal(&mut self, _: &mut Vec<u8>) -> Option<track::Encryption> {
        None
    }

    fn open(&mut self, _: &str, encryption: Option<track::Encryption>, _: &mut Vec<u8>) -> bool {
        encryption.is_none()
    }
}

impl<const V2: bool, const DEFLATE: bool> Seal for Conversation<V2, DEFLATE, Encrypted> {
    fn is_encrypted(&self) -> bool {
        true
    }

    fn seal(&mut self, frame: &mut Vec<u8>) -> Option<track::Encryption> {
        let sealed = self.e2ee().seal(frame).expect("it has a key");
        frame.extend(sealed.tag);
        Some(track::Encryption { iv: sealed.iv, key_index: sealed.key_index })
    }

    fn open(
        &mut self,
        from: &str,
        encryption: Option<track::Encryption>,
        frame: &mut Vec<u8>,
    ) -> bool {
        let Some(track::Encryption { iv, key_index }) = encryption else { return false };
        let opened = self.e2ee().open(from, key_index.into(), &iv, frame).map(|it| it.len());
        opened.is_ok_and(|len| {
            frame.truncate(len);
            true
        })
    }
}

/// Calls with more than fits a packet, which only RPC version 2 has.
pub trait StreamRpc {
    fn stream_rpc<'a, 'b>(
        &mut self,
        call: &'a PerformRpc<'a>,
        now_ms: u64,
        buf: &'b mut [u8],
    ) -> Result<(CallId, Option<StreamWriter<'a>>, &'b [u8]), SendError>;
}

impl<S: Streams, E: Encryption> StreamRpc for Session<S, Rpc<8>, Kept, E> {
    fn stream_rpc<'a, 'b>(
        &mut self,
        call: &'a PerformRpc<'a>,
        now_ms: u64,
        buf: &'b mut [u8],
    ) -> Result<(CallId, Option<StreamWriter<'a>>, &'b [u8]), SendError> {
        self.perform_rpc(call, random(), now_ms, buf).map(|(call, frame)| (call, None, frame))
    }
}

impl<const DEFLATE: bool, E: Encryption> StreamRpc
    for Session<Incoming<Wanted<true, DEFLATE>, STREAMS>, RpcV2<8>, Kept, E>
{
    fn stream_rpc<'a, 'b>(
        &mut self,
        call: &'a PerformRpc<'a>,
        now_ms: u64,
        buf: &'b mut [u8],
    ) -> Result<(CallId, Option<StreamWriter<'a>>, &'b [u8]), SendError> {
        let (random, total) = ([random(), random()], call.payload.len() as u32);
        let (call, writer, frame) =
            Session::stream_rpc(self, call, Some(total), random, now_ms, buf)?;
        Ok((call, Some(writer), frame))
    }
}

pub fn random() -> [u8; 16] {
    fastrand::u128(..).to_le_bytes()
}
