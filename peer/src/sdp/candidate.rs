//! Candidate lines (RFC 8839, 5.1).

use core::fmt;
use core::net::{IpAddr, SocketAddr};

use super::lines::{Words, number};
use super::text::Text;
use super::{BufferTooSmall, address};
use crate::ice::{Candidate, Kind, Transport};

/// Why a candidate line is of no use to this peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Skipped<'a> {
    /// It is not a candidate line; or it is an empty one, which ends the candidates of a peer.
    Syntax,
    /// It is of a component other than 1, which data channels do not have.
    Component(u32),
    /// It is neither for UDP nor for TCP.
    Transport(&'a str),
    /// It is for TCP, and its peer waits for no connection.
    TcpActive,
    /// It has a name, such as mDNS's that end in `.local`; or an address that cannot be read.
    Name(&'a str),
}

/// Reads a candidate line, with `a=` or without: the `candidate` of WebRTC's `RTCIceCandidateInit`, or an
/// attribute of a description.
///
/// # Errors
/// [`Skipped`] says why it is of no use. None of its reasons is one to end a session.
pub fn candidate(line: &str) -> Result<Candidate, Skipped<'_>> {
    read(line, |text| {
        let ip = address::read_v4(text).map(IpAddr::V4);
        ip.or_else(|| address::read_v6(text).map(IpAddr::V6))
    })
}

/// Reads a candidate line as [`candidate`] does, for a device without IPv6.
///
/// # Errors
/// [`Skipped`]; an address of IPv6 is [`Skipped::Name`].
pub fn candidate_v4(line: &str) -> Result<Candidate, Skipped<'_>> {
    read(line, |text| address::read_v4(text).map(IpAddr::V4))
}

/// Writes the line of a candidate of this peer's, beginning with `candidate:`. 100 bytes are enough. One of
/// [`Transport::Tcp`] says that this peer opens the connection, whatever its port.
///
/// # Errors
/// [`BufferTooSmall`] says how many bytes it takes.
pub fn write_candidate<'b>(
    candidate: &Candidate,
    buf: &'b mut [u8],
) -> Result<&'b str, BufferTooSmall> {
    let mut text = Text::new(buf);
    let (kind, foundation) = match candidate.kind {
        Kind::Host => ("host", 1),
        Kind::PeerReflexive => ("prflx", 2),
        Kind::ServerReflexive => ("srflx", 3),
        Kind::Relayed => ("relay", 4),
    };
    // RFC 6544, 4.5: an active candidate has port 9, the discard port.
    let is_tcp = candidate.transport == Transport::Tcp;
    let (foundation, transport, port, tcptype) = match is_tcp {
        true => (foundation | 8, "tcp", 9, " tcptype active"),
        false => (foundation, "udp", candidate.address.port(), ""),
    };
    text.put("candidate:");
    text.number(foundation);
    text.put(" 1 ");
    text.put(transport);
    text.put(" ");
    text.number(candidate.priority.into());
    text.put(" ");
    match candidate.address.ip() {
        IpAddr::V4(ip) => {
            for (index, octet) in ip.octets().into_iter().enumerate() {
                text.put(if index > 0 { "." } else { "" });
                text.number(octet.into());
            }
        }
        IpAddr::V6(ip) => address::write_v6(ip, &mut text),
    }
    text.put(" ");
    text.number(port.into());
    text.put(" typ ");
    text.put(kind);
    text.put(tcptype);
    text.finish()
}

fn read(line: &str, read_ip: impl Fn(&str) -> Option<IpAddr>) -> Result<Candidate, Skipped<'_>> {
    let line = line.strip_prefix("a=").unwrap_or(line);
    let mut words = Words(line.strip_prefix("candidate:").ok_or(Skipped::Syntax)?);
    let mut word = || words.next().ok_or(Skipped::Syntax);
    let _foundation = word()?;
    let component = number(word()?).ok_or(Skipped::Syntax)?;
    let transport = word()?;
    let priority = number(word()?).ok_or(Skipped::Syntax)?;
    let name = word()?;
    let port = number(word()?).and_then(|it| u16::try_from(it).ok()).ok_or(Skipped::Syntax)?;
    let is_typ = word()? == "typ";
    let kind = match word()? {
        "host" => Kind::Host,
        "prflx" => Kind::PeerReflexive,
        "srflx" => Kind::ServerReflexive,
        "relay" => Kind::Relayed,
        _ => return Err(Skipped::Syntax),
    };
    if component != 1 {
        return Err(Skipped::Component(component));
    }
    // RFC 8839, 5.1: "transport = "UDP" / transport-extension"; names in a grammar are of either case.
    let transport = if transport.eq_ignore_ascii_case("udp") {
        Transport::Udp
    } else if transport.eq_ignore_ascii_case("tcp") {
        Transport::Tcp
    } else {
        return Err(Skipped::Transport(transport));
    };
    // Pairs of words follow. RFC 6544, 4.5: "tcp-type = "active" / "passive" / "so"".
    let is_passive = core::iter::from_fn(|| Some((words.next()?, words.next()?)))
        .any(|pair| pair == ("tcptype", "passive"));
    if transport == Transport::Tcp && !is_passive {
        return Err(Skipped::TcpActive);
    }
    if !is_typ || port == 0 {
        return Err(Skipped::Syntax);
    }
    let ip = read_ip(name).ok_or(Skipped::Name(name))?;
    Ok(Candidate { address: SocketAddr::new(ip, port), transport, kind, priority })
}

impl fmt::Display for Skipped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax => f.write_str("not the line of a candidate"),
            Self::Component(component) => write!(f, "a candidate of component {component}, not 1"),
            Self::Transport(name) => write!(f, "a candidate for {name:?}, not for UDP or TCP"),
            Self::TcpActive => f.write_str("a candidate for TCP that waits for no connection"),
            Self::Name(name) => write!(f, "a candidate with {name:?}, which is not an address"),
        }
    }
}

impl core::error::Error for Skipped<'_> {}
