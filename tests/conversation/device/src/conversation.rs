//! The session of a device: with either version of RPC, with or without encryption.

use std::env;

use livekit_micro::DecodeError;
use livekit_micro::data::{
    CallId, Channel, Encryption, Event, Incoming, PerformRpc, Replies, Resend, Rpc, RpcV2,
    SendError, Session, StreamWriter, Topics,
};
use livekit_micro::e2ee::{DEFAULT_SALT, Derived, E2ee, Key, KeyRing, Pbkdf2};
use livekit_micro::topics;

/// What it wants to receive. Streams of other topics come to nothing.
pub struct Wanted<const V2: bool>;

impl<const V2: bool> Topics for Wanted<V2> {
    const TOPICS: &'static [&'static str] = if V2 {
        &["text", "bytes", topics::TRANSCRIPTION, topics::RPC_REQUEST, topics::RPC_RESPONSE]
    } else {
        &["text", "bytes", topics::TRANSCRIPTION]
    };
    // Nobody compresses for a device that does not announce that it reads it.
    const COMPRESSED: bool = V2;
}

pub const STREAMS: usize = 12;
pub type Kept = Resend<8192>;
pub type Encrypted = E2ee<KeyRing>;
pub type Conversation<const V2: bool, E> =
    Session<Incoming<Wanted<V2>, STREAMS>, Rpc<8, V2>, Kept, E>;

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

/// The passphrase; `None` for a device that does not encrypt.
pub fn passphrase() -> Option<String> {
    env::var("PASSPHRASE").ok().filter(|passphrase| !passphrase.is_empty())
}

/// What differs with encryption: a frame is opened in place.
pub trait Receive {
    fn set_key(&mut self, index: u8, passphrase: &[u8]);

    fn receive_frame<'a, 'b>(
        &mut self,
        channel: Channel,
        frame: &'a mut [u8],
        now_ms: u64,
        out: &'b mut [u8],
    ) -> Result<(Option<Event<'a>>, Replies<'b>), DecodeError>;
}

impl<const V2: bool> Receive for Conversation<V2, ()> {
    fn set_key(&mut self, _: u8, _: &[u8]) {
        panic!("a key for a device without encryption");
    }

    fn receive_frame<'a, 'b>(
        &mut self,
        channel: Channel,
        frame: &'a mut [u8],
        now_ms: u64,
        out: &'b mut [u8],
    ) -> Result<(Option<Event<'a>>, Replies<'b>), DecodeError> {
        self.receive(channel, frame, now_ms, out)
    }
}

impl<const V2: bool> Receive for Conversation<V2, Encrypted> {
    fn set_key(&mut self, index: u8, passphrase: &[u8]) {
        self.e2ee().keys.set(index, key(passphrase)).expect("an index below 16");
    }

    fn receive_frame<'a, 'b>(
        &mut self,
        channel: Channel,
        frame: &'a mut [u8],
        now_ms: u64,
        out: &'b mut [u8],
    ) -> Result<(Option<Event<'a>>, Replies<'b>), DecodeError> {
        self.receive(channel, frame, now_ms, out)
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

impl<E: Encryption> StreamRpc for Session<Incoming<Wanted<false>, STREAMS>, Rpc<8>, Kept, E> {
    fn stream_rpc<'a, 'b>(
        &mut self,
        call: &'a PerformRpc<'a>,
        now_ms: u64,
        buf: &'b mut [u8],
    ) -> Result<(CallId, Option<StreamWriter<'a>>, &'b [u8]), SendError> {
        self.perform_rpc(call, random(), now_ms, buf).map(|(call, frame)| (call, None, frame))
    }
}

impl<E: Encryption> StreamRpc for Session<Incoming<Wanted<true>, STREAMS>, RpcV2<8>, Kept, E> {
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
