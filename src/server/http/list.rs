//! A long list, read item by item as it arrives.

use core::fmt;

use super::{Response, ResponseError};
use crate::server::CallError;
use crate::{DecodeError, Malformed};

/// Reads a response that is one list, of any length: each item is returned when it has arrived and
/// then overwritten by the next, so the buffer need only be large enough for one.
///
/// [`ListParticipants`](crate::server::ListParticipants), [`ListRooms`](crate::server::ListRooms) and
/// LiveKit's other lists are such responses. Over a connection of `embedded-io-async`,
/// `Connection::list` (feature `embedded-io`) also receives them.
///
/// ```
/// use livekit_micro::borrowed::ParticipantInfo;
/// use livekit_micro::server::{ListItem, ListReader};
/// use livekit_micro::{Reader, from_bytes, tags::participant_info};
///
/// # let received = b"HTTP/1.1 200 OK\r\nContent-Type: application/protobuf\r\nContent-Length: 10\r\n\r\n\x0a\x03\x12\x01a\x0a\x03\x12\x01b";
/// # let mut arrived = &received[..];
/// # let mut names = Vec::new();
/// let mut buf = [0; 1024];
/// let mut list = ListReader::new(&mut buf);
/// loop {
///     while let Some(item) = list.next()? {
///         match item {
///             ListItem::Complete(bytes) => {
///                 let participant: ParticipantInfo = from_bytes(bytes)?;
///                 println!("{}", participant.identity);
/// #               names.push(participant.identity.to_owned());
///             }
///             // Larger than the buffer: its first fields.
///             ListItem::Truncated { bytes, .. } => Reader::new(bytes).fields(|r, key| {
///                 if key == participant_info::IDENTITY {
///                     println!("{}, and more", r.str());
///                 }
///             }),
///         }
///     }
///     if list.is_complete() {
///         break;
///     }
///     let space = list.space();
///     // let count = socket.read(space).await?;
/// #   let count = space.len().min(arrived.len());
/// #   space[..count].copy_from_slice(&arrived[..count]);
/// #   arrived = &arrived[count..];
///     list.advance(count)?;
/// }
/// # assert_eq!(names, ["a", "b"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ListReader<'b> {
    response: Response<'b>,
    /// Bytes at the front of the body that have been returned.
    done: usize,
    /// Bytes of an item that are skipped and have still to arrive.
    skip: usize,
}

/// The tag and length of a field.
struct Header {
    /// The field's number is 1, as of the items of every list of LiveKit's; others are skipped.
    is_item: bool,
    /// Where the content begins, and its length.
    at: usize,
    len: usize,
}

/// Where an item is in the body, and its length.
pub(super) struct Found {
    at: usize,
    len: usize,
}

/// One item of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ListItem<'a> {
    /// The encoded message.
    Complete(&'a [u8]),
    /// The beginning of an encoded message that is larger than the buffer. The
    /// [`Reader`](crate::Reader) decodes the fields that are complete.
    Truncated {
        /// As many as fit.
        bytes: &'a [u8],
        /// The length of the whole message.
        len: usize,
    },
}

impl<'b> ListReader<'b> {
    /// A list of which nothing has arrived yet. The smallest useful buffer has 128 bytes.
    pub fn new(buf: &'b mut [u8]) -> Self {
        Self { response: Response::streamed(buf), done: 0, skip: 0 }
    }

    /// As [`Response::space`].
    pub fn space(&mut self) -> &mut [u8] {
        self.response.space()
    }

    /// As [`Response::advance`]. Call [`next`](Self::next) before, until it returns `None`.
    ///
    /// # Errors
    /// See [`ResponseError`].
    pub fn advance(&mut self, count: usize) -> Result<(), ResponseError> {
        self.response.advance(count)
    }

    /// Returns `true` once the whole response has arrived.
    pub fn is_complete(&self) -> bool {
        self.response.is_complete()
    }

    /// As [`Response::keeps_alive`].
    pub fn keeps_alive(&self) -> bool {
        self.response.keeps_alive()
    }

    #[cfg(feature = "embedded-io")]
    pub(super) fn has_started(&self) -> bool {
        self.response.has_started()
    }

