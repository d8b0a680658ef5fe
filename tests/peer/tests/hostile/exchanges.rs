//! ServerKeyExchange (RFC 8422, 5.4), CertificateRequest (RFC 5246, 7.4.4), ServerHelloDone (7.4.5).

use p256::ecdsa::DerSignature;
use p256::ecdsa::signature::Signer;
use peer_tests::servers::hostile::wire::{
    CERTIFICATE_REQUEST, SERVER_HELLO_DONE, SERVER_KEY_EXCHANGE,
};

use crate::deviate::message;
use crate::opponent::Expect::{Connects, Refused};
use crate::opponent::{Case, Expect, key};

pub fn key_cases() -> Vec<Case> {
    let params = |name: &str, expect: Expect, change: fn(&mut Vec<u8>)| {
        Case::new(name, expect, move |server| server.deviations.params = Box::new(change))
    };
    let signed = |name: &str, change: fn(&mut Vec<u8>)| {
        Case::new(name, Refused("not signed with the key"), move |server| {
            server.deviations.signed = Box::new(change)
        })
    };
    let exchange = |name: &str, expect: Expect, change: fn(&mut Vec<u8>)| {
        Case::new(name, expect, move |server| message(server, SERVER_KEY_EXCHANGE, change))
    };
    let mut cases = vec![
        params("curve type explicit_prime", Refused("curve"), |it| it[0] = 1),
        params("curve type explicit_char2", Refused("curve"), |it| it[0] = 2),
        params("curve type 0", Refused("curve"), |it| it[0] = 0),
        params("curve secp384r1", Refused("curve"), |it| it[2] = 24),
        params("curve x25519", Refused("curve"), |it| {
            it.truncate(36);
            it[2..4].copy_from_slice(&[29, 32]);
        }),
        params("curve 0", Refused("curve"), |it| it[2] = 0),
        params("curve 0117", Refused("curve"), |it| it[1] = 1),
        params("a point that is not on the curve", Refused("point"), |it| it[68] ^= 1),
        params("the point 0, 0", Refused("point"), |it| it[5..69].fill(0)),
        params("coordinates that are not below the prime", Refused("point"), |it| {
            it[5..69].fill(0xFF)
        }),
        params("the point at infinity", Refused("point"), |it| {
            it.truncate(3);
            it.extend([1, 0]);
        }),
        params("no point", Refused("point"), |it| {
            it.truncate(3);
            it.push(0);
        }),
        params("a compressed point", Refused("point"), |it| {
            it.truncate(37);
            it[3..5].copy_from_slice(&[33, 2]);
        }),
        params("a hybrid point", Refused("point"), |it| it[4] = 6),
        params("a point of 64 bytes", Refused("point"), |it| {
            it.pop();
            it[3] = 64;
        }),
        params("a point of 66 bytes", Refused("point"), |it| {
            it.push(0);
            it[3] = 66;
        }),
        signed("signed over another client random", |it| it[0] ^= 1),
        signed("signed over another server random", |it| it[63] ^= 1),
        signed("signed with the randoms exchanged", |it| it[..64].rotate_left(32)),
        signed("signed over another point", |it| *it.last_mut().unwrap() ^= 1),
        signed("signed without the randoms", |it| drop(it.drain(..64))),
        exchange("signature algorithm rsa_pkcs1_sha256", Refused("signed with scheme"), |it| {
            it[69..71].copy_from_slice(&[4, 1])
        }),
        exchange("signature algorithm ecdsa_sha1", Refused("signed with scheme"), |it| {
            it[69..71].copy_from_slice(&[2, 3])
        }),
        exchange(
            "signature algorithm ecdsa_secp384r1_sha384",
            Refused("signed with scheme"),
            |it| it[69..71].copy_from_slice(&[5, 3]),
        ),
        exchange("signature algorithm rsa_pss_rsae_sha256", Refused("signed with scheme"), |it| {
            it[69..71].copy_from_slice(&[8, 4])
        }),
        exchange("signature algorithm 0000", Refused("signed with scheme"), |it| {
            it[69..71].fill(0)
        }),
        exchange("an empty signature", Refused("ServerKeyExchange is malformed"), |it| {
            it.truncate(71);
            it.extend([0, 0]);
        }),
        exchange("a signature of r = 0, s = 0", Refused("ServerKeyExchange is malformed"), |it| {
            it.truncate(71);
            it.extend([0, 8, 0x30, 6, 2, 1, 0, 2, 1, 0]);
        }),
        exchange("a signature of r = 1, s = 1", Refused("not signed with the key"), |it| {
            it.truncate(71);
            it.extend([0, 8, 0x30, 6, 2, 1, 1, 2, 1, 1]);
        }),
        exchange(
            "a signature that is not DER: r, s as they are",
            Refused("ServerKeyExchange is malformed"),
            |it| {
                it.truncate(71);
                it.extend([0, 64]);
                it.extend([0x55; 64]);
            },
        ),
        exchange(
            "a signature of negative numbers",
            Refused("ServerKeyExchange is malformed"),
            |it| {
                it.truncate(71);
                it.extend([0, 8, 0x30, 6, 2, 1, 0x81, 2, 1, 0x81]);
            },
        ),
        exchange(
            "a signature of 33 bytes of s and no leading zero",
            Refused("ServerKeyExchange is malformed"),
            |it| {
                it.truncate(71);
                it.extend([0, 40, 0x30, 38, 2, 1, 1, 2, 33]);
                it.extend([0x7F; 33]);
            },
        ),
        exchange(
            "a signature's length that is one more",
            Refused("ServerKeyExchange is malformed"),
            |it| it[72] += 1,
        ),
        exchange(
            "a signature's length that is one less",
            Refused("ServerKeyExchange is malformed"),
            |it| it[72] -= 1,
        ),
        exchange("a byte after the signature", Refused("ServerKeyExchange is malformed"), |it| {
            it.push(0)
        }),
        exchange(
            "the length of the DER sequence in long form",
            Refused("ServerKeyExchange is malformed"),
            |it| {
                let length = it[74];
                it[72] += 1;
                it[74] = 0x81;
                it.insert(75, length);
            },
        ),
    ];
    cases.push(Case::new(
        "signed by the key of another",
        Refused("not signed with the key"),
        |server| {
            message(server, SERVER_KEY_EXCHANGE, |it| {
                let signature: DerSignature = key(9).sign(&it[..69]);
                it.truncate(71);
                it.extend((signature.as_bytes().len() as u16).to_be_bytes());
                it.extend(signature.as_bytes());
            });
        },
    ));
    for length in 0..140 {
        cases.push(Case::new(
            &format!("ServerKeyExchange of {length} bytes"),
            Refused("ServerKeyExchange is malformed"),
            move |server| {
                message(server, SERVER_KEY_EXCHANGE, move |it| it.truncate(length));
            },
        ));
    }
    cases
}

