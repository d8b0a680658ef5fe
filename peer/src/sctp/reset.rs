//! Stream resets (RFC 6525).

use super::association::{Association, State};
use super::bytes::{Reader, Writer};
use super::chunk::{RE_CONFIG, parameter};
use super::event::Step;
use super::input::Cursor;
use super::streams::StreamState;
use super::timer::Timer;

/// Requests to reset streams: one of this end's at most, and the answer to the peer's last.
pub(super) struct Reset {
    /// Runs while a request waits for its response.
    pub(super) timer: Timer,
    /// The number of this end's request.
    sequence: u32,
    /// The last TSN that was given out when it was made.
    last_tsn: u32,
    /// The number of the peer's next request.
    expected: u32,
    /// The number and the result of the response that is to be written, or was last.
    answered: u32,
    result: u8,
    respond: bool,
    /// A request was sent, and not answered.
    outstanding: bool,
    /// It is to be written.
    request: bool,
}

impl Reset {
    pub(super) const ZERO: Self = Self {
        timer: Timer::STOPPED,
        sequence: 0,
        last_tsn: 0,
        expected: 0,
        answered: 0,
        result: 0,
        respond: false,
        outstanding: false,
        request: false,
    };

    /// RFC 6525, 4.1: numbers of requests begin with the initial TSNs.
    pub(super) fn start(&mut self, tsn: u32, peer_tsn: u32) {
        *self = Self {
            sequence: tsn,
            expected: peer_tsn,
            answered: peer_tsn.wrapping_sub(1),
            ..Self::ZERO
        };
    }

    fn respond(&mut self, sequence: u32, result: u8) {
        self.answered = sequence;
        self.result = result;
        self.respond = true;
    }
}

impl<'a, const STREAMS: usize> Association<'a, STREAMS> {
    /// RE-CONFIG. Called again for the same chunk while it returns events.
    pub(super) fn re_config(&mut self, body: &[u8], cursor: &mut Cursor, now: u32) -> Option<Step> {
        let mut parameters = Reader(body);
        while let Some(found) = parameters.parameter() {
            let mut value = Reader(found.value);
            let sequence = value.u32()?;
            match found.kind {
                parameter::OUTGOING_RESET => {
                    if let Some(step) = self.incoming_reset(sequence, value, cursor) {
                        return Some(step);
                    }
                }
                parameter::RECONFIG_RESPONSE => self.reset_response(sequence, value.u32()?, now),
                // RFC 6525, 5.2.3, 5.2.4, 5.2.5, 5.2.6: requests that WebRTC does not use are denied.
                parameter::INCOMING_RESET..=parameter::ADD_INCOMING_STREAMS => {
                    let result = self.judge(sequence, DENIED);
                    self.reset.respond(sequence, result);
                }
                _ => {}
            }
        }
        None
    }

    /// The result of a request that would have `result` if it is the one that is expected.
    fn judge(&mut self, sequence: u32, result: u8) -> u8 {
        if sequence == self.reset.expected {
            if result != IN_PROGRESS {
                self.reset.expected = sequence.wrapping_add(1);
            }
            result
        } else if sequence == self.reset.answered {
            // RFC 6525, 5.2.1: the response was lost, and is sent again.
            self.reset.result
        } else {
            BAD_SEQUENCE
        }
    }

    /// The peer resets streams on which it sends (RFC 6525, 5.2.2).
    fn incoming_reset(
        &mut self,
        sequence: u32,
        mut value: Reader,
        cursor: &mut Cursor,
    ) -> Option<Step> {
        value.u32()?;
        let last_tsn = value.u32()?;
        let mut result = PERFORMED;
        if sequence == self.reset.expected {
            if !self.received(last_tsn) {
                // E2: not before everything that was sent on the streams came.
                result = IN_PROGRESS;
            } else {
                let (streams, _) = value.0.as_chunks::<2>();
                let step = match streams.get(usize::from(cursor.part)) {
                    Some(stream) => Some(Step::StreamReset { stream: u16::from_be_bytes(*stream) }),
                    // 4.1: a request without streams is for all of them.
                    None if streams.is_empty() && cursor.part == 0 => Some(Step::AllStreamsReset),
                    None => None,
                };
                if step.is_some() {
                    cursor.part = cursor.part.wrapping_add(1);
                    return step;
                }
                cursor.part = 0;
            }
        }
        let result = self.judge(sequence, result);
        self.reset.respond(sequence, result);
        None
    }

