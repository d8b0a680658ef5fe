//! The server's response to the request that opens a WebSocket (RFC 6455, 4.1), read while it arrives.

use super::WebSocketError;

/// Bytes of a line that are kept: enough for the headers that matter.
const LINE_BYTES: usize = 64;

/// Where the response is.
pub(in crate::signal) struct Handshake {
    line: [u8; LINE_BYTES],
    /// Bytes of the line; more than `line` has are only counted.
    len: usize,
    /// 0 before the status line.
    status: u16,
    /// The accepted headers: bits.
    headers: u8,
    is_over: bool,
}

const UPGRADE: u8 = 1;
const CONNECTION: u8 = 2;
const ACCEPT: u8 = 4;

impl Handshake {
    pub(in crate::signal) const fn new() -> Self {
        Self { line: [0; LINE_BYTES], len: 0, status: 0, headers: 0, is_over: false }
    }

    /// Goes on with `bytes`, and takes those off that it went through: up to the first of the body, or of the first
    /// frame. Returns the status once the headers are complete.
    #[inline(never)]
    pub(in crate::signal) fn next(
        &mut self,
        bytes: &mut &[u8],
        accept: &[u8; 28],
    ) -> Result<Option<u16>, WebSocketError> {
        while !self.is_over
            && let Some((&byte, rest)) = bytes.split_first()
        {
            *bytes = rest;
            if byte != b'\n' {
                if let Some(slot) = self.line.get_mut(self.len) {
                    *slot = byte;
                }
                self.len = self.len.saturating_add(1);
                if self.status == 0 && !b"HTTP/1.1 ".starts_with(self.start(9)) {
                    return Err(WebSocketError::NotHttp);
                }
                continue;
            }
            let line = self.line.get(..self.len).unwrap_or_default().trim_ascii_end();
            if self.status == 0 {
                // RFC 9112, 4: three digits.
                let status = line.get(9..12).and_then(|digits| {
                    digits.iter().try_fold(0u16, |status, digit| {
                        let digit = digit.is_ascii_digit().then_some(digit & 0xf)?;
                        Some(status.wrapping_mul(10).wrapping_add(digit.into()))
                    })
                });
                self.status = status.filter(|it| *it >= 100).ok_or(WebSocketError::NotHttp)?;
            } else if self.start(2).trim_ascii().is_empty() {
                self.is_over = true;
            } else {
                self.headers |= header(line, accept);
            }
            self.len = 0;
        }
        if !self.is_over {
            return Ok(None);
        }
        // RFC 6455, 4.1: without any of these, "the client MUST _Fail the WebSocket Connection_".
        for (bit, name) in
            [(UPGRADE, "Upgrade"), (CONNECTION, "Connection"), (ACCEPT, "Sec-WebSocket-Accept")]
        {
            if self.status == 101 && self.headers & bit == 0 {
                return Err(WebSocketError::Header { name });
            }
        }
        Ok(Some(self.status))
    }

    /// The first bytes of the line.
    fn start(&self, count: usize) -> &[u8] {
        self.line.get(..self.len.min(count)).unwrap_or_default()
    }
}

/// Which of the headers a line is, with the right value.
fn header(line: &[u8], accept: &[u8; 28]) -> u8 {
    let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
    let (name, value) = line.split_at_checked(colon).unwrap_or_default();
    let value = value.get(1..).unwrap_or_default().trim_ascii();
    if name.eq_ignore_ascii_case(b"upgrade") && value.eq_ignore_ascii_case(b"websocket") {
        UPGRADE
    } else if name.eq_ignore_ascii_case(b"connection")
        && value
            .split(|byte| *byte == b',')
            .any(|token| token.trim_ascii().eq_ignore_ascii_case(b"upgrade"))
    {
        CONNECTION
    } else if name.eq_ignore_ascii_case(b"sec-websocket-accept") && value == accept {
        ACCEPT
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::format;

    use super::*;

    const ACCEPT: &[u8; 28] = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    fn read(response: &str, size: usize) -> Result<Option<u16>, WebSocketError> {
        let mut handshake = Handshake::new();
        for mut piece in response.as_bytes().chunks(size) {
            if let Some(status) = handshake.next(&mut piece, ACCEPT)? {
                return Ok(Some(status));
            }
        }
        Ok(None)
    }

    #[test]
    fn a_switch_of_protocols_has_three_headers() {
        let headers = [
            ("Upgrade", "WebSocket"),
            ("connection", "keep-alive, Upgrade"),
            ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        ];
        let response = |without: usize| {
            let lines = headers.iter().enumerate().filter(|(index, _)| *index != without);
            let lines = lines.map(|(_, (name, value))| format!("{name}:  {value} \r\n"));
            let long = "X-Long: ".to_owned() + &"x".repeat(200);
            format!(
                "HTTP/1.1 101 Switching\r\n{long}\r\n{}\r\n",
                lines.collect::<std::string::String>()
            )
        };
        for size in [1, 7, 1_000] {
            assert_eq!(read(&response(3), size), Ok(Some(101)));
            for (index, name) in
                ["Upgrade", "Connection", "Sec-WebSocket-Accept"].into_iter().enumerate()
            {
                assert_eq!(read(&response(index), size), Err(WebSocketError::Header { name }));
            }
        }
    }

    #[test]
    fn a_refusal_is_a_status() {
        assert_eq!(read("HTTP/1.1 401 Unauthorized\r\n\r\nno", 1), Ok(Some(401)));
        assert_eq!(read("HTTP/1.1 503\r\nRetry-After: 1\r\n", 5), Ok(None));
        for response in ["SSH-2.0", "HTTP/1.0 200 OK\r\n", "HTTP/1.1 2x0 OK\r\n", "HTTP/1.1 20\r\n"]
        {
            assert_eq!(read(response, 1), Err(WebSocketError::NotHttp), "{response}");
        }
    }

    use std::borrow::ToOwned as _;
}
