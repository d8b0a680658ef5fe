//! What comes over the connection, an event at a time.

use super::client::{SignalClient, Stage};
use super::scan::{Kind, Step};
use super::websocket::Piece;
use super::{Event, SignalError};
use crate::borrowed::leave_request::Action;
use crate::borrowed::{
    DataTrackInfo, DataTrackSubscriberHandles, DisconnectReason, ParticipantInfo, RequestResponse,
    SessionDescription,
};
use crate::tags::{
    join_response, leave_request, pong, publish_data_track_response, reconnect_response,
    room_moved_response, signal_response, trickle_request,
};
use crate::{DecodeError, Reader, from_bytes};

impl SignalClient<'_> {
    /// Goes on with `bytes` that came over the connection, takes those off that it went through, and returns the next
    /// event; `None` when all are gone through.
    ///
    /// # Errors
    /// [`SignalError`]: the connection is over, close it. After [`SignalError::Refused`] the rest of `bytes` is text
    /// that says why, as far as it came with the status.
    pub fn receive(
        &mut self,
        bytes: &mut &[u8],
        now_ms: u64,
    ) -> Result<Option<Event<'_>>, SignalError> {
        match self.step(bytes, now_ms as u32) {
            Ok(None) => Ok(None),
            Ok(Some(step)) => {
                if self.show(step).is_err() {
                    self.stage = Stage::Idle;
                }
                self.show(step)
            }
            Err(error) => {
                self.stage = Stage::Idle;
                Err(error)
            }
        }
    }

    /// The next step that is an event.
    #[inline(never)]
    pub(crate) fn step(
        &mut self,
        bytes: &mut &[u8],
        now: u32,
    ) -> Result<Option<Step>, SignalError> {
        if self.stage == Stage::Idle {
            return Ok(None);
        }
        if !bytes.is_empty() {
            self.heard = now;
        }
        if self.stage == Stage::Upgrading {
            match self.handshake.next(bytes, &self.accept)? {
                None => return Ok(None),
                Some(101) => self.stage = Stage::Waiting,
                Some(status) => return Err(SignalError::Refused { status }),
            }
        }
        loop {
            // The bytes that are the current frame's.
            let count = self.frames.available(bytes.len());
            let mut message = bytes.get(..count).unwrap_or_default();
            while let Some(step) = self.scan.next(&mut message, self.buf)? {
                if self.takes(step, now)? {
                    self.frames.consumed(count.saturating_sub(message.len()), bytes);
                    return Ok(Some(step));
                }
            }
            self.frames.consumed(count, bytes);
            match self.frames.next(bytes)? {
                None => return Ok(None),
                Some(Piece::Message) => {}
                Some(Piece::End) => self.scan.finish()?,
                Some(Piece::Ping) => self.pong = true,
                Some(Piece::Pong) => {}
                Some(Piece::Close(code)) => return Err(SignalError::Closed { code }),
            }
        }
    }

    /// Notes what a step says to this client. Returns whether it is an event.
    fn takes(&mut self, step: Step, now: u32) -> Result<bool, SignalError> {
        let seconds = |value: u64| (value.clamp(1, 3_600) as u32).saturating_mul(1_000);
        // Before the first message others are not meant for this connection: a server may send what is under way.
        let is_first = matches!(
            step,
            Step::Number { of: Kind::Join | Kind::Reconnect, .. }
                | Step::Participant { of: Kind::Join, .. }
                | Step::End(Kind::Join | Kind::Reconnect)
                | Step::Bytes { of: Kind::Response, tag: signal_response::LEAVE, .. }
        );
        if self.stage != Stage::Open && !is_first {
            return Ok(false);
        }
        match step {
            Step::Number { of: Kind::Join, tag: join_response::PING_INTERVAL, value } => {
                self.interval = seconds(value);
            }
            Step::Number { of: Kind::Join, tag: join_response::PING_TIMEOUT, value } => {
                self.timeout = seconds(value);
            }
            Step::Number {
                of: Kind::Reconnect,
                tag: reconnect_response::LAST_MESSAGE_SEQ,
                value,
            } => {
                self.last_message_seq = value as u32;
            }
            Step::Number { .. } | Step::End(Kind::Response | Kind::Update | Kind::Moved) => {}
            Step::End(Kind::Join | Kind::Reconnect) => {
                self.stage = Stage::Open;
                // A resume has no times of its own; without any, those that every server has.
                if self.interval == 0 {
                    (self.interval, self.timeout) = (5_000, 15_000);
                }
                return Ok(true);
            }
            Step::Bytes { of: Kind::Response, tag: signal_response::PONG_RESP, len } => {
                let mut sent = 0;
                let mut r = Reader::new(self.buf.get(..len).unwrap_or_default());
                r.fields(|r, tag| {
                    if tag == pong::LAST_PING_TIMESTAMP {
                        sent = r.int64();
                    }
                });
                r.finish()?;
                self.rtt = now.wrapping_add(1).wrapping_sub(sent as u32).max(1);
            }
            Step::Bytes { tag: room_moved_response::TOKEN, of: Kind::Moved, len }
            | Step::Bytes { tag: signal_response::REFRESH_TOKEN, len, .. } => {
                return Ok(!self.keep_token(len));
            }
            _ => return Ok(true),
        }
        Ok(false)
    }

    /// Gives a step its bytes.
    #[inline(never)]
    pub(crate) fn show(&self, step: Step) -> Result<Option<Event<'_>>, SignalError> {
        let buf = &*self.buf;
        Ok(Some(match step {
            Step::End(Kind::Join) => Event::Joined,
            Step::End(_) => Event::Resumed { last_message_seq: self.last_message_seq },
            Step::Begin(_) => Event::Moved,
            Step::Participant { of, tag, len } => Event::Participant {
                is_local: matches!(
                    (of, tag),
                    (Kind::Join, join_response::PARTICIPANT)
                        | (Kind::Moved, room_moved_response::PARTICIPANT)
                ),
                info: from_bytes::<ParticipantInfo<'_>>(buf.get(..len).unwrap_or_default())?,
            },
            Step::TooLong { of, tag, len } | Step::Bytes { of: of @ Kind::Moved, tag, len } => {
                Event::Skipped { field: name(of, tag), len }
            }
            Step::Bytes { of, tag, len } => {
                let bytes = buf.get(..len).unwrap_or_default();
                match tag {
                    signal_response::ANSWER => {
                        Event::Answer(from_bytes::<SessionDescription<'_>>(bytes)?)
                    }
                    signal_response::TRICKLE => Event::Candidate(candidate(bytes)?),
                    signal_response::LEAVE => leave(bytes)?,
                    signal_response::REQUEST_RESPONSE => {
                        Event::RequestResponse(from_bytes::<RequestResponse<'_>>(bytes)?)
                    }
                    signal_response::PUBLISH_DATA_TRACK_RESPONSE => {
                        Event::DataTrackPublished(data_track(bytes)?)
                    }
                    signal_response::UNPUBLISH_DATA_TRACK_RESPONSE => {
                        Event::DataTrackUnpublished(data_track(bytes)?)
                    }
                    signal_response::DATA_TRACK_SUBSCRIBER_HANDLES => {
                        Event::DataTrackSubscriberHandles(from_bytes::<
                            DataTrackSubscriberHandles<'_>,
                        >(bytes)?)
                    }
                    _ => Event::Skipped { field: name(of, tag), len },
                }
            }
            Step::Number { .. } => return Ok(None),
        }))
    }
}

