//! X.509 certificates in DER, good and odd, without an X.509 library.

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use sha2::{Digest, Sha256};

/// A certificate of `key` for `name`, signed by itself.
pub fn self_signed(key: &SigningKey, name: &str) -> Vec<u8> {
    certificate(&ec_key(&P256, key.verifying_key().to_encoded_point(false).as_bytes()), name, key)
}

/// A certificate whose key is the point `point` of the curve P-256, in any encoding.
pub fn of_point(point: &[u8], signer: &SigningKey) -> Vec<u8> {
    certificate(&ec_key(&P256, point), "point", signer)
}

/// A certificate whose key is on the curve P-384.
pub fn of_p384(signer: &SigningKey) -> Vec<u8> {
    let mut point = vec![7; 97];
    point[0] = 4;
    certificate(&ec_key(&P384, &point), "p384", signer)
}

/// A certificate with an RSA key of 2048 bits.
pub fn of_rsa(signer: &SigningKey) -> Vec<u8> {
    let mut modulus = vec![0x5A; 257];
    modulus[0] = 0;
    let key = sequence(&[der(0x02, &modulus), der(0x02, &[1, 0, 1])]);
    let algorithm = sequence(&[RSA.to_vec(), der(0x05, &[])]);
    certificate(&sequence(&[algorithm, bits(&key)]), "rsa", signer)
}

/// A private key in DER (RFC 5915).
pub fn private_key(key: &SigningKey) -> Vec<u8> {
    let point = key.verifying_key().to_encoded_point(false);
    sequence(&[
        der(0x02, &[1]),
        der(0x04, &key.to_bytes()),
        der(0xA0, &P256),
        der(0xA1, &bits(point.as_bytes())),
    ])
}

/// The SHA-256 fingerprint of a certificate.
pub fn fingerprint(certificate: &[u8]) -> [u8; 32] {
    Sha256::digest(certificate).into()
}

/// The uncompressed P-256 point in a certificate.
pub fn point(certificate: &[u8]) -> Option<&[u8]> {
    let prefix = [&sequence(&[EC.to_vec(), P256.to_vec()])[..], &[0x03, 0x42, 0x00]].concat();
    let at = certificate.windows(prefix.len()).position(|bytes| bytes == prefix)? + prefix.len();
    certificate.get(at..at + 65)
}

fn certificate(key: &[u8], name: &str, signer: &SigningKey) -> Vec<u8> {
    let name =
        sequence(&[der(0x31, &sequence(&[COMMON_NAME.to_vec(), der(0x0C, name.as_bytes())]))]);
    let validity = sequence(&[der(0x17, b"200101000000Z"), der(0x17, b"491231235959Z")]);
    let algorithm = sequence(&[ECDSA_WITH_SHA256.to_vec()]);
    let signed = sequence(&[
        der(0xA0, &der(0x02, &[2])),
        der(0x02, &[1]),
        algorithm.clone(),
        name.clone(),
        validity,
        name,
        key.to_vec(),
    ]);
    let signature: DerSignature = signer.sign(&signed);
    sequence(&[signed, algorithm, bits(signature.as_bytes())])
}

fn ec_key(curve: &[u8], point: &[u8]) -> Vec<u8> {
    sequence(&[sequence(&[EC.to_vec(), curve.to_vec()]), bits(point)])
}

fn bits(bytes: &[u8]) -> Vec<u8> {
    der(0x03, &[&[0], bytes].concat())
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    der(0x30, &parts.concat())
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match content.len() {
        length @ 0..=0x7F => bytes.push(length as u8),
        length @ 0x80..=0xFF => bytes.extend([0x81, length as u8]),
        length => bytes.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    bytes.extend_from_slice(content);
    bytes
}

const EC: [u8; 9] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];
const P256: [u8; 10] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
const P384: [u8; 7] = [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22];
const RSA: [u8; 11] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
const ECDSA_WITH_SHA256: [u8; 10] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
const COMMON_NAME: [u8; 5] = [0x06, 0x03, 0x55, 0x04, 0x03];
