//! The client's end of signalling: what its caller calls.

use super::join::{self, Request};
use super::scan::Scan;
use super::websocket::{self, Frames, Handshake, Opcode};
use super::{Connect, JoinOptions, ServerUrl, SignalError};
use crate::borrowed::SignalRequest;
use crate::codec::rt::{Write as _, Writer, copy};
use crate::tags::{leave_request, ping, signal_request};
use crate::{EncodeError, to_slice_with};

/// A client of a server's signalling, over a connection of TCP or TLS that its caller opens. The
/// [module](crate::signal) says in which order it is called.
///
/// All zero at the start: one in a `static` takes no flash.
pub struct SignalClient<'a> {
    pub(super) buf: &'a mut [u8],
    token: &'a mut [u8],
    token_len: usize,
    pub(super) stage: Stage,
    pub(super) accept: [u8; 28],
    pub(super) handshake: Handshake,
    pub(super) frames: Frames,
    pub(super) scan: Scan,
    /// A pong is to be sent, with the payload of the last ping.
    pub(super) pong: bool,
    /// In milliseconds.
    pub(super) interval: u32,
    pub(super) timeout: u32,
    /// When the server was last heard, or the connection opened.
    pub(super) heard: u32,
    pinged: u32,
    /// The last round trip, in milliseconds; 0 if none was measured.
    pub(super) rtt: u32,
    pub(super) last_message_seq: u32,
}

/// How far the connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// There is none.
    Idle = 0,
    /// The request is sent.
    Upgrading,
    /// The WebSocket is open; `join` or `reconnect` is to come.
    Waiting,
    Open,
    /// This client has closed.
    Closing,
}

/// How long a server may take to let a participant in: it tries three times itself, for 3, 4 and 5 s.
const CONNECT_MS: u32 = 15_000;

/// Space in front of a message for the head of its frame.
const HEAD_BYTES: usize = 8;

impl<'a> SignalClient<'a> {
    /// A client without a connection.
    ///
    /// `buf` holds one field of a message at a time: an answer has some 500 bytes, a refreshed token 300 to 700, a
    /// participant 100 and its attributes. `token` holds the token: the server makes a new one every few minutes.
    pub const fn new(buf: &'a mut [u8], token: &'a mut [u8]) -> Self {
        Self {
            buf,
            token,
            token_len: 0,
            stage: Stage::Idle,
            accept: [0; 28],
            handshake: Handshake::new(),
            frames: Frames::new(),
            scan: Scan::new(),
            pong: false,
            interval: 0,
            timeout: 0,
            heard: 0,
            pinged: 0,
            rtt: 0,
            last_message_seq: 0,
        }
    }

    /// Sets the token; `false` if it is longer than its memory, or has bytes that a header cannot have.
    pub fn set_token(&mut self, token: &str) -> bool {
        let is_valid = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        match self.token.get_mut(..token.len()) {
            Some(space) if is_valid => copy(space, token.as_bytes()),
            _ => return false,
        }
        self.token_len = token.len();
        true
    }

    /// Keeps the first `len` bytes of the buffer as the token.
    pub(super) fn keep_token(&mut self, len: usize) -> bool {
        let Some(token) = self.buf.get(..len) else { return false };
        let Some(space) = self.token.get_mut(..len) else { return false };
        if !token.iter().all(u8::is_ascii_graphic) || token.is_empty() {
            return false;
        }
        copy(space, token);
        self.token_len = len;
        true
    }

    /// The newest token: of [`set_token`](Self::set_token), or of the server.
    pub fn token(&self) -> &str {
        let token = self.token.get(..self.token_len).unwrap_or_default();
        core::str::from_utf8(token).unwrap_or_default()
    }

