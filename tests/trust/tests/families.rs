//! Chains as public authorities make them, and good ones of other shapes. Needs `openssl` 3.

use trust_tests::judges::{Case, now};
use trust_tests::lab::{Certificate, Lab, Spec, authority, server};

const NAME: &str = "demo.livekit.test";

fn case(chain: &[&Certificate], root: &Certificate) -> Case {
    let chain = chain.iter().map(|it| it.der.clone()).collect();
    Case { chain, roots: vec![root.der.clone()], name: NAME.into(), unix_s: now() + 60 }
}

/// As RFC 5280 has it and public authorities do, an authority below a root has these extensions.
fn between() -> String {
    authority(",pathlen:0") + "\nextendedKeyUsage=serverAuth\nauthorityKeyIdentifier=keyid"
}

fn check(lab: &Lab, what: &str, case: &Case) {
    assert_eq!(case.trust(), Ok(()), "{what}");
    assert_eq!(case.ring(), Ok(()), "ring does not agree: {what}");
    assert!(case.openssl(lab), "OpenSSL does not agree: {what}");
    println!("{what:32} good");
}

/// Kinds of the keys of server, authority and root, and what the authority and the root sign with.
const FAMILIES: &[(&str, [&str; 3], [&str; 2])] = &[
    ("Let's Encrypt E, to X1", ["p256", "p384", "rsa4096"], ["sha384", "sha256"]),
    ("Let's Encrypt E, to X2", ["p256", "p384", "p384"], ["sha384", "sha384"]),
    ("Let's Encrypt R, to X1", ["rsa2048", "rsa2048", "rsa4096"], ["sha256", "sha256"]),
    ("Let's Encrypt E, P-384 server", ["p384", "p384", "rsa4096"], ["sha384", "sha256"]),
    ("Google WR, to R1", ["rsa2048", "rsa2048", "rsa4096"], ["sha256", "sha384"]),
    ("Google WE, to R4", ["p256", "p256", "p384"], ["sha256", "sha384"]),
    ("Amazon RSA", ["rsa2048", "rsa2048", "rsa2048"], ["sha256", "sha256"]),
    ("Amazon ECDSA", ["p256", "p256", "p256"], ["sha256", "sha256"]),
    ("DigiCert RSA", ["rsa2048", "rsa2048", "rsa2048"], ["sha256", "sha256"]),
    ("DigiCert hybrid", ["p256", "p384", "rsa2048"], ["sha384", "sha256"]),
    ("ZeroSSL ECC", ["p256", "p384", "p384"], ["sha384", "sha384"]),
    ("Microsoft, RSA-4096 between", ["rsa2048", "rsa4096", "rsa4096"], ["sha384", "sha384"]),
    ("RSA-3072", ["rsa3072", "rsa3072", "rsa3072"], ["sha512", "sha512"]),
    ("P-256 with SHA-384", ["p256", "p256", "p256"], ["sha384", "sha384"]),
    ("P-384 with SHA-256", ["p256", "p384", "p384"], ["sha256", "sha256"]),
    ("RSA below P-384", ["rsa2048", "p384", "p384"], ["sha384", "sha384"]),
];

#[test]
fn families_of_authorities_are_accepted() {
    let lab = Lab::default();
    for (what, [server_key, between_key, root_key], [below, above]) in FAMILIES {
        let (between_key, root_key) =
            (format!("{between_key}-between"), format!("{root_key}-root"));
        let root = lab.make(&Spec::new("Root", &root_key, authority("")).digest(above).days(3650));
        let issuer =
            Spec::new("Between", &between_key, between()).by(&root).digest(above).days(300);
        let issuer = lab.make(&issuer);
        let own = server(&format!("DNS:{NAME}"));
        let own = lab.make(&Spec::new(NAME, server_key, own).by(&issuer).digest(below));
        check(&lab, what, &case(&[&own, &issuer], &root));
    }
}

/// Let's Encrypt's hierarchy of 2026: the new root is also signed by the old one, which most devices know.
#[test]
fn cross_signed_root_leads_to_the_old_root_and_to_the_new_one() {
    let lab = Lab::default();
    let old = lab.make(&Spec::new("Root X1", "rsa4096-x1", authority("")).days(3650));
    for (what, new_key, between_key, server_key, digest) in [
        ("Let's Encrypt YE", "p384-ye", "p384-ye1", "p256", "sha384"),
        ("Let's Encrypt YR", "rsa4096-yr", "rsa2048-yr1", "rsa2048", "sha256"),
    ] {
        let new = Spec::new("Root Y", new_key, authority("")).digest(digest).days(3650);
        let cross = lab.make(&new.clone().by(&old).digest("sha256"));
        let new = lab.make(&new);
        let issuer = lab.make(&Spec::new("Y1", between_key, between()).by(&new).digest(digest));
        let own = Spec::new(NAME, server_key, server(&format!("DNS:{NAME}")));
        let own = lab.make(&own.by(&issuer).digest(digest));
        check(&lab, &format!("{what}, by the old root"), &case(&[&own, &issuer, &cross], &old));
        check(&lab, &format!("{what}, by the new root"), &case(&[&own, &issuer, &cross], &new));
        let mut both = case(&[&own, &issuer, &cross], &new);
        both.roots.insert(0, old.der.clone());
        check(&lab, &format!("{what}, by both"), &both);
        check(&lab, &format!("{what}, not cross-signed"), &case(&[&own, &issuer], &new));
    }
}

