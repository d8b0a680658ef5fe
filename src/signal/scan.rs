//! Reads signalling messages while they arrive, of whatever length: nothing but the fields that are wanted is kept.
//!
//! A `join` of a large room has megabytes of participants. Its bytes are gone through once, in whatever pieces they
//! come. A wanted field is put together in a buffer; a field that does not fit is gone through and told of, as
//! everything else is gone through.

use super::MessageError;
use crate::tags;

/// Which message a level is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `SignalResponse`.
    Response,
    /// `JoinResponse`.
    Join,
    /// `ReconnectResponse`.
    Reconnect,
    /// `ParticipantUpdate`.
    Update,
    /// `RoomMovedResponse`.
    Moved,
    /// `ParticipantInfo`, kept as a message of the wanted fields that fit the buffer.
    Participant,
}

/// What is done with a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    /// It is gone through.
    Skip,
    /// A varint that is wanted.
    Number,
    /// Bytes that are wanted.
    Keep,
    /// A message whose fields are looked at.
    Enter(Kind),
}

impl Kind {
    fn action(self, tag: u32) -> Action {
        use tags::{
            join_response, participant_info, participant_update, reconnect_response,
            room_moved_response, signal_response,
        };
        match (self, tag) {
            (Self::Response, signal_response::JOIN) => Action::Enter(Self::Join),
            (Self::Response, signal_response::RECONNECT) => Action::Enter(Self::Reconnect),
            (Self::Response, signal_response::UPDATE) => Action::Enter(Self::Update),
            (Self::Response, signal_response::ROOM_MOVED) => Action::Enter(Self::Moved),
            (
                Self::Response,
                signal_response::ANSWER
                | signal_response::TRICKLE
                | signal_response::LEAVE
                | signal_response::REFRESH_TOKEN
                | signal_response::PONG_RESP
                | signal_response::REQUEST_RESPONSE
                | signal_response::PUBLISH_DATA_TRACK_RESPONSE
                | signal_response::UNPUBLISH_DATA_TRACK_RESPONSE
                | signal_response::DATA_TRACK_SUBSCRIBER_HANDLES,
            )
            | (Self::Moved, room_moved_response::TOKEN) => Action::Keep,
            (Self::Join, join_response::PARTICIPANT | join_response::OTHER_PARTICIPANTS)
            | (
                Self::Moved,
                room_moved_response::PARTICIPANT | room_moved_response::OTHER_PARTICIPANTS,
            )
            | (Self::Update, participant_update::PARTICIPANTS) => Action::Enter(Self::Participant),
            (Self::Join, join_response::PING_INTERVAL | join_response::PING_TIMEOUT)
            | (Self::Reconnect, reconnect_response::LAST_MESSAGE_SEQ)
            | (
                Self::Participant,
                participant_info::STATE
                | participant_info::KIND
                | participant_info::CLIENT_PROTOCOL
                | participant_info::DISCONNECT_REASON,
            ) => Action::Number,
            (
                Self::Participant,
                participant_info::SID
                | participant_info::IDENTITY
                | participant_info::NAME
                | participant_info::ATTRIBUTES
                | participant_info::DATA_TRACKS,
            ) => Action::Keep,
            _ => Action::Skip,
        }
    }
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A number, of the message `of`.
    Number { of: Kind, tag: u32, value: u64 },
    /// Bytes: the first `len` of the buffer.
    Bytes { of: Kind, tag: u32, len: usize },
    /// Bytes that do not fit the buffer.
    TooLong { of: Kind, tag: u32, len: usize },
    /// A participant, `tag` of the message `of`: a `ParticipantInfo` in the first `len` bytes of the buffer.
    Participant { of: Kind, tag: u32, len: usize },
    /// The beginning of a message of [`Kind::Moved`].
    Begin(Kind),
    /// The end of a message that is not [`Kind::Participant`], nor the outermost.
    End(Kind),
}

/// How deep the messages of interest are in each other.
const DEPTH: usize = 3;

