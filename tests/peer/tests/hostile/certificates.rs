//! The server's certificate (RFC 5246, 7.4.2): the fingerprint is what the device trusts.

use peer_tests::servers::certificate::{fingerprint, of_p384, of_point, of_rsa, self_signed};
use peer_tests::servers::hostile::wire::CERTIFICATE;

use crate::deviate::message;
use crate::opponent::Expect::{Connects, Refused};
use crate::opponent::{BUFFER, Case, Expect, key};

pub fn cases() -> Vec<Case> {
    let right = fingerprint(&self_signed(&key(0x21), "server"));
    let of = |name: &str, expect: Expect, certificate: Vec<u8>| {
        Case::new(name, expect, move |server| server.chain = vec![certificate.clone()])
    };
    let mut cases = vec![
        Case {
            fingerprint: Some(right),
            ..Case::new("another certificate, with its own key", Refused("fingerprint"), |server| {
                (server.chain, server.key) = (vec![self_signed(&key(9), "server")], key(9));
            })
        },
        Case {
            fingerprint: Some(right),
            ..Case::new(
                "another certificate first, the right one second",
                Refused("fingerprint"),
                |server| {
                    server.chain.insert(0, self_signed(&key(9), "server"));
                },
            )
        },
        Case::new(
            "the right certificate, without its key",
            Refused("not signed with the key"),
            |server| {
                server.key = key(9);
            },
        ),
        Case::new("the right certificate first, another second", Connects, |server| {
            server.chain.push(self_signed(&key(9), "second"));
        }),
        Case {
            fingerprint: Some(right),
            ..Case::new("no certificate", Refused("Certificate is malformed"), |server| {
                server.chain.clear()
            })
        },
        of("an empty certificate", Refused("certificate: malformed"), Vec::new()),
        of("an RSA certificate", Refused("not an ECDSA key"), of_rsa(&key(0x21))),
        of("a P-384 certificate", Refused("P-256"), of_p384(&key(0x21))),
        of("a certificate of garbage", Refused("certificate: malformed"), vec![0x5A; 300]),
        of("a certificate of zeros", Refused("certificate: malformed"), vec![0; 300]),
        of(
            "a certificate whose lengths lie",
            Refused("certificate: malformed"),
            vec![0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0x30, 0x80],
        ),
        of(
            "a certificate in 200 nested sequences",
            Refused("certificate: malformed"),
            [0x30, 0x80].repeat(200),
        ),
        of(
            "a certificate with a compressed point",
            Refused("not an uncompressed point"),
            of_point(&[&[2], &[7; 32][..]].concat(), &key(0x21)),
        ),
        of(
            "a certificate with a point of 64 bytes",
            Refused("not an uncompressed point"),
            of_point(&[4; 64], &key(0x21)),
        ),
        of(
            "a certificate with the point at infinity",
            Refused("not an uncompressed point"),
            of_point(&[0], &key(0x21)),
        ),
        of(
            "a certificate with a point that is not on the curve",
            Refused("not signed with the key"),
            of_point(&[4; 65], &key(0x21)),
        ),
        of("a certificate larger than the buffer", Refused("the buffer for messages 1024"), {
            self_signed(&key(0x21), &"x".repeat(BUFFER))
        }),
        Case::new(
            "two certificates, together larger than the buffer",
            Refused("the buffer for messages 1024"),
            |server| {
                server.chain.push(self_signed(&key(9), &"x".repeat(BUFFER / 2)));
            },
        ),
    ];
    // The two lengths of the list (RFC 5246, 7.4.2): each wrong in turn.
    for (name, at) in [("the list's length", 2), ("the certificate's length", 5)] {
        for by in [-3, -1, 1, 3, 100] {
            // A shorter one is another certificate, and what follows is one of its chain.
            let is_another = at == 5 && by < 0;
            let expect =
                Refused(if is_another { "fingerprint" } else { "Certificate is malformed" });
            let name = format!("{name} in Certificate is wrong by {by}");
            cases.push(Case::new(&name, expect, move |server| {
                message(server, CERTIFICATE, move |body| {
                    let length = i32::from(body[at - 1]) << 8 | i32::from(body[at]);
                    body[at - 1..=at].copy_from_slice(&((length + by) as u16).to_be_bytes());
                });
            }));
        }
    }
    for length in 0..7 {
        let name = format!("Certificate of {length} bytes");
        cases.push(Case::new(&name, Refused("Certificate is malformed"), move |server| {
            message(server, CERTIFICATE, move |body| body.truncate(length));
        }));
    }
    cases.push(Case::new(
        "a byte after the list of certificates",
        Refused("Certificate is malformed"),
        |server| {
            message(server, CERTIFICATE, |body| body.push(0));
        },
    ));
    // A certificate cut off anywhere, with the fingerprint of what is left.
    for length in (1..self_signed(&key(0x21), "server").len()).step_by(7) {
        let cut = self_signed(&key(0x21), "server")[..length].to_vec();
        cases.push(of(
            &format!("a certificate cut off after {length} bytes"),
            Refused("certificate: malformed"),
            cut,
        ));
    }
    cases
}
