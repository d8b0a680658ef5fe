//! Does a root of P-256 vouch for a server? X.509 as far as TLS 1.3 of a small device needs it.
//!
//! It exists because of what `embedded-tls` 0.19 has for this: its `CertVerifier` takes every
//! certificate of a chain for an authority's, so whoever has a certificate of the same root for
//! *some* name can vouch for himself under any name.
//!
//! * ECDSA with SHA-256 on P-256, and nothing else.
//! * Names are those of the extension `subjectAltName`: DNS names, with a wildcard for the first
//!   label, and IPv4 addresses. The common name is not looked at (RFC 9525, 2).
//! * What is marked critical and not known is refused, and so are constraints of names.
//! * Nobody is asked whether a certificate was revoked.
//!
//! Nothing here panics, whatever the bytes are. The tests compare its verdicts with OpenSSL's.

mod certificate;
mod chain;
mod der;
mod extensions;
mod name;
mod time;

pub use certificate::Certificate;
pub use chain::verify;

/// Why a server is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// The root did not sign its certificate, nor did anybody to whom it gave the right to.
    Issuer,
    /// The certificate is for other names.
    Name,
    /// It is not valid yet, or not any more.
    Time,
    /// It is for something else than servers, or for authorities of another kind.
    Usage,
    /// It is broken, or of a kind that is not known here.
    Unreadable,
}
