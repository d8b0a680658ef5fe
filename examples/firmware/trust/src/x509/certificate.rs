//! One certificate (RFC 5280, 4.1).

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};

use super::der::{self, BIT_STRING, Elements, INTEGER, SEQUENCE};
use super::extensions::Extensions;
use super::{CertError, name, time};

/// `ecdsa-with-SHA256`, without parameters.
const ECDSA_SHA256: &[u8] = b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
/// `id-ecPublicKey` on `prime256v1`.
const EC_P256: &[u8] =
    b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
/// Version 3, the one with extensions.
const V3: &[u8] = &[2];
const VERSION: u8 = 0xa0;
const ISSUER_ID: u8 = 0x81;
const SUBJECT_ID: u8 = 0x82;
const EXTENSIONS: u8 = 0xa3;

/// A well-formed certificate; its signature has not been verified.
#[derive(Clone)]
pub struct Certificate<'a> {
    pub(super) der: &'a [u8],
    pub(super) issuer: &'a [u8],
    pub(super) subject: &'a [u8],
    signed: &'a [u8],
    algorithm: &'a [u8],
    signature: &'a [u8],
    validity: &'a [u8],
    /// A point on the curve, not checked yet.
    point: &'a [u8],
    extensions: Extensions<'a>,
}

impl<'a> Certificate<'a> {
    /// Parses a certificate.
    ///
    /// # Errors
    ///
    /// [`CertError::Unreadable`], also if the key is of another kind.
    pub fn read(der: &'a [u8]) -> Result<Self, CertError> {
        let mut outer = Elements(der::only(der, SEQUENCE)?);
        let signed = outer.next(SEQUENCE)?;
        let algorithm = outer.next(SEQUENCE)?.content;
        let signature = der::bytes(outer.next(BIT_STRING)?.content)?;
        outer.end()?;

        let mut inner = Elements(signed.content);
        let version = inner.optional(VERSION)?.ok_or(CertError::Unreadable)?;
        if der::only(version, INTEGER)? != V3 {
            return Err(CertError::Unreadable);
        }
        let _serial = inner.next(INTEGER)?;
        if inner.next(SEQUENCE)?.content != algorithm {
            return Err(CertError::Unreadable);
        }
        let issuer = inner.next(SEQUENCE)?.content;
        let validity = inner.next(SEQUENCE)?.content;
        let subject = inner.next(SEQUENCE)?.content;
        let point = point(inner.next(SEQUENCE)?.content)?;
        let _ids = (inner.optional(ISSUER_ID)?, inner.optional(SUBJECT_ID)?);
        let extensions = inner.optional(EXTENSIONS)?.map(Extensions::read).transpose()?;
        inner.end()?;
        let extensions = extensions.unwrap_or_default();
        let signed = signed.whole;
        Ok(Self { der, issuer, subject, signed, algorithm, signature, validity, point, extensions })
    }

    /// Checks that the certificate is for a server called `name`.
    pub(super) fn verify_for_name(&self, name: &str) -> Result<(), CertError> {
        if !(self.extensions.may_sign && self.extensions.may_serve) {
            return Err(CertError::Usage);
        }
        if name::is_among(name, self.extensions.names)? { Ok(()) } else { Err(CertError::Name) }
    }

    /// Checks that it may issue server certificates, with `between` authorities between itself and the server.
    pub(super) fn verify_as_issuer(&self, between: u8) -> Result<(), CertError> {
        let Extensions { authority, may_certify, may_serve, .. } = self.extensions;
        match authority {
            Some(most) if may_certify && may_serve && between <= most => Ok(()),
            _ => Err(CertError::Usage),
        }
    }

    /// Checks that it is valid at `unix_s`.
    pub(super) fn verify_time(&self, unix_s: u64) -> Result<(), CertError> {
        let mut times = Elements(self.validity);
        let (from, to) = (time::unix_s(&times.any()?)?, time::unix_s(&times.any()?)?);
        times.end()?;
        if (from..=to).contains(&unix_s) { Ok(()) } else { Err(CertError::Time) }
    }

    /// Checks that the key of `issuer` signed it.
    pub(super) fn verify_signature_by(&self, issuer: &Certificate<'_>) -> Result<(), CertError> {
        if self.algorithm != ECDSA_SHA256 {
            return Err(CertError::Unreadable);
        }
        let signature = Signature::from_der(self.signature).map_err(|_| CertError::Issuer)?;
        issuer.key()?.verify(self.signed, &signature).map_err(|_| CertError::Issuer)
    }

    /// Returns its public key.
    pub(super) fn key(&self) -> Result<VerifyingKey, CertError> {
        VerifyingKey::from_sec1_bytes(self.point).map_err(|_| CertError::Unreadable)
    }
}

fn point(key: &[u8]) -> Result<&[u8], CertError> {
    let mut key = Elements(key);
    let algorithm = key.next(SEQUENCE)?.content;
    let point = der::bytes(key.next(BIT_STRING)?.content)?;
    key.end()?;
    if algorithm == EC_P256 { Ok(point) } else { Err(CertError::Unreadable) }
}