#[test]
fn pss_certificates_are_accepted() {
    let lab = Lab::default();
    for digest in ["sha256", "sha384", "sha512"] {
        let root = Spec::new("Root", "rsa4096", authority("")).digest(digest).pss(true);
        let root = lab.make(&root);
        let issuer = Spec::new("Between", "rsa2048-between", between()).by(&root);
        let issuer = lab.make(&issuer.digest(digest).pss(true));
        let own = Spec::new(NAME, "rsa2048", server(&format!("DNS:{NAME}"))).by(&issuer);
        let own = lab.make(&own.digest(digest).pss(true));
        check(&lab, &format!("PSS, {digest}"), &case(&[&own, &issuer], &root));
    }
}

#[test]
fn good_chains_of_other_shapes_are_accepted() {
    let lab = Lab::default();
    for (keys, [server_key, between_key, root_key]) in [
        ("ECDSA", ["p256", "p384", "p384-root"]),
        ("RSA", ["rsa2048", "rsa2048-b", "rsa2048-root"]),
    ] {
        let root = lab.make(&Spec::new("Root", root_key, authority("")));
        let issuer = lab.make(&Spec::new("Between", between_key, between()).by(&root));
        let other = lab.make(&Spec::new("Other", "p256-other", authority("")));
        let own =
            |extensions: String| lab.make(&Spec::new("x", server_key, extensions).by(&issuer));
        let usual = server(&format!("DNS:{NAME}"));
        let check = |what: &str, case: &Case| check(&lab, &format!("{keys}, {what}"), case);
        let check_named = |what: &str, extensions: String, name: &str| {
            let case = case(&[&own(extensions), &issuer], &root);
            check(what, &Case { name: name.into(), ..case });
        };

        check_named("other case", usual.clone(), "Demo.LiveKit.Test");
        check_named("wildcard", server("DNS:*.livekit.test"), NAME);
        check_named("address", server("IP:10.0.2.2"), "10.0.2.2");
        check_named("address of IPv6", server("IP:2001:db8::1"), "2001:db8::1");
        check_named("without a purpose", without(&usual, "extendedKeyUsage"), NAME);
        check_named("without a use", without(&usual, "keyUsage"), NAME);
        check_named("without constraints", without(&usual, "basicConstraints"), NAME);
        check_named("client too", usual.replace("serverAuth", "clientAuth,serverAuth"), NAME);
        check_named("unknown extension", format!("{usual}\n1.2.3.4=DER:0500"), NAME);
        let names: Vec<_> = (0..99).map(|i| format!("DNS:n{i}.livekit.test")).collect();
        check_named("100 names", server(&format!("{},DNS:{NAME}", names.join(","))), NAME);

        let server = own(usual.clone());
        check("root sent too", &case(&[&server, &issuer, &root], &root));
        check("unordered", &case(&[&server, &root, &issuer], &root));
        check("a stranger between", &case(&[&server, &other, &issuer], &root));
        let mut two = case(&[&server, &issuer], &other);
        two.roots.push(root.der.clone());
        check("two roots", &two);
        let direct = lab.make(&Spec::new(NAME, server_key, usual.clone()).by(&root));
        check("without one between", &case(&[&direct], &root));
        let permitted = between() + "\nnameConstraints=critical,permitted;DNS:livekit.test";
        let permitted = lab.make(&Spec::new("Permitted", between_key, permitted).by(&root));
        let below = lab.make(&Spec::new(NAME, server_key, usual.clone()).by(&permitted));
        check("permitted name", &case(&[&below, &permitted], &root));
        let (mut last, mut chain) = (root.clone(), Vec::new());
        for depth in 0..5 {
            let key = format!("p256-{depth}");
            let subject = format!("Depth {depth}");
            last = lab.make(&Spec::new(&subject, &key, authority("")).by(&last));
            chain.insert(0, last.clone());
        }
        chain.insert(0, lab.make(&Spec::new(NAME, server_key, usual).by(&last)));
        check("five between", &case(&chain.iter().collect::<Vec<_>>(), &root));
    }
}

fn without(extensions: &str, what: &str) -> String {
    let kept = |line: &&str| !line.starts_with(what);
    extensions.lines().filter(kept).collect::<Vec<_>>().join("\n")
}
