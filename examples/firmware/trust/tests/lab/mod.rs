//! Certificates made with the program `openssl`.
#![allow(dead_code, reason = "a test uses what it needs")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;
use trust::x509::{CertError, Certificate, verify};

pub const ROOT: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign";
pub const BETWEEN: &str =
    "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign";
pub const SERVER: &str = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n\
    extendedKeyUsage=serverAuth\nsubjectAltName=DNS:livekit.test,DNS:*.rooms.test,IP:10.0.2.2";
pub const P256: &[&str] = &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
pub const P384: &[&str] = &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"];

/// A folder with certificates: NAME.key and NAME.pem.
pub struct Lab(TempDir);

impl Lab {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Makes a certificate and its key.
    pub fn sign(&self, name: &str, issuer: &str, extensions: &str) {
        self.sign_as(name, name, issuer, extensions, P256);
    }

    /// As `sign`, with another subject and another kind of key.
    pub fn sign_as(
        &self,
        name: &str,
        subject: &str,
        issuer: &str,
        extensions: &str,
        kind: &[&str],
    ) {
        let text = format!("[req]\ndistinguished_name=dn\n[dn]\n[it]\n{extensions}\n");
        fs::write(self.path("openssl.cnf"), text).unwrap();
        let (key, pem, subject) =
            (format!("{name}.key"), format!("{name}.pem"), format!("/CN={subject}"));
        let issuer = [format!("{issuer}.pem"), format!("{issuer}.key")];
        let mut command =
            vec!["req", "-x509", "-config", "openssl.cnf", "-extensions", "it", "-nodes"];
        command
            .extend(["-sha256", "-days", "30", "-subj", &subject, "-keyout", &key, "-out", &pem]);
        command.extend(kind);
        if issuer[0] != pem {
            command.extend(["-CA", &issuer[0], "-CAkey", &issuer[1]]);
        }
        let output = self.ask(&command);
        assert!(
            output.status.success(),
            "{command:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    pub fn der(&self, name: &str) -> Vec<u8> {
        let output = self.ask(&["x509", "-in", &format!("{name}.pem"), "-outform", "der"]);
        assert!(output.status.success(), "there is no {name}");
        output.stdout
    }

    /// In PKCS #8.
    pub fn key(&self, name: &str) -> Vec<u8> {
        self.ask(&["pkcs8", "-topk8", "-nocrypt", "-in", &format!("{name}.key"), "-outform", "der"])
            .stdout
    }

    /// Returns our result when the server sends its own certificate, its issuer's and all between.
    /// The certificate of `gone` is never sent.
    pub fn verdict(&self, name: &str, issuer: &str) -> Result<(), CertError> {
        let (root, mut chain) = (self.der("root"), vec![self.der("server")]);
        for it in [issuer, "between", "root"] {
            let is_there = it != "gone" && self.path(&format!("{it}.pem")).exists();
            if is_there && !chain.contains(&self.der(it)) {
                chain.push(self.der(it));
            }
        }
        let chain = chain.iter().map(|it| &**it);
        verify(chain, &Certificate::read(&root).unwrap(), name, None).map(|_| ())
    }

    pub fn openssl(&self, name: &str) -> bool {
        let kind = if name.parse::<std::net::IpAddr>().is_ok() {
            "-verify_ip"
        } else {
            "-verify_hostname"
        };
        let mut command =
            vec!["verify", "-CAfile", "root.pem", "-purpose", "sslserver", kind, name];
        let others = ["root2.pem", "namesake.pem", "between.pem", "between2.pem"];
        for other in others.into_iter().filter(|it| self.path(it).exists()) {
            command.extend(["-untrusted", other]);
        }
        command.push("server.pem");
        self.ask(&command).status.success()
    }

    pub fn ask(&self, command: &[&str]) -> Output {
        Command::new("openssl")
            .args(command)
            .current_dir(self.0.path())
            .output()
            .expect("openssl is there")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}
