//! What is in a certificate, as `openssl x509` prints it.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Fields of a certificate.
#[derive(Clone)]
pub struct Fields {
    pub subject: String,
    pub issuer: String,
    /// The kind and the size of its key.
    pub key: String,
    /// The algorithm of the issuer's signature.
    pub signature: String,
    pub until: String,
    /// SHA-256 of the certificate.
    pub fingerprint: String,
    pub der: Vec<u8>,
}

impl Fields {
    pub fn read(der: Vec<u8>) -> Self {
        // OpenSSL's own form of names differs from version to version.
        let options = ["-subject", "-issuer", "-enddate", "-fingerprint", "-sha256", "-text"];
        let text = x509(&der, &[&options[..], &["-nameopt", "RFC2253"]].concat());
        let after = |what: &str| {
            let found = text.lines().find_map(|line| line.split_once(what));
            found.map_or("unknown", |(_, value)| value.trim())
        };
        let bits = after("Public-Key: ").trim_start_matches('(').trim_end_matches(" bit)");
        let key = match after("Public Key Algorithm: ") {
            "id-ecPublicKey" => format!("P-{bits}"),
            "rsaEncryption" => format!("RSA {bits}"),
            other => other.to_owned(),
        };
        Self {
            subject: after("subject=").to_owned(),
            issuer: after("issuer=").to_owned(),
            key,
            signature: after("Signature Algorithm: ").to_owned(),
            until: after("notAfter=").to_owned(),
            fingerprint: after("ingerprint=").to_owned(),
            der,
        }
    }

    pub fn is_self_signed(&self) -> bool {
        self.subject == self.issuer
    }

    /// The names that it is for.
    pub fn names(&self) -> String {
        let text = x509(&self.der, &["-ext", "subjectAltName"]);
        text.lines().nth(1).unwrap_or("no name").trim().to_owned()
    }

    /// Where it says that its issuer's is.
    pub fn address_of_issuer(&self) -> Option<String> {
        let text = x509(&self.der, &["-ext", "authorityInfoAccess"]);
        let (_, rest) = text.split_once("CA Issuers - URI:")?;
        // It is printed as part of a command, and a server chooses it.
        let harmless = |it: char| it.is_ascii_alphanumeric() || "-._~:/%".contains(it);
        rest.lines().next().filter(|uri| uri.chars().all(harmless)).map(str::to_owned)
    }

    /// The name of its issuer's file in a folder of OpenSSL's.
    pub fn file_of_issuer(&self) -> String {
        format!("{}.0", x509(&self.der, &["-issuer_hash"]).trim())
    }
}

fn x509(der: &[u8], options: &[&str]) -> String {
    let mut command = Command::new("openssl");
    command.args(["x509", "-inform", "der", "-noout"]).args(options);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("openssl is there");
    // It may end before it has read all.
    let _ = child.stdin.take().expect("it is piped").write_all(der);
    let output = child.wait_with_output().expect("openssl ends");
    let text = String::from_utf8_lossy(&output.stdout);
    // A server must not talk to the terminal.
    text.chars().filter(|it| *it == '\n' || !it.is_control()).collect()
}
