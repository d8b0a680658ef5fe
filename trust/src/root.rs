//! The authorities that a device trusts.

use core::fmt::{self, Display, Formatter};

use pki_types::{CertificateDer, Der, TrustAnchor};

use crate::certificate::{Certificate, Use};

/// Why a certificate is not a root's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum RootError {
    /// It is not a DER-encoded X.509 certificate of version 3.
    Malformed,
    /// It may not issue certificates: it is a server's, say.
    NotAnAuthority,
    /// Another authority issued it: it is one of those between a server and a root, and those change without notice.
    Intermediate,
}

impl Display for RootError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "not a certificate in DER",
            Self::NotAnAuthority => "not an authority's certificate",
            Self::Intermediate => "an intermediate certificate, not a root",
        })
    }
}

impl core::error::Error for RootError {}

/// Reads the certificate of a root, in DER.
///
/// As in RFC 5280, 6.1.1 (d), a root is a name and a key, and its constraints on names. Its own validity and the length of
/// the path below it are not looked at: the firmware's maker trusts it until an update removes it.
///
/// # Errors
///
/// [`RootError`]
pub fn root(der: &[u8]) -> Result<TrustAnchor<'_>, RootError> {
    webpki::anchor_from_trusted_cert(&CertificateDer::from_slice(der))
        .map_err(|_| RootError::Malformed)?;
    let certificate = Certificate::read(der).ok_or(RootError::Malformed)?;
    if !(certificate.is_authority() && certificate.may(Use::KeyCertSign)) {
        return Err(RootError::NotAnAuthority);
    }
    // RFC 5280, 3.2: "Self-issued certificates are CA certificates in which the issuer and subject are the same entity."
    if certificate.issuer != certificate.subject {
        return Err(RootError::Intermediate);
    }
    Ok(TrustAnchor {
        subject: Der::from_slice(certificate.subject),
        subject_public_key_info: Der::from_slice(certificate.key),
        name_constraints: certificate.name_constraints().map(Der::from_slice),
    })
}
