//! The client: what the caller calls.

use super::Alert;
use super::error::Error;
use super::exchange::{Exchange, Secrets};
use super::flight::{Flight, Kind};
use super::keys::HEADER_BYTES;
use super::prf::Secret;
use super::reassembly::Reassembly;
use super::record::{APPLICATION_DATA, Header, LAST_SEQUENCE, RECORD_HEADER};
use super::state::{Identity, Phase, State};
use super::timer::Timer;
use crate::Crypto;

/// A DTLS 1.2 client: one session at a time.
pub struct Client<'a, C: Crypto> {
    pub(super) identity: Option<Identity<'a, C>>,
    pub(super) fingerprint: [u8; 32],
    pub(super) phase: Phase,
    /// Why the session is over.
    error: Error,
    /// The server requested a certificate.
    pub(super) is_mutual: bool,
    pub(super) reassembly: Reassembly<'a>,
    pub(super) secrets: Secrets<C>,
    /// The handshake messages so far, from ServerHello on.
    pub(super) transcript: Option<C::Sha256>,
    /// The master secret, from the key agreement to our Finished.
    pub(super) master: Secret<48>,
    /// What the server's Finished must say.
    pub(super) expected: [u8; 12],
    pub(super) flight: Flight,
    pub(super) timer: Timer,
    /// The number of the next record without protection.
    pub(super) plain_next: u32,
    /// The number of the first record that had the current cookie.
    pub(super) cookie_sent: u32,
    /// How many records under protection are not sent, of all that could be.
    pub(super) unused_numbers: u64,
    /// What was wrong with the last message that was discarded since one was accepted, and how many retransmissions there
    /// had been.
    pub(super) doubt: Option<(Error, u8)>,
    /// The last alert that came without protection.
    pub(super) received_alert: Option<Alert>,
    /// The alert that the next poll sends.
    pub(super) alert: Option<Alert>,
    /// The largest datagram of a handshake; 0 for the default.
    pub(super) mtu: u16,
}

impl<'a, C: Crypto> Client<'a, C> {
    /// A client whose handshake messages from the server are at most as long as `message`.
    ///
    /// The server's certificate decides: 1 KB does for a self-signed one with a P-256 key. What is left of the
    /// buffer keeps messages that arrive too early.
    pub const fn new(message: &'a mut [u8]) -> Self {
        Self {
            identity: None,
            fingerprint: [0; 32],
            phase: Phase::Idle,
            error: Error::Closed,
            is_mutual: false,
            reassembly: Reassembly::new(message),
            secrets: Secrets::None,
            transcript: None,
            master: Secret([0; 48]),
            expected: [0; 12],
            flight: Flight::new(),
            timer: Timer::new(),
            plain_next: 0,
            cookie_sent: 0,
            unused_numbers: 0,
            doubt: None,
            received_alert: None,
            alert: None,
            mtu: 0,
        }
    }

    /// Starts a handshake with the server whose certificate has this SHA-256 fingerprint. A session before is
    /// forgotten. `now_ms` is of any clock that does not go back.
    #[inline(never)] // A fresh state is made on the stack, which is not to add to that of the caller's other calls.
    pub fn start(
        &mut self,
        crypto: &mut C,
        identity: Identity<'a, C>,
        fingerprint: [u8; 32],
        now_ms: u64,
    ) {
        self.flight.set_certificate(identity.certificate);
        self.identity = Some(identity);
        self.fingerprint = fingerprint;
        self.phase = Phase::ServerHello;
        self.is_mutual = false;
        self.reassembly.restart(0);
        self.secrets = Secrets::Exchange(Exchange::new());
        if let Some(exchange) = self.secrets.exchange_mut() {
            // RFC 5246, 7.4.1.2: the first four bytes may be random too (RFC 9325 has no use for a clock there).
            crypto.random(&mut exchange.client_random);
        }
        self.transcript = None;
        self.master = Secret([0; 48]);
        self.flight.hello_sequence = 0;
        self.flight.begin(Kind::Hello);
        self.timer.start(now_ms as u32);
        self.plain_next = 0;
        self.unused_numbers = LAST_SEQUENCE;
        self.doubt = None;
        self.received_alert = None;
        self.alert = None;
    }

    /// Sets the largest datagram of a handshake, in bytes: 200 to 16 384. 1 200 if it is never called.
    pub fn set_mtu(&mut self, bytes: usize) {
        self.mtu = bytes.clamp(200, 16_384) as u16;
    }

    /// Ends the session after so many more records; without it after 2^48 - 1 in all. It may serve to bound the use
    /// of a key. Call it after [`Client::start`].
    ///
    /// RFC 6347, 4.1: "implementations MUST either abandon an association or rehandshake prior to allowing the
    /// sequence number to wrap."
    pub fn set_record_limit(&mut self, records: u64) {
        self.unused_numbers = self.unused_numbers.min(records);
    }

    /// Where the session is.
    pub fn state(&self) -> State {
        match self.phase {
            Phase::Idle => State::Idle,
            Phase::Connected => State::Connected,
            Phase::Closed => State::Closed(self.error),
            _ => State::Connecting,
        }
    }

