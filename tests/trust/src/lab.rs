//! Keys and certificates made with the program `openssl`, version 3.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

use pki_types::CertificateDer;
use pki_types::pem::PemObject;
use tempfile::TempDir;

/// Extensions of a root or another authority; `more` is what follows `CA:TRUE`.
pub fn authority(more: &str) -> String {
    format!("basicConstraints=critical,CA:TRUE{more}\nkeyUsage=critical,keyCertSign,cRLSign")
}

/// Extensions of a server's certificate, for these names.
pub fn server(names: &str) -> String {
    format!(
        "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n\
         extendedKeyUsage=serverAuth\nsubjectAltName={names}"
    )
}

/// A folder for keys and certificates.
pub struct Lab {
    dir: TempDir,
    /// The keys that there are already: to make one of RSA takes seconds.
    keys: Mutex<HashMap<String, PathBuf>>,
}

/// A certificate, and the file with its key.
#[derive(Clone)]
pub struct Certificate {
    pub der: Vec<u8>,
    pub pem: PathBuf,
    pub key: PathBuf,
}

/// A certificate to be made.
#[derive(Clone)]
pub struct Spec<'a> {
    /// The common name.
    pub subject: &'a str,
    /// The kind of its key: `p256`, `p384`, `p521`, `ed25519`, `rsa2048` and so on, and after a hyphen whose it is.
    pub key: &'a str,
    /// Without one it is self-signed.
    pub issuer: Option<&'a Certificate>,
    pub extensions: String,
    pub digest: &'a str,
    /// Signed by PSS.
    pub pss: bool,
    pub days: u32,
}

impl<'a> Spec<'a> {
    pub fn new(subject: &'a str, key: &'a str, extensions: String) -> Self {
        let (issuer, digest, pss, days) = (None, "sha256", false, 30);
        Self { subject, key, issuer, extensions, digest, pss, days }
    }

    pub fn by(self, issuer: &'a Certificate) -> Self {
        Self { issuer: Some(issuer), ..self }
    }

    pub fn digest(self, digest: &'a str) -> Self {
        Self { digest, ..self }
    }

    pub fn pss(self, pss: bool) -> Self {
        Self { pss, ..self }
    }

    pub fn days(self, days: u32) -> Self {
        Self { days, ..self }
    }
}

impl Default for Lab {
    fn default() -> Self {
        Self { dir: tempfile::tempdir().expect("a folder can be made"), keys: Mutex::default() }
    }
}

impl Lab {
    pub fn make(&self, spec: &Spec<'_>) -> Certificate {
        let key = self.key(spec.key);
        let folder = tempfile::tempdir_in(self.dir.path()).expect("a folder can be made").keep();
        let (pem, config) = (folder.join("certificate.pem"), folder.join("openssl.cnf"));
        let text = format!("[req]\ndistinguished_name=dn\n[dn]\n[it]\n{}\n", spec.extensions);
        fs::write(&config, text).expect("the file can be written");
        let mut command = Command::new("openssl");
        command.args(["req", "-x509", "-extensions", "it", "-config"]).arg(config);
        command.args(["-days", &spec.days.to_string(), "-subj", &format!("/CN={}", spec.subject)]);
        if !spec.key.starts_with("ed25519") {
            command.arg(format!("-{}", spec.digest));
        }
        if spec.pss {
            command.args(["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]);
        }
        if let Some(issuer) = spec.issuer {
            command.arg("-CA").arg(&issuer.pem).arg("-CAkey").arg(&issuer.key);
        }
        run(command.arg("-key").arg(&key).arg("-out").arg(&pem));
        let der = CertificateDer::from_pem_file(&pem).expect("it is a certificate").to_vec();
        Certificate { der, pem, key }
    }

    /// The file of a key; see [`Spec::key`].
    pub fn key(&self, name: &str) -> PathBuf {
        let mut keys = self.keys.lock().expect("no test has failed");
        let make = || {
            let path = self.dir.path().join(format!("{name}.key"));
            let kind = name.split('-').next().unwrap_or_default();
            let (algorithm, option) = match kind {
                "ed25519" => ("ED25519", None),
                "p256" | "p384" | "p521" => {
                    ("EC", Some(format!("ec_paramgen_curve:P-{}", &kind[1..])))
                }
                rsa => ("RSA", Some(format!("rsa_keygen_bits:{}", rsa.trim_start_matches("rsa")))),
            };
            let mut command = Command::new("openssl");
            command.args(["genpkey", "-algorithm", algorithm, "-out"]).arg(&path);
            if let Some(option) = option {
                command.args(["-pkeyopt", &option]);
            }
            // The product of two primes of half the length has one bit less if that is odd.
            if kind.starts_with("rsa") && kind.ends_with(['1', '3', '5', '7', '9']) {
                command.args(["-pkeyopt", "rsa_keygen_primes:3"]);
            }
            run(&mut command);
            path
        };
        keys.entry(name.to_owned()).or_insert_with(make).clone()
    }

    /// Writes a file.
    pub fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let folder = tempfile::tempdir_in(self.dir.path()).expect("a folder can be made").keep();
        let path = folder.join(name);
        fs::write(&path, content).expect("the file can be written");
        path
    }

    /// The certificate without its extensions, in version 1.
    pub fn version1(&self, subject: &str, key: &str, issuer: &Certificate) -> Vec<u8> {
        let key = self.key(key);
        let request = self.write("request.pem", &[]);
        let config = self.write("openssl.cnf", b"[req]\ndistinguished_name=dn\n[dn]\n");
        let mut command = Command::new("openssl");
        command.args(["req", "-new", "-subj", &format!("/CN={subject}"), "-config"]).arg(config);
        run(command.arg("-key").arg(key).arg("-out").arg(&request));
        let mut command = Command::new("openssl");
        command.args(["x509", "-req", "-outform", "der", "-set_serial", "1", "-in"]).arg(request);
        run(command.arg("-CA").arg(&issuer.pem).arg("-CAkey").arg(&issuer.key)).stdout
    }
}

/// Runs a command, which has to succeed.
pub fn run(command: &mut Command) -> Output {
    let output = command.output().expect("openssl is there");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    output
}

/// The private key of a file, in PKCS #8.
pub fn pkcs8(key: &Path) -> Vec<u8> {
    let mut command = Command::new("openssl");
    command.args(["pkcs8", "-topk8", "-nocrypt", "-outform", "der", "-in"]).arg(key);
    run(&mut command).stdout
}
