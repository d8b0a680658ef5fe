//! Certificates altered at random and signed again: what this crate accepts, webpki on ring accepts.
//!
//! `TRUST_MUTATIONS` is how many are made, `TRUST_SEED` from where on. Needs `openssl` 3.

use std::collections::BTreeMap;

use fastrand::Rng;
use livekit_micro_trust::Error;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use trust_tests::judges::{Case, now};
use trust_tests::lab::{Certificate, Lab, Spec, authority, pkcs8, server};
use trust_tests::tree::Node;

const NAME: &str = "demo.livekit.test";

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("it is a number"))
}

/// Signs with the key of an authority.
struct Signer(EcdsaKeyPair, SystemRandom);

impl Signer {
    fn new(authority: &Certificate) -> Self {
        let random = SystemRandom::new();
        let key = pkcs8(&authority.key);
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &key, &random);
        Self(key.expect("it is a key"), random)
    }

    /// A certificate with another content and the signature for that.
    fn sign(&self, content: Node, algorithm: Node) -> Vec<u8> {
        let signature = self.0.sign(&self.1, &content.write()).expect("it can sign");
        Node::sequence(vec![content, algorithm, Node::bits(signature.as_ref())]).write()
    }
}

#[test]
fn what_is_accepted_is_accepted_by_ring() {
    let (mutations, seed) = (setting("TRUST_MUTATIONS", 6_000), setting("TRUST_SEED", 1));
    let lab = Lab::default();
    let root = lab.make(&Spec::new("Root", "p256-root", authority("")).days(3650));
    let extensions = authority(",pathlen:0")
        + "\nextendedKeyUsage=serverAuth\nnameConstraints=critical,permitted;DNS:livekit.test";
    let between = lab.make(&Spec::new("Between", "p256-between", extensions).by(&root));
    let names = format!("DNS:{NAME},DNS:*.livekit.test,IP:10.0.2.2");
    let own = lab.make(&Spec::new(NAME, "p256", server(&names)).by(&between));
    let signers = [Signer::new(&between), Signer::new(&root)];
    let good = Case {
        chain: vec![own.der, between.der],
        roots: vec![root.der],
        name: NAME.into(),
        unix_s: now() + 60,
    };
    assert_eq!(good.trust(), Ok(()));

    let (mut both, mut neither) = (0, 0);
    // Rejected here alone: why, and how often.
    let mut stricter: BTreeMap<String, u64> = BTreeMap::new();
    for number in 0..mutations {
        let mut rng = Rng::with_seed(seed.wrapping_add(number));
        let mut case = good.clone();
        let whose = rng.usize(..2);
        let mut nodes = Node::read(&case.chain[whose]).into_nodes().into_iter();
        let (mut content, algorithm) = (nodes.next().unwrap(), nodes.next().unwrap());
        for _ in 0..rng.usize(1..=2) {
            content.mutate(&mut rng);
        }
        case.chain[whose] = signers[whose].sign(content, algorithm);
        match (case.trust(), case.ring()) {
            (Ok(()), Ok(())) => both += 1,
            (Err(_), Err(_)) => neither += 1,
            (Ok(()), Err(why)) => panic!("seed {}: accepted, and by ring {why:?}", seed + number),
            (Err(why), Ok(())) => {
                // The uses of keys, which webpki 0.103 does not look at; and the server's key, if it is none with which
                // a server can prove itself.
                let is_known = match why {
                    Error::KeyUsage => true,
                    Error::Algorithm | Error::Malformed => whose == 0,
                    _ => false,
                };
                assert!(is_known, "seed {}: {why:?}, and ring accepts", seed + number);
                *stricter.entry(format!("{why:?}")).or_default() += 1;
            }
        }
    }
    println!(
        "{mutations} altered and signed again: both accept {both}, both reject {neither}, only trust rejects {stricter:?}"
    );
    assert!(both > mutations / 20 && neither > mutations / 3, "the mutations say nothing");
}

/// Bytes altered anywhere, and not signed again: nothing panics, and nothing is accepted that ring does not.
#[test]
fn what_is_not_signed_again_is_rejected() {
    let (mutations, seed) = (setting("TRUST_MUTATIONS", 6_000), setting("TRUST_SEED", 1));
    let lab = Lab::default();
    let root = lab.make(&Spec::new("Root", "rsa2048-root", authority("")).days(3650));
    let between = Spec::new("Between", "p384-between", authority(",pathlen:0")).by(&root);
    let between = lab.make(&between);
    let own = Spec::new(NAME, "p256", server(&format!("DNS:{NAME}"))).by(&between);
    let good = Case {
        chain: vec![lab.make(&own).der, between.der],
        roots: vec![root.der],
        name: NAME.into(),
        unix_s: now() + 60,
    };
    let mut accepted = 0;
    for number in 0..mutations {
        let mut rng = Rng::with_seed(seed.wrapping_add(number));
        let mut case = good.clone();
        let der = &mut case.chain[rng.usize(..2)];
        let place = rng.usize(..der.len());
        match rng.u8(..4) {
            0 => drop(der.remove(place)),
            1 => der.insert(place, rng.u8(..)),
            2 => der.truncate(place),
            _ => der[place] ^= rng.u8(1..),
        }
        if case.trust().is_ok() {
            assert_eq!(case.ring(), Ok(()), "seed {}", seed + number);
            accepted += 1;
        }
    }
    // A byte may be inserted beside one of the same value, but no other certificate has a valid signature.
    println!("{mutations} altered: {accepted} accepted, by ring too");
    assert_eq!(accepted, 0);
}
