//! The initiator's half of the handshake. It is linked only where `connect` is called.

use super::Config;
use super::answer::Answer;
use super::association::{Association, State, reply};
use super::bytes::{Reader, Writer};
use super::chunk::{COOKIE_ECHO, INIT, INIT_ACK, parameter};
use super::handshake::PeerInit;
use super::told;
use crate::Crypto;
use crate::bytes::copy;

/// What only an initiator does, by functions: so that a responder does not link them.
pub(super) type Initiator<'a, const STREAMS: usize> =
    fn(&mut Association<'a, STREAMS>, InitiatorTask, u32);

pub(super) enum InitiatorTask<'t, 'w> {
    /// INIT ACK or COOKIE ACK.
    Read(u8, &'t [u8]),
    /// INIT or COOKIE ECHO.
    Write(&'t mut Writer<'w>),
}

impl<'a, const STREAMS: usize> Association<'a, STREAMS> {
    /// Starts, and initiates. The peer may initiate at the same time.
    ///
    /// Peers of WebRTC initiate: use [`start`](Self::start), which needs less flash, where the peer is one of them.
    pub fn connect(&mut self, crypto: &mut impl Crypto, config: &Config) {
        self.start(crypto, config);
        self.initiator = Some(Self::initiate);
        self.state = State::CookieWait;
        self.replies = reply::INITIATE;
    }

    fn initiate(&mut self, task: InitiatorTask, now: u32) {
        match task {
            InitiatorTask::Read(INIT_ACK, body) => self.init_ack(body),
            // RFC 9260, 5.1, E. 5.2.5: in other states a COOKIE ACK is discarded.
            InitiatorTask::Read(..) if self.state == State::CookieEchoed => {
                self.opened(told::CONNECTED, now);
            }
            InitiatorTask::Read(..) => {}
            InitiatorTask::Write(writer) => self.write_initiation(writer, now),
        }
    }

    /// RFC 9260, 5.1, C. 5.2.3: in other states an INIT ACK is discarded.
    fn init_ack(&mut self, body: &[u8]) {
        if self.state != State::CookieWait {
            return;
        }
        let tsn = self.sender.base;
        let Some(peer) = PeerInit::read(body, &mut self.answer, Answer::unrecognized_parameter)
        else {
            return;
        };
        let mut parameters = Reader(body.get(FIXED..).unwrap_or(&[]));
        while let Some(found) = parameters.parameter() {
            if found.kind == parameter::STATE_COOKIE {
                // No message can be sent yet: the transmit buffer keeps the cookie, after its length.
                let scratch = self.sender.queue.scratch();
                let Some((length, rest)) = scratch.split_first_chunk_mut() else { return };
                let Some(free) = rest.get_mut(..found.value.len()) else { return };
                *length = (found.value.len() as u16).to_be_bytes();
                copy(free, found.value);
                self.adopt(&peer, tsn);
                self.state = State::CookieEchoed;
                self.replies |= reply::INITIATE;
                return;
            }
        }
    }

    fn write_initiation(&mut self, writer: &mut Writer, now: u32) {
        if self.state == State::CookieWait {
            let start = writer.begin(INIT, 0);
            self.write_init(writer, self.tag, self.sender.base);
            writer.end(start);
        } else {
            let start = writer.begin(COOKIE_ECHO, 0);
            let mut scratch = Reader(self.sender.queue.scratch());
            let length = usize::from(scratch.u16().unwrap_or(0));
            writer.put(scratch.0.get(..length).unwrap_or(&[]));
            writer.end(start);
        }
        // T1-init, T1-cookie.
        self.sender.timer.start(now, self.sender.rto.ms());
    }
}

/// The fixed part of INIT and INIT ACK, in bytes.
const FIXED: usize = 16;
