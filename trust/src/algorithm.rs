//! What webpki verifies signatures with.

use core::fmt::{self, Debug, Formatter};

use pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};

use crate::ecdsa;
use crate::hash::Hash;
#[cfg(feature = "rsa")]
use crate::rsa;

/// The kinds of signatures that are verified, for others who use webpki.
///
/// SHA-256 and SHA-384 with ECDSA on P-256 and, with the feature `p384`, on P-384. With the feature `rsa` SHA-256,
/// SHA-384 and SHA-512 with RSA, by PKCS #1 v1.5 and PSS.
pub static ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    &P256_SHA256,
    &P256_SHA384,
    #[cfg(feature = "p384")]
    &P384_SHA256,
    #[cfg(feature = "p384")]
    &P384_SHA384,
    #[cfg(feature = "rsa")]
    &PKCS1_SHA256,
    #[cfg(feature = "rsa")]
    &PKCS1_SHA384,
    #[cfg(feature = "rsa")]
    &PKCS1_SHA512,
    #[cfg(feature = "rsa")]
    &PSS_SHA256,
    #[cfg(feature = "rsa")]
    &PSS_SHA384,
    #[cfg(feature = "rsa")]
    &PSS_SHA512,
];

/// A kind of signature, and the kind of key that makes it.
pub struct Algorithm {
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    hash: Hash,
    kind: Kind,
}

enum Kind {
    P256,
    #[cfg(feature = "p384")]
    P384,
    #[cfg(feature = "rsa")]
    Pkcs1,
    #[cfg(feature = "rsa")]
    Pss,
}

macro_rules! algorithms {
    ($($(#[$feature:meta])* $name:ident = $key:ident, $signature:ident, $hash:ident, $kind:ident;)*) => {
        $($(#[$feature])* pub static $name: Algorithm = Algorithm {
            key: alg_id::$key,
            signature: alg_id::$signature,
            hash: Hash::$hash,
            kind: Kind::$kind,
        };)*
    };
}

algorithms! {
    P256_SHA256 = ECDSA_P256, ECDSA_SHA256, Sha256, P256;
    P256_SHA384 = ECDSA_P256, ECDSA_SHA384, Sha384, P256;
    #[cfg(feature = "p384")]
    P384_SHA256 = ECDSA_P384, ECDSA_SHA256, Sha256, P384;
    #[cfg(feature = "p384")]
    P384_SHA384 = ECDSA_P384, ECDSA_SHA384, Sha384, P384;
    // RFC 4055, 5, wants the parameters of PKCS #1's to be accepted when they are absent too. The Baseline Requirements,
    // 7.1.3.2, have NULL there, byte for byte, and so it is here.
    #[cfg(feature = "rsa")]
    PKCS1_SHA256 = RSA_ENCRYPTION, RSA_PKCS1_SHA256, Sha256, Pkcs1;
    #[cfg(feature = "rsa")]
    PKCS1_SHA384 = RSA_ENCRYPTION, RSA_PKCS1_SHA384, Sha384, Pkcs1;
    #[cfg(feature = "rsa")]
    PKCS1_SHA512 = RSA_ENCRYPTION, RSA_PKCS1_SHA512, Sha512, Pkcs1;
    #[cfg(feature = "rsa")]
    PSS_SHA256 = RSA_ENCRYPTION, RSA_PSS_SHA256, Sha256, Pss;
    #[cfg(feature = "rsa")]
    PSS_SHA384 = RSA_ENCRYPTION, RSA_PSS_SHA384, Sha384, Pss;
    #[cfg(feature = "rsa")]
    PSS_SHA512 = RSA_ENCRYPTION, RSA_PSS_SHA512, Sha512, Pss;
}

impl SignatureVerificationAlgorithm for Algorithm {
    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }

    fn verify_signature(
        &self,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let verified = match self.kind {
            Kind::P256 => ecdsa::verify_p256(key, self.hash.digest(&[message]).bytes(), signature),
            #[cfg(feature = "p384")]
            Kind::P384 => ecdsa::verify_p384(key, self.hash.digest(&[message]).bytes(), signature),
            #[cfg(feature = "rsa")]
            Kind::Pkcs1 => rsa::verify_pkcs1(self.hash, key, message, signature),
            #[cfg(feature = "rsa")]
            Kind::Pss => rsa::verify_pss(self.hash, key, message, signature),
        };
        verified.ok_or(InvalidSignature)
    }
}

/// Written out, as a derived one would link the formatting of all fields: the trait demands it.
impl Debug for Algorithm {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Algorithm")
    }
}
