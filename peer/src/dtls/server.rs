//! Certificate, ServerKeyExchange and CertificateRequest, as read.

use subtle::ConstantTimeEq;

use super::Error;
use super::bytes::Reader;
use super::hello::SECP256R1;
use super::reject::Reject;
use crate::Crypto;
use crate::certificate::{fingerprint, public_key, signature};
use crate::crypto::Sha256;

/// Checks the server's certificate against the fingerprint; its public key.
///
/// RFC 8122, 6.2: the certificate "MUST match" the fingerprint. Who issued it, until when it is valid and the rest
/// of a chain mean nothing then.
pub(super) fn certificate<C: Crypto>(
    message: &[u8],
    expected: &[u8; 32],
) -> Result<[u8; 65], Reject> {
    let mut reader = Reader(message);
    let list = reader.vector24()?;
    reader.end()?;
    let certificate = Reader(list).vector24()?;
    if !bool::from(fingerprint::<C>(certificate).ct_eq(expected)) {
        return Err(Reject::Fatal(Error::Fingerprint));
    }
    public_key(certificate).map_err(|error| Reject::Fatal(Error::Certificate(error)))
}

/// The server's ephemeral key and what proves that it is the server's.
pub(super) struct KeyExchange {
    pub point: [u8; 65],
    pub proof: Proof,
}

/// A signature that is still to be checked.
pub(super) struct Proof {
    pub digest: [u8; 32],
    pub signature: [u8; 64],
}

/// Reads a ServerKeyExchange.
pub(super) fn key_exchange<C: Crypto>(
    message: &[u8],
    client_random: &[u8; 32],
    server_random: &[u8; 32],
) -> Result<KeyExchange, Reject> {
    let mut reader = Reader(message);
    // RFC 8422, 5.4: curve_type, of which only named_curve (3) is left; namedcurve; point <1..2^8-1>.
    let kind = reader.u8()?;
    let curve = reader.u16()?;
    if kind != 3 {
        return Err(Reject::Fatal(Error::Curve(0)));
    }
    if curve != SECP256R1.into() {
        return Err(Reject::Fatal(Error::Curve(curve)));
    }
    // 5.4.1: with the uncompressed format of 5.1.2 it is 04, x, y.
    let Ok(&point) = <&[u8; 65]>::try_from(reader.vector8()?) else {
        return Err(Reject::Fatal(Error::InvalidPoint));
    };
    let parameters = message.get(..PARAMETERS).unwrap_or_default();
    let scheme = reader.u16()?;
    let der = reader.vector16()?;
    reader.end()?;
    if scheme != ECDSA_SECP256R1_SHA256 {
        return Err(Reject::Fatal(Error::SignatureScheme(scheme)));
    }
    let signature = signature::from_der(der)?;
    // 5.4: SHA(ClientHello.random + ServerHello.random + ServerKeyExchange.params).
    let mut digest = C::Sha256::new();
    digest.update(client_random);
    digest.update(server_random);
    digest.update(parameters);
    Ok(KeyExchange { point, proof: Proof { digest: digest.finish(), signature } })
}

/// Checks that a CertificateRequest allows our certificate.
pub(super) fn certificate_request(message: &[u8]) -> Result<(), Reject> {
    let mut reader = Reader(message);
    // RFC 5246, 7.4.4: certificate_types, supported_signature_algorithms, certificate_authorities.
    let types = reader.vector8()?;
    let schemes = reader.vector16()?;
    reader.vector16()?;
    reader.end()?;
    let (schemes, odd) = schemes.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(Reject::Malformed);
    }
    // RFC 8422, 5.5: ecdsa_sign.
    let is_allowed = types.contains(&64) && schemes.contains(&ECDSA_SECP256R1_SHA256.to_be_bytes());
    if is_allowed { Ok(()) } else { Err(Reject::Fatal(Error::CertificateRequest)) }
}

pub(super) const ECDSA_SECP256R1_SHA256: u16 = 0x0403;
const PARAMETERS: usize = 1 + 2 + 1 + 65;
