//! Handshakes with OpenSSL's server, with keys of each kind. Needs `openssl` 3.

use std::net::TcpStream;

use livekit_micro_trust::embedded_tls::{OpenError, ServerError};
use livekit_micro_trust::{Error, Verifier, build_time, root};
use trust_tests::device::{self, Profile};
use trust_tests::lab::{Lab, Spec, authority, server};
use trust_tests::sserver::{AS_THE_DEVICE, Server};

const NAME: &str = "livekit.test";

/// Asks the server for its page; returns how it answers.
fn ask(server: &Server, root_der: &[u8]) -> Result<String, OpenError> {
    let roots = [root(root_der).unwrap()];
    let stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    device::ask(stream, NAME, Verifier::new(&roots, build_time!()), Profile::Any)
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
        let server = Server::start(&lab, &lab.make(&own), Some(&issuer), AS_THE_DEVICE);
        assert_eq!(ask(&server, &root.der).as_deref(), Ok("HTTP/1.0 200 ok"), "{key}");
        let rejected = Err(OpenError::Server(ServerError::Certificate(Error::Issuer)));
        assert_eq!(ask(&server, &other.der), rejected, "{key}");
    }
}
