//! The P-256 key of a certificate.

use core::fmt;

use super::der::{BIT_STRING, INTEGER, OBJECT_IDENTIFIER, SEQUENCE, VERSION, element, expect};
use crate::bytes::{Malformed, Reader};

/// Why a certificate cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CertificateError {
    /// It is not DER, or not a certificate.
    Malformed,
    /// Its key is not one of an elliptic curve: RSA, or Ed25519.
    NotEcdsa,
    /// Its key is on another curve than P-256.
    OtherCurve,
    /// Its key is not an uncompressed point: 04, x, y.
    NotUncompressed,
}

impl fmt::Display for CertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "malformed",
            Self::NotEcdsa => "its key is not an ECDSA key",
            Self::OtherCurve => "its key is not on the curve P-256",
            Self::NotUncompressed => "its key is not an uncompressed point",
        })
    }
}

impl core::error::Error for CertificateError {}

impl From<Malformed> for CertificateError {
    fn from(Malformed: Malformed) -> Self {
        Self::Malformed
    }
}

/// The public key of a certificate (DER): 04, x, y. Whether it is a point of the curve is not checked.
pub(crate) fn public_key(certificate: &[u8]) -> Result<&[u8; 65], CertificateError> {
    // RFC 5280, 4.1: Certificate is a sequence of tbsCertificate, signatureAlgorithm, signatureValue.
    let mut whole = Reader(certificate);
    let mut certificate = Reader(expect(&mut whole, SEQUENCE)?);
    whole.end()?;
    let mut fields = Reader(expect(&mut certificate, SEQUENCE)?);
    // version [0], which is left out of version 1; serialNumber; signature, issuer, validity, subject.
    if fields.0.first() == Some(&VERSION) {
        element(&mut fields)?;
    }
    expect(&mut fields, INTEGER)?;
    for _ in 0..4 {
        expect(&mut fields, SEQUENCE)?;
    }
    // subjectPublicKeyInfo: algorithm, subjectPublicKey.
    let mut info = Reader(expect(&mut fields, SEQUENCE)?);
    let mut algorithm = Reader(expect(&mut info, SEQUENCE)?);
    if expect(&mut algorithm, OBJECT_IDENTIFIER)? != EC_PUBLIC_KEY {
        return Err(CertificateError::NotEcdsa);
    }
    // RFC 5480, 2.1.1: namedCurve; "implicitCurve and specifiedCurve MUST NOT be used".
    match element(&mut algorithm)? {
        (OBJECT_IDENTIFIER, PRIME256V1) => {}
        _ => return Err(CertificateError::OtherCurve),
    }
    algorithm.end()?;
    // RFC 5480, 2.2: the key is the contents of the bit string, of which no bit is unused.
    let key = expect(&mut info, BIT_STRING)?;
    info.end()?;
    match key {
        [0, point @ ..] if point.first() == Some(&4) => {
            point.try_into().map_err(|_| CertificateError::NotUncompressed)
        }
        _ => Err(CertificateError::NotUncompressed),
    }
}

/// 1.2.840.10045.2.1.
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// 1.2.840.10045.3.1.7.
const PRIME256V1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
