//! What a user reads from `trust/check` about OpenSSL's servers. Needs `openssl` 3.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use trust_tests::lab::{Certificate, Lab, Spec, authority, run, server};
use trust_tests::sserver::{AS_THE_DEVICE, Server};

/// A root, an authority below it, and a server's certificate for `names`.
struct Chain {
    root: Certificate,
    between: Certificate,
    own: Certificate,
}

impl Chain {
    fn new(lab: &Lab, names: &str) -> Self {
        let root = lab.make(&Spec::new("The root", "rsa4096-root", authority("")));
        let between = Spec::new("Between", "p384-between", authority(",pathlen:0")).by(&root);
        let between = lab.make(&between);
        let own = lab.make(&Spec::new("Own", "p256", server(names)).by(&between).digest("sha384"));
        Self { root, between, own }
    }

    fn serve(&self, lab: &Lab, options: &[&str]) -> Server {
        Server::start(lab, &self.own, Some(&self.between), options)
    }
}

/// What the command prints, and its status.
struct Report(String, Option<i32>);

impl Report {
    /// `folder` has the roots of this computer.
    fn of(host: &str, roots: &Path, folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_check"));
        let output = command.arg(host).arg(roots).env("SSL_CERT_DIR", folder).output().unwrap();
        Self(String::from_utf8(output.stdout).unwrap(), output.status.code())
    }

    fn about(server: &Server, roots: &Path) -> Self {
        Self::of(&format!("localhost:{}", server.port), roots, Path::new("/nowhere"))
    }

