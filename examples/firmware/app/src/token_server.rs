//! Tokens of examples/token-server, for a device that proves a key. It needs no clock for it, and no random numbers.

use core::net::SocketAddrV4;

use embassy_time::with_timeout;
use embedded_io_async::{Read, Write};
use heapless::String;
use hmac::{Hmac, Mac};
use livekit_micro::server::Response;
use sha2::Sha256;

use crate::failure::{RESPONSE, joined};
use crate::provisioning::{address, unhex};
use crate::{Connector, Failure, ProvisioningError, reading};

/// The server, and who this device is.
pub struct TokenServer<'a> {
    /// The address of the server, or of TLS in front of it.
    pub address: SocketAddrV4,
    host: &'a str,
    identity: &'a str,
    /// RFC 2104, 4: "the intermediate results of the compression function […] can be precomputed only once at the time
    /// of generation of the key K, or before its first use."
    keyed: Hmac<Sha256>,
}

/// The lines of a provisioning that are about it.
///
/// ```text
/// token_server = 10.0.2.2:8090
/// identity = sensor-7
/// device_key = 64 hexadecimal digits
/// ```
#[derive(Default)]
pub struct TokenKeys<'a> {
    server: &'a str,
    identity: &'a str,
    key: &'a str,
}

/// Why there is no token.
#[derive(Clone, Copy, defmt::Format)]
pub enum TokenFailure {
    /// The connection to the token server.
    Connection(Failure),
    /// The server does not know this device, or the device has another key.
    Refused,
    /// The server answers with another status.
    Status(u16),
    /// What the server says is not a nonce, or not a token, or too long.
    Malformed,
}

/// What a nonce has at most.
const NONCE: usize = 96;
/// What a token has at most, and the buffer for a response.
const TOKEN: usize = 600;
const BUFFER: usize = 640;

impl<'a> TokenKeys<'a> {
    /// Returns `true` for a key that is one of these, and keeps its value.
    pub fn take(&mut self, key: &str, value: &'a str) -> bool {
        match key {
            "token_server" => self.server = value,
            "identity" => self.identity = value,
            "device_key" => self.key = value,
            _ => return false,
        }
        true
    }

    /// The server, if all is there and the page has no `token`: which of both counts would be a guess.
    pub fn read(self, token: &str) -> Result<TokenServer<'a>, ProvisioningError<'a>> {
        let Self { server, identity, key } = self;
        if !token.is_empty() {
            return Err(ProvisioningError::UnknownKey("token"));
        }
        for (name, value) in [("token_server", server), ("identity", identity), ("device_key", key)]
        {
            if value.is_empty() {
                return Err(ProvisioningError::Missing(name));
            }
        }
        let address = address(server).ok_or(ProvisioningError::InvalidValue("token_server"))?;
        // RFC 2104, 3: "less than L bytes is strongly discouraged". L is 32 for SHA-256.
        let keyed = unhex::<32>(key).and_then(|key| Hmac::new_from_slice(&key).ok());
        let keyed = keyed.ok_or(ProvisioningError::InvalidValue("device_key"))?;
        Ok(TokenServer { address, host: server, identity, keyed })
    }
}

impl TokenServer<'_> {
    /// Fetches a token: a nonce first, then a token for the proof. A connection for each, as the server closes them.
    pub async fn fetch<C: Connector, T>(
        &self,
        connector: &mut C,
        take: impl FnOnce(&str) -> T,
    ) -> Result<T, TokenFailure> {
        let mut buf = [0; BUFFER];
        let (mut nonce, mut proof) = (String::<NONCE>::new(), String::new());
        loop {
            let has_nonce = !nonce.is_empty();
            let (line, identity, end) = if has_nonce {
                ("POST /token", self.identity, "\n")
            } else {
                ("GET /nonce", "", "")
            };
            let mut len = String::<8>::new();
            let bytes = identity.len() + nonce.len() + proof.len() + 2 * end.len();
            reading::number(&mut len, bytes as u32, 10, 1);
            let head = [line, " HTTP/1.1\r\nHost: ", self.host, "\r\nContent-Length: ", &len];
            let body = ["\r\n\r\n", identity, end, &nonce, end, &proof];
            let response = exchange(connector, [&head, &body], &mut buf).await?;
            let said = text(&response)?;
            if has_nonce {
                return Ok(take(said));
            }
            nonce = String::try_from(said).map_err(|_| TokenFailure::Malformed)?;
            proof = self.proof(&nonce);
        }
    }

    /// HMAC-SHA-256 with the key, in hexadecimal. The label keeps it apart from whatever else the key may sign, the identity
    /// from other devices.
    fn proof(&self, nonce: &str) -> String<64> {
        let mut mac = self.keyed.clone();
        for part in ["livekit-micro token 1\n", nonce, "\n", self.identity] {
            mac.update(part.as_bytes());
        }
        let mut digits = String::new();
        for byte in mac.finalize().into_bytes() {
            reading::number(&mut digits, byte.into(), 16, 2);
        }
        digits
    }
}

/// Sends a request over a connection of its own, and reads the response.
async fn exchange<'b, C: Connector>(
    connector: &mut C,
    request: [&[&str]; 2],
    buf: &'b mut [u8],
) -> Result<Response<'b>, TokenFailure> {
    let mut response = Response::new(buf);
    let mut stream = connector.connect().await.map_err(TokenFailure::Connection)?;
    let exchanged = with_timeout(RESPONSE, transfer(&mut stream, request, &mut response)).await;
    C::close(stream).await;
    joined(exchanged).map_err(TokenFailure::Connection)?;
    match response.status() {
        Some(200) => Ok(response),
        Some(403) => Err(TokenFailure::Refused),
        status => Err(TokenFailure::Status(status.unwrap_or_default())),
    }
}

async fn transfer<S: Read + Write>(
    stream: &mut S,
    request: [&[&str]; 2],
    response: &mut Response<'_>,
) -> Result<(), Failure> {
    for part in request.into_iter().flatten() {
        stream.write_all(part.as_bytes()).await.map_err(|_| Failure::Lost)?;
    }
    stream.flush().await.map_err(|_| Failure::Lost)?;
    while !response.is_complete() {
        let count = stream.read(response.space()).await.map_err(|_| Failure::Lost)?;
        response.advance(count).map_err(|error| Failure::Call(error.into()))?;
    }
    Ok(())
}

/// The body, which is a word: a page of a captive portal has spaces.
fn text<'r>(response: &'r Response<'_>) -> Result<&'r str, TokenFailure> {
    let body = response.body();
    let is_word = !body.is_empty() && body.len() <= TOKEN && body.iter().all(u8::is_ascii_graphic);
    let body = is_word.then(|| str::from_utf8(body).ok()).flatten();
    body.ok_or(TokenFailure::Malformed)
}
