//! Who says whether a chain is good: this crate, webpki on ring, and OpenSSL.

use std::net::IpAddr;
use std::process::Command;
use std::time::Duration;

use livekit_micro_trust::{Error, Verifier, root};
use pki_types::{CertificateDer, ServerName, UnixTime};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use crate::lab::Lab;

/// What a server sends, and what a client knows.
#[derive(Clone)]
pub struct Case {
    /// The server's certificate, then the others, in DER.
    pub chain: Vec<Vec<u8>>,
    pub roots: Vec<Vec<u8>>,
    pub name: String,
    pub unix_s: u64,
}

impl Case {
    /// The verdict of this crate.
    pub fn trust(&self) -> Result<(), Error> {
        let roots: Vec<_> =
            self.roots.iter().map(|der| root(der).expect("it is a root's")).collect();
        let chain = self.chain.iter().map(|der| &**der);
        Verifier::new(&roots, 0).verify(chain, &self.name, Some(self.unix_s)).map(|_| ())
    }

    /// The verdict of webpki on ring, by the same steps.
    pub fn ring(&self) -> Result<(), webpki::Error> {
        let chain: Vec<_> = self.chain.iter().map(|der| CertificateDer::from_slice(der)).collect();
        let roots: Vec<_> = self.roots.iter().map(|der| CertificateDer::from_slice(der)).collect();
        let roots: Vec<_> =
            roots.iter().map(|der| anchor_from_trusted_cert(der).expect("it is one")).collect();
        let Some((server, authorities)) = chain.split_first() else {
            return Err(webpki::Error::UnknownIssuer);
        };
        let server = EndEntityCert::try_from(server)?;
        server.verify_for_usage(
            webpki::ALL_VERIFICATION_ALGS,
            &roots,
            authorities,
            UnixTime::since_unix_epoch(Duration::from_secs(self.unix_s)),
            KeyUsage::server_auth(),
            None,
            None,
        )?;
        let name = ServerName::try_from(&*self.name).expect("it is a name");
        server.verify_is_valid_for_subject_name(&name)
    }

    /// The verdict of the program `openssl`.
    pub fn openssl(&self, lab: &Lab) -> bool {
        let Some((server, authorities)) = self.chain.split_first() else { return false };
        let kind =
            if self.name.parse::<IpAddr>().is_ok() { "-verify_ip" } else { "-verify_hostname" };
        let mut command = Command::new("openssl");
        // Level 2: 112 bits of security, as TLS programs of most distributions have it.
        command.args(["verify", "-auth_level", "2", "-purpose", "sslserver", kind, &self.name]);
        command.args(["-attime", &self.unix_s.to_string()]);
        command.arg("-CAfile").arg(lab.write("roots.pem", pem(&self.roots).as_bytes()));
        if !authorities.is_empty() {
            command.arg("-untrusted").arg(lab.write("chain.pem", pem(authorities).as_bytes()));
        }
        command.arg(lab.write("server.pem", pem(std::slice::from_ref(server)).as_bytes()));
        command.output().expect("openssl is there").status.success()
    }
}

fn pem(certificates: &[Vec<u8>]) -> String {
    let one = |der: &Vec<u8>| {
        let text = base64(der);
        format!("-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n")
    };
    certificates.iter().map(one).collect()
}

/// In lines of 64 letters.
fn base64(bytes: &[u8]) -> String {
    use base64ct::{Base64, Encoding as _};
    let text = Base64::encode_string(bytes);
    let lines = text.as_bytes().chunks(64);
    lines.map(|line| format!("{}\n", String::from_utf8_lossy(line))).collect()
}

/// Seconds since 1970.
pub fn now() -> u64 {
    std::time::UNIX_EPOCH.elapsed().expect("it is later").as_secs()
}
