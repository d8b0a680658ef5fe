//! The server's public key, after its certificate was verified.

use pki_types::{SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer};
use webpki::RawPublicKeyEntity;

use crate::der::{Elements, SEQUENCE};
use crate::{ALGORITHMS, Error, algorithm};

/// Bytes of the longest `SubjectPublicKeyInfo`: of RSA with 4096 bits, in 550 bytes.
const MAX_BYTES: usize = 552;
/// Bytes of the sequence's tag and length.
const HEADER_BYTES: usize = 4;

/// A kind of signature of TLS 1.3's handshake (RFC 8446, 4.2.3).
///
/// Those of PKCS #1 v1.5 are not there: "These values refer solely to signatures which appear in certificates [...] and are
/// not defined for use in signed TLS handshake messages".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `ecdsa_secp256r1_sha256`
    EcdsaSecp256r1Sha256,
    /// `ecdsa_secp384r1_sha384`
    #[cfg(feature = "p384")]
    EcdsaSecp384r1Sha384,
    /// `rsa_pss_rsae_sha256`
    #[cfg(feature = "rsa")]
    RsaPssRsaeSha256,
    /// `rsa_pss_rsae_sha384`
    #[cfg(feature = "rsa")]
    RsaPssRsaeSha384,
    /// `rsa_pss_rsae_sha512`
    #[cfg(feature = "rsa")]
    RsaPssRsaeSha512,
}

/// The key of a server whose certificate was verified. It is a copy: the certificate need not be kept.
#[derive(Clone)]
pub struct ServerKey {
    /// `SubjectPublicKeyInfo`, from `start` to `end`.
    der: [u8; MAX_BYTES],
    start: usize,
    end: usize,
}

impl ServerKey {
    /// `key` is the content of `SubjectPublicKeyInfo`.
    pub(crate) fn new(key: &[u8]) -> Result<Self, Error> {
        let kind = Elements(key).next(SEQUENCE).ok_or(Error::Malformed)?;
        if !ALGORITHMS.iter().any(|it| it.public_key_alg_id().as_ref() == kind) {
            return Err(Error::Algorithm);
        }
        let mut der = [0; MAX_BYTES];
        let (header, rest) = der.split_first_chunk_mut::<HEADER_BYTES>().ok_or(Error::Algorithm)?;
        rest.get_mut(..key.len()).ok_or(Error::Algorithm)?.copy_from_slice(key);
        let short = u8::try_from(key.len()).ok();
        // The length has one to three bytes, the element ends with the key.
        let (start, element) = match (short, (key.len() as u16).to_be_bytes()) {
            (Some(len @ ..0x80), _) => (2, [0, 0, 0x30, len]),
            (Some(len), _) => (1, [0, 0x30, 0x81, len]),
            (None, [high, low]) => (0, [0x30, 0x82, high, low]),
        };
        *header = element;
        let end = key.len().saturating_add(HEADER_BYTES);
        Ok(Self { der, start, end })
    }

    /// Returns `true` if the server signed `message` with its key.
    pub fn verify(&self, scheme: Scheme, message: &[u8], signature: &[u8]) -> bool {
        let algorithm: &dyn SignatureVerificationAlgorithm = match scheme {
            Scheme::EcdsaSecp256r1Sha256 => &algorithm::P256_SHA256,
            #[cfg(feature = "p384")]
            Scheme::EcdsaSecp384r1Sha384 => &algorithm::P384_SHA384,
            #[cfg(feature = "rsa")]
            Scheme::RsaPssRsaeSha256 => &algorithm::PSS_SHA256,
            #[cfg(feature = "rsa")]
            Scheme::RsaPssRsaeSha384 => &algorithm::PSS_SHA384,
            #[cfg(feature = "rsa")]
            Scheme::RsaPssRsaeSha512 => &algorithm::PSS_SHA512,
        };
        let der =
            SubjectPublicKeyInfoDer::from(self.der.get(self.start..self.end).unwrap_or_default());
        RawPublicKeyEntity::try_from(&der)
            .is_ok_and(|key| key.verify_signature(algorithm, message, signature).is_ok())
    }
}
