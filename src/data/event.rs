//! What a session tells the firmware.

use super::rpc::{Answer, Invocation};
use super::stream::StreamPart;

/// A user packet that was received.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Received<'a> {
    /// The identity of its sender; empty if a server sent it.
    pub from: &'a str,
    /// What it is about; may be empty.
    pub topic: &'a str,
    /// Its content.
    pub payload: &'a [u8],
}

/// What has come of a packet, or of time.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A user packet.
    Data(Received<'a>),
    /// Somebody calls a method of this participant.
    Call(Invocation<'a>),
    /// What has become of a call that this participant made.
    Answer(Answer<'a>),
    /// A part of a stream.
    Stream(StreamPart<'a>),
    /// A packet of a kind that the session does not take: its frame, as it was received.
    Other(&'a [u8]),
    /// A packet that a [`Relay`](super::Relay) passes on.
    #[cfg(feature = "participant")]
    Relayed {
        /// Its channel.
        channel: super::Channel,
        /// Its frame, as it was received.
        packet: &'a [u8],
    },
    /// A packet that was not taken, because it could not be opened or is not encrypted.
    #[cfg(feature = "e2ee")]
    Refused(Refused<'a>),
    /// An encrypted packet of a kind that the session does not take, opened.
    #[cfg(feature = "e2ee")]
    Opened(Opened<'a>),
}

/// A packet that was not taken.
#[cfg(feature = "e2ee")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Refused<'a> {
    /// The identity of its sender; empty if a server sent it.
    pub from: &'a str,
    /// Why.
    pub error: crate::e2ee::OpenError,
}

/// What was in an encrypted packet.
#[cfg(feature = "e2ee")]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Opened<'a> {
    /// The identity of its sender.
    pub from: &'a str,
    /// The encoded `EncryptedPacketPayload`.
    pub payload: &'a [u8],
}

/// Frames that the protocol wants sent at once on [`Channel::Reliable`](super::Channel::Reliable), in this
/// order: an acknowledgement, a refusal. Mostly there is none.
#[derive(Clone, Copy, Default)]
pub struct Replies<'b>(pub(super) [&'b [u8]; 2]);

impl<'b> Iterator for Replies<'b> {
    type Item = &'b [u8];

    fn next(&mut self) -> Option<&'b [u8]> {
        let [first, second] = self.0;
        self.0 = [second, &[]];
        (!first.is_empty()).then_some(first)
    }
}
