//! What is a root, and what is a time. Needs `openssl` 3.

use livekit_micro_trust::{Error, RELEASED, RootError, Verifier, build_time, parse_unix_s, root};
use trust_tests::judges::now;
use trust_tests::lab::{Lab, Spec, authority, server};

const NAME: &str = "demo.livekit.test";

#[test]
fn only_certificates_of_roots_are_roots() {
    let lab = Lab::default();
    let own = lab.make(&Spec::new("Root", "p256-root", authority("")));
    let intermediate = lab.make(&Spec::new("Between", "p256", authority("")).by(&own));
    let of_server = lab.make(&Spec::new("Root", "p256-root", server("DNS:root.test")));
    let may_not = authority("").replace("keyCertSign", "digitalSignature");
    let may_not = lab.make(&Spec::new("Root", "p256-root", may_not));
    let trailing = [&own.der[..], &[0]].concat();
    for (what, der, expected) in [
        ("root", &own.der, Ok(())),
        ("intermediate", &intermediate.der, Err(RootError::Intermediate)),
        ("server", &of_server.der, Err(RootError::NotAnAuthority)),
        ("without keyCertSign", &may_not.der, Err(RootError::NotAnAuthority)),
        ("version 1", &lab.version1("Root", "p256-root", &own), Err(RootError::Malformed)),
        ("PEM", &std::fs::read(&own.pem).unwrap(), Err(RootError::Malformed)),
        ("trailing byte", &trailing, Err(RootError::Malformed)),
        ("nothing", &vec![], Err(RootError::Malformed)),
    ] {
        assert_eq!(root(der).map(|_| ()), expected, "{what}");
    }
    for end in 0..own.der.len() {
        assert_eq!(root(&own.der[..end]).map(|_| ()), Err(RootError::Malformed), "cut at {end}");
    }
}

#[test]
fn without_a_time_nothing_is_accepted() {
    let lab = Lab::default();
    let own = lab.make(&Spec::new("Root", "p256-root", authority("")));
    let leaf = Spec::new(NAME, "p256", server(&format!("DNS:{NAME}"))).by(&own);
    let (leaf, now) = (lab.make(&leaf), now() + 60);
    let roots = [root(&own.der).unwrap()];
    for (floor, unix_s, expected) in [
        (0, None, Err(Error::NoTime)),
        (now, None, Err(Error::NoTime)),
        (now, Some(now), Ok(())),
        (now, Some(now + 1), Ok(())),
        (now + 1, Some(now), Err(Error::NoTime)),
        (u64::MAX, Some(now), Err(Error::NoTime)),
        (0, Some(u64::MAX), Err(Error::Expired)),
        (0, Some(0), Err(Error::NotYetValid)),
    ] {
        let verified = Verifier::new(&roots, floor).verify([&*leaf.der], NAME, unix_s);
        assert_eq!(verified.map(|_| ()), expected, "{floor}, {unix_s:?}");
    }
}

#[test]
fn without_a_root_nothing_is_accepted() {
    let lab = Lab::default();
    let own = lab.make(&Spec::new("Root", "p256-root", authority("")));
    let leaf = Spec::new(NAME, "p256", server(&format!("DNS:{NAME}"))).by(&own);
    let leaf = lab.make(&leaf);
    let verified = Verifier::new(&[], 0).verify([&*leaf.der], NAME, Some(now() + 60));
    assert_eq!(verified.map(|_| ()), Err(Error::Issuer));
}

#[test]
fn time_of_the_build_is_that_of_the_environment() {
    // The tests are built without SOURCE_DATE_EPOCH, or with one.
    let expected = option_env!("SOURCE_DATE_EPOCH").map_or(RELEASED, |it| it.parse().unwrap());
    assert_eq!(build_time!(), expected);
    assert_eq!(parse_unix_s("1793491200"), Some(1_793_491_200));
    for wrong in ["", "-1", "now", "1.5", " 1", "18446744073709551616"] {
        assert_eq!(parse_unix_s(wrong), None, "{wrong:?}");
    }
}
