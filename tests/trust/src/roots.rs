//! Certificates of roots in files: those that a firmware is built with, and those of this computer.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use livekit_micro_trust::{Error, TrustAnchor, Verifier, build_time, root};
use pki_types::CertificateDer;
use pki_types::pem::PemObject;

use crate::judges::now;
use crate::sclient::{Sent, key_kind};

/// A root's certificate.
#[derive(Clone)]
pub struct Root {
    pub path: PathBuf,
    pub der: Vec<u8>,
}

impl Root {
    /// Its subject, the kind of its key, and its fingerprint.
    pub fn describe(&self) -> [String; 3] {
        let text = x509(&self.der, &["-noout", "-subject", "-text", "-fingerprint", "-sha256"]);
        let after = |what: &str| {
            let found = text.lines().find_map(|line| line.split_once(what));
            found.map(|(_, value)| value.trim()).unwrap_or_default()
        };
        let key = [after("Public Key Algorithm: "), after("Public-Key: ")].join(", ");
        [after("subject=").into(), key_kind(&key), after("ingerprint=").into()]
    }

    /// The name of its file.
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// What the firmware's verifier says with these roots. Those that cannot be used are left out.
///
/// # Errors
///
/// As the verifier's.
pub fn verify(roots: &[Root], chain: &[Sent], name: &str) -> Result<(), Error> {
    let chain = chain.iter().map(|sent| &*sent.der);
    Verifier::new(&anchors(roots), build_time!()).verify(chain, name, Some(now())).map(|_| ())
}

/// Those of the roots that can be used.
pub fn anchors(roots: &[Root]) -> Vec<TrustAnchor<'_>> {
    roots.iter().filter_map(|it| root(&it.der).ok()).collect()
}

/// The certificates of a file, in DER or PEM, or of a folder with such files.
///
/// # Errors
///
/// The file that cannot be read, and why.
pub fn read(path: &Path) -> Result<Vec<Root>, String> {
    let failed = |error| format!("{}: {error}", path.display());
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(failed)?;
        let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| {
            let ending = path.extension().unwrap_or_default();
            ["der", "pem", "crt", "cer"].iter().any(|it| ending == *it)
        });
        paths.sort();
        let roots: Result<Vec<_>, _> = paths.iter().map(|path| read(path)).collect();
        return roots.map(|roots| roots.concat());
    }
    let bytes = fs::read(path).map_err(failed)?;
    let mut ders: Vec<_> =
        CertificateDer::pem_slice_iter(&bytes).flatten().map(|der| der.to_vec()).collect();
    if ders.is_empty() {
        ders.push(bytes);
    }
    Ok(ders.into_iter().map(|der| Root { path: path.to_owned(), der }).collect())
}

/// The certificate that leads from the server's to a root.
pub fn last_of_path(chain: &[Sent]) -> Option<&Sent> {
    let mut last = chain.first()?;
    // Certificates could issue each other in a circle.
    for _ in chain {
        match chain.iter().find(|it| it.subject == last.issuer && !it.is_self_signed()) {
            Some(next) => last = next,
            None => break,
        }
    }
    Some(last)
}

/// The issuer of a certificate, if it is one of the roots of this computer: of the folder that OpenSSL uses.
pub fn on_this_computer(issued: &Sent) -> Option<Root> {
    let folder = env::var_os("SSL_CERT_DIR").or_else(|| {
        // OPENSSLDIR: "/usr/lib/ssl"
        let output = Command::new("openssl").args(["version", "-d"]).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        Some(OsString::from(format!("{}/certs", text.split('"').nth(1)?)))
    })?;
    let hash = x509(&issued.der, &["-noout", "-issuer_hash"]);
    let path = Path::new(&folder).join(format!("{}.0", hash.trim()));
    read(&path).ok()?.into_iter().next()
}

/// Where the certificate says that its issuer's is.
pub fn address_of_issuer(issued: &Sent) -> Option<String> {
    let text = x509(&issued.der, &["-noout", "-ext", "authorityInfoAccess"]);
    let (_, rest) = text.split_once("CA Issuers - URI:")?;
    rest.split_whitespace().next().map(str::to_owned)
}

/// The names that a certificate is for.
pub fn names(certificate: &Sent) -> String {
    let text = x509(&certificate.der, &["-noout", "-ext", "subjectAltName"]);
    text.lines().nth(1).unwrap_or("none").trim().to_owned()
}

/// What `openssl x509` prints about a certificate.
fn x509(der: &[u8], options: &[&str]) -> String {
    let mut command = Command::new("openssl");
    command.args(["x509", "-inform", "der"]).args(options);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("openssl is there");
    // It may end before it has read all.
    let _ = child.stdin.take().expect("it is piped").write_all(der);
    let output = child.wait_with_output().expect("openssl ends");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
