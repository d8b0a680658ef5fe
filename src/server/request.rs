//! A call as the bytes of an HTTP/1.1 request.

use super::{Call, RequestError};
use crate::codec::rt::{Write, Writer};

/// The content type of every call: another one, or none, is answered by 404.
pub const CONTENT_TYPE: &str = "application/protobuf";

/// Where calls go, and on whose behalf.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Endpoint<'a> {
    /// What the `Host` header says: the server's name, with its port unless that is the usual one.
    pub host: &'a str,
    /// The access token.
    pub token: &'a str,
    /// Asks the server to close the connection behind its answer; otherwise it stays open for the
    /// next call, for minutes.
    pub close: bool,
}

impl Endpoint<'_> {
    /// Writes the call into `buf`, head and body in one piece, ready to be sent.
    ///
    /// The bytes lie at the end of `buf`. The same request gives the same bytes again.
    ///
    /// # Errors
    /// See [`RequestError`].
    pub fn request<'b, C: Call>(
        &self,
        request: &C::Request<'_>,
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], RequestError> {
        C::check(request)?;
        for (field, value) in [("host", self.host), ("token", self.token)] {
            if value.is_empty() {
                return Err(RequestError::Empty { field });
            }
            // Anything else would end the header, or the head.
            if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(RequestError::Header { field });
            }
        }
        let whole = Whole { endpoint: self, path: C::PATH, body: request };
        Ok(Writer::encode(&whole, buf)?)
    }
}

impl core::fmt::Debug for Endpoint<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { host, close, .. } = self;
        f.debug_struct("Endpoint").field("host", host).field("close", close).finish_non_exhaustive()
    }
}

/// Head and body, written from the end to the front as messages are: the length of the body is
/// known when its header is written.
struct Whole<'a> {
    endpoint: &'a Endpoint<'a>,
    path: &'a str,
    body: &'a dyn Write,
}

impl Write for Whole<'_> {
    fn write(&self, w: &mut Writer<'_>) {
        let before = w.position();
        self.body.write(w);
        let mut length = w.position().wrapping_sub(before);

        w.raw(b"\r\n\r\n");
        if self.endpoint.close {
            w.raw(b"\r\nConnection: close");
        }
        loop {
            w.raw(&[b'0' + (length % 10) as u8]);
            length /= 10;
            if length == 0 {
                break;
            }
        }
        for piece in [
            "\r\nContent-Length: ",
            CONTENT_TYPE,
            "\r\nContent-Type: ",
            self.endpoint.token,
            "\r\nAuthorization: Bearer ",
            self.endpoint.host,
            " HTTP/1.1\r\nHost: ",
            self.path,
            "POST ",
        ] {
            w.raw(piece.as_bytes());
        }
    }
}