    fn says(&self, status: i32, parts: &[&str]) {
        let Self(text, code) = self;
        assert_eq!(*code, Some(status), "{text}");
        for part in parts {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
        assert_eq!(text.contains("The device reaches this server."), status == 0, "{text}");
    }

    /// The line that begins with this.
    fn line(&self, start: &str) -> &str {
        self.0.lines().find_map(|line| line.strip_prefix(start)).expect("there is such a line")
    }
}

/// A folder with the root by the name that OpenSSL looks for.
fn computer_with(lab: &Lab, root: &Certificate) -> PathBuf {
    let mut hash = Command::new("openssl");
    let hash = run(hash.args(["x509", "-noout", "-subject_hash", "-in"]).arg(&root.pem)).stdout;
    let name = format!("{}.0", String::from_utf8(hash).unwrap().trim());
    let path = lab.write(&name, &std::fs::read(&root.pem).unwrap());
    path.parent().unwrap().to_owned()
}

#[test]
fn server_that_is_reached_is_described() {
    let lab = Lab::default();
    let chain = Chain::new(&lab, "DNS:localhost");
    let server = chain.serve(&lab, &[]);
    let report = Report::about(&server, &chain.root.pem);
    let bytes = |it: &Certificate| it.der.len();
    let own = format!(
        "0  CN=Own | by CN=Between | P-256 | ecdsa-with-SHA384 | until {} | {} bytes",
        date(&chain.own),
        bytes(&chain.own)
    );
    let between = format!(
        "1  CN=Between | by CN=The root | P-384 | sha256WithRSAEncryption | until {} | {} bytes",
        date(&chain.between),
        bytes(&chain.between)
    );
    // Each certificate has a length of three bytes and extensions of two; the list and the message have six more, and there
    // is a context.
    let message = bytes(&chain.own) + bytes(&chain.between) + 2 * 5 + 4 + 1 + 3;
    let message = format!("certificates: 2, in a message of {message} bytes");
    report.says(
        0,
        &[
            "anything:   it takes TLSv1.3, TLS_AES_256_GCM_SHA384, X25519",
            "a device's: it takes TLSv1.3, TLS_AES_128_GCM_SHA256, P-256\n",
            &own,
            &between,
            &message,
            "root needed CN=The root\n  its key   RSA 4096; SHA-256 of the certificate ",
            "accepts the chain",
            "16640 bytes, for any server: the chain fits",
            "4352 bytes, for servers of one's own: the chain fits",
            "HTTP/1.0 200 ok",
        ],
    );
}

fn date(certificate: &Certificate) -> String {
    let mut command = Command::new("openssl");
    let output = run(command.args(["x509", "-noout", "-enddate", "-in"]).arg(&certificate.pem));
    let text = String::from_utf8(output.stdout).unwrap();
    text.trim().trim_start_matches("notAfter=").to_owned()
}

/// The command that is printed makes the file with which the server is reached.
#[test]
fn missing_root_is_found_on_this_computer() {
    let lab = Lab::default();
    let chain = Chain::new(&lab, "DNS:localhost");
    let other = lab.make(&Spec::new("Other", "p256-other", authority("")));
    let server = chain.serve(&lab, AS_THE_DEVICE);
    let host = format!("https://localhost:{}/", server.port);
    let computer = computer_with(&lab, &chain.root);
    let report = Report::of(&host, &other.pem, &computer);
    let rejected = "its certificate is rejected, not issued under a known root.";
    let root = "root needed CN=The root\n  its key   RSA 4096;";
    report.says(1, &[rejected, root, "REJECTS", "with it   accepted", "compile in the root above"]);
    let folder = tempfile::tempdir().unwrap();
    let command = report.line("  its DER   ");
    run(Command::new("sh").current_dir(&folder).args(["-c", command]));
    assert_eq!(std::fs::read(folder.path().join("root.der")).unwrap(), chain.root.der);
    Report::of(&host, folder.path(), Path::new("/nowhere")).says(0, &["is in ", "root.der"]);
    // Without the computer's help the name is all that there is.
    let parts = [
        "root needed CN=The root\n  its key   not known here; it signs by sha256WithRSAEncryption",
    ];
    Report::about(&server, &other.pem).says(1, &parts);
}

#[test]
fn each_restriction_of_the_device_that_a_server_refuses_is_named() {
    let lab = Lab::default();
    let chain = Chain::new(&lab, "DNS:localhost");
    for (options, wide, refused, change) in [
        (&["-tls1_2"][..], "TLSv1.2, ", "TLS 1.3", "switch it on"),
        (&["-groups", "X25519"], "X25519", "key exchange on P-256", "add P-256"),
        (
            &["-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"],
            "TLS_CHACHA20_POLY1305_SHA256",
            "AES-128-GCM with SHA-256",
            "add it there",
        ),
    ] {
        let server = chain.serve(&lab, options);
        let report = Report::about(&server, &chain.root.pem);
        let refused = format!("it refuses {refused}.\nTo change: ");
        // The chain is not the reason.
        let chain = "accepts the chain";
        report.says(1, &[&refused, change, wide, "a device's: it takes nothing", chain]);
        assert!(report.line("offered     anything:").contains(wide));
    }
    let p521 = lab.make(&Spec::new("Own", "p521", server("DNS:localhost")).by(&chain.between));
    let server = Server::start(&lab, &p521, Some(&chain.between), &[]);
    let refused = "it refuses signatures by RSA, P-256 or P-384.";
    Report::about(&server, &chain.root.pem).says(1, &[refused, "give it a certificate for a key"]);
}

#[test]
fn other_reasons_are_told_apart() {
    let lab = Lab::default();
    let chain = Chain::new(&lab, "DNS:other.test,DNS:another.test");
    let misnamed = chain.serve(&lab, &[]);
    let names = "the certificate is for DNS:other.test, DNS:another.test, not localhost";
    Report::about(&misnamed, &chain.root.pem).says(1, &[names]);

    let chain = Chain::new(&lab, "DNS:localhost");
    let alone = Server::start(&lab, &chain.own, None, &[]);
    Report::about(&alone, &chain.root.pem).says(1, &["root needed CN=Between", "fullchain.pem"]);

    // What a server says is part of a command only if that does no harm.
    for (uri, printed) in [("http://ca.test/b.der", true), ("http://ca.test/b|id", false)] {
        let more = format!("{}\nauthorityInfoAccess=caIssuers;URI:{uri}", server("DNS:localhost"));
        let own = lab.make(&Spec::new("Own", "p256", more).by(&chain.between));
        let alone = Server::start(&lab, &own, None, &[]);
        let report = Report::about(&alone, &chain.root.pem);
        let command = if printed {
            format!("curl -o root.der {uri}, if that is a root's")
        } else {
            "openssl x509 -in root.pem".to_owned()
        };
        report.says(1, &[&command]);
        assert_eq!(report.0.contains(uri), printed);
    }

    let wants = chain.serve(&lab, &["-Verify", "1"]);
    let certificate = "it wants a certificate of the client's";
    Report::about(&wants, &chain.root.pem).says(1, &[certificate, "accepts the chain"]);

    let unusable = "certificate.pem cannot be used: an intermediate certificate, not a root";
    Report::about(&alone, &chain.between.pem)
        .says(1, &[unusable, "REJECTS the chain: not issued under a known root"]);

    let own = lab.make(&Spec::new("Own", "p256", server("DNS:localhost")));
    let own = Server::start(&lab, &own, None, &[]);
    Report::about(&own, &chain.root.pem).says(1, &["its certificate is self-signed"]);
}

#[test]
fn chain_is_measured_against_the_records() {
    let lab = Lab::default();
    let names = |count: usize| {
        let names = (0..count).map(|it| format!(",DNS:participant-{it}.livekit.test"));
        format!("DNS:localhost{}", names.collect::<String>())
    };
    let fits = "16640 bytes, for any server: the chain fits";
    for (count, status, parts) in [
        (150, 0, [fits, "4352 bytes, for servers of one's own: the chain DOES NOT FIT"]),
        (
            600,
            1,
            [
                "16640 bytes, for any server: the chain DOES NOT FIT",
                "its certificates do not fit in a record",
            ],
        ),
    ] {
        let chain = Chain::new(&lab, &names(count));
        let server = chain.serve(&lab, AS_THE_DEVICE);
        Report::about(&server, &chain.root.pem).says(status, &parts);
    }
}

#[test]
fn without_a_server_or_arguments_the_reason_is_said() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = format!("127.0.0.1:{}", listener.local_addr().unwrap().port());
    drop(listener);
    let firmware = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/firmware/roots");
    let nowhere = Path::new("/nowhere");
    Report::of(&host, &firmware, nowhere).says(1, &["nothing listens there over IPv4"]);
    Report::of("no-server.invalid", &firmware, nowhere).says(1, &["its name has no address"]);
    for arguments in [&[][..], &["localhost:x"], &["localhost", "/nowhere"], &["a", "b", "c"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_check"));
        let output = command.args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}
