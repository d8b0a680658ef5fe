//! ICE over TCP (RFC 6544): datagrams in frames (RFC 4571), for an agent that opens the connection.
//!
//! The caller connects to a candidate of [`Transport::Tcp`](super::Transport), and gives the agent that
//! candidate and no other. Each datagram that is sent goes into a [`frame`], and what arrives goes through a
//! [`Deframer`].
//!
//! A connection begins with a check: pion closes one that begins with anything else. When one broke, wait with the next
//! until there is a datagram of [STUN](crate::stun::is_stun) to send; others are lost meanwhile.

/// Writes a datagram with `write`, and its length before it. Returns the length of the whole in bytes; `None`
/// if there was none, or it is longer than 65 535 bytes.
pub fn frame(out: &mut [u8], write: impl FnOnce(&mut [u8]) -> Option<usize>) -> Option<usize> {
    // RFC 4571, 2: "A 16-bit unsigned integer LENGTH field, coded in network byte order (big-endian), begins
    // the frame."
    let (header, body) = out.split_first_chunk_mut()?;
    let len = write(body)?;
    *header = u16::try_from(len).ok()?.to_be_bytes();
    len.checked_add(header.len())
}

/// Takes datagrams out of a stream, into the caller's buffer. A datagram that is longer than the buffer is
/// skipped and counted.
pub struct Deframer<'a> {
    buf: &'a mut [u8],
    /// The length of the datagram: as many bytes as have arrived of it, 0 to 2.
    header: [u8; 2],
    header_len: u8,
    /// Bytes of the datagram that have arrived.
    len: usize,
    skipped: u32,
}

impl<'a> Deframer<'a> {
    /// At the beginning of a stream. 1 500 bytes of buffer are enough for DTLS that was meant for UDP.
    pub const fn new(buf: &'a mut [u8]) -> Self {
        Self { buf, header: [0; 2], header_len: 0, len: 0, skipped: 0 }
    }

    /// Takes bytes off the front of `bytes`, which arrived, until a datagram is complete, and returns it;
    /// `None` once all bytes are taken. Call it again with the rest until then.
    pub fn input(&mut self, bytes: &mut &[u8]) -> Option<&mut [u8]> {
        loop {
            if self.header_len < 2 {
                let (first, rest) = bytes.split_first()?;
                let [high, low] = self.header;
                self.header = if self.header_len == 0 { [*first, low] } else { [high, *first] };
                self.header_len = self.header_len.wrapping_add(1);
                self.len = 0;
                *bytes = rest;
                continue;
            }
            let whole = usize::from(u16::from_be_bytes(self.header));
            let take = whole.saturating_sub(self.len).min(bytes.len());
            let (taken, rest) = bytes.split_at_checked(take)?;
            let space = self.buf.get_mut(self.len..).unwrap_or(&mut []);
            space.iter_mut().zip(taken).for_each(|(to, from)| *to = *from);
            *bytes = rest;
            self.len = self.len.saturating_add(take);
            if self.len < whole {
                return None;
            }
            self.header_len = 0;
            if whole > self.buf.len() {
                self.skipped = self.skipped.saturating_add(1);
            } else if whole > 0 {
                // RFC 4571, 2: "Zero is a valid value for LENGTH, and it codes the null packet."
                return self.buf.get_mut(..whole);
            }
        }
    }

    /// How many datagrams were longer than the buffer.
    pub fn skipped(&self) -> u32 {
        self.skipped
    }

    /// Begins again, for another connection.
    pub fn reset(&mut self) {
        self.header_len = 0;
    }
}
