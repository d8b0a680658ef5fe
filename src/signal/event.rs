//! What a server signals.

use crate::borrowed::leave_request::Action;
use crate::borrowed::{
    DataTrackInfo, DataTrackSubscriberHandles, DisconnectReason, ParticipantInfo, RequestResponse,
    SessionDescription,
};

/// What a message of the server's says.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The server lets this participant in. Its own [`Event::Participant`] and those of all others came before.
    Joined,
    /// The connection before goes on.
    Resumed {
        /// `sequence` of the last reliable packet that the server received: those after it are sent again.
        last_message_seq: u32,
    },
    /// A participant came, changed or left: `state` says whether it is still there.
    ///
    /// Of its fields there are `sid`, `identity`, `state`, `name`, `kind`, `attributes`, `client_protocol`,
    /// `disconnect_reason` and `data_tracks`, as far as they fit the client's buffer; metadata and tracks of media are
    /// gone through.
    Participant {
        /// It is this participant, in the response to its join.
        is_local: bool,
        /// What is known of it.
        info: ParticipantInfo<'a>,
    },
    /// This participant is moved to another room. All others are gone; those of the new room follow, and this
    /// participant with its new sid.
    Moved,
    /// The answer to an offer of this participant's.
    Answer(SessionDescription<'a>),
    /// A candidate of the server's: a line for the peer connection.
    Candidate(&'a str),
    /// What has become of a request that this participant sent.
    RequestResponse(RequestResponse<'a>),
    /// A data track of this participant's is published.
    DataTrackPublished(DataTrackInfo<'a>),
    /// A data track of this participant's has ended.
    DataTrackUnpublished(DataTrackInfo<'a>),
    /// Which handle each data track has that this participant receives: all of them, at each change.
    DataTrackSubscriberHandles(DataTrackSubscriberHandles<'a>),
    /// The server ends the connection.
    Leave {
        /// Why.
        reason: DisconnectReason,
        /// What this participant is to do.
        action: Action,
    },
    /// A field is larger than the client's buffer and was gone through, or a refreshed token is larger than its
    /// memory, and the one before stays.
    Skipped {
        /// What it was.
        field: &'static str,
        /// Its length, in bytes.
        len: usize,
    },
}
