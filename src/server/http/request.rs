//! A call as the bytes of an HTTP/1.1 request.

use crate::codec::rt::{Write, Writer};
use crate::server::{Method, RequestError};

/// The content type of every request and of every successful response. The server responds with 404
/// to another one, or none.
pub const CONTENT_TYPE: &str = "application/protobuf";

/// The server that is called, and the token that allows it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Endpoint<'a> {
    /// The `Host` header: the server's name, with its port unless that is the scheme's default.
    pub host: &'a str,
    /// The access token.
    pub token: &'a str,
    /// Asks the server to close the connection after its response; otherwise it keeps it open for the
    /// next call, for minutes.
    pub close: bool,
}

impl Endpoint<'_> {
    /// Encodes the call into `buf`, headers and body in one piece, ready to be sent.
    ///
    /// The request is at the end of `buf`. The same call always has the same encoding.
    ///
    /// # Errors
    /// See [`RequestError`].
    pub fn request<'b, M: Method>(
        &self,
        request: &M::Request<'_>,
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], RequestError> {
        M::check(request)?;
        for (field, value) in [("host", self.host), ("token", self.token)] {
            if value.is_empty() {
                return Err(RequestError::Empty { field });
            }
            // Anything else would end the header.
            if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(RequestError::Header { field });
            }
        }
        let whole = Whole { endpoint: self, path: M::PATH, body: request };
        Ok(Writer::encode(&whole, buf)?)
    }
}

impl core::fmt::Debug for Endpoint<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { host, close, .. } = self;
        f.debug_struct("Endpoint").field("host", host).field("close", close).finish_non_exhaustive()
    }
}

/// Headers and body, written from the end to the front as messages are: the length of the body is
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
