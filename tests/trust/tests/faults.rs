//! Chains that must be rejected, each with its error. OpenSSL rejects them too, but for those marked. Needs `openssl` 3.

use livekit_micro_trust::Error::{self, *};
use trust_tests::judges::{Case, now};
use trust_tests::lab::{Certificate, Lab, Spec, authority, server};

const NAME: &str = "demo.livekit.test";
const DAY: u64 = 24 * 60 * 60;

/// What OpenSSL says of a chain that is rejected here.
#[derive(Clone, Copy, PartialEq)]
enum OpenSsl {
    Agrees,
    /// It has another rule, which the fault's name says.
    Accepts,
}
use OpenSsl::{Accepts, Agrees};

/// A chain of three, whose parts are replaced one by one.
struct Bench<'a> {
    lab: &'a Lab,
    keys: &'a str,
    server_key: &'a str,
    between_key: &'a str,
    root_key: &'a str,
    root: Certificate,
    between: Certificate,
    count: usize,
}

impl<'a> Bench<'a> {
    fn new(lab: &'a Lab, keys: &'a str, [server_key, between_key, root_key]: [&'a str; 3]) -> Self {
        let root = lab.make(&Spec::new("Root", root_key, authority("")).days(3650));
        let between = Spec::new("Between", between_key, authority(",pathlen:0"));
        let between = lab.make(&between.by(&root).days(300));
        Self { lab, keys, server_key, between_key, root_key, root, between, count: 0 }
    }

    fn usual(&self) -> String {
        server(&format!("DNS:{NAME}"))
    }

    /// The server's certificate, by the authority between.
    fn own(&self, extensions: String) -> Certificate {
        self.lab.make(&Spec::new(NAME, self.server_key, extensions).by(&self.between).days(30))
    }

    /// An authority below the root.
    fn authority(&self, extensions: String) -> Certificate {
        let spec = Spec::new("Replaced", self.between_key, extensions);
        self.lab.make(&spec.by(&self.root).days(300))
    }

    /// The server's certificate, by another authority.
    fn below(&self, issuer: &Certificate) -> Certificate {
        self.lab.make(&Spec::new(NAME, self.server_key, self.usual()).by(issuer).days(30))
    }

    fn case(&self, chain: &[&Certificate]) -> Case {
        let chain = chain.iter().map(|it| it.der.clone()).collect();
        let (roots, name) = (vec![self.root.der.clone()], NAME.into());
        Case { chain, roots, name, unix_s: now() + 60 }
    }

    fn check(&mut self, what: &str, case: &Case, expected: Error, openssl: OpenSsl) {
        assert_eq!(case.trust(), Err(expected), "{}, {what}", self.keys);
        let accepts = case.openssl(self.lab);
        assert_eq!(accepts, openssl == Accepts, "OpenSSL on {}, {what}", self.keys);
        self.count += 1;
        println!("{:6} {what:40} {expected:?}", self.keys);
    }

    /// A server's certificate with these extensions, in an otherwise good chain.
    fn check_own(&mut self, what: &str, extensions: String, expected: Error, openssl: OpenSsl) {
        let case = self.case(&[&self.own(extensions), &self.between]);
        self.check(what, &case, expected, openssl);
    }

    /// A good server's certificate below an authority with these extensions.
    fn check_authority(&mut self, what: &str, extensions: String, expected: Error, it: OpenSsl) {
        let issuer = self.authority(extensions);
        let case = self.case(&[&self.below(&issuer), &issuer]);
        self.check(what, &case, expected, it);
    }
}

#[test]
fn faults_are_rejected_with_ecdsa() {
    let lab = Lab::default();
    let mut bench = Bench::new(&lab, "ECDSA", ["p256", "p384-between", "p384-root"]);
    faults(&mut bench);
}

#[test]
fn faults_are_rejected_with_rsa() {
    let lab = Lab::default();
    let mut bench = Bench::new(&lab, "RSA", ["rsa2048", "rsa2048-between", "rsa2048-root"]);
    faults(&mut bench);
}

fn faults(bench: &mut Bench<'_>) {
    times(bench);
    names(bench);
    uses(bench);
    authorities(bench);
    signatures(bench);
    encodings(bench);
    println!("{}: {} faults", bench.keys, bench.count);
}

fn times(bench: &mut Bench<'_>) {
    let good = bench.case(&[&bench.own(bench.usual()), &bench.between]);
    assert_eq!(good.trust(), Ok(()));
    let at = |unix_s| Case { unix_s, ..good.clone() };
    assert_eq!(at(now() + 29 * DAY).trust(), Ok(()));
    bench.check("expired", &at(now() + 31 * DAY), Expired, Agrees);
    bench.check("not valid yet", &at(now() - DAY), NotYetValid, Agrees);
    let long = Spec::new(NAME, bench.server_key, bench.usual()).by(&bench.between).days(3000);
    let long = bench.case(&[&bench.lab.make(&long), &bench.between]);
    bench.check("authority expired", &Case { unix_s: now() + 301 * DAY, ..long }, Expired, Agrees);
}

fn names(bench: &mut Bench<'_>) {
    let mut check = |what: &str, names: &str, name: &str, openssl| {
        let case = bench.case(&[&bench.own(server(names)), &bench.between]);
        bench.check(what, &Case { name: name.into(), ..case }, Name, openssl);
    };
    check("other name", "DNS:other.test", NAME, Agrees);
    check("name within", "DNS:evil-demo.livekit.test", NAME, Agrees);
    check("name of a part", "DNS:livekit.test", NAME, Agrees);
    check("wildcard for two labels", "DNS:*.test", NAME, Agrees);
    check("wildcard for no label", "DNS:*.demo.livekit.test", NAME, Agrees);
    check("wildcard in a label, RFC 9525", "DNS:d*.livekit.test", NAME, Accepts);
    check("wildcard in the middle", "DNS:demo.*.test", NAME, Agrees);
    check("other address", "IP:10.0.2.2", "10.0.2.3", Agrees);
    check("other address of IPv6", "IP:2001:db8::1", "2001:db8::2", Agrees);
    check("address as a DNS name", "DNS:10.0.2.2", "10.0.2.2", Agrees);
    check("mail address", "email:a@demo.livekit.test", NAME, Accepts); // falls back to the common name
    let without = bench
        .usual()
        .lines()
        .filter(|it| !it.starts_with("subjectAlt"))
        .collect::<Vec<_>>()
        .join("\n");
    bench.check_own("common name only, RFC 9525", without, Name, Accepts);
}

fn uses(bench: &mut Bench<'_>) {
    let usual = bench.usual();
    let instead = |from: &str, to: &str| usual.replace(from, to);
    bench.check_own("of a client", instead("serverAuth", "clientAuth"), Purpose, Agrees);
    let agreement = instead("digitalSignature", "keyAgreement");
    bench.check_own("may agree only, RFC 8446", agreement, KeyUsage, Accepts);
    let encipherment = instead("digitalSignature", "keyEncipherment");
    bench.check_own("may encipher only, RFC 8446", encipherment, KeyUsage, Accepts);
    for (what, usage) in
        [("malformed use", "2.5.29.15=DER:0500"), ("no use", "2.5.29.15=DER:030100")]
    {
        let replaced = instead("keyUsage=critical,digitalSignature", usage);
        bench.check_own(what, replaced, KeyUsage, Agrees);
    }
    let constraints = instead("CA:FALSE", "CA:TRUE");
    bench.check_own("authority as a server", constraints, NotAServer, Accepts);
    let unknown = format!("{usual}\n1.2.3.4=critical,DER:0500");
    bench.check_own("unknown critical extension", unknown, CriticalExtension, Agrees);
}

fn authorities(bench: &mut Bench<'_>) {
    let usual = authority(",pathlen:0");
    let instead = |from: &str, to: &str| usual.replace(from, to);
    let with = |more: &str| format!("{usual}\n{more}");
    let clients = with("extendedKeyUsage=clientAuth");
    bench.check_authority("authority for clients", clients, Purpose, Agrees);
    let may_not = instead("keyCertSign", "digitalSignature");
    bench.check_authority("authority without keyCertSign", may_not, KeyUsage, Agrees);
    let malformed = instead("keyUsage=critical,keyCertSign,cRLSign", "2.5.29.15=DER:0500");
    bench.check_authority("authority with a malformed use", malformed, KeyUsage, Agrees);
    let denied = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,keyCertSign".to_owned();
    bench.check_authority("authority that is none", denied, NotAnAuthority, Agrees);
    let silent = "keyUsage=critical,keyCertSign".to_owned();
    bench.check_authority("authority without constraints", silent, NotAnAuthority, Agrees);
    let unknown = with("1.2.3.4=critical,DER:0500");
    bench.check_authority("unknown critical, of authority", unknown, CriticalExtension, Agrees);
    let permitted = with("nameConstraints=critical,permitted;DNS:other.test");
    bench.check_authority("not permitted", permitted, NameConstraints, Agrees);
    let excluded = with("nameConstraints=critical,excluded;DNS:livekit.test");
    bench.check_authority("excluded", excluded, NameConstraints, Agrees);

    let spec = Spec::new("mallory.test", "p256-mallory", server("DNS:mallory.test"));
    let mallory = bench.lab.make(&spec.by(&bench.between));
    let case = bench.case(&[&bench.below(&mallory), &mallory, &bench.between]);
    bench.check("by a server", &case, NotAnAuthority, Agrees);
    let spec = Spec::new("Below", "p256-below", authority("")).by(&bench.between);
    let below = bench.lab.make(&spec);
    let case = bench.case(&[&bench.below(&below), &below, &bench.between]);
    bench.check("path too long", &case, PathLength, Agrees);

    let constrained = authority("") + "\nnameConstraints=critical,permitted;DNS:other.test";
    let constrained = bench.lab.make(&Spec::new("Root", bench.root_key, constrained));
    let mut case = bench.case(&[&bench.own(bench.usual()), &bench.between]);
    case.roots = vec![constrained.der];
    bench.check("not permitted by the root", &case, NameConstraints, Agrees);

    let case = bench.case(&[&bench.own(bench.usual())]);
    bench.check("authority is missing", &case, Issuer, Agrees);
    let mut case = bench.case(&[&bench.own(bench.usual()), &bench.between]);
    case.roots = vec![bench.lab.make(&Spec::new("Other", "p256-other", authority(""))).der];
    bench.check("other root", &case, Issuer, Agrees);
    let alone = bench.lab.make(&Spec::new(NAME, bench.server_key, bench.usual()));
    bench.check("self-signed", &bench.case(&[&alone]), Issuer, Agrees);

    let kind = bench.root_key.trim_end_matches("-root");
    let [impostor, accomplice] = ["impostor", "accomplice"].map(|whose| format!("{kind}-{whose}"));
    let impostor = bench.lab.make(&Spec::new("Root", &impostor, authority("")));
    let spec = Spec::new("Between", &accomplice, authority(",pathlen:0"));
    let accomplice = bench.lab.make(&spec.by(&impostor));
    let case = bench.case(&[&bench.below(&accomplice), &accomplice, &impostor]);
    bench.check("root of the same name", &case, Signature, Agrees);
    let case = bench.case(&[&bench.below(&accomplice), &bench.between]);
    bench.check("authority of the same name", &case, Signature, Agrees);
    let case = bench.case(&[&bench.below(&accomplice), &accomplice, &bench.between]);
    bench.check("one name, two keys", &case, Chain, Agrees);
}

fn signatures(bench: &mut Bench<'_>) {
    for digest in ["sha1", "md5"] {
        // ECDSA has no MD5 in certificates.
        if (digest, bench.keys) == ("md5", "ECDSA") {
            continue;
        }
        let spec = Spec::new(NAME, bench.server_key, bench.usual()).by(&bench.between);
        let own = bench.lab.make(&spec.digest(digest));
        let case = bench.case(&[&own, &bench.between]);
        bench.check(&format!("signed with {digest}"), &case, Algorithm, Agrees);
        let spec = Spec::new("Replaced", bench.between_key, authority("")).by(&bench.root);
        let issuer = bench.lab.make(&spec.digest(digest));
        let case = bench.case(&[&bench.below(&issuer), &issuer]);
        bench.check(&format!("authority signed with {digest}"), &case, Algorithm, Agrees);
    }
    for (key, expected, openssl) in [
        ("rsa1024", Signature, Agrees),
        ("rsa4160", Signature, Accepts),
        ("p521", Algorithm, Accepts),
        ("ed25519", Algorithm, Accepts),
    ] {
        let spec = Spec::new("Replaced", key, authority("")).by(&bench.root);
        let issuer = bench.lab.make(&spec);
        let case = bench.case(&[&bench.below(&issuer), &issuer]);
        bench.check(&format!("authority with a key of {key}"), &case, expected, openssl);
    }
    let own = bench.lab.make(&Spec::new(NAME, "ed25519", bench.usual()).by(&bench.between));
    let case = bench.case(&[&own, &bench.between]);
    bench.check("server with a key of ed25519", &case, Algorithm, Accepts);

    let good = bench.case(&[&bench.own(bench.usual()), &bench.between]);
    let mut altered = good.clone();
    let last = altered.chain[0].last_mut().unwrap();
    *last ^= 1;
    bench.check("altered signature", &altered, Signature, Agrees);
    let mut altered = good.clone();
    let at = altered.chain[0].windows(NAME.len()).position(|it| it == NAME.as_bytes()).unwrap();
    altered.chain[0][at] ^= 2; // the common name
    bench.check("altered certificate", &altered, Signature, Agrees);
    let mut altered = good;
    *altered.chain[1].last_mut().unwrap() ^= 1;
    bench.check("altered authority", &altered, Signature, Agrees);
}

fn encodings(bench: &mut Bench<'_>) {
    let good = bench.case(&[&bench.own(bench.usual()), &bench.between]);
    for position in 0..2 {
        let der = good.chain[position].clone();
        let with = |der: Vec<u8>| {
            let mut case = good.clone();
            case.chain[position] = der;
            case
        };
        for end in 0..der.len() {
            assert_eq!(with(der[..end].to_vec()).trust(), Err(Malformed), "cut at {end}");
        }
        let whose = ["certificate", "authority"][position];
        bench.check(
            &format!("{whose} cut"),
            &with(der[..der.len() - 1].to_vec()),
            Malformed,
            Agrees,
        );
        // OpenSSL's program ignores what follows.
        let longer = [&der[..], &[0]].concat();
        bench.check(&format!("{whose} with a byte more"), &with(longer), Malformed, Accepts);
    }
    let version1 = bench.lab.version1(NAME, bench.server_key, &bench.between);
    let mut case = good.clone();
    case.chain[0] = version1;
    bench.check("version 1", &case, Malformed, Accepts); // by its common name
    let case = |chain: Vec<Vec<u8>>| Case { chain, ..good.clone() };
    bench.check("nothing sent", &case(vec![]), NoCertificate, Agrees);
    let seven = vec![bench.between.der.clone(); 6];
    let seven = [vec![good.chain[0].clone()], seven].concat();
    bench.check("seven certificates", &case(seven), Chain, Accepts);
    bench.check("authority first", &case(vec![bench.between.der.clone()]), Name, Agrees);
}