fn leave(bytes: &[u8]) -> Result<Event<'static>, DecodeError> {
    let (mut reason, mut action, mut can_reconnect) = (0, 0, false);
    let mut r = Reader::new(bytes);
    r.fields(|r, tag| match tag {
        leave_request::REASON => reason = r.int32(),
        leave_request::ACTION => action = r.int32(),
        leave_request::CAN_RECONNECT => can_reconnect = r.bool(),
        _ => {}
    });
    r.finish()?;
    // `can_reconnect` is what servers before protocol 13 set instead.
    let action = match Action(action) {
        Action::Disconnect if can_reconnect => Action::Reconnect,
        action => action,
    };
    Ok(Event::Leave { reason: DisconnectReason(reason), action })
}

/// The line of a candidate: of an object of JSON, `{"candidate":"candidate:…","sdpMid":"0",…}`. Empty if there is none,
/// or one with characters that no candidate has.
fn candidate(bytes: &[u8]) -> Result<&str, DecodeError> {
    let mut json = "";
    let mut r = Reader::new(bytes);
    r.fields(|r, tag| {
        if tag == trickle_request::CANDIDATE_INIT {
            json = r.str();
        }
    });
    r.finish()?;
    // By bytes: a search for a text would take 1 KB of flash, and can panic.
    const KEY: &[u8] = b"\"candidate\"";
    let key = json.as_bytes().windows(KEY.len()).position(|bytes| bytes == KEY);
    let value = key.and_then(|at| {
        let rest = json.get(at.saturating_add(KEY.len())..)?;
        let value = rest.trim_ascii_start().strip_prefix(':')?;
        let value = value.trim_ascii_start().strip_prefix('"')?;
        value.get(..value.bytes().position(|byte| byte == b'"')?)
    });
    Ok(value.filter(|value| value.bytes().all(|byte| byte != b'\\')).unwrap_or_default())
}

fn data_track(bytes: &[u8]) -> Result<DataTrackInfo<'_>, DecodeError> {
    let mut info: &[u8] = &[];
    let mut r = Reader::new(bytes);
    r.fields(|r, tag| {
        // The same in both responses.
        if tag == publish_data_track_response::INFO {
            info = r.bytes();
        }
    });
    r.finish()?;
    from_bytes(info)
}

/// The name of a field that is kept.
fn name(of: Kind, tag: u32) -> &'static str {
    match tag {
        _ if of == Kind::Moved => "room_moved.token",
        signal_response::ANSWER => "answer",
        signal_response::TRICKLE => "trickle",
        signal_response::LEAVE => "leave",
        signal_response::REFRESH_TOKEN => "refresh_token",
        signal_response::REQUEST_RESPONSE => "request_response",
        signal_response::PUBLISH_DATA_TRACK_RESPONSE => "publish_data_track_response",
        signal_response::UNPUBLISH_DATA_TRACK_RESPONSE => "unpublish_data_track_response",
        signal_response::DATA_TRACK_SUBSCRIBER_HANDLES => "data_track_subscriber_handles",
        _ => "pong_resp",
    }
}
