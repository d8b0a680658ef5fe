//! Where a server is.

use core::fmt;

/// The parts of a server's URL: `ws://10.0.0.5:7880`, `wss://project.livekit.cloud`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ServerUrl<'a> {
    /// The connection is TLS: `wss` or `https`.
    pub is_tls: bool,
    /// The value of the `Host` header: the name, and the port if the URL has one.
    pub authority: &'a str,
    /// The name or the address, to connect to.
    pub host: &'a str,
    /// The port, to connect to.
    pub port: u16,
    /// What comes before `/rtc`: empty for most.
    pub path: &'a str,
}

/// Why a text is not the URL of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum UrlError {
    /// It does not begin with `ws://`, `wss://`, `http://` or `https://`.
    Scheme,
    /// There is no name, or one with bytes that a URL cannot have.
    Host,
    /// The port is not a number from 1 to 65535.
    Port,
}

impl<'a> ServerUrl<'a> {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`UrlError`] says what is wrong with it.
    pub fn parse(url: &'a str) -> Result<Self, UrlError> {
        const SCHEMES: [(&str, bool); 4] =
            [("ws://", false), ("wss://", true), ("http://", false), ("https://", true)];
        let mut schemes = SCHEMES.into_iter();
        let rest = schemes.find_map(|(scheme, is_tls)| Some((is_tls, url.strip_prefix(scheme)?)));
        let (is_tls, rest) = rest.ok_or(UrlError::Scheme)?;
        // By bytes: a search for a character can panic, as far as the compiler knows.
        let (rest, _) = split(rest, |byte| matches!(byte, b'?' | b'#'));
        let (authority, path) = split(rest, |byte| byte == b'/');
        if authority.is_empty() || !rest.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'@')
        {
            return Err(UrlError::Host);
        }
        // An IPv6 address stands in brackets.
        let (address, rest) = split(authority, |byte| byte == b']');
        let (name, port) = split(if rest.is_empty() { address } else { rest }, |byte| byte == b':');
        let host = if rest.is_empty() { name } else { address };
        let port = match port.get(1..) {
            Some(port) => port.parse().ok().filter(|port| *port > 0).ok_or(UrlError::Port)?,
            None if is_tls => 443,
            None => 80,
        };
        let host = host.strip_prefix('[').unwrap_or(host);
        if host.is_empty() {
            return Err(UrlError::Host);
        }
        Ok(Self { is_tls, authority, host, port, path: path.trim_end_matches('/') })
    }
}

/// What comes before the first of these bytes, all of it if there is none; and the rest. They are ASCII.
fn split(text: &str, is: impl Fn(u8) -> bool) -> (&str, &str) {
    let at = text.bytes().position(is).unwrap_or(text.len());
    text.split_at_checked(at).unwrap_or_default()
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "the server's URL begins with neither ws:// nor wss://",
            Self::Host => "the server's URL has no name of a host",
            Self::Port => "the port of the server's URL is not a number from 1 to 65535",
        })
    }
}

impl core::error::Error for UrlError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_a_host_and_a_port() {
        for (url, is_tls, authority, host, port, path) in [
            ("ws://10.0.0.5:7880", false, "10.0.0.5:7880", "10.0.0.5", 7880, ""),
            (
                "wss://project.livekit.cloud/",
                true,
                "project.livekit.cloud",
                "project.livekit.cloud",
                443,
                "",
            ),
            ("http://[::1]:80/livekit/?x=y", false, "[::1]:80", "::1", 80, "/livekit"),
            ("https://[fe80::1]", true, "[fe80::1]", "fe80::1", 443, ""),
        ] {
            let expected = ServerUrl { is_tls, authority, host, port, path };
            assert_eq!(ServerUrl::parse(url), Ok(expected));
        }
    }

    #[test]
    fn what_is_none_says_why() {
        for (url, error) in [
            ("livekit.example", UrlError::Scheme),
            ("ftp://livekit.example", UrlError::Scheme),
            ("ws://", UrlError::Host),
            ("ws://:7880", UrlError::Host),
            ("ws://[]:7880", UrlError::Host),
            ("ws://a b", UrlError::Host),
            ("ws://a\r\nX: y", UrlError::Host),
            ("ws://user@host", UrlError::Host),
            ("ws://host:", UrlError::Port),
            ("ws://host:0", UrlError::Port),
            ("ws://host:70000", UrlError::Port),
        ] {
            assert_eq!(ServerUrl::parse(url), Err(error), "{url}");
        }
    }
}
