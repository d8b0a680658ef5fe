//! Frames of the server (RFC 6455, 5.2), read while they arrive.

use super::WebSocketError;

/// What a frame is that a client sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::signal) enum Opcode {
    Binary = 2,
    Pong = 10,
}

/// Bytes of a control frame at most. RFC 6455, 5.5: "All control frames MUST have a payload length of 125 bytes or
/// less and MUST NOT be fragmented."
pub(super) const CONTROL_BYTES: usize = 125;

/// What has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::signal) enum Piece {
    /// Bytes of a binary message: those that are [`available`](Frames::available).
    Message,
    /// The message is complete.
    End,
    /// A ping, whose [`payload`](Frames::payload) goes back in a pong.
    Ping,
    /// A pong, to nothing.
    Pong,
    /// The server closes; its code, or 1005 if it says none (7.1.5).
    Close(u16),
}

/// Where the connection is in its frames.
pub(in crate::signal) struct Frames {
    /// The head of the current frame: up to 10 bytes.
    head: [u8; 10],
    have: u8,
    /// Bytes of the frame that are still to come; the head is complete then.
    left: u64,
    in_payload: bool,
    /// The message that frames are of: its opcode, or 0.
    message: u8,
    payload: [u8; CONTROL_BYTES],
    payload_len: u8,
}

impl Frames {
    pub(in crate::signal) const fn new() -> Self {
        Self {
            head: [0; 10],
            have: 0,
            left: 0,
            in_payload: false,
            message: 0,
            payload: [0; CONTROL_BYTES],
            payload_len: 0,
        }
    }

    /// The payload of the last ping, or of a close. Not of a pong: the ping before is to be answered with its own.
    pub(in crate::signal) fn payload(&self) -> &[u8] {
        self.payload.get(..usize::from(self.payload_len)).unwrap_or_default()
    }

    /// Whether a control frame is arriving: the payload is not whole.
    pub(in crate::signal) fn is_in_control(&self) -> bool {
        let [first, ..] = self.head;
        self.in_payload && first & 8 != 0
    }

    /// How many of the next `len` bytes are of the current message.
    pub(in crate::signal) fn available(&self, len: usize) -> usize {
        let [first, ..] = self.head;
        let is_message = first & 8 == 0 && self.message == Opcode::Binary as u8;
        match usize::try_from(self.left) {
            _ if !self.in_payload || !is_message => 0,
            Ok(left) => len.min(left),
            Err(_) => len,
        }
    }

    /// Takes off `count` of the bytes that were [`available`](Self::available).
    pub(in crate::signal) fn consumed(&mut self, count: usize, bytes: &mut &[u8]) {
        *bytes = bytes.get(count..).unwrap_or_default();
        self.left = self.left.saturating_sub(count as u64);
    }

    /// Goes on with `bytes`, of which none is [`available`](Self::available), and takes those off that it went through.
    /// `None`: all of them.
    #[inline(never)]
    pub(in crate::signal) fn next(
        &mut self,
        bytes: &mut &[u8],
    ) -> Result<Option<Piece>, WebSocketError> {
        loop {
            if !self.in_payload {
                let Some((&byte, rest)) = bytes.split_first() else { return Ok(None) };
                *bytes = rest;
                self.head(byte)?;
                continue;
            }
            if self.left > 0 && bytes.is_empty() {
                return Ok(None);
            }
            if self.available(bytes.len()) > 0 {
                return Ok(Some(Piece::Message));
            }
            let [first, ..] = self.head;
            let is_control = first & 8 != 0;
            let count = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
            let (taken, _) = bytes.split_at_checked(count).unwrap_or_default();
            for byte in taken {
                if let Some(slot) = self.payload.get_mut(usize::from(self.payload_len))
                    && matches!(first & 0xf, 8 | 9)
                {
                    *slot = *byte;
                    self.payload_len = self.payload_len.saturating_add(1);
                }
            }
            self.consumed(count, bytes);
            if self.left > 0 {
                continue;
            }
            (self.in_payload, self.have) = (false, 0);
            if is_control {
                return self.control(first).map(Some);
            }
            // FIN.
            if first & 0x80 != 0 && core::mem::take(&mut self.message) == Opcode::Binary as u8 {
                return Ok(Some(Piece::End));
            }
        }
    }

