//! The program `openssl s_server`.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

use crate::lab::{Certificate, Lab};

/// What the firmware needs of a server.
pub const AS_THE_DEVICE: &[&str] =
    &["-tls1_3", "-groups", "P-256", "-ciphersuites", "TLS_AES_128_GCM_SHA256"];

/// `openssl s_server`, which answers a request of HTTP with a page. It ends when it is dropped.
pub struct Server {
    child: Child,
    pub port: u16,
}

impl Server {
    /// Starts one that sends its certificate, and that of its issuer if `issuer` is there.
    pub fn start(
        lab: &Lab,
        own: &Certificate,
        issuer: Option<&Certificate>,
        options: &[&str],
    ) -> Self {
        let mut command = Command::new("openssl");
        command.args(["s_server", "-accept", "127.0.0.1:0", "-www", "-num_tickets", "0"]);
        command.args(options).arg("-cert").arg(&own.pem).arg("-key").arg(&own.key);
        if let Some(issuer) = issuer {
            let pem = std::fs::read(&issuer.pem).expect("the lab has written it");
            command.arg("-cert_chain").arg(lab.write("chain.pem", &pem));
        }
        let mut child = command.stdout(Stdio::piped()).spawn().expect("openssl is there");
        // "ACCEPT 127.0.0.1:43210"
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        while !line.starts_with("ACCEPT ") {
            line.clear();
            assert!(lines.read_line(&mut line).expect("it is text") > 0, "the server ended");
        }
        let port = line.trim().rsplit(':').next().and_then(|port| port.parse().ok());
        // What else it says is not of interest; it must not block.
        std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
        Self { child, port: port.expect("it is a port") }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
