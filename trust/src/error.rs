//! Why a chain was rejected.

use core::fmt::{self, Display, Formatter};

/// Why a server's certificates were rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Error {
    /// The device does not know the time, or its clock shows one before the firmware was built.
    NoTime,
    /// The server sent no certificate.
    NoCertificate,
    /// The server sent more than [`MAX_CERTIFICATES`](crate::MAX_CERTIFICATES), or authorities of one
    /// name with different keys.
    Chain,
    /// A certificate is not well-formed DER, or not an X.509 certificate of version 3.
    Malformed,
    /// No path leads from the server's certificate to a root.
    Issuer,
    /// A signature is wrong, or was made with an RSA key of an unsupported length.
    Signature,
    /// A key or a signature is of an unsupported kind, as one with SHA-1 is.
    Algorithm,
    /// A certificate is not valid yet.
    NotYetValid,
    /// A certificate has expired.
    Expired,
    /// The server's certificate is for other names.
    Name,
    /// A certificate is not for servers by its extended key usage.
    Purpose,
    /// By its key usage, the server's key may not sign a handshake, or an authority's not a certificate.
    KeyUsage,
    /// A certificate was issued by one that is not an authority's.
    NotAnAuthority,
    /// The server's certificate is an authority's.
    NotAServer,
    /// More authorities follow each other than one of them allows.
    PathLength,
    /// An authority may not issue certificates for the names in the server's.
    NameConstraints,
    /// A certificate has a critical extension that is not supported.
    CriticalExtension,
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoTime => "the time is not known",
            Self::NoCertificate => "no certificate",
            Self::Chain => "too many certificates, or an ambiguous chain",
            Self::Malformed => "malformed certificate",
            Self::Issuer => "not issued under a known root",
            Self::Signature => "invalid signature",
            Self::Algorithm => "unsupported kind of key or signature",
            Self::NotYetValid => "not valid yet",
            Self::Expired => "expired",
            Self::Name => "the certificate is for other names",
            Self::Purpose => "the certificate is not for servers",
            Self::KeyUsage => "the key may not be used for this",
            Self::NotAnAuthority => "issued by a certificate that is not an authority's",
            Self::NotAServer => "the server's certificate is an authority's",
            Self::PathLength => "too many authorities below one that limits them",
            Self::NameConstraints => "the authority may not issue for this name",
            Self::CriticalExtension => "unsupported critical extension",
        })
    }
}

impl core::error::Error for Error {}

impl From<webpki::Error> for Error {
    fn from(error: webpki::Error) -> Self {
        use webpki::Error as E;
        match error {
            E::CaUsedAsEndEntity => Self::NotAServer,
            E::CertExpired { .. } => Self::Expired,
            E::CertNotValidYet { .. } => Self::NotYetValid,
            E::CertNotValidForName(_) | E::UnsupportedNameType => Self::Name,
            E::EmptyEkuExtension | E::RequiredEkuNotFoundContext(_) => Self::Purpose,
            E::EndEntityUsedAsCa => Self::NotAnAuthority,
            // `Verifier` uses it for keys without keyCertSign; webpki itself, for lists of revoked certificates only.
            E::IssuerNotCrlSigner => Self::KeyUsage,
            E::InvalidSignatureForPublicKey => Self::Signature,
            E::MaximumNameConstraintComparisonsExceeded
            | E::MaximumPathBuildCallsExceeded
            | E::MaximumPathDepthExceeded
            | E::MaximumSignatureChecksExceeded => Self::Chain,
            E::NameConstraintViolation => Self::NameConstraints,
            E::PathLenConstraintViolated => Self::PathLength,
            E::UnknownIssuer | E::CertDistrusted => Self::Issuer,
            E::UnsupportedCriticalExtension => Self::CriticalExtension,
            E::UnsupportedSignatureAlgorithmContext(_)
            | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => Self::Algorithm,
            _ => Self::Malformed,
        }
    }
}