pub fn request_cases() -> Vec<Case> {
    let request = |name: &str, expect: Expect, body: &'static [u8]| {
        Case::new(&format!("CertificateRequest {name}"), expect, move |server| {
            message(server, CERTIFICATE_REQUEST, move |it| *it = body.to_vec());
        })
    };
    let mut cases = vec![
        request(
            "with other types and algorithms, too",
            Connects,
            &[3, 1, 64, 2, 0, 6, 8, 4, 4, 3, 4, 1, 0, 0],
        ),
        request("with an authority", Connects, &[1, 64, 0, 2, 4, 3, 0, 6, 0, 4, 0x30, 2, 0x31, 0]),
        request(
            "for RSA certificates only",
            Refused("none with a P-256 key"),
            &[1, 1, 0, 2, 4, 3, 0, 0],
        ),
        request("for no type", Refused("none with a P-256 key"), &[0, 0, 2, 4, 3, 0, 0]),
        request(
            "for RSA signatures only",
            Refused("none with a P-256 key"),
            &[1, 64, 0, 2, 4, 1, 0, 0],
        ),
        request("for no algorithm", Refused("none with a P-256 key"), &[1, 64, 0, 0, 0, 0]),
        request(
            "with half an algorithm",
            Refused("CertificateRequest"),
            &[1, 64, 0, 3, 4, 3, 4, 0, 0],
        ),
        request("without authorities", Refused("CertificateRequest"), &[1, 64, 0, 2, 4, 3]),
        request(
            "with a length of authorities that lies",
            Refused("CertificateRequest"),
            &[1, 64, 0, 2, 4, 3, 0, 9],
        ),
        request(
            "with a length of types that lies",
            Refused("CertificateRequest"),
            &[9, 64, 0, 2, 4, 3, 0, 0],
        ),
        request(
            "with a length of algorithms that lies",
            Refused("CertificateRequest"),
            &[1, 64, 0, 8, 4, 3, 0, 0],
        ),
        request(
            "with a byte after it",
            Refused("CertificateRequest"),
            &[1, 64, 0, 2, 4, 3, 0, 0, 0],
        ),
        request("that is empty", Refused("CertificateRequest"), &[]),
    ];
    for length in [1, 12, 1000] {
        cases.push(Case::new(
            &format!("ServerHelloDone of {length} bytes"),
            Refused("ServerHelloDone"),
            move |server| {
                message(server, SERVER_HELLO_DONE, move |it| it.resize(length, 7));
            },
        ));
    }
    cases
}
