//! Data streams: texts, files and logs of any length, in chunks.

mod attributes;
mod chunk;
mod header;
mod incoming;
mod outgoing;
mod slot;
mod window;

pub use attributes::{Attributes, AttributesIter};
pub use incoming::{Incoming, Streams, Topics};
pub use outgoing::{StreamOptions, StreamWriter};

pub(super) use chunk::{go_on, take, take_more};
pub(super) use header::{Limits, open};
pub(super) use slot::{Slot, fail_first};
pub(super) use window::head;

use super::rpc::CallId;
use crate::DecodeError;
use crate::borrowed::data_stream::Header;
use crate::from_bytes;
use crate::tags::data_stream::header as tags;

/// Bytes of content that a chunk has at most, and the header of a stream: SDKs send no more.
pub const MAX_CHUNK_BYTES: usize = 15_000;

/// What streams need to know of a packet that has one of their messages.
pub(super) struct Context<'a> {
    pub(super) frame: &'a [u8],
    pub(super) is_encrypted: bool,
    pub(super) now: u32,
}

/// What has come of a stream that somebody sends to this participant: its beginning, content, its end.
///
/// A stream of one frame is all three at once, so that firmware has one path for every form of stream.
#[derive(Clone, Copy)]
pub struct StreamPart<'a> {
    /// Which stream: an index below the `N` of [`Incoming`], the same until it is closed. `N` is a stream
    /// that was never open: it came in one frame, or was refused.
    pub stream: usize,
    /// Which topic: an index of [`Topics::TOPICS`].
    pub topic: usize,
    /// The header, in the first part of a stream.
    pub opened: Option<StreamInfo<'a>>,
    /// The next content. Of a text, characters may be cut between two parts.
    pub content: &'a [u8],
    /// The bytes of the stream before `content`.
    pub offset: u32,
    /// How it ended, in the last part of a stream.
    pub closed: Option<Closed<'a>>,
}

impl<'a> StreamPart<'a> {
    pub(super) const fn new(stream: usize, topic: usize, offset: u32) -> Self {
        Self { stream, topic, opened: None, content: &[], offset, closed: None }
    }

    pub(super) const fn failed(
        stream: usize,
        topic: usize,
        offset: u32,
        error: StreamError,
    ) -> Self {
        Self { closed: Some(Closed::Failed(error)), ..Self::new(stream, topic, offset) }
    }

    /// Returns the content as text.
    ///
    /// # Errors
    /// If it is not UTF-8, which may also be a character that goes on in the next part. LiveKit's SDKs cut
    /// between characters.
    pub fn text(&self) -> Result<&'a str, core::str::Utf8Error> {
        core::str::from_utf8(self.content)
    }
}

/// What the header of a stream says.
#[derive(Clone, Copy)]
pub struct StreamInfo<'a> {
    /// The identity of its sender. An agent may send on behalf of a user: then it is the user's.
    pub from: &'a str,
    /// Text, or bytes.
    pub is_text: bool,
    /// Bytes of all its content, if the sender has told them.
    pub total_length: Option<u32>,
    /// Its content is compressed; `total_length` counts the bytes that were.
    pub is_compressed: bool,
    /// The call of this participant whose response the stream is ([`RpcV2`](super::RpcV2)).
    pub response_to: Option<CallId>,
    /// The header, as it stands in the frame.
    pub(super) body: &'a [u8],
}

impl<'a> StreamInfo<'a> {
    /// Returns the attributes of the header; those of the trailer come with [`Closed`].
    pub const fn attributes(&self) -> Attributes<'a> {
        Attributes::new(self.body, tags::ATTRIBUTES)
    }

    /// Decodes the whole header: id, time, MIME type, name, and the stream that it answers.
    ///
    /// # Errors
    /// [`DecodeError::Malformed`]
    pub fn header(&self) -> Result<Header<'a>, DecodeError> {
        from_bytes(self.body)
    }
}

/// How a stream ended.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Closed<'a> {
    /// All of it has come.
    Complete {
        /// The attributes of the trailer, which count over those of the header.
        attributes: Attributes<'a>,
    },
    /// The sender ended it before its end (`AbnormalEnd` of the SDKs).
    Aborted {
        /// Why, as the sender says.
        reason: &'a str,
        /// The attributes of the trailer.
        attributes: Attributes<'a>,
    },
    /// It is over on this side; what follows of it is ignored.
    Failed(StreamError),
}

/// Why a stream was refused or given up by this participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum StreamError {
    /// As many streams as there is space for are open.
    TooManyStreams,
    /// It is compressed, which this build does not read.
    Compressed,
    /// Its sender's sid or its id is longer than LiveKit's.
    IdTooLong,
    /// It has more bytes than [`Topics::MAX_BYTES`].
    PayloadTooLarge,
    /// A chunk is missing.
    MissedChunk,
    /// It has more bytes than its header said.
    LengthExceeded,
    /// It ended before the bytes that its header said.
    Incomplete,
    /// Some of it was encrypted and some was not.
    EncryptionTypeMismatch,
    /// Its sender has left.
    ParticipantLeft,
    /// Nothing of it came for [`Topics::IDLE_MS`].
    TimedOut,
    /// The connection was lost, and another one begins anew.
    Disconnected,
}

impl core::fmt::Display for StreamError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::TooManyStreams => "as many streams as there is space for are open",
            Self::Compressed => "the stream is compressed",
            Self::IdTooLong => "the id of the stream or its sender is longer than LiveKit's",
            Self::PayloadTooLarge => "the stream is longer than its topic allows",
            Self::MissedChunk => "a chunk of the stream is missing",
            Self::LengthExceeded => "the stream is longer than its header said",
            Self::Incomplete => "the stream is shorter than its header said",
            Self::EncryptionTypeMismatch => "only parts of the stream are encrypted",
            Self::ParticipantLeft => "the sender of the stream has left",
            Self::TimedOut => "nothing came of the stream for too long",
            Self::Disconnected => "the connection of the stream was lost",
        })
    }
}

impl core::error::Error for StreamError {}
