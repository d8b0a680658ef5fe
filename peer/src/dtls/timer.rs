//! When a flight is sent again, and when the handshake has failed.

/// Times in ms, wrapping.
pub(super) struct Timer {
    started: u32,
    sent: u32,
    wait: u32,
    /// How often a flight was sent again, to tell what was received before that from what was after it.
    pub retransmissions: u8,
    /// Whether another cookie is answered.
    pub takes_cookie: bool,
}

impl Timer {
    pub const fn new() -> Self {
        Self { started: 0, sent: 0, wait: 0, retransmissions: 0, takes_cookie: false }
    }

    pub fn start(&mut self, now: u32) {
        *self = Self { started: now, sent: now, wait: FIRST_WAIT, ..Self::new() };
    }

    /// A new flight is sent.
    pub fn new_flight(&mut self) {
        self.wait = FIRST_WAIT;
        self.takes_cookie = false;
    }

    /// A datagram of the flight was sent.
    pub fn sent(&mut self, now: u32) {
        self.sent = now;
    }

    /// The flight is about to be sent again.
    pub fn retransmit(&mut self) {
        // RFC 6347, 4.2.4.1: "double the value at each retransmission".
        self.wait = self.wait.saturating_mul(2).min(LAST_WAIT);
        self.retransmissions = self.retransmissions.wrapping_add(1);
        self.takes_cookie = true;
    }

    /// In how many ms the flight is due again.
    pub fn retransmit_in(&self, now: u32) -> u32 {
        self.wait.saturating_sub(now.wrapping_sub(self.sent))
    }

    /// In how many ms the handshake has failed.
    pub fn fail_in(&self, now: u32) -> u32 {
        HANDSHAKE.saturating_sub(now.wrapping_sub(self.started))
    }

    /// Whether a repeated flight of the server's may be answered.
    pub fn may_repeat(&self, now: u32) -> bool {
        now.wrapping_sub(self.sent) >= BETWEEN_REPEATS
    }
}

/// RFC 6347, 4.2.4.1, recommends 1 s. RFC 9147, 5.8.2, lets real-time protocols wait less, and RECOMMENDS 400 ms for
/// DTLS-SRTP: the same handshakes over the same paths as those of data channels.
const FIRST_WAIT: u32 = 400;
/// RFC 6347 goes on to 60 s, for congestion. A flight is one datagram or a few, and [`HANDSHAKE`] bounds how many:
/// waits that go on doubling would leave most of that time unused.
const LAST_WAIT: u32 = 800;
/// As long as WebRTC's consent lasts (RFC 7675, 5.1): then the path itself counts as lost.
const HANDSHAKE: u32 = 30_000;
/// A server that sends its flight again every 100 ms while the device computes does not get an answer to each.
const BETWEEN_REPEATS: u32 = 200;
