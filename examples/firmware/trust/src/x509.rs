//! X.509 chains of P-256 certificates, as far as TLS 1.3 on a small device needs them.
//!
//! It replaces the `CertVerifier` of `embedded-tls` 0.19, which accepts every certificate of a
//! chain as an authority's: the owner of a certificate for one name could issue one for any name.
//!
//! * ECDSA with SHA-256 on P-256, and nothing else.
//! * Names are those of the extension `subjectAltName`: DNS names, with a wildcard for the first
//!   label, and IPv4 addresses. The common name is not looked at (RFC 9525, 2).
//! * Unknown critical extensions are rejected, and so are name constraints.
//! * Revocation is not checked.
//!
//! Nothing here panics, whatever the bytes are. The tests compare the results with OpenSSL's.

mod certificate;
mod chain;
mod der;
mod extensions;
mod name;
mod time;

pub use certificate::Certificate;
pub use chain::verify;

/// Why a certificate chain was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertError {
    /// No chain of authorities leads from the certificate to the root.
    Issuer,
    /// The certificate is for other names.
    Name,
    /// A certificate is not valid yet, or has expired.
    Time,
    /// A certificate may not be used for servers, or not to issue certificates.
    Usage,
    /// A certificate is malformed or of an unsupported kind.
    Unreadable,
}