    /// Goes through the records of a datagram from `*at` on, which is 0 at first. Returns the next application
    /// data, decrypted in place, and sets `*at` to where the next call goes on; `None` at the end of the datagram.
    #[inline(never)]
    pub fn input<'d>(
        &mut self,
        crypto: &mut C,
        datagram: &'d mut [u8],
        at: &mut usize,
        now_ms: u64,
    ) -> Option<&'d mut [u8]> {
        let range = loop {
            let rest = datagram.get_mut(*at..)?;
            let Some((header, body)) = Header::split(rest) else {
                // RFC 6347, 4.1.2.7: a record that does not fit the datagram is discarded, and all after it.
                *at = datagram.len();
                return None;
            };
            let len = body.len();
            let text = self.record(crypto, &header, body, now_ms as u32);
            let start = at.wrapping_add(HEADER_BYTES);
            *at = at.wrapping_add(RECORD_HEADER).wrapping_add(len);
            if let Some(text) = text {
                break start..start.wrapping_add(text);
            }
        };
        datagram.get_mut(range)
    }

    /// Makes at most one datagram of a handshake, or an alert, in `out`, which needs as many bytes as
    /// [`Client::set_mtu`] allows; or does a step of the handshake's computations, with at most one operation of P-256.
    #[inline(never)]
    pub fn poll(&mut self, crypto: &mut C, now_ms: u64, out: &mut [u8]) -> Option<usize> {
        if let Some(alert) = self.alert.take() {
            let len = self.write_alert(crypto, alert, out);
            if self.phase == Phase::Closed {
                self.secrets = Secrets::None;
            }
            return len;
        }
        if !self.is_connecting() {
            return None;
        }
        let now = now_ms as u32;
        if self.timer.fail_in(now) == 0 {
            self.fail(self.time_out());
            return None;
        }
        if self.is_waiting() && self.flight.item().is_none() && self.timer.retransmit_in(now) == 0 {
            self.timer.retransmit();
            self.flight.rewind();
        }
        if self.flight.item().is_some() {
            let len = self.write_flight(crypto, out);
            self.timer.sent(now);
            return len;
        }
        self.compute(crypto);
        None
    }

    /// In how many ms [`Client::poll`] has something to do, if nothing is received before.
    pub fn poll_in(&self, now_ms: u64) -> Option<u32> {
        if self.alert.is_some() {
            return Some(0);
        }
        if !self.is_connecting() {
            return None;
        }
        if self.flight.item().is_some() || self.work().is_some() {
            return Some(0);
        }
        let now = now_ms as u32;
        Some(self.timer.retransmit_in(now).min(self.timer.fail_in(now)))
    }

    /// Makes a record of the `len` bytes from `out[HEADER_BYTES]` on, in place: the length of the record, which needs
    /// [`HEADER_BYTES`] + `len` + [`TAG_BYTES`](super::TAG_BYTES). `None` if `out` is shorter, `len` is above 16 384,
    /// or the session is not connected; it may have ended just now, with [`Error::SequenceExhausted`].
    pub fn seal(&mut self, crypto: &mut C, out: &mut [u8], len: usize) -> Option<usize> {
        // RFC 5246, 6.2.1: "The length MUST NOT exceed 2^14."
        if self.phase != Phase::Connected || len > 1 << 14 {
            return None;
        }
        // The last number is for close_notify.
        if self.unused_numbers <= 1 {
            self.fail(Error::SequenceExhausted);
            return None;
        }
        let len = self.secrets.keys_mut()?.seal(crypto, APPLICATION_DATA, len, out)?;
        self.unused_numbers = self.unused_numbers.wrapping_sub(1);
        Some(len)
    }

    /// Closes the session. The next [`Client::poll`] tells the server.
    pub fn close(&mut self) {
        if self.phase == Phase::Connected || self.is_connecting() {
            self.fail(Error::Closed);
        }
    }

    /// Whether the session is one with this certificate of ours.
    pub(crate) fn has_certificate(&self, certificate: &[u8]) -> bool {
        self.identity.as_ref().is_some_and(|identity| identity.certificate == certificate)
    }

    /// Forgets the session and its keys, without a word to the server.
    pub(crate) fn forget(&mut self) {
        self.fail(Error::Closed);
        self.phase = Phase::Idle;
        self.alert = None;
        self.secrets = Secrets::None;
    }

    pub(super) fn is_connecting(&self) -> bool {
        !matches!(self.phase, Phase::Idle | Phase::Connected | Phase::Closed)
    }

    /// Whether it is the server's turn.
    fn is_waiting(&self) -> bool {
        self.phase != Phase::Computing
    }

    /// Ends the session. Keys stay for an alert; everything else that is secret goes.
    pub(super) fn fail(&mut self, error: Error) {
        self.phase = Phase::Closed;
        self.error = error;
        self.alert = error.alert();
        self.master = Secret([0; 48]);
        self.transcript = None;
        let is_needed = self.alert.is_some() && self.secrets.keys_mut().is_some();
        if !is_needed {
            self.secrets = Secrets::None;
        }
    }

    /// What was discarded on the way says more than that nothing else came.
    fn time_out(&self) -> Error {
        let waiting_for = self.wanted();
        let alert = self.received_alert;
        self.doubt.map_or(Error::TimedOut { waiting_for, alert }, |(error, _)| error)
    }
}