    /// Returns the next item that has arrived; `None` until more has.
    ///
    /// # Errors
    /// [`CallError::Rejected`] and [`CallError::ContentType`] as of [`Response::message`];
    /// [`CallError::Decode`] if the body is not a list; [`ResponseError::UnexpectedEof`] if it ends inside
    /// an item.
    #[allow(clippy::should_implement_trait)] // an item borrows the buffer, which no iterator can
    pub fn next(&mut self) -> Result<Option<ListItem<'_>>, CallError> {
        Ok(self.find()?.map(|found| self.item(found)))
    }

    /// Finds the next item.
    pub(super) fn find(&mut self) -> Result<Option<Found>, CallError> {
        match self.response.status() {
            None => return Ok(None),
            // Only all of an error says what it means.
            Some(status) if status != 200 && !self.is_complete() => return Ok(None),
            Some(_) => self.response.check_head()?,
        }
        let (at, len) = loop {
            let passed = self.skip.min(self.rest().len());
            self.done = self.done.saturating_add(passed);
            self.skip = self.skip.saturating_sub(passed);
            let here = self.rest().len();
            match Header::read(self.rest())? {
                Some(Header { is_item: false, at, len }) => self.skip = at.saturating_add(len),
                Some(Header { at, len, .. }) if here >= at.saturating_add(len) => break (at, len),
                // Only now, for all items at once: it moves what is left.
                _ if self.done > 0 => self.response.consume(core::mem::take(&mut self.done))?,
                Some(Header { at, len, .. }) if self.response.is_full() => break (at, len),
                _ => return self.waiting(),
            }
        };
        let at = self.done.saturating_add(at);
        let here = self.response.body().len().saturating_sub(at).min(len);
        self.done = at.saturating_add(here);
        self.skip = len.saturating_sub(here);
        Ok(Some(Found { at, len }))
    }

    /// Returns an item that was just found.
    pub(super) fn item(&self, Found { at, len }: Found) -> ListItem<'_> {
        let bytes = self.response.body().get(at..).unwrap_or_default();
        match bytes.get(..len) {
            Some(bytes) => ListItem::Complete(bytes),
            None => ListItem::Truncated { bytes, len },
        }
    }

    /// The part of the body that has not been returned.
    fn rest(&self) -> &[u8] {
        self.response.body().get(self.done..).unwrap_or_default()
    }

    /// No complete item has arrived: an error unless more can.
    fn waiting(&self) -> Result<Option<Found>, CallError> {
        match self.rest() {
            [] if self.skip == 0 => Ok(None),
            _ if self.is_complete() => Err(ResponseError::UnexpectedEof.into()),
            _ => Ok(None),
        }
    }
}

impl fmt::Debug for ListReader<'_> {
    /// Without the content of the response.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ListReader").field(&self.response).finish()
    }
}

impl fmt::Debug for ListItem<'_> {
    /// Without the content of the item.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Complete(bytes) => write!(f, "Complete({} bytes)", bytes.len()),
            Self::Truncated { bytes, len } => {
                write!(f, "Truncated({} of {len} bytes)", bytes.len())
            }
        }
    }
}

impl Header {
    /// Decodes a tag, and the length that follows it; `None` if not all of them has arrived.
    fn read(body: &[u8]) -> Result<Option<Self>, CallError> {
        let Some((tag, at)) = varint(body)? else { return Ok(None) };
        let rest = body.get(at..).unwrap_or_default();
        let (len, count) = match tag & 7 {
            0 => match varint(rest)? {
                Some((_, count)) => (0, count),
                None => return Ok(None),
            },
            1 => (8, 0),
            2 => match varint(rest)? {
                Some(found) => found,
                None => return Ok(None),
            },
            5 => (4, 0),
            _ => return Err(malformed(Malformed::WireType)),
        };
        let len = usize::try_from(len).map_err(|_| malformed(Malformed::Truncated))?;
        Ok(Some(Self { is_item: tag == 0x0a, at: at.saturating_add(count), len }))
    }
}

/// Decodes a varint; returns it and its length, `None` if not all of it has arrived.
fn varint(bytes: &[u8]) -> Result<Option<(u64, usize)>, CallError> {
    let mut number = 0;
    for (index, &byte) in bytes.iter().take(10).enumerate() {
        number |= u64::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            return Ok(Some((number, index.saturating_add(1))));
        }
    }
    if bytes.len() < 10 { Ok(None) } else { Err(malformed(Malformed::Varint)) }
}

/// An offset would say nothing about a list that is not kept.
fn malformed(kind: Malformed) -> CallError {
    CallError::Decode(DecodeError::Malformed { kind, offset: 0 })
}
