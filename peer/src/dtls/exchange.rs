//! What a handshake knows before there are keys.

use super::keys::Keys;
use crate::Crypto;
use crate::bytes::copy;

/// Before there are keys, and from then on: one place in RAM for both.
#[allow(clippy::large_enum_variant)] // The keys of a real cipher are the larger ones.
pub(super) enum Secrets<C: Crypto> {
    None,
    Exchange(Exchange<C>),
    Keys(Keys<C>),
}

impl<C: Crypto> Secrets<C> {
    pub fn exchange(&self) -> Option<&Exchange<C>> {
        match self {
            Self::Exchange(exchange) => Some(exchange),
            _ => None,
        }
    }

    pub fn exchange_mut(&mut self) -> Option<&mut Exchange<C>> {
        match self {
            Self::Exchange(exchange) => Some(exchange),
            _ => None,
        }
    }

    pub fn keys_mut(&mut self) -> Option<&mut Keys<C>> {
        match self {
            Self::Keys(keys) => Some(keys),
            _ => None,
        }
    }
}

pub(super) struct Exchange<C: Crypto> {
    pub client_random: [u8; 32],
    pub server_random: [u8; 32],
    /// As in a ClientHello: the length of the session_id, which is 0; the length of the cookie; the cookie.
    cookie: [u8; 257],
    /// Of the server's certificate.
    pub server_key: [u8; 65],
    /// The server's ephemeral key.
    pub server_point: [u8; 65],
    /// What the server signed.
    pub digest: [u8; 32],
    pub signature: [u8; 64],
    /// The signature is here and not checked.
    pub is_signature_due: bool,
    /// Our ephemeral key.
    pub private: Option<C::PrivateKey>,
}

impl<C: Crypto> Exchange<C> {
    pub const fn new() -> Self {
        Self {
            client_random: [0; 32],
            server_random: [0; 32],
            cookie: [0; 257],
            server_key: [0; 65],
            server_point: [0; 65],
            digest: [0; 32],
            signature: [0; 64],
            is_signature_due: false,
            private: None,
        }
    }

    /// The lengths of session_id and cookie, and the cookie.
    pub fn cookie(&self) -> &[u8] {
        let [_, len, ..] = self.cookie;
        self.cookie.get(..usize::from(len).wrapping_add(2)).unwrap_or_default()
    }

    /// Sets the cookie, which has at most 255 bytes; `false` if it was this one already.
    pub fn set_cookie(&mut self, cookie: &[u8]) -> bool {
        if self.cookie().get(2..) == Some(cookie) {
            return false;
        }
        let [_, len, bytes @ ..] = &mut self.cookie;
        *len = cookie.len().try_into().unwrap_or(u8::MAX);
        copy(bytes, cookie);
        true
    }
}
