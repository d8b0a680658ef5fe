//! What is kept of a packet until it is answered.

use super::bytes::Writer;
use super::chunk::{ERROR, HEARTBEAT_ACK, cause};
use crate::bytes::copy;

/// One answer that quotes the peer: the newest. The peer repeats what was not answered.
pub(super) struct Answer {
    pub(super) kind: AnswerKind,
    len: u8,
    bytes: [u8; CAPACITY],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AnswerKind {
    Nothing = 0,
    /// A State Cookie, and unrecognized parameters.
    InitAck,
    /// What a HEARTBEAT said.
    HeartbeatAck,
    /// Error causes.
    Error,
}

impl Answer {
    pub(super) const NONE: Self = Self { kind: AnswerKind::Nothing, len: 0, bytes: [0; CAPACITY] };

    pub(super) fn clear(&mut self) {
        self.kind = AnswerKind::Nothing;
        self.len = 0;
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len.into()).unwrap_or(&[])
    }

    /// Keeps what `write` writes; nothing if it does not fit.
    pub(super) fn keep(&mut self, kind: AnswerKind, write: impl FnOnce(&mut Writer)) {
        let mut writer = Writer::new(&mut self.bytes);
        write(&mut writer);
        let (len, full) = (writer.len(), writer.full());
        self.clear();
        if !full {
            self.kind = kind;
            self.len = len as u8;
        }
    }

    /// Replaces the first bytes.
    pub(super) fn overwrite(&mut self, bytes: &[u8]) {
        copy(&mut self.bytes, bytes);
    }

    /// Adds an unrecognized parameter, if it fits. RFC 9260, 3.2.1: they are reported in INIT ACK, or in the
    /// ERROR that answers an INIT ACK.
    pub(super) fn add(&mut self, parameter: u16, whole: &[u8]) {
        let start = usize::from(self.len);
        let free = self.bytes.get_mut(start..).unwrap_or(&mut []);
        let mut writer = Writer::new(free);
        writer.u16(parameter);
        writer.u16((whole.len() as u16).wrapping_add(4));
        writer.put(whole);
        let padding = writer.len().wrapping_neg() & 3;
        writer.put([0; 3].get(..padding).unwrap_or(&[]));
        if !writer.full() {
            self.len = start.saturating_add(writer.len()) as u8;
        }
    }

    /// RFC 9260, 3.3.6: a HEARTBEAT ACK says what the HEARTBEAT said. One that is too long to keep gets no answer.
    pub(super) fn heartbeat(&mut self, said: &[u8]) {
        self.keep(AnswerKind::HeartbeatAck, |writer| writer.put(said));
    }

    /// RFC 9260, 3.3.10.6: an unrecognized chunk, of which as much is quoted as can be kept.
    pub(super) fn unrecognized_chunk(&mut self, kind: u8, flags: u8, body: &[u8]) {
        let quoted = body.get(..QUOTED).unwrap_or(body);
        self.keep(AnswerKind::Error, |writer| {
            writer.u16(cause::UNRECOGNIZED_CHUNK);
            writer.u16((quoted.len() as u16).wrapping_add(8));
            writer.put(&[kind, flags]);
            writer.u16((body.len() as u16).wrapping_add(4));
            writer.put(quoted);
        });
    }

    /// RFC 9260, 3.3.10.8: a parameter of an INIT ACK that is not recognized.
    pub(super) fn unrecognized_parameter(&mut self, whole: &[u8]) {
        self.clear();
        self.add(cause::UNRECOGNIZED_PARAMETERS, whole);
        if self.len > 0 {
            self.kind = AnswerKind::Error;
        }
    }

    /// RFC 9260, 3.3.10.1: a stream that does not exist.
    pub(super) fn invalid_stream(&mut self, stream: u16) {
        self.keep(AnswerKind::Error, |writer| {
            writer.u16(cause::INVALID_STREAM);
            writer.u16(8);
            writer.u16(stream);
            writer.u16(0);
        });
    }

    /// RFC 9260, 3.3.10.10.
    pub(super) fn shutting_down(&mut self) {
        self.keep(AnswerKind::Error, |writer| {
            writer.u16(cause::COOKIE_WHILE_SHUTTING_DOWN);
            writer.u16(4);
        });
    }

    /// Writes HEARTBEAT ACK or ERROR.
    pub(super) fn write(&mut self, writer: &mut Writer) {
        let kind = match self.kind {
            AnswerKind::HeartbeatAck => HEARTBEAT_ACK,
            AnswerKind::Error => ERROR,
            AnswerKind::Nothing | AnswerKind::InitAck => return,
        };
        let start = writer.begin(kind, 0);
        writer.put(self.bytes());
        if writer.end(start) {
            self.clear();
        }
    }
}

/// A State Cookie takes 32 bytes; what heartbeats of libwebrtc, pion and usrsctp say at most 44.
const CAPACITY: usize = 44;

/// How much of an unrecognized chunk is quoted after its head.
const QUOTED: usize = 32;
