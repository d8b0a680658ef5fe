//! What a participant tells its caller.

use super::Error;
use crate::DecodeError;
use crate::borrowed::{
    DataTrackInfo, DataTrackSubscriberHandles, DisconnectReason, ParticipantInfo, RequestResponse,
};
use crate::data;
use crate::data::Channel;

/// What has happened. It borrows the participant, and what was given to it.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Event<'e> {
    /// The participant is in the room, and can send.
    Connected,
    /// The connection broke, and is being made again. What is sent meanwhile is refused, but where only the signalling
    /// broke: the peer connection takes it as long as it stands, and [`Reconnected`](Self::Reconnected) counts what was lost.
    Reconnecting {
        /// Why.
        error: Error,
    },
    /// The connection stands again.
    Reconnected {
        /// It is the one before: nothing was lost but what [`lost`](Self::Reconnected::lost) counts. Otherwise this
        /// participant has joined anew: it has another sid, its attributes are the token's, and streams and calls have
        /// ended with errors.
        is_resumed: bool,
        /// Reliable packets that the server has not received and that are not kept: see
        /// [`Resend`](crate::data::Resend). After joining anew: packets that the server has not acknowledged; it may
        /// have received some of them.
        lost: u32,
    },
    /// The participant has left the room, and does not come back by itself.
    Disconnected {
        /// Why, as the server says; [`DisconnectReason::ClientInitiated`] after [`leave`](super::Participant::leave).
        reason: DisconnectReason,
        /// What broke, if no server said it.
        error: Option<Error>,
    },
    /// A participant is there, has changed, or has left: `state` says it.
    Participant {
        /// It is this participant, as it joins.
        is_local: bool,
        /// See [`signal::Event::Participant`](crate::signal::Event::Participant) on which fields there are.
        info: ParticipantInfo<'e>,
    },
    /// This participant was moved to another room; all others are gone.
    Moved,
    /// Data of the room: a packet, a call, an answer, a part of a stream.
    Data(data::Event<'e>),
    /// A packet that comes to nothing: a duplicate, or a stream of a topic that is not wanted.
    Ignored,
    /// A packet that is malformed.
    Malformed(DecodeError),
    /// A packet was longer than [`receive`](livekit_micro_peer::Memory::receive), and is lost. (Of those that are longer,
    /// chunks of streams are taken: [`JoinConfig::longest_packet`](super::JoinConfig::longest_packet).)
    TooLong {
        /// Its channel.
        channel: Channel,
        /// Its length, in bytes.
        len: usize,
    },
    /// There is space for what was refused last: a packet, or a request.
    Writable,
    /// What has become of a request to the server.
    RequestResponse(RequestResponse<'e>),
    /// A data track of this participant's is published.
    DataTrackPublished(DataTrackInfo<'e>),
    /// A data track of this participant's has ended.
    DataTrackUnpublished(DataTrackInfo<'e>),
    /// Which handle each data track has that this participant receives: all of them, at each change.
    DataTrackSubscriberHandles(DataTrackSubscriberHandles<'e>),
    /// A packet of a data track: [`Packet::read`](crate::data::track::Packet::read) reads it.
    DataTrackPacket(&'e [u8]),
    /// Something that the server signals is longer than [`Memory::signal`](super::Memory), and was gone through.
    Skipped {
        /// What it was.
        field: &'static str,
        /// Its length, in bytes.
        len: usize,
    },
}
