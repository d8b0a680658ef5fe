//! What the tests of trust share: certificates made by OpenSSL, who judges them, servers, and an impostor; and what `check`
//! finds out about a server.

pub mod advice;
pub mod device;
pub mod fields;
pub mod impostor;
pub mod judges;
pub mod lab;
pub mod roots;
pub mod sclient;
pub mod sserver;
pub mod tree;

use livekit_micro_trust::ALGORITHMS;
use pki_types::{AlgorithmIdentifier, SignatureVerificationAlgorithm};

/// A kind of signature, by the identifiers of its keys and of itself.
pub type Kind = (AlgorithmIdentifier, AlgorithmIdentifier);

/// Our implementation of a kind of signature.
pub fn ours(kind: Kind) -> &'static dyn SignatureVerificationAlgorithm {
    find(ALGORITHMS, kind)
}

/// That of ring.
pub fn ring(kind: Kind) -> &'static dyn SignatureVerificationAlgorithm {
    find(webpki::ALL_VERIFICATION_ALGS, kind)
}

fn find(
    algorithms: &'static [&'static dyn SignatureVerificationAlgorithm],
    (key, signature): Kind,
) -> &'static dyn SignatureVerificationAlgorithm {
    *algorithms
        .iter()
        .find(|it| it.public_key_alg_id() == key && it.signature_alg_id() == signature)
        .expect("the kind is supported")
}
