//! The session of a device: with either version of RPC, with or without encryption.

use std::env;

use livekit_micro::DecodeError;
use livekit_micro::data::{
    CallId, Channel, Encryption, Event, Incoming, PerformRpc, Replies, Resend, Rpc, RpcV2,
    SendError, Session, StreamWriter, Topics,
};
use livekit_micro::e2ee::{DEFAULT_SALT, E2ee, KeyRing, Pbkdf2};
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

/// Encryption with a key of the passphrase.
pub fn encryption(passphrase: &str) -> Encrypted {
    let mut derivation = Pbkdf2::new(passphrase.as_bytes(), DEFAULT_SALT);
    let key = loop {
        if let Some(derived) = derivation.poll(1_000) {
            break derived.key();
        }
    };
    let mut encryption = E2ee::new(KeyRing::new());
    encryption.keys.set(0, key).expect("an index below 16");
    encryption.seed(fastrand::u64(..).to_le_bytes());
    encryption
}

/// The passphrase; `None` for a device that does not encrypt.
pub fn passphrase() -> Option<String> {
    env::var("PASSPHRASE").ok().filter(|passphrase| !passphrase.is_empty())
}

/// A frame is opened in place, if it is encrypted.
pub trait Receive {
    fn receive_frame<'a, 'b>(
        &mut self,
        channel: Channel,
        frame: &'a mut [u8],
        now_ms: u64,
        out: &'b mut [u8],
    ) -> Result<(Option<Event<'a>>, Replies<'b>), DecodeError>;
}

impl<const V2: bool> Receive for Conversation<V2, ()> {
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
