//! A certificate that a device makes for itself.

use core::fmt;

use super::signature::{Der, MAX_BYTES};
use crate::Crypto;
use crate::bytes::copy;
use crate::crypto::Sha256;

/// Makes a self-signed certificate (DER) of a P-256 key in `buf`, which needs [`SELF_SIGNED_BYTES`].
///
/// `public_key` is the key's: 04, x, y. The serial number is random. Costs one signature. A device keeps the
/// certificate with its key, or makes a new one of each: only the fingerprint counts, and signalling carries it.
///
/// Valid from 2020 to 2050, and not from now on: many devices have no clock, and nobody checks it.
///
/// # Errors
///
/// `buf` is too small, or the key cannot sign.
pub fn self_signed<'b, C: Crypto>(
    crypto: &mut C,
    key: &C::PrivateKey,
    public_key: &[u8; 65],
    buf: &'b mut [u8],
) -> Result<&'b [u8], SelfSignedError> {
    let mut serial = [0; 8];
    crypto.random(&mut serial);
    // RFC 5280, 4.1.2.2: "a positive integer"; here always one of eight bytes.
    serial[0] = serial[0] & 0x7f | 0x40;

    let mut hash = C::Sha256::new();
    let signed = [BEFORE_SERIAL, &serial, AFTER_SERIAL, public_key];
    signed.iter().for_each(|part| hash.update(part));
    let raw = crypto.sign(key, &hash.finish()).ok_or(SelfSignedError::SigningFailed)?;
    let mut signature = Der::new();
    signature.set(&raw);
    let signature = signature.as_bytes();

    let [.., bits] = signature.len().wrapping_add(1).to_be_bytes();
    let tail = [0x03, bits, 0];
    let parts =
        [BEFORE_SERIAL, &serial, AFTER_SERIAL, public_key, ECDSA_WITH_SHA256, &tail, signature];
    let contents = parts.iter().fold(0, |len: usize, part| len.wrapping_add(part.len()));
    let [.., high, low] = contents.to_be_bytes();
    let outer = [0x30, 0x82, high, low];
    let len = contents.wrapping_add(outer.len());
    let capacity = buf.len();
    let Some(certificate) = buf.get_mut(..len) else {
        return Err(SelfSignedError::Space { bytes: len, capacity });
    };
    let mut rest = &mut *certificate;
    for part in [outer.as_slice()].iter().chain(&parts) {
        copy(rest, part);
        rest = rest.get_mut(part.len()..).unwrap_or_default();
    }
    Ok(certificate)
}

/// Why no certificate was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SelfSignedError {
    /// The buffer is too small.
    Space {
        /// What the certificate needs, in bytes.
        bytes: usize,
        /// The buffer's length, in bytes.
        capacity: usize,
    },
    /// [`Crypto::sign`] had no signature.
    SigningFailed,
}

impl fmt::Display for SelfSignedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Space { bytes, capacity } => {
                write!(f, "the certificate has {bytes} bytes, the buffer {capacity}")
            }
            Self::SigningFailed => f.write_str("the key could not sign"),
        }
    }
}

impl core::error::Error for SelfSignedError {}

/// The most bytes that a certificate of [`self_signed`] has.
pub const SELF_SIGNED_BYTES: usize =
    4 + BEFORE_SERIAL.len() + 8 + AFTER_SERIAL.len() + 65 + ECDSA_WITH_SHA256.len() + 3 + MAX_BYTES;

/// From the tag of tbsCertificate (RFC 5280, 4.1.2) to the serial number.
const BEFORE_SERIAL: &[u8] = &[
    0x30,
    0x81,
    SIGNED_BYTES, // tbsCertificate
    // Version 3, though there are no extensions: some parsers know no other.
    0xa0,
    0x03,
    0x02,
    0x01,
    0x02, //
    0x02,
    0x08, // serialNumber
];

/// From the serial number to the key.
const AFTER_SERIAL: &[u8] = &[
    0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03,
    0x02, // ecdsa-with-SHA256
    // issuer: CN=device
    0x30, 0x11, 0x31, 0x0f, 0x30, 0x0d, 0x06, 0x03, 0x55, 0x04, 0x03, //
    0x0c, 0x06, b'd', b'e', b'v', b'i', b'c', b'e', //
    // validity. RFC 5280, 4.1.2.5: UTCTime "through the year 2049", GeneralizedTime "in 2050 or later".
    0x30, 0x1e, 0x17, 0x0d, //
    b'2', b'0', b'0', b'1', b'0', b'1', b'0', b'0', b'0', b'0', b'0', b'0', b'Z', //
    0x17, 0x0d, //
    b'4', b'9', b'1', b'2', b'3', b'1', b'2', b'3', b'5', b'9', b'5', b'9', b'Z', //
    // subject: CN=device
    0x30, 0x11, 0x31, 0x0f, 0x30, 0x0d, 0x06, 0x03, 0x55, 0x04, 0x03, //
    0x0c, 0x06, b'd', b'e', b'v', b'i', b'c', b'e', //
    // subjectPublicKeyInfo: id-ecPublicKey, prime256v1, a bit string of 65 bytes
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, //
    0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// RFC 5758, 3.2.
const ECDSA_WITH_SHA256: &[u8] =
    &[0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

/// The contents of tbsCertificate.
const SIGNED_BYTES: u8 = {
    let len = 5 + 2 + 8 + AFTER_SERIAL.len() + 65;
    assert!(len >= 128 && len < 256);
    len as u8
};
