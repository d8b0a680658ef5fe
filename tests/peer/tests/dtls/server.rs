//! OpenSSL's server as a process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::device::DeviceCrypto;

pub struct Server {
    process: Child,
    pub port: u16,
    pub fingerprint: [u8; 32],
    lines: Receiver<String>,
}

impl Server {
    pub fn start(more: &[&str]) -> Self {
        let (certificate, key) = server_identity();
        let port = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut process = Command::new("openssl")
            .args(["s_server", "-dtls1_2", "-accept", &format!("127.0.0.1:{port}")])
            .args(["-cert".as_ref(), certificate.as_os_str()])
            .args(["-key".as_ref(), key.as_os_str()])
            // Or it waits in the middle of reading a datagram, and hears nothing of its input.
            .arg("-nbio")
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let (out, err) = (process.stdout.take().unwrap(), process.stderr.take().unwrap());
        for output in [Box::new(out) as Box<dyn Read + Send>, Box::new(err)] {
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                    if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                        return;
                    }
                }
            });
        }
        let server = Self { process, port, fingerprint: fingerprint_of(&certificate), lines };
        server.wait_for("ACCEPT");
        server
    }

    /// Waits for a line with `text`, which it returns.
    pub fn wait_for(&self, text: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(20));

            let line = line.unwrap_or_else(|_| panic!("openssl does not say {text}"));
            if line.contains(text) {
                return line;
            }
        }
    }

    pub fn say(&mut self, text: &str) {
        writeln!(self.process.stdin.as_mut().unwrap(), "{text}").unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub fn openssl(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("openssl").args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// A certificate and a key of openssl's own making, as files.
fn server_identity() -> (PathBuf, PathBuf) {
    static IDENTITY: OnceLock<(PathBuf, PathBuf)> = OnceLock::new();
    let make = || {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let certificate = folder.join(format!("dtls-{}.crt", std::process::id()));
        let key = certificate.with_extension("key");
        let (certificate_name, key_name) = (certificate.to_str().unwrap(), key.to_str().unwrap());
        let make = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
        let names = ["-nodes", "-subj", "/CN=server", "-days", "2"];
        let files = ["-out", certificate_name, "-keyout", key_name];
        openssl(&[&make[..], &names, &files].concat());
        (certificate, key)
    };
    IDENTITY.get_or_init(make).clone()
}

fn fingerprint_of(certificate: &Path) -> [u8; 32] {
    let der = openssl(&["x509", "-in", certificate.to_str().unwrap(), "-outform", "der"]);
    livekit_micro_peer::certificate::fingerprint::<DeviceCrypto>(&der)
}
