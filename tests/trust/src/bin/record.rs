//! `cargo run --manifest-path tests/trust/Cargo.toml --bin record`    makes the chains of `measure/trust/chains`, which are measured. Needs `openssl` 3.
//!
//! A file has the certificates of a chain, the server's first, and at last the root's, each after its length in two bytes.

use std::fs;
use std::path::Path;

use trust_tests::lab::{Certificate, Lab, Spec, authority, server};

const NAME: &str = "measure.livekit.test";
/// The kinds of keys and the digests of each certificate of a chain, the root's first.
const CHAINS: &[(&str, &[(&str, &str)])] = &[
    ("p256", &[("p256", "sha256"), ("p256", "sha256")]),
    ("p384", &[("p384", "sha384"), ("p256", "sha384")]),
    ("rsa2048", &[("rsa2048", "sha256"), ("p256", "sha256")]),
    ("rsa3072", &[("rsa3072", "sha256"), ("p256", "sha256")]),
    ("rsa4096", &[("rsa4096", "sha256"), ("p256", "sha256")]),
    ("amazon-rsa", &[("rsa2048", "sha256"), ("rsa2048", "sha256"), ("rsa2048", "sha256")]),
    ("google-ecdsa", &[("p384", "sha384"), ("p256", "sha384"), ("p256", "sha256")]),
    ("encrypt-e", &[("rsa4096", "sha256"), ("p384", "sha256"), ("p256", "sha384")]),
    ("encrypt-r", &[("rsa4096", "sha256"), ("rsa2048", "sha256"), ("rsa2048", "sha256")]),
    // With the new root, signed by the old one.
    (
        "encrypt-ye",
        &[("rsa4096", "sha256"), ("p384", "sha256"), ("p384", "sha384"), ("p256", "sha384")],
    ),
    (
        "encrypt-yr",
        &[
            ("rsa4096", "sha256"),
            ("rsa4096", "sha256"),
            ("rsa2048", "sha256"),
            ("rsa2048", "sha256"),
        ],
    ),
];

fn main() {
    let lab = Lab::default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../measure/trust/chains");
    for (name, kinds) in CHAINS {
        let mut chain: Vec<Certificate> = Vec::new();
        for (depth, (key, digest)) in kinds.iter().enumerate() {
            let key = format!("{key}-{depth}");
            let subject = format!("Depth {depth}");
            let spec = match depth {
                // The server's.
                _ if depth + 1 == kinds.len() => {
                    Spec::new(NAME, &key, server(&format!("DNS:{NAME}")))
                }
                _ => Spec::new(&subject, &key, authority("")),
            };
            let spec = spec.digest(digest).days(20_000);
            let made = match chain.last() {
                Some(issuer) => lab.make(&spec.by(issuer)),
                None => lab.make(&spec),
            };
            chain.push(made);
        }
        let mut file = Vec::new();
        chain.iter().skip(1).rev().chain(chain.first()).for_each(|certificate| {
            file.extend((certificate.der.len() as u16).to_be_bytes());
            file.extend(&certificate.der);
        });
        fs::write(folder.join(name), file).expect("the file can be written");
    }
}