/// Where the scan is in a message.
pub(super) struct Scan {
    levels: [Level; DEPTH],
    /// The innermost of `levels`.
    depth: u8,
    state: State,
    /// Of the varint that is being read.
    varint: u64,
    shift: u8,
    /// Of the current field.
    tag: u32,
    /// The length of the current field, as long as it is gone through or kept.
    len: u32,
    /// Bytes in the buffer.
    held: usize,
    /// Bytes of the message so far.
    offset: u32,
}

#[derive(Clone, Copy)]
struct Level {
    kind: Kind,
    /// The field of the level around that it is.
    tag: u32,
    /// Bytes that are still to come of it.
    left: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Tag,
    Number,
    Length,
    Skip(u32),
    Keep(u32),
}

impl Scan {
    pub(super) const fn new() -> Self {
        const OUTERMOST: Level = Level { kind: Kind::Response, tag: 0, left: u32::MAX };
        Self {
            levels: [OUTERMOST; DEPTH],
            depth: 0,
            state: State::Tag,
            varint: 0,
            shift: 0,
            tag: 0,
            len: 0,
            held: 0,
            offset: 0,
        }
    }

    /// Goes on with `bytes` of a message, and takes those off that it went through. `None`: all of them.
    #[inline(never)]
    pub(super) fn next(
        &mut self,
        bytes: &mut &[u8],
        buf: &mut [u8],
    ) -> Result<Option<Step>, MessageError> {
        loop {
            if let Some(step) = self.end_of_level() {
                return Ok(Some(step));
            }
            let Some((&byte, rest)) = bytes.split_first() else { return Ok(None) };
            match self.state {
                State::Skip(left) | State::Keep(left) => {
                    let count = bytes.len().min(left as usize);
                    let (taken, rest) = bytes.split_at_checked(count).unwrap_or_default();
                    *bytes = rest;
                    let is_kept = matches!(self.state, State::Keep(_));
                    if is_kept {
                        self.hold(taken, buf);
                    }
                    self.advance(count as u32);
                    let left = left.saturating_sub(count as u32);
                    self.state = if is_kept { State::Keep(left) } else { State::Skip(left) };
                    if left == 0
                        && let Some(step) = self.end_of_field(is_kept)
                    {
                        return Ok(Some(step));
                    }
                }
                State::Tag | State::Number | State::Length => {
                    *bytes = rest;
                    if let Some(step) = self.byte_of_varint(byte, buf)? {
                        return Ok(Some(step));
                    }
                }
            }
        }
    }

    /// The message has ended.
    pub(super) fn finish(&mut self) -> Result<(), MessageError> {
        let is_whole = self.depth == 0 && self.state == State::Tag && self.shift == 0;
        let offset = self.offset;
        *self = Self::new();
        if is_whole { Ok(()) } else { Err(MessageError { offset }) }
    }

    fn level(&self) -> Level {
        let index = usize::from(self.depth);
        self.levels.get(index).copied().unwrap_or(Self::new().levels[0])
    }

    /// Counts bytes of the innermost message; those around have counted its whole length.
    fn advance(&mut self, count: u32) {
        self.offset = self.offset.saturating_add(count);
        if self.depth > 0
            && let Some(level) = self.levels.get_mut(usize::from(self.depth))
        {
            level.left = level.left.saturating_sub(count);
        }
    }

    fn malformed(&self) -> MessageError {
        MessageError { offset: self.offset }
    }

    /// The innermost message is over, if it is.
    fn end_of_level(&mut self) -> Option<Step> {
        let Level { kind, tag, left } = self.level();
        if self.depth == 0 || left > 0 || self.state != State::Tag || self.shift > 0 {
            return None;
        }
        self.depth = self.depth.saturating_sub(1);
        if kind != Kind::Participant {
            return Some(Step::End(kind));
        }
        Some(Step::Participant { of: self.level().kind, tag, len: core::mem::take(&mut self.held) })
    }

