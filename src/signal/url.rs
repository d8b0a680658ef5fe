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

/// A text is no URL of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum UrlError {
    /// It does not begin with `ws://`, `wss://`, `http://` or `https://`.
    Scheme,
    /// There is no name, or one with bytes that a URL cannot have.
    Host,
    /// The port is no number from 1 to 65535.
    Port,
}

impl<'a> ServerUrl<'a> {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`UrlError`] says what is wrong with it.
    pub fn parse(url: &'a str) -> Result<Self, UrlError> {
        let (scheme, rest) = url.split_once("://").ok_or(UrlError::Scheme)?;
        let is_tls = match scheme {
            "ws" | "http" => false,
            "wss" | "https" => true,
            _ => return Err(UrlError::Scheme),
        };
        let rest = rest.split(['?', '#']).next().unwrap_or(rest);
        let (authority, path) =
            rest.split_at_checked(rest.find('/').unwrap_or(rest.len())).unwrap_or_default();
        if authority.is_empty() || !rest.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'@')
        {
            return Err(UrlError::Host);
        }
        // An IPv6 address stands in brackets.
        let end = authority.find(']').unwrap_or(0);
        let (host, port) = match authority.get(end..).and_then(|rest| rest.find(':')) {
            Some(colon) => {
                let (host, port) =
                    authority.split_at_checked(end.saturating_add(colon)).unwrap_or_default();
                let port =
                    port.get(1..).and_then(|port| port.parse().ok()).filter(|port| *port > 0);
                (host, port.ok_or(UrlError::Port)?)
            }
            None => (authority, if is_tls { 443 } else { 80 }),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err(UrlError::Host);
        }
        Ok(Self { is_tls, authority, host, port, path: path.trim_end_matches('/') })
    }
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "the server's URL begins with neither ws:// nor wss://",
            Self::Host => "the server's URL has no name of a host",
            Self::Port => "the port of the server's URL is no number from 1 to 65535",
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
