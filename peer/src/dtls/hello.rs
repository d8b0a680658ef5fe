//! ClientHello as written, HelloVerifyRequest and ServerHello as read.

use super::Error;
use super::record::VERSION;
use super::reject::Reject;
use crate::bytes::{Malformed, Reader, copy};

/// What follows the cookie in a ClientHello: cipher_suites, compression_methods, extensions.
///
/// RFC 8827, 6.5, has every WebRTC server know this suite with this curve, so nothing else is offered.
pub(super) const OFFER: &[u8] = &[
    0,
    2,
    0xc0,
    0x2b, // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 (RFC 5289)
    1,
    0, // no compression
    0,
    42, // bytes of extensions
    // RFC 5746, 3.4: "empty" in an initial handshake. Nothing is ever renegotiated, but servers may ask for it.
    0xff,
    0x01,
    0,
    1,
    0, //
    0,
    23,
    0,
    0, // extended_master_secret (RFC 7627, 5.1)
    0,
    10,
    0,
    4,
    0,
    2,
    0,
    SECP256R1, // supported_groups (RFC 8422, 5.1.1)
    0,
    11,
    0,
    2,
    1,
    0, // ec_point_formats: uncompressed (RFC 8422, 5.1.2)
    0,
    13,
    0,
    4,
    0,
    2,
    4,
    3, // signature_algorithms: ecdsa_secp256r1_sha256 (RFC 5246, 7.4.1.4.1)
    // use_srtp (RFC 5764, 4.1.1): WebRTC's servers end a handshake without it, also where no media follows.
    0,
    14,
    0,
    7,
    0,
    4,
    0,
    SRTP_AEAD_AES_128_GCM,
    0,
    SRTP_AES128_CM_HMAC_SHA1_80,
    0,
];

/// The cookie of a HelloVerifyRequest, at most 255 bytes.
///
/// RFC 6347, 4.2.1: clients "MUST use the version solely to indicate packet formatting [...] and not as part of
/// version negotiation".
pub(super) fn cookie(message: &[u8]) -> Result<&[u8], Malformed> {
    let mut reader = Reader(message);
    reader.u16()?;
    let cookie = reader.vector8()?;
    reader.end()?;
    Ok(cookie)
}

/// Checks a ServerHello, and reads the server's random.
pub(super) fn server_hello(message: &[u8], random: &mut [u8; 32]) -> Result<(), Reject> {
    let mut reader = Reader(message);
    let version = reader.u16()?;
    copy(random, reader.take(32)?);
    let session = reader.vector8()?;
    let suite = reader.u16()?;
    let compression = reader.u8()?;
    // RFC 5246, 7.4.1.3: "opaque SessionID<0..32>".
    if session.len() > 32 {
        return Err(Reject::Malformed);
    }
    if version != VERSION {
        return Err(Reject::Fatal(Error::Version { server: version.to_be_bytes() }));
    }
    if suite != 0xc02b {
        return Err(Reject::Fatal(Error::CipherSuite(suite)));
    }
    if compression != 0 {
        return Err(Reject::Fatal(Error::Compression(compression)));
    }
    // RFC 5246, 7.4.1.2: "The presence of extensions can be detected by determining whether there are bytes
    // following the compression_method field".
    let extensions = if reader.is_empty() { &[] } else { reader.vector16()? };
    reader.end()?;
    if !extended_master_secret(extensions)? {
        return Err(Reject::Fatal(Error::NoExtendedMasterSecret));
    }
    Ok(())
}

/// Checks the extensions of a ServerHello; whether extended_master_secret is one of them.
fn extended_master_secret(extensions: &[u8]) -> Result<bool, Reject> {
    let mut reader = Reader(extensions);
    let mut seen = 0u8;
    while !reader.is_empty() {
        let kind = reader.u16()?;
        let data = reader.vector16()?;
        let (bit, is_right) = match kind {
            23 => (EXTENDED_MASTER_SECRET, data.is_empty()),
            // RFC 5746, 3.4: a "renegotiated_connection" that is not empty is an attack.
            0xff01 => (2, data == [0]),
            // RFC 8422, 5.2: a list that "MUST" contain the uncompressed format.
            11 => (4, Reader(data).vector8()?.contains(&0)),
            // RFC 5764, 4.1.1: one profile "that the client has offered", and of MKIs none was.
            14 => match data {
                [0, 2, 0, SRTP_AEAD_AES_128_GCM | SRTP_AES128_CM_HMAC_SHA1_80, 0] => (8, true),
                _ => (8, false),
            },
            // RFC 7919, 4: some servers say here what they support, for a later session. Of no use.
            10 => (16, true),
            // RFC 5246, 7.4.1.4: the client "MUST abort the handshake" if it did not offer this type.
            _ => (0, false),
        };
        // 7.4.1.4: "There MUST NOT be more than one extension of the same type."
        if !is_right || seen & bit != 0 {
            return Err(Reject::Fatal(Error::Extension(kind)));
        }
        seen |= bit;
    }
    Ok(seen & EXTENDED_MASTER_SECRET != 0)
}

/// Its bit among the extensions that were seen.
const EXTENDED_MASTER_SECRET: u8 = 1;
pub(super) const SECP256R1: u8 = 23;
const SRTP_AES128_CM_HMAC_SHA1_80: u8 = 1;
/// RFC 7714, 14.2.
const SRTP_AEAD_AES_128_GCM: u8 = 7;
