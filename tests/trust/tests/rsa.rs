//! Signatures that OpenSSL made with RSA keys of lengths and exponents that Wycheproof does not have.

use std::path::{Path, PathBuf};
use std::process::Command;

use pki_types::alg_id::{RSA_ENCRYPTION, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RSA_PSS_SHA512};
use trust_tests::lab::{Lab, run};
use trust_tests::ours;
use trust_tests::tree::Node;

/// A signature of `message` with a key's file.
fn sign(lab: &Lab, key: &Path, digest: &str, pss: bool, message: &[u8]) -> Vec<u8> {
    let mut command = Command::new("openssl");
    command.args(["dgst", &format!("-{digest}"), "-sign"]).arg(key);
    if pss {
        command.args(["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]);
    }
    run(command.arg(lab.write("message", message))).stdout
}

/// `RSAPublicKey` of a key's file.
fn public_key(key: &Path) -> Vec<u8> {
    let mut command = Command::new("openssl");
    command.args(["rsa", "-pubout", "-RSAPublicKey_out", "-outform", "der", "-in"]).arg(key);
    run(&mut command).stdout
}

/// A key of exactly so many bits, and its public half.
fn key_of(lab: &Lab, bits: usize) -> (PathBuf, Vec<u8>) {
    let key = lab.key(&format!("rsa{bits}"));
    let public = public_key(&key);
    let modulus = Node::read(&public).into_nodes()[0].write();
    // After its tag and the three bytes of its length: a zero if the first bit is set.
    let modulus: Vec<_> = modulus[4..].iter().skip_while(|byte| **byte == 0).collect();
    let bits_of = 8 * modulus.len() - modulus[0].leading_zeros() as usize;
    assert_eq!(bits_of, bits, "OpenSSL made a key of another length");
    (key, public)
}

#[test]
fn keys_of_odd_lengths_are_verified() {
    let lab = Lab::default();
    // 2049 bits: an encoded message of PSS is a byte shorter than the key. 2056: its first byte has all bits. 2111 and
    // 4095: the highest word has its highest bits unset.
    for bits in [2048, 2049, 2050, 2055, 2056, 2057, 2111, 2500, 3071, 4000, 4095, 4096] {
        let (key, public) = key_of(&lab, bits);
        for message in [&b""[..], b"message", &[0xa5; 1000]] {
            for (digest, pss, signature) in [
                ("sha256", false, RSA_PKCS1_SHA256),
                ("sha256", true, RSA_PSS_SHA256),
                ("sha512", true, RSA_PSS_SHA512),
            ] {
                let kind = ours((RSA_ENCRYPTION, signature));
                let mut signature = sign(&lab, &key, digest, pss, message);
                let what = format!("{bits} bits, {digest}, PSS: {pss}");
                assert!(kind.verify_signature(&public, message, &signature).is_ok(), "{what}");
                assert!(kind.verify_signature(&public, b"other", &signature).is_err(), "{what}");
                signature[7] ^= 1;
                assert!(kind.verify_signature(&public, message, &signature).is_err(), "{what}");
            }
        }
    }
}

#[test]
fn keys_of_other_lengths_are_rejected() {
    let lab = Lab::default();
    for bits in [2040, 2047, 4097, 4104] {
        let (key, public) = key_of(&lab, bits);
        for (pss, kind) in [(false, RSA_PKCS1_SHA256), (true, RSA_PSS_SHA256)] {
            let signature = sign(&lab, &key, "sha256", pss, b"message");
            let verified =
                ours((RSA_ENCRYPTION, kind)).verify_signature(&public, b"message", &signature);
            assert!(verified.is_err(), "{bits} bits");
        }
    }
}

#[test]
fn exponents_are_those_of_fips_186() {
    let lab = Lab::default();
    let kind = ours((RSA_ENCRYPTION, RSA_PKCS1_SHA256));
    for (exponent, is_supported) in [
        ("3", false),
        ("65535", false),
        ("65537", true),
        ("65539", true),
        ("4294967291", true),
        ("4294967311", false),
    ] {
        let key = lab.write("exponent.key", &[]);
        let mut command = Command::new("openssl");
        command.args(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]);
        command.args(["-pkeyopt", &format!("rsa_keygen_pubexp:{exponent}"), "-out"]);
        run(command.arg(&key));
        let signature = sign(&lab, &key, "sha256", false, b"message");
        let verified = kind.verify_signature(&public_key(&key), b"message", &signature);
        assert_eq!(verified.is_ok(), is_supported, "{exponent}");
    }
}

#[test]
fn keys_that_are_not_minimal_der_are_rejected() {
    let lab = Lab::default();
    let key = lab.key("rsa2048");
    let (public, signature) = (public_key(&key), sign(&lab, &key, "sha256", false, b"message"));
    let kind = ours((RSA_ENCRYPTION, RSA_PKCS1_SHA256));
    assert!(kind.verify_signature(&public, b"message", &signature).is_ok());
    for end in 0..public.len() {
        assert!(kind.verify_signature(&public[..end], b"message", &signature).is_err());
    }
    let longer = [&public[..], &[0]].concat();
    assert!(kind.verify_signature(&longer, b"message", &signature).is_err());
    // A number more, one less, and the two the other way around.
    let numbers = Node::read(&public).into_nodes();
    for numbers in [
        vec![numbers[0].clone(), numbers[1].clone(), numbers[1].clone()],
        vec![numbers[0].clone()],
        vec![numbers[1].clone(), numbers[0].clone()],
    ] {
        let altered = Node::sequence(numbers).write();
        assert!(kind.verify_signature(&altered, b"message", &signature).is_err());
    }
    // Zeros in front of a number, which DER does not have.
    let number = |digits: &[u8]| [&[2, digits.len() as u8], digits].concat();
    let modulus = numbers[0].write();
    for (exponent, is_good) in
        [(&[1, 0, 1][..], true), (&[0, 1, 0, 1], false), (&[0x81, 0, 1], false)]
    {
        let content = [&modulus[..], &number(exponent)].concat();
        let [high, low] = (content.len() as u16).to_be_bytes();
        let altered = [&[0x30, 0x82, high, low], &content[..]].concat();
        let verified = kind.verify_signature(&altered, b"message", &signature);
        assert_eq!(verified.is_ok(), is_good, "{exponent:?}");
    }
    // s + n has the same meaning modulo n, and is refused, as are a zero before and a byte less.
    let zero = [&[0], &signature[..]].concat();
    assert!(kind.verify_signature(&public, b"message", &zero).is_err());
    assert!(kind.verify_signature(&public, b"message", &signature[1..]).is_err());
    assert!(kind.verify_signature(&public, b"message", &[0xff; 256]).is_err());
}
