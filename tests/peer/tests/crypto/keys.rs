//! Keys and signatures beside those of RustCrypto's `p256`, which has other points and other signing.

use ecdsa::hazmat::SignPrimitive;
use livekit_micro_peer::Crypto;
use livekit_micro_peer::RustCrypto;
use livekit_micro_peer::crypto::PrivateKey;
use p256::Scalar;
use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{NistP256, PublicKey, SecretKey};

use crate::support::crypto;

/// The first and the last, digits of one kind only, and random ones.
fn privates() -> Vec<[u8; 32]> {
    let mut random = fastrand::Rng::with_seed(4);
    let mut privates = Vec::new();
    for at in 0..32 {
        for byte in [1, 0x80] {
            let mut private = [0; 32];
            private[at] = byte;
            privates.push(private);
        }
    }
    let order = <NistP256 as p256::elliptic_curve::Curve>::ORDER;
    for less in [1u8, 2, 3] {
        use p256::elliptic_curve::bigint::Encoding;
        privates.push(order.wrapping_sub(&less.into()).to_be_bytes());
    }
    privates.extend([[0x11; 32], [0x55; 32], [0xaa; 32], [0xf0; 32], [0x0f; 32]]);
    privates.extend(std::iter::repeat_with(|| std::array::from_fn(|_| random.u8(..))).take(50));
    privates
}

#[test]
fn public_keys_and_secrets_are_as_those_of_p256() {
    let mut crypto = crypto(5);
    let (_, point) = crypto.generate();
    let theirs_point = PublicKey::from_sec1_bytes(&point).expect("a point of the curve");
    for private in privates() {
        let ours = PrivateKey::from_bytes(&private).expect("a key");
        let theirs = SecretKey::from_bytes(&private.into()).expect("a key");
        let public = theirs.public_key().to_encoded_point(false);
        assert_eq!(ours.public_key()[..], *public.as_bytes(), "{private:x?}");
        let secret =
            p256::ecdh::diffie_hellman(theirs.to_nonzero_scalar(), theirs_point.as_affine());
        let agreed = crypto.agree(&ours, &point).expect("a point of the curve");
        assert_eq!(agreed[..], secret.raw_secret_bytes()[..], "{private:x?}");
    }
}

/// With the same additional data (RFC 6979, 3.6) even each signature is the same.
#[test]
fn signatures_are_those_of_rfc_6979_with_random_bytes() {
    let mut random = fastrand::Rng::with_seed(6);
    for private in privates() {
        let (digest, noise): ([u8; 32], [u8; 32]) =
            (std::array::from_fn(|_| random.u8(..)), std::array::from_fn(|_| random.u8(..)));
        let mut crypto = RustCrypto::new(|bytes: &mut [u8]| bytes.copy_from_slice(&noise));
        let ours = PrivateKey::from_bytes(&private).expect("a key");
        let scalar = *SecretKey::from_bytes(&private.into()).expect("a key").to_nonzero_scalar();
        let (theirs, _) = <Scalar as SignPrimitive<NistP256>>::try_sign_prehashed_rfc6979::<
            sha2::Sha256,
        >(&scalar, &digest.into(), &noise)
        .expect("it signs");
        assert_eq!(crypto.sign(&ours, &digest).expect("it signs")[..], theirs.to_bytes()[..]);
    }
}

#[test]
fn each_verifies_what_the_other_signs() {
    let (mut random, mut crypto) = (fastrand::Rng::with_seed(7), crypto(7));
    for private in privates() {
        // A hash above the order is one of 2^32: here, half of them.
        let mut digest: [u8; 32] = std::array::from_fn(|_| random.u8(..));
        if random.bool() {
            digest[..16].fill(0xff);
        }
        let key = PrivateKey::from_bytes(&private).expect("a key");
        let ours = crypto.sign(&key, &digest).expect("it signs");
        let signer = SigningKey::from_bytes(&private.into()).expect("a key");
        let verifier = VerifyingKey::from(&signer);
        let signature = Signature::from_slice(&ours).expect("64 bytes");
        verifier.verify_prehash(&digest, &signature).expect("they verify ours");

        let theirs: Signature = signer.sign_prehash(&digest).expect("it signs");
        let theirs: [u8; 64] = theirs.to_bytes().into();
        assert!(crypto.verify(&key.public_key(), &digest, &theirs), "we verify theirs");
        assert_ne!(ours, theirs, "theirs are deterministic");
    }
}

#[test]
fn two_signatures_of_a_message_differ() {
    let mut crypto = crypto(8);
    let (key, public) = crypto.generate();
    let signatures = [(); 2].map(|()| crypto.sign(&key, &[3; 32]).expect("it signs"));
    assert_ne!(signatures[0], signatures[1]);
    for signature in signatures {
        assert!(crypto.verify(&public, &[3; 32], &signature));
    }
}

/// Random numbers that are no key, as 0 or the order and above, are not bent into one.
#[test]
fn what_is_no_key_is_not_used_as_one() {
    let order = <NistP256 as p256::elliptic_curve::Curve>::ORDER;
    let bytes = p256::elliptic_curve::bigint::Encoding::to_be_bytes(&order);
    for none in [[0; 32], bytes, [0xff; 32]] {
        assert!(PrivateKey::from_bytes(&none).is_none(), "{none:x?}");
    }
    let mut numbers = [[0; 32], bytes, [0xff; 32], [9; 32]].into_iter();
    let mut crypto =
        RustCrypto::new(|out: &mut [u8]| out.copy_from_slice(&numbers.next().expect("four")));
    let (_, public) = crypto.generate();
    assert_eq!(public, PrivateKey::from_bytes(&[9; 32]).expect("a key").public_key());
}
