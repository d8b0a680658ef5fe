//! Settings of a device: lines of `key = value` in a page of its flash.

use core::net::{Ipv4Addr, SocketAddrV4};

use crate::reading;

/// Which server and room the device uses, and how it publishes.
///
/// `A` is `Option<SocketAddrV4>` for a firmware that also finds servers by name.
#[derive(Clone, Copy)]
pub struct Provisioning<'a, A = SocketAddrV4> {
    /// `server`: the address and port of the LiveKit server, or of TLS in front of it.
    pub server: A,
    /// `host`: its name, for the `Host` header and its certificate; by default the address.
    pub host: &'a str,
    /// `room`
    pub room: &'a str,
    /// `token`: with `roomAdmin` for this room, minted for this device, with an expiry. Empty if the device fetches
    /// its tokens.
    pub token: &'a str,
    /// `topic` of the readings; by default `readings`.
    pub topic: &'a str,
    /// `name` of the device; it is part of every reading.
    pub name: &'a str,
    /// `interval_ms` between readings; by default 1000.
    pub interval_ms: u32,
    /// `count`: how many readings to publish, or commands to wait for; by default without end.
    pub count: Option<u32>,
    /// `mode`: how readings are published.
    pub mode: Mode,
    /// `to`: the identity of the participant that is called; empty if the firmware calls none.
    pub to: &'a str,
}

/// How readings are published.
#[derive(Clone, Copy)]
pub enum Mode {
    /// `send`: by `SendData`, to everybody in the room. The server does not say who received them.
    Send,
    /// `rpc`: by `PerformRpc`, as calls of the method `reading` of the participant `to`. Its response
    /// proves the receipt.
    Rpc,
}

/// Why a device cannot start. It is logged, so it holds no value: that may be the token.
#[derive(Clone, Copy, defmt::Format)]
pub enum ProvisioningError<'a> {
    /// A required key is missing.
    Missing(&'static str),
    /// The value of this key is invalid.
    InvalidValue(&'a str),
    /// This firmware has no key of this name.
    UnknownKey(&'a str),
    /// The line of this number, from 1, is not `key = value`.
    InvalidLine(usize),
    /// The page is not UTF-8.
    NotUtf8,
}

impl<'a> Provisioning<'a> {
    /// Parses the page. A key of another firmware is an error: firmware without TLS must not start
    /// with a page for firmware with TLS, or it would send the token unencrypted.
    pub fn read(page: &'a [u8]) -> Result<Self, ProvisioningError<'a>> {
        Self::read_with(page, |_, _| false)
    }

    /// As `read`, for a firmware with further keys: `more` returns `true` for a key that it knows.
    pub fn read_with(
        page: &'a [u8],
        more: impl FnMut(&str, &'a str) -> bool,
    ) -> Result<Self, ProvisioningError<'a>> {
        let Provisioning { server, host, room, token, topic, name, interval_ms, count, mode, to } =
            Provisioning::read_named(page, more)?;
        let server = server.ok_or(ProvisioningError::Missing("server"))?;
        Ok(Self { server, host, room, token, topic, name, interval_ms, count, mode, to })
    }
}

impl<'a> Provisioning<'a, Option<SocketAddrV4>> {
    /// As `read_with`, for a firmware that resolves `host`, where the page has no `server`.
    pub fn read_named(
        page: &'a [u8],
        mut more: impl FnMut(&str, &'a str) -> bool,
    ) -> Result<Self, ProvisioningError<'a>> {
        let text = str::from_utf8(page).map_err(|_| ProvisioningError::NotUtf8)?;
        let (mut server, mut host, mut room, mut token) = (None, "", "", "");
        let (mut topic, mut name, mut to, mut mode) = ("readings", "", "", "send");
        let (mut interval_ms, mut count, mut fetches) = (1000, None, false);
        for (index, line) in text.split('\n').map(str::trim_ascii).enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, value) =
                line.split_once('=').ok_or(ProvisioningError::InvalidLine(index + 1))?;
            let (key, value) = (key.trim_ascii(), value.trim_ascii());
            let invalid = ProvisioningError::InvalidValue(key);
            match key {
                "server" => {
                    server = Some(address(value).ok_or(invalid)?);
                    if host.is_empty() {
                        host = value;
                    }
                }
                "host" => host = value,
                "room" => room = value,
                "token" => token = value,
                "topic" => topic = value,
                "name" if value.len() <= reading::NAME_BYTES && is_plain(value) => name = value,
                "name" => return Err(invalid),
                // With a pause of 0 no other task would run.
                "interval_ms" => {
                    interval_ms = value.parse().ok().filter(|ms| *ms > 0).ok_or(invalid)?;
                }
                "count" => count = Some(value.parse().map_err(|_| invalid)?),
                "mode" if matches!(value, "send" | "rpc") => mode = value,
                "mode" => return Err(invalid),
                "to" => to = value,
                // A firmware that takes this key has no token yet.
                _ if more(key, value) => fetches |= key == "token_server",
                _ => return Err(ProvisioningError::UnknownKey(key)),
            }
        }
        let mode = match mode {
            "rpc" if to.is_empty() => return Err(ProvisioningError::Missing("to")),
            "rpc" => Mode::Rpc,
            _ => Mode::Send,
        };
        for (key, value) in [("room", room), ("token", token)] {
            if value.is_empty() && !(fetches && key == "token") {
                return Err(ProvisioningError::Missing(key));
            }
        }
        if server.is_none() && host.is_empty() {
            return Err(ProvisioningError::Missing("server"));
        }
        Ok(Self { server, host, room, token, topic, name, interval_ms, count, mode, to })
    }
}

/// Returns `true` if JSON needs no escapes for it.
fn is_plain(name: &str) -> bool {
    name.chars().all(|it| !it.is_control() && !matches!(it, '"' | '\\'))
}

/// Parses `10.0.2.2:7880`. The parser in `core` takes 0.6 KB more flash.
pub(crate) fn address(text: &str) -> Option<SocketAddrV4> {
    let (ip, port) = text.split_once(':')?;
    let (mut octets, mut parts) = ([0; 4], ip.split('.'));
    for octet in &mut octets {
        *octet = u8::try_from(parts.next()?.parse::<u32>().ok()?).ok()?;
    }
    let port = u16::try_from(port.parse::<u32>().ok()?).ok()?;
    parts.next().is_none().then_some(SocketAddrV4::new(Ipv4Addr::from(octets), port))
}

/// Reads exactly so many bytes in hexadecimal.
pub fn unhex<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let mut bytes = [0; N];
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let digit = |it: u8| char::from(it).to_digit(16);
        *byte = (digit(*high)? * 16 + digit(*low)?) as u8;
    }
    Some(bytes)
}
