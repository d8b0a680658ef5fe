//! Certificates of roots in files: those that a firmware is built with, and those of this computer.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use livekit_micro_trust::{Error, TrustAnchor, Verifier, build_time, root};
use pki_types::CertificateDer;
use pki_types::pem::PemObject;

use crate::fields::Fields;
use crate::judges::now;

/// A root's certificate.
#[derive(Clone)]
pub struct Root {
    pub path: PathBuf,
    pub der: Vec<u8>,
}

impl Root {
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
pub fn verify(roots: &[Root], chain: &[Fields], name: &str) -> Result<(), Error> {
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
pub fn last_of_path(chain: &[Fields]) -> Option<&Fields> {
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
pub fn on_this_computer(issued: &Fields) -> Option<Root> {
    let folder = env::var_os("SSL_CERT_DIR").or_else(|| {
        // OPENSSLDIR: "/usr/lib/ssl"
        let output = Command::new("openssl").args(["version", "-d"]).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        Some(OsString::from(format!("{}/certs", text.split('"').nth(1)?)))
    })?;
    let path = Path::new(&folder).join(issued.file_of_issuer());
    read(&path).ok()?.into_iter().next()
}
