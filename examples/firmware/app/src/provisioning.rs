//! What a device is told when it is set up: lines of `key = value` in a page of its flash.

use core::net::{Ipv4Addr, SocketAddrV4};

use crate::reading;

/// Where the device publishes, as what, how often.
#[derive(Clone, Copy)]
pub struct Provisioning<'a> {
    /// `server`: the address and port of the LiveKit server, or of TLS in front of it.
    pub server: SocketAddrV4,
    /// `host`: its name, for the `Host` header and its certificate; the address if there is none.
    pub host: &'a str,
    /// `room`
    pub room: &'a str,
    /// `token`: with `roomAdmin` for this room, minted for this device, with an end.
    pub token: &'a str,
    /// `topic` of the readings; `readings` if there is none.
    pub topic: &'a str,
    /// `name` of the sensor, which stands in every reading.
    pub name: &'a str,
    /// `interval_ms` between readings; 1000 if there is none.
    pub interval_ms: u32,
    /// `count`: how many readings to take, for ever if there is none.
    pub count: Option<u32>,
    /// `mode` and `to`: how the readings travel.
    pub mode: Mode<'a>,
}

/// How readings travel.
#[derive(Clone, Copy)]
pub enum Mode<'a> {
    /// `send`: to everybody in the room. The server accepts them; who receives them nobody says.
    Send,
    /// `rpc`: as calls of the method `reading` of one participant, whose answer proves the receipt.
    Rpc {
        /// The participant's identity.
        to: &'a str,
    },
}

/// Why a device cannot start. It is logged, so it never holds a value: that may be the token.
#[derive(Clone, Copy, defmt::Format)]
pub enum Mistake<'a> {
    /// A line that is needed is not there.
    Missing(&'static str),
    /// The value of this key does not fit it.
    Value(&'a str),
    /// There is no such key.
    Unknown(&'a str),
    /// The line of this number, from 1, is no `key = value`.
    Line(usize),
    /// The page is no text.
    NoText,
}

impl<'a> Provisioning<'a> {
    /// Reads the page. A key of another firmware is a mistake: one without TLS must not start with a
    /// page for one with TLS, or it would say the token to everybody.
    pub fn read(page: &'a [u8]) -> Result<Self, Mistake<'a>> {
        Self::read_with(page, |_, _| false)
    }

    /// As `read`, for a firmware with further keys: `more` takes the value of one, or knows no such key.
    pub fn read_with(
        page: &'a [u8],
        mut more: impl FnMut(&str, &'a str) -> bool,
    ) -> Result<Self, Mistake<'a>> {
        let text = str::from_utf8(page).map_err(|_| Mistake::NoText)?;
        let (mut server, mut host, mut room, mut token) = (None, "", "", "");
        let (mut topic, mut name, mut to, mut mode) = ("readings", "", "", "send");
        let (mut interval_ms, mut count) = (1000, None);
        for (index, line) in text.split('\n').map(str::trim_ascii).enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, value) = line.split_once('=').ok_or(Mistake::Line(index + 1))?;
            let (key, value) = (key.trim_ascii(), value.trim_ascii());
            let wrong = Mistake::Value(key);
            match key {
                "server" => {
                    server = Some(address(value).ok_or(wrong)?);
                    if host.is_empty() {
                        host = value;
                    }
                }
                "host" => host = value,
                "room" => room = value,
                "token" => token = value,
                "topic" => topic = value,
                "name" if value.len() <= reading::NAME_BYTES && is_plain(value) => name = value,
                "name" => return Err(wrong),
                // Without a pause nothing else would ever run.
                "interval_ms" => {
                    interval_ms = value.parse().ok().filter(|ms| *ms > 0).ok_or(wrong)?;
                }
                "count" => count = Some(value.parse().map_err(|_| wrong)?),
                "mode" if matches!(value, "send" | "rpc") => mode = value,
                "mode" => return Err(wrong),
                "to" => to = value,
                _ if more(key, value) => {}
                _ => return Err(Mistake::Unknown(key)),
            }
        }
        let mode = match mode {
            "rpc" if to.is_empty() => return Err(Mistake::Missing("to")),
            "rpc" => Mode::Rpc { to },
            _ => Mode::Send,
        };
        for (key, value) in [("room", room), ("token", token)] {
            if value.is_empty() {
                return Err(Mistake::Missing(key));
            }
        }
        let server = server.ok_or(Mistake::Missing("server"))?;
        Ok(Self { server, host, room, token, topic, name, interval_ms, count, mode })
    }
}

/// Can it stand between quotes as it is?
fn is_plain(name: &str) -> bool {
    name.chars().all(|it| !it.is_control() && !matches!(it, '"' | '\\'))
}

/// `10.0.2.2:7880`. What `core` has for it takes 0.6 KB more flash.
fn address(text: &str) -> Option<SocketAddrV4> {
    let (ip, port) = text.split_once(':')?;
    let (mut octets, mut parts) = ([0; 4], ip.split('.'));
    for octet in &mut octets {
        *octet = u8::try_from(parts.next()?.parse::<u32>().ok()?).ok()?;
    }
    let port = u16::try_from(port.parse::<u32>().ok()?).ok()?;
    parts.next().is_none().then_some(SocketAddrV4::new(Ipv4Addr::from(octets), port))
}
