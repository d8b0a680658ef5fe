//! A long list, read item by item while it arrives.

use core::fmt;

use super::{CallError, Reply, ReplyError, refusal};
use crate::{DecodeError, Malformed};

/// The items of an answer that is one list, however long: each is handed out when it has arrived and
/// then makes room for the next, so the buffer need only hold the largest.
///
/// [`ListParticipants`](super::ListParticipants), [`ListRooms`](super::ListRooms) and LiveKit's other
/// lists are such answers.
///
/// ```
/// use livekit_micro::borrowed::ParticipantInfo;
/// use livekit_micro::server::{Record, Records};
/// use livekit_micro::{Reader, from_bytes, tags::participant_info};
///
/// # let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n\x0a\x03\x12\x01a\x0a\x03\x12\x01b";
/// # let mut arrived = &answer[..];
/// # let mut names = Vec::new();
/// let mut buf = [0; 1024];
/// let mut list = Records::new(&mut buf);
/// loop {
///     while let Some(record) = list.next()? {
///         match record {
///             Record::Whole(bytes) => {
///                 let participant: ParticipantInfo = from_bytes(bytes)?;
///                 println!("{}", participant.identity);
/// #               names.push(participant.identity.to_owned());
///             }
///             // Larger than the buffer: what stands at its beginning.
///             Record::Start { bytes, .. } => Reader::new(bytes).fields(|r, key| {
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
pub struct Records<'b> {
    reply: Reply<'b>,
    /// Bytes at the front of the body that have been handed out.
    done: usize,
    /// Bytes of a record that are not kept and have still to arrive.
    skip: usize,
}

/// What stands before a field's content.
struct Head {
    /// It is of field 1, as the items of every list of LiveKit's; others are passed over.
    is_item: bool,
    /// Where the content begins, and how long it is.
    at: usize,
    len: usize,
}

/// One item of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record<'a> {
    /// The encoded message.
    Whole(&'a [u8]),
    /// The encoded message is larger than the buffer: this is how it begins. The
    /// [`Reader`](crate::Reader) hands out the fields that are whole.
    Start {
        /// As much as fits.
        bytes: &'a [u8],
        /// Bytes of the whole message.
        len: usize,
    },
}

impl<'b> Records<'b> {
    /// Nothing has arrived yet. The smallest useful buffer has 128 bytes.
    pub fn new(buf: &'b mut [u8]) -> Self {
        Self { reply: Reply::streamed(buf), done: 0, skip: 0 }
    }

    /// As [`Reply::space`].
    pub fn space(&mut self) -> &mut [u8] {
        self.reply.space()
    }

    /// As [`Reply::advance`]. Call [`next`](Self::next) until it returns `None` before.
    ///
    /// # Errors
    /// See [`ReplyError`].
    pub fn advance(&mut self, count: usize) -> Result<(), ReplyError> {
        self.reply.advance(count)
    }

    /// Has all of the answer arrived?
    pub fn is_complete(&self) -> bool {
        self.reply.is_complete()
    }

    /// As [`Reply::keeps_alive`].
    pub fn keeps_alive(&self) -> bool {
        self.reply.keeps_alive()
    }

    /// The next item that is here; `None` until more has arrived.
    ///
    /// # Errors
    /// [`CallError::Refused`] if the server refused, which is known when its answer is here, or as much of
    /// it as fits; [`CallError::Decode`] if this is no list; [`ReplyError::Cut`] if it ends inside an item.
    #[allow(clippy::should_implement_trait)] // an item lends the buffer, which no iterator can
    pub fn next(&mut self) -> Result<Option<Record<'_>>, CallError> {
        match self.reply.status() {
            None => return Ok(None),
            Some(200) => {}
            // Its beginning is enough to know a refusal by.
            Some(status) if self.is_complete() || self.reply.is_full() => {
                refusal::check(status, self.reply.body())?;
            }
            Some(_) => return Ok(None),
        }
        let (at, len) = loop {
            let passed = self.skip.min(self.rest().len());
            self.done = self.done.saturating_add(passed);
            self.skip = self.skip.saturating_sub(passed);
            let here = self.rest().len();
            match Head::read(self.rest())? {
                Some(Head { is_item: false, at, len }) => self.skip = at.saturating_add(len),
                Some(Head { at, len, .. }) if here >= at.saturating_add(len) => break (at, len),
                // Only now, for all at once: it moves what is left.
                _ if self.done > 0 => self.reply.consume(core::mem::take(&mut self.done))?,
                Some(Head { at, len, .. }) if self.reply.is_full() => break (at, len),
                _ => return self.waiting(),
            }
        };
        let at = self.done.saturating_add(at);
        let bytes = self.reply.body().get(at..).unwrap_or_default();
        if let Some(bytes) = bytes.get(..len) {
            self.done = at.saturating_add(len);
            return Ok(Some(Record::Whole(bytes)));
        }
        self.done = at.saturating_add(bytes.len());
        self.skip = len.saturating_sub(bytes.len());
        Ok(Some(Record::Start { bytes, len }))
    }

    /// What is here of the body and has not been handed out.
    fn rest(&self) -> &[u8] {
        self.reply.body().get(self.done..).unwrap_or_default()
    }

    /// Nothing whole is here: right while more can come.
    fn waiting(&self) -> Result<Option<Record<'_>>, CallError> {
        match self.rest() {
            [] if self.skip == 0 => Ok(None),
            _ if self.is_complete() => Err(ReplyError::Cut.into()),
            _ => Ok(None),
        }
    }
}

impl fmt::Debug for Records<'_> {
    /// Without what the answer says.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Records").field(&self.reply).finish()
    }
}

impl Head {
    /// Reads a key, and a length if there is one; `None` if they are not all here.
    fn read(body: &[u8]) -> Result<Option<Self>, CallError> {
        let Some((key, at)) = varint(body)? else { return Ok(None) };
        let rest = body.get(at..).unwrap_or_default();
        let (len, count) = match key & 7 {
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
        Ok(Some(Self { is_item: key == 0x0a, at: at.saturating_add(count), len }))
    }
}

/// A number, and how many bytes it takes; `None` if they are not all here.
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

/// The offset in a list that is not kept tells nothing.
fn malformed(kind: Malformed) -> CallError {
    CallError::Decode(DecodeError::Malformed { kind, offset: 0 })
}