    /// Begins a connection: writes the request that opens it to the end of `buf`, for a connection of TCP or TLS that
    /// has just been opened. It has 4 bytes for 3 of offer and options, the token, and 300 more.
    ///
    /// `random` is 16 random bytes.
    ///
    /// # Errors
    /// [`EncodeError`] says how many bytes it has.
    #[inline(never)]
    pub fn connect<'b>(
        &mut self,
        url: &ServerUrl<'_>,
        connect: Connect<'_>,
        options: &JoinOptions<'_>,
        random: &[u8; 16],
        now_ms: u64,
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], EncodeError> {
        let (key, accept) = join::keys(random);
        let token = self.token();
        let request = Request { url, token, key: &key, options, connect };
        let request = request.write(buf)?;
        self.stage = Stage::Upgrading;
        self.accept = accept;
        self.handshake = Handshake::new();
        self.frames = Frames::new();
        self.scan = Scan::new();
        self.pong = false;
        (self.interval, self.timeout) = (0, CONNECT_MS);
        // A server that has received nothing does not send its 0.
        self.last_message_seq = 0;
        (self.heard, self.pinged) = (now_ms as u32, now_ms as u32);
        Ok(request)
    }

    /// Makes what is to be sent without being asked for: a pong, a ping. Call it until it returns `None`, after each
    /// [`receive`](Self::receive) and when the time of [`poll_in`](Self::poll_in) has come. `buf` has 140 bytes; `mask` is
    /// four random bytes.
    ///
    /// # Errors
    /// [`SignalError::TimedOut`]: the connection is over.
    pub fn poll<'b>(
        &mut self,
        now_ms: u64,
        mask: [u8; 4],
        buf: &'b mut [u8],
    ) -> Result<Option<&'b [u8]>, SignalError> {
        let now = now_ms as u32;
        if self.stage == Stage::Idle {
            return Ok(None);
        }
        if now.wrapping_sub(self.heard) >= self.timeout {
            self.stage = Stage::Idle;
            return Err(SignalError::TimedOut);
        }
        if self.owes_pong() {
            self.pong = false;
            let payload = self.frames.payload();
            let Some(space) = buf.len().checked_sub(payload.len()).and_then(|at| buf.get_mut(at..))
            else {
                return Ok(None);
            };
            copy(space, payload);
            return Ok(frame(Opcode::Pong, payload.len(), mask, buf));
        }
        if self.stage != Stage::Open || now.wrapping_sub(self.pinged) < self.interval {
            return Ok(None);
        }
        self.pinged = now;
        let rtt = self.rtt;
        let sent = self.send(mask, buf, |w| {
            w.fields(signal_request::PING_REQ, |w| {
                w.int64(ping::RTT, rtt.into());
                // One below the clock's, so that it is never 0, which would not be sent.
                w.int64(ping::TIMESTAMP, i64::from(now).saturating_add(1));
            });
        });
        Ok(sent.ok())
    }

    /// A ping is to be answered, and the next one is not on its way.
    fn owes_pong(&self) -> bool {
        self.pong && !self.frames.is_in_control()
    }

    /// Returns in how many milliseconds [`poll`](Self::poll) has something to do, if nothing is received before;
    /// `None` without a connection.
    pub fn poll_in(&self, now_ms: u64) -> Option<u32> {
        let now = now_ms as u32;
        let timeout = self.timeout.saturating_sub(now.wrapping_sub(self.heard));
        match self.stage {
            Stage::Idle => None,
            _ if self.owes_pong() => Some(0),
            Stage::Open => {
                let ping = self.interval.saturating_sub(now.wrapping_sub(self.pinged));
                Some(ping.min(timeout))
            }
            _ => Some(timeout),
        }
    }

    /// Makes a frame of a request of this participant's, at the end of `buf`, which has 8 bytes more than the request.
    /// `mask` is four random bytes.
    ///
    /// # Errors
    /// [`EncodeError`]
    pub fn request<'b>(
        &mut self,
        request: &SignalRequest<'_>,
        mask: [u8; 4],
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], EncodeError> {
        self.send(mask, buf, |w| request.write(w))
    }

    /// As [`request`](Self::request), of fields.
    #[inline(always)]
    pub(crate) fn send<'b>(
        &mut self,
        mask: [u8; 4],
        buf: &'b mut [u8],
        fields: impl FnOnce(&mut Writer<'_>),
    ) -> Result<&'b [u8], EncodeError> {
        let available = buf.len();
        let space = buf.get_mut(HEAD_BYTES.min(available)..).unwrap_or_default();
        match to_slice_with(space, fields) {
            Ok(message) => {
                let len = message.len();
                frame(Opcode::Binary, len, mask, buf).ok_or(too_small(len, available))
            }
            Err(EncodeError::BufferTooSmall { needed, .. }) => Err(too_small(needed, available)),
        }
    }

    /// Says goodbye: the server tells the others at once. Send it, and close the connection.
    pub fn leave<'b>(&mut self, mask: [u8; 4], buf: &'b mut [u8]) -> Option<&'b [u8]> {
        if self.stage != Stage::Open {
            self.stage = Stage::Idle;
            return None;
        }
        let leave = self.send(mask, buf, |w| {
            w.fields(signal_request::LEAVE, |w| {
                w.int32(
                    leave_request::REASON,
                    crate::borrowed::DisconnectReason::ClientInitiated.0,
                );
            });
        });
        self.stage = Stage::Closing;
        leave.ok()
    }

    /// Notes that the connection is closed, or that it could not be opened.
    pub fn closed(&mut self) {
        self.stage = Stage::Idle;
    }

    /// Whether the server has let this participant in, and the connection stands.
    pub fn is_open(&self) -> bool {
        self.stage == Stage::Open
    }

    /// The last round trip to the server, in milliseconds.
    pub fn round_trip_ms(&self) -> Option<u32> {
        (self.rtt > 0).then_some(self.rtt)
    }
}

fn too_small(len: usize, available: usize) -> EncodeError {
    EncodeError::BufferTooSmall { needed: len.saturating_add(HEAD_BYTES), available }
}

/// A frame of the last `len` bytes of `buf`.
fn frame(opcode: Opcode, len: usize, mask: [u8; 4], buf: &mut [u8]) -> Option<&[u8]> {
    let start = websocket::head_of(opcode, len, mask, buf)?;
    buf.get(start..)
}
