//! Certificate, ServerKeyExchange and CertificateRequest, as read.

use subtle::ConstantTimeEq;

use super::Error;
use super::exchange::Exchange;
use super::hello::SECP256R1;
use super::reject::Reject;
use crate::Crypto;
use crate::bytes::{Reader, copy};
use crate::certificate::{fingerprint, public_key, signature};
use crate::crypto::Sha256;

/// Checks the server's certificate against the fingerprint, and reads its public key.
///
/// RFC 8122, 6.2: each end checks that the other's certificate is the one of the fingerprint. Who issued it, until
/// when it is valid and the rest of a chain mean nothing then.
pub(super) fn certificate<C: Crypto>(
    message: &[u8],
    expected: &[u8; 32],
    key: &mut [u8; 65],
) -> Result<(), Reject> {
    let mut reader = Reader(message);
    let list = reader.vector24()?;
    reader.end()?;
    let certificate = Reader(list).vector24()?;
    if !bool::from(fingerprint::<C>(certificate).ct_eq(expected)) {
        return Err(Reject::Fatal(Error::Fingerprint));
    }
    let public = public_key(certificate).map_err(|it| Reject::Fatal(Error::Certificate(it)))?;
    copy(key, public);
    Ok(())
}

/// Reads the server's ephemeral key, and what is to be checked before it is used.
pub(super) fn key_exchange<C: Crypto>(
    message: &[u8],
    exchange: &mut Exchange<C>,
) -> Result<(), Reject> {
    let mut reader = Reader(message);
    // RFC 8422, 5.4: curve_type, of which only named_curve (3) is left; namedcurve; point <1..2^8-1>.
    let kind = reader.u8()?;
    let curve = reader.u16()?;
    if kind != 3 || curve != SECP256R1.into() {
        return Err(Reject::Fatal(Error::Curve(if kind == 3 { curve } else { 0 })));
    }
    // 5.4.1: with the uncompressed format of 5.1.2 it is 04, x, y.
    let Ok(point) = <&[u8; 65]>::try_from(reader.vector8()?) else {
        return Err(Reject::Fatal(Error::InvalidPoint));
    };
    copy(&mut exchange.server_point, point);
    let scheme = reader.u16()?;
    let der = reader.vector16()?;
    reader.end()?;
    if scheme != ECDSA_SECP256R1_SHA256 {
        return Err(Reject::Fatal(Error::SignatureScheme(scheme)));
    }
    signature::from_der(der, &mut exchange.signature)?;
    // 5.4: SHA(ClientHello.random + ServerHello.random + ServerKeyExchange.params).
    let mut digest = C::Sha256::new();
    digest.update(&exchange.client_random);
    digest.update(&exchange.server_random);
    digest.update(Reader(message).take(PARAMETERS)?);
    exchange.digest = digest.finish();
    exchange.is_signature_due = true;
    Ok(())
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
