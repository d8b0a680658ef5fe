//! Results compared with OpenSSL's, for chains made with its program. Needs `openssl` 3.

mod lab;

use std::fmt::Write as _;
use std::fs;

use lab::{BETWEEN, Lab, P256, P384, ROOT, SERVER};
use trust::x509::{CertError, Certificate, verify};

#[test]
fn chains_are_verified_as_by_openssl() {
    use CertError::{Issuer, Name, Unreadable, Usage};
    let root = &|it: &Lab| it.sign("root", "root", ROOT);
    let between = &|it: &Lab| it.sign("between", "root", BETWEEN);

    // Name, the server's extensions, its issuer, the other certificates, the name to verify, our result.
    type Case<'a> =
        (&'a str, &'a str, &'a str, &'a [&'a dyn Fn(&Lab)], &'a str, Result<(), CertError>);
    let without = |what: &str| {
        SERVER.lines().filter(|line| !line.starts_with(what)).collect::<Vec<_>>().join("\n")
    };
    let with = |what: &str| format!("{SERVER}\n{what}");
    let instead = |from: &str, to: &str| SERVER.replace(from, to);
    let server = SERVER.to_owned();
    let other = "root2";
    #[rustfmt::skip]
    let cases: &[Case<'_>] = &[
        ("good",               &server, "root", &[root], "livekit.test", Ok(())),
        ("good, other case",   &server, "root", &[root], "LiveKit.Test", Ok(())),
        ("wildcard",           &server, "root", &[root], "a.rooms.test", Ok(())),
        ("wildcard, 2 labels", &server, "root", &[root], "a.b.rooms.test", Err(Name)),
        ("wildcard, no label", &server, "root", &[root], "rooms.test", Err(Name)),
        ("address",            &server, "root", &[root], "10.0.2.2", Ok(())),
        ("other address",      &server, "root", &[root], "10.0.2.3", Err(Name)),
        ("other name",         &server, "root", &[root], "other.test", Err(Name)),
        ("name within",        &server, "root", &[root], "evil-livekit.test", Err(Name)),
        ("no usage said",      &without("extendedKeyUsage"), "root", &[root], "livekit.test", Ok(())),
        ("of a client",        &instead("serverAuth", "clientAuth"), "root", &[root], "livekit.test", Err(Usage)),
        ("both",               &instead("serverAuth", "clientAuth,serverAuth"), "root", &[root], "livekit.test", Ok(())),
        ("critical, unknown",  &with("1.2.3.4=critical,DER:0500"), "root", &[root], "livekit.test", Err(Unreadable)),
        ("unknown",            &with("1.2.3.4=DER:0500"), "root", &[root], "livekit.test", Ok(())),
        ("other root",         &server, other, &[root, &|it| it.sign(other, other, ROOT)], "livekit.test", Err(Issuer)),
        ("root of same name",  &server, "namesake", &[root, &|it| it.sign_as("namesake", "root", "namesake", ROOT, P256)], "livekit.test", Err(Issuer)),
        ("one between",        &server, "between", &[root, between], "livekit.test", Ok(())),
        ("between is missing", &server, "gone", &[root, &|it| it.sign("gone", "root", BETWEEN)], "livekit.test", Err(Issuer)),
        ("by a server",        &server, "between", &[root, &|it| it.sign("between", "root", SERVER)], "livekit.test", Err(Usage)),
        ("by who may not",     &server, "between", &[root, &|it| it.sign("between", "root", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,digitalSignature")], "livekit.test", Err(Usage)),
        ("by one for clients", &server, "between", &[root, &|it| it.sign("between", "root", &format!("{BETWEEN}\nextendedKeyUsage=clientAuth"))], "livekit.test", Err(Usage)),
        ("constrained names",  &server, "between", &[root, &|it| it.sign("between", "root", &format!("{BETWEEN}\nnameConstraints=critical,permitted;DNS:attic.test"))], "livekit.test", Err(Unreadable)),
        ("path too long",      &server, "between2", &[root, between, &|it| it.sign("between2", "between", BETWEEN)], "livekit.test", Err(Usage)),
        ("root's path",        &server, "between", &[&|it| it.sign("root", "root", BETWEEN), between], "livekit.test", Err(Usage)),
        ("root as a server",   &server, "root", &[&|it| it.sign("root", "root", SERVER)], "livekit.test", Err(Usage)),
    ];
    let mut table = String::new();
    for (what, extensions, issuer, makes, name, expected) in cases {
        let lab = Lab::new();
        makes.iter().for_each(|make| make(&lab));
        lab.sign("server", issuer, extensions);
        let (ours, openssl) = (lab.verdict(name, issuer), lab.openssl(name));
        writeln!(table, "{what:20} {ours:?} {openssl}").unwrap();
        assert_eq!(ours, *expected, "{what}");
        assert_eq!(ours.is_ok(), openssl, "OpenSSL does not agree: {what}");
    }
    println!("{table}");
}

/// RFC 8446, 4.4.2.2. OpenSSL also accepts `keyAgreement`, which older TLS used.
#[test]
fn key_without_digital_signature_usage_is_rejected() {
    let lab = Lab::new();
    lab.sign("root", "root", ROOT);
    lab.sign("server", "root", &SERVER.replace("digitalSignature", "keyAgreement"));
    assert_eq!(lab.verdict("livekit.test", "root"), Err(CertError::Usage));
    assert!(lab.openssl("livekit.test"));
}

/// OpenSSL falls back to the common name if there is no other name (RFC 6125, before 9525).
#[test]
fn common_name_is_ignored() {
    let lab = Lab::new();
    lab.sign("root", "root", ROOT);
    lab.sign("server", "root", "extendedKeyUsage=serverAuth");
    assert_eq!(lab.verdict("server", "root"), Err(CertError::Name));
    assert!(lab.openssl("server"));
}

#[test]
fn server_certificate_may_be_the_root() {
    let lab = Lab::new();
    lab.sign("root", "root", SERVER);
    fs::copy(lab.path("root.pem"), lab.path("server.pem")).unwrap();
    assert_eq!(lab.verdict("livekit.test", "root"), Ok(()));
    assert_eq!(lab.verdict("other.test", "root"), Err(CertError::Name));
}

#[test]
fn keys_of_other_kinds_are_rejected() {
    let lab = Lab::new();
    lab.sign("root", "root", ROOT);
    for kind in [P384, &["-newkey", "rsa:2048"], &["-newkey", "ed25519"]] {
        lab.sign_as("server", "server", "root", SERVER, kind);
        assert_eq!(lab.verdict("livekit.test", "root"), Err(CertError::Unreadable), "{kind:?}");
    }
}

#[test]
fn with_a_clock_validity_is_checked_as_by_openssl() {
    let lab = Lab::new();
    lab.sign("root", "root", ROOT); // for 30 days from now on
    lab.sign("server", "root", SERVER);
    let (root, server) = (lab.der("root"), lab.der("server"));
    let root = Certificate::read(&root).unwrap();
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let day = 24 * 60 * 60;
    for (at, expected) in [
        (now + 60, Ok(())),
        (now + 29 * day, Ok(())),
        (now + 31 * day, Err(CertError::Time)),
        (now - day, Err(CertError::Time)),
    ] {
        let verdict = verify([&*server], &root, "livekit.test", Some(at)).map(|_| ());
        assert_eq!(verdict, expected, "{at}");
        let status =
            lab.ask(&["verify", "-CAfile", "root.pem", "-attime", &at.to_string(), "server.pem"]);
        assert_eq!(verdict.is_ok(), status.status.success(), "OpenSSL does not agree: {at}");
    }
}

#[test]
fn truncated_or_altered_certificate_is_rejected() {
    let lab = Lab::new();
    lab.sign("root", "root", ROOT);
    lab.sign("between", "root", BETWEEN);
    lab.sign("server", "between", SERVER);
    let (root, between, server) = (lab.der("root"), lab.der("between"), lab.der("server"));
    let root = Certificate::read(&root).unwrap();
    let passes = |it: &[u8]| verify([it, &between], &root, "livekit.test", Some(0)).is_ok();
    for end in 0..server.len() {
        assert!(!passes(&server[..end]), "cut at {end}");
    }
    for at in 0..server.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut broken = server.clone();
            broken[at] ^= flip;
            assert!(!passes(&broken), "{flip:#x} at {at}");
        }
    }
}