    /// The peer's response to this end's request (RFC 6525, 5.2.7).
    fn reset_response(&mut self, sequence: u32, result: u32, now: u32) {
        if !self.reset.outstanding || sequence != self.reset.sequence {
            return;
        }
        self.errors = 0;
        if result == u32::from(IN_PROGRESS) {
            // The same request again, after a while.
            self.reset.timer.start(now, self.sender.rto.ms());
            return;
        }
        // Also a peer that denies it has answered, and would not answer otherwise another time.
        self.reset.outstanding = false;
        self.reset.request = false;
        self.reset.sequence = sequence.wrapping_add(1);
        self.reset.timer.stop();
        self.streams.reset_done();
    }

    /// The request was not answered in time.
    pub(super) fn reset_timeout(&mut self, now: u32) {
        if self.reset.timer.expired(now) {
            self.reset.timer.stop();
            self.reset.request = true;
            self.sender.rto.back_off(self.config.rto_max_ms);
            self.count_error();
        }
    }

    /// Whether a RE-CONFIG is to be written.
    pub(super) fn reset_ready(&self) -> bool {
        self.reset.respond || self.reset.request || self.can_request()
    }

    /// RFC 8831, 6.7, and RFC 6525, 5.1.2: a stream is reset when nothing that was sent on it is left; one request
    /// at a time.
    fn can_request(&self) -> bool {
        matches!(self.state, State::Established | State::ShutdownPending)
            && !self.reset.outstanding
            && self.streams.all().any(|stream| {
                stream.state == StreamState::ResetWanted && !self.sender.holds(stream.id)
            })
    }

    /// Writes the response and the request that are due.
    pub(super) fn write_re_config(&mut self, writer: &mut Writer, now: u32) {
        if self.can_request() {
            for stream in self.streams.all_mut() {
                if stream.state == StreamState::ResetWanted && !self.sender.holds(stream.id) {
                    stream.state = StreamState::ResetSent;
                }
            }
            self.reset.last_tsn = self.sender.last_tsn();
            self.reset.outstanding = true;
            self.reset.request = true;
        }
        if !self.reset.respond && !self.reset.request {
            return;
        }
        let start = writer.begin(RE_CONFIG, 0);
        if self.reset.respond {
            writer.u16(parameter::RECONFIG_RESPONSE);
            writer.u16(12);
            writer.u32(self.reset.answered);
            writer.u32(self.reset.result.into());
        }
        if self.reset.request {
            let sent =
                || self.streams.all().filter(|stream| stream.state == StreamState::ResetSent);
            writer.u16(parameter::OUTGOING_RESET);
            writer.u16((sent().count() as u16).wrapping_mul(2).wrapping_add(16));
            writer.u32(self.reset.sequence);
            // RFC 6525, 4.1: no response to a request of the peer, so the number before the next of those.
            writer.u32(self.reset.expected.wrapping_sub(1));
            writer.u32(self.reset.last_tsn);
            sent().for_each(|stream| writer.u16(stream.id));
        }
        if writer.end(start) {
            self.reset.respond = false;
            if self.reset.request {
                self.reset.request = false;
                self.reset.timer.start(now, self.sender.rto.ms());
            }
        }
    }
}

/// Results (RFC 6525, 4.4).
const PERFORMED: u8 = 1;
const DENIED: u8 = 2;
const BAD_SEQUENCE: u8 = 5;
const IN_PROGRESS: u8 = 6;
