//! Handshakes with OpenSSL's server, with keys of each kind. Needs `openssl` 3.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use embassy_futures::block_on;
use embedded_tls::{Aes128GcmSha256, TlsConnection, TlsContext};
use livekit_micro_trust::embedded_tls::{Handshake, Records, ServerError, config};
use livekit_micro_trust::{Error, Verifier, root};
use trust_tests::impostor::Wire;
use trust_tests::judges::now;
use trust_tests::lab::{Certificate, Lab, Spec, authority, server};

const NAME: &str = "livekit.test";

/// `openssl s_server`, which answers a request of HTTP with a page.
struct Server(Child, u16);

impl Server {
    fn start(lab: &Lab, own: &Certificate, issuer: &Certificate) -> Self {
        let chain = lab.write("chain.pem", &std::fs::read(&issuer.pem).unwrap());
        let mut command = Command::new("openssl");
        command.args(["s_server", "-accept", "127.0.0.1:0", "-tls1_3", "-groups", "P-256", "-www"]);
        command.args(["-ciphersuites", "TLS_AES_128_GCM_SHA256", "-num_tickets", "0"]);
        command.arg("-cert").arg(&own.pem).arg("-key").arg(&own.key).arg("-cert_chain").arg(chain);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("openssl is there");
        // "ACCEPT 127.0.0.1:43210"
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.starts_with("ACCEPT ") {
            line.clear();
            assert!(lines.read_line(&mut line).unwrap() > 0, "the server ended");
        }
        let port = line.trim().rsplit(':').next().unwrap().parse().unwrap();
        // What else it says is not of interest; it must not block.
        std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
        Self(child, port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Asks the server for its page; returns how it begins.
fn ask(server: &Server, root_der: &[u8]) -> Result<String, ServerError> {
    let roots = [root(root_der).unwrap()];
    let (mut received, mut sent) = (vec![0; 16_640], [0; 1024]);
    let records = Records::new(Wire(TcpStream::connect(("127.0.0.1", server.1)).unwrap()));
    let mut tls: TlsConnection<'_, _, Aes128GcmSha256> =
        TlsConnection::new(records, &mut received, &mut sent);
    let random = |out: &mut [u8]| out.iter_mut().for_each(|byte| *byte = fastrand::u8(..));
    let verifier = Verifier::new(&roots, livekit_micro_trust::build_time!());
    let mut handshake = Handshake::new(verifier, NAME, Some(now() + 60), random);
    let config = config(NAME);
    block_on(async {
        let opened = tls.open(TlsContext::new(&config, &mut handshake)).await;
        handshake.verdict()?;
        opened.expect("a server that is trusted has no other error");
        tls.write(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
        tls.flush().await.unwrap();
        let mut answer = [0; 12];
        let len = tls.read(&mut answer).await.unwrap();
        Ok(String::from_utf8_lossy(&answer[..len]).into_owned())
    })
}

#[test]
fn servers_with_keys_of_each_kind_are_accepted() {
    let lab = Lab::default();
    for (key, between_key, root_key) in [
        ("p256", "p256-between", "p256-root"),
        ("p384", "p384-between", "p384-root"),
        ("rsa2048", "rsa2048-between", "rsa4096-root"),
        ("rsa3072", "p384-between", "rsa4096-root"),
        ("rsa4096", "rsa2048-between", "rsa4096-root"),
    ] {
        let root = lab.make(&Spec::new("Root", root_key, authority("")));
        let other = lab.make(&Spec::new("Other", "p256-other", authority("")));
        let issuer =
            lab.make(&Spec::new("Between", between_key, authority(",pathlen:0")).by(&root));
        let own = Spec::new(NAME, key, server(&format!("DNS:{NAME}"))).by(&issuer);
        let server = Server::start(&lab, &lab.make(&own), &issuer);
        assert_eq!(ask(&server, &root.der).as_deref(), Ok("HTTP/1.0 200"), "{key}");
        let rejected = Err(ServerError::Certificate(Error::Issuer));
        assert_eq!(ask(&server, &other.der), rejected, "{key}");
    }
}