    /// A byte of a head.
    fn head(&mut self, byte: u8) -> Result<(), WebSocketError> {
        if let Some(slot) = self.head.get_mut(usize::from(self.have)) {
            *slot = byte;
            self.have = self.have.saturating_add(1);
        }
        let [first, second, a, b, c, d, e, f, g, h] = self.head;
        let (size, len) = match second & 0x7f {
            126 => (4, u64::from(u16::from_be_bytes([a, b]))),
            127 => (10, u64::from_be_bytes([a, b, c, d, e, f, g, h])),
            short => (2, u64::from(short)),
        };
        if self.have < 2 || self.have < size {
            return Ok(());
        }
        let opcode = first & 0xf;
        let wrong = |rule| Err(WebSocketError::Frame { first, rule });
        if first & 0x70 != 0 {
            // 5.2: "If a nonzero value is received and none of the negotiated extensions defines the meaning of such
            // a nonzero value, the receiving endpoint MUST _Fail the WebSocket Connection_."
            return wrong("RSV is set, and no extension was agreed on");
        }
        if second & 0x80 != 0 {
            // 5.1: "A client MUST close a connection if it detects a masked frame."
            return wrong("a server's frame is masked");
        }
        match opcode {
            8..=10 if first & 0x80 == 0 || len > CONTROL_BYTES as u64 => {
                return wrong("a control frame is fragmented or longer than 125 bytes");
            }
            8 | 9 => self.payload_len = 0,
            10 => {}
            0 if self.message == 0 => return wrong("a continuation of no message"),
            0 => {}
            1 | 2 if self.message != 0 => {
                return wrong("a message inside of another one");
            }
            1 | 2 => self.message = opcode,
            _ => return wrong("an opcode that is not defined"),
        }
        if len > u64::MAX >> 1 {
            return wrong("the first bit of a length is set");
        }
        (self.in_payload, self.left) = (true, len);
        Ok(())
    }

    fn control(&self, first: u8) -> Result<Piece, WebSocketError> {
        Ok(match first & 0xf {
            9 => Piece::Ping,
            10 => Piece::Pong,
            _ => Piece::Close(match *self.payload() {
                [high, low, ..] => u16::from_be_bytes([high, low]),
                // 5.5.1: "If there is a body, the first two bytes of the body MUST be a 2-byte unsigned integer".
                [_] => {
                    return Err(WebSocketError::Frame {
                        first,
                        rule: "a code of one byte closes the connection",
                    });
                }
                [] => 1005,
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::vec;
    use std::vec::Vec;

    use super::*;

    /// Messages and control frames, of bytes that come in pieces of `size`.
    fn read(bytes: &[u8], size: usize) -> Result<Vec<(u8, Vec<u8>)>, WebSocketError> {
        let (mut frames, mut found, mut message) = (Frames::new(), vec![], vec![]);
        for mut piece in bytes.chunks(size) {
            while let Some(next) = frames.next(&mut piece)? {
                match next {
                    Piece::Message => {
                        let count = frames.available(piece.len());
                        message.extend_from_slice(&piece[..count]);
                        frames.consumed(count, &mut piece);
                    }
                    Piece::End => found.push((2, core::mem::take(&mut message))),
                    Piece::Ping => found.push((9, frames.payload().to_vec())),
                    Piece::Pong => found.push((10, vec![])),
                    Piece::Close(code) => found.push((8, code.to_be_bytes().to_vec())),
                }
            }
        }
        Ok(found)
    }

    #[test]
    fn frames_are_read_in_pieces_of_any_length() {
        let long = [&[0x82, 126, 1, 0][..], &[7; 256]].concat();
        let longer = [&[0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0][..], &[8; 65_536]].concat();
        let stream = [
            &[0x82, 0][..],               // empty
            &[0x02, 2, b'a', b'b'],       // fragmented,
            &[0x89, 2, b'h', b'i'],       // with a ping between,
            &[0x00, 0, 0x80, 1, b'c'],    // to the end
            &[0x81, 3, b'{', b'}', b' '], // text is gone through
            &long,
            &longer,
            &[0x8a, 0, 0x88, 2, 0x03, 0xe8],
            &[0x88, 0],
        ]
        .concat();
        let expected = [
            (2, vec![]),
            (9, b"hi".to_vec()),
            (2, b"abc".to_vec()),
            (2, vec![7; 256]),
            (2, vec![8; 65_536]),
            (10, vec![]),
            (8, vec![0x03, 0xe8]),
            (8, 1005u16.to_be_bytes().to_vec()),
        ];
        for size in [1, 2, 3, 5, 100, stream.len()] {
            assert_eq!(read(&stream, size).as_deref(), Ok(&expected[..]));
        }
    }

    #[test]
    fn what_the_rfc_forbids_ends_the_connection() {
        for frame in [
            &[0xc2, 0][..],
            &[0x82, 0x80],
            &[0x09, 0],
            &[0x89, 126, 0, 126],
            &[0x80, 0],
            &[0x02, 0, 0x82, 0],
            &[0x83, 0],
            &[0x8b, 0],
            &[0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0],
            &[0x88, 1, 3],
        ] {
            let error = read(frame, 1).expect_err("it is forbidden");
            assert!(std::string::ToString::to_string(&error).contains(": "), "{error}");
        }
    }
}