    /// The next byte of a tag, a number or a length.
    fn byte_of_varint(&mut self, byte: u8, buf: &mut [u8]) -> Result<Option<Step>, MessageError> {
        let level = self.level();
        // The tenth byte holds one bit.
        if level.left == 0 || self.shift == 63 && byte > 1 {
            return Err(self.malformed());
        }
        self.advance(1);
        self.varint |= u64::from(byte & 0x7f) << self.shift;
        if byte >= 0x80 {
            self.shift = self.shift.saturating_add(7);
            return Ok(None);
        }
        self.shift = 0;
        let value = core::mem::take(&mut self.varint);
        match self.state {
            State::Number => {
                self.state = State::Tag;
                let Action::Number = level.kind.action(self.tag) else { return Ok(None) };
                if level.kind == Kind::Participant {
                    self.hold_field(self.tag, value, 0, buf);
                    return Ok(None);
                }
                Ok(Some(Step::Number { of: level.kind, tag: self.tag, value }))
            }
            State::Length => self.length(value, buf),
            _ => {
                self.tag = u32::try_from(value).map_err(|_| self.malformed())?;
                self.state = match self.tag & 7 {
                    _ if self.tag < 8 => return Err(self.malformed()),
                    0 => State::Number,
                    1 => self.skip(8)?,
                    2 => State::Length,
                    5 => self.skip(4)?,
                    // Groups, which no message of LiveKit has.
                    _ => return Err(self.malformed()),
                };
                Ok(None)
            }
        }
    }

    fn skip(&self, len: u32) -> Result<State, MessageError> {
        if len > self.level().left { Err(self.malformed()) } else { Ok(State::Skip(len)) }
    }

    /// The length of a field is known.
    fn length(&mut self, value: u64, buf: &mut [u8]) -> Result<Option<Step>, MessageError> {
        let level = self.level();
        let len = u32::try_from(value).ok().filter(|len| *len <= level.left);
        let len = len.ok_or(self.malformed())?;
        self.len = len;
        let fits = match level.kind.action(self.tag) {
            Action::Enter(kind) => {
                let depth = self.depth.saturating_add(1);
                let Some(inner) = self.levels.get_mut(usize::from(depth)) else {
                    return Err(self.malformed());
                };
                *inner = Level { kind, tag: self.tag, left: len };
                if self.depth > 0
                    && let Some(outer) = self.levels.get_mut(usize::from(self.depth))
                {
                    outer.left = outer.left.saturating_sub(len);
                }
                (self.depth, self.state, self.held) = (depth, State::Tag, 0);
                return Ok((kind == Kind::Moved).then_some(Step::Begin(kind)));
            }
            Action::Keep if level.kind == Kind::Participant => {
                self.hold_field(self.tag, value, len as usize, buf)
            }
            Action::Keep => {
                self.held = 0;
                len as usize <= buf.len()
            }
            Action::Skip | Action::Number => false,
        };
        self.state = if fits { State::Keep(len) } else { State::Skip(len) };
        Ok(if len == 0 { self.end_of_field(fits) } else { None })
    }

    /// The bytes of a field are through.
    fn end_of_field(&mut self, is_kept: bool) -> Option<Step> {
        self.state = State::Tag;
        let (of, tag, len) = (self.level().kind, self.tag, self.len as usize);
        if of == Kind::Participant || of.action(tag) != Action::Keep {
            return None;
        }
        self.held = 0;
        Some(if is_kept { Step::Bytes { of, tag, len } } else { Step::TooLong { of, tag, len } })
    }

    /// Puts a tag and a number into the buffer, if there is space for them and for `more` bytes.
    fn hold_field(&mut self, tag: u32, number: u64, more: usize, buf: &mut [u8]) -> bool {
        let before = self.held;
        for mut value in [u64::from(tag), number] {
            loop {
                let is_last = value < 0x80;
                let byte = value as u8 & 0x7f | if is_last { 0 } else { 0x80 };
                self.hold(&[byte], buf);
                if is_last {
                    break;
                }
                value >>= 7;
            }
        }
        let fits = self.held.saturating_add(more) <= buf.len();
        if !fits {
            self.held = before;
        }
        fits
    }

    /// Puts bytes into the buffer, as far as there is space; all are counted.
    fn hold(&mut self, bytes: &[u8], buf: &mut [u8]) {
        let end = self.held.saturating_add(bytes.len());
        if let Some(space) = buf.get_mut(self.held..end) {
            crate::codec::rt::copy(space, bytes);
        }
        self.held = end;
    }
}

#[cfg(test)]
mod tests;
