//! An impostor, a TLS 1.3 server without the right to its name, is not taken for the server. Needs `openssl` 3.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use embassy_futures::block_on;
use embedded_tls::{Aes128GcmSha256, TlsConnection, TlsContext, TlsError};
use livekit_micro_trust::embedded_tls::{Handshake, Records, ServerError, config};
use livekit_micro_trust::{Error, Verifier, root};
use p256::ecdsa::SigningKey;
use p256::pkcs8::DecodePrivateKey as _;
use trust_tests::impostor::{Impostor, Wire, message};
use trust_tests::judges::now;
use trust_tests::lab::{Lab, Spec, authority, pkcs8, server};

const NAME: &str = "livekit.test";
/// When the firmware was built.
const FLOOR: u64 = livekit_micro_trust::build_time!();

/// The handshake of `embedded-tls` itself succeeds: `Handshake::verdict` has to be checked.
#[test]
fn server_without_a_certificate_is_rejected() {
    let seen = meet(&stage(), |it| it.finish());
    assert_eq!(seen, (Ok(()), Err(ServerError::Proof)));
}

#[test]
fn certificate_without_a_signature_is_rejected() {
    let stage = stage();
    let seen = meet(&stage, |it| {
        it.show(&stage.server);
        it.finish();
    });
    assert_eq!(seen, (Ok(()), Err(ServerError::Proof)));
}

#[test]
fn signature_of_another_key_is_rejected() {
    let stage = stage();
    let seen = meet(&stage, |it| {
        it.show(&stage.server);
        it.prove(&stage.other_key);
        it.finish();
    });
    assert_eq!(seen, (Err("AbortHandshake".into()), Err(ServerError::Proof)));
}

#[test]
fn signature_before_the_certificate_is_rejected() {
    let stage = stage();
    let seen = meet(&stage, |it| {
        it.prove(&stage.server_key);
        it.finish();
    });
    assert_eq!(seen, (Err("AbortHandshake".into()), Err(ServerError::Proof)));
}

#[test]
fn second_certificate_needs_its_own_signature() {
    let stage = stage();
    let seen = meet(&stage, |it| {
        it.show(&stage.server);
        it.prove(&stage.server_key);
        it.show(&stage.server);
        it.finish();
    });
    assert_eq!(seen, (Ok(()), Err(ServerError::Proof)));
}

#[test]
fn server_is_accepted_and_server_of_another_root_is_rejected() {
    let stage = stage();
    let issuer = ServerError::Certificate(Error::Signature);
    for (chain, key, expected) in [
        (&stage.server, &stage.server_key, (Ok(()), Ok(()))),
        (&stage.other, &stage.other_key, (Err("AbortHandshake".into()), Err(issuer))),
    ] {
        let seen = meet(&stage, |it| {
            it.show(chain);
            it.prove(key);
            it.finish();
        });
        assert_eq!(seen, expected);
    }
}

/// As the device's clock is not set.
#[test]
fn without_a_time_no_server_is_accepted() {
    let stage = stage();
    for unix_s in [None, Some(0), Some(FLOOR - 1)] {
        let seen = meet_at(&stage, unix_s, |it| {
            it.show(&stage.server);
            it.prove(&stage.server_key);
            it.finish();
        });
        let rejected = Err(ServerError::Certificate(Error::NoTime));
        assert_eq!(seen, (Err("AbortHandshake".into()), rejected), "{unix_s:?}");
    }
}

/// Each of these makes `embedded-tls` panic; an attacker on the network path can send the first one.
#[test]
fn records_that_panic_embedded_tls_are_rejected() {
    let stage = stage();
    let in_clear = meet(&stage, |it| {
        it.show(&stage.server);
        it.prove(&stage.server_key);
        it.finish();
        it.send(22, &message(20, &[0; 32]));
    });
    assert_eq!(in_clear, (Err("Io(InvalidData)".into()), Ok(())));
    let nothing_sealed = meet(&stage, |it| it.seal(&[]));
    assert_eq!(nothing_sealed, (Err("Io(InvalidData)".into()), Err(ServerError::Proof)));
}

/// A root, a server's certificate issued under it, and one issued under another root of the same name.
struct Stage {
    root: Vec<u8>,
    server: Vec<u8>,
    other: Vec<u8>,
    server_key: SigningKey,
    other_key: SigningKey,
}

fn stage() -> Stage {
    let lab = Lab::default();
    let [root, namesake] =
        ["p256-root", "p256-namesake"].map(|key| lab.make(&Spec::new("Root", key, authority(""))));
    let make = |key: &str, issuer| {
        let own = lab.make(&Spec::new(NAME, key, server(&format!("DNS:{NAME}"))).by(issuer));
        let key = SigningKey::from_pkcs8_der(&pkcs8(&own.key)).unwrap();
        (own.der, key)
    };
    let (server, server_key) = make("p256-server", &root);
    let (other, other_key) = make("p256-other", &namesake);
    Stage { root: root.der, server, other, server_key, other_key }
}

/// Connects to a server that behaves like `behave` after its hello. Returns the result of `embedded-tls`,
/// which also reads to the end, and ours.
fn meet(stage: &Stage, behave: impl FnOnce(&mut Impostor) + Send) -> Seen {
    meet_at(stage, Some(now() + 60), behave)
}

/// What the handshake of `embedded-tls` says, and our verdict.
type Seen = (Result<(), String>, Result<(), ServerError>);

/// As `meet`, at another time.
fn meet_at(stage: &Stage, unix_s: Option<u64>, behave: impl FnOnce(&mut Impostor) + Send) -> Seen {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let roots = [root(&stage.root).unwrap()];
    thread::scope(|scope| {
        let to = listener.local_addr().unwrap();
        scope.spawn(move || {
            let mut impostor = Impostor::greet(listener.accept().unwrap().0);
            behave(&mut impostor);
            let _ = impostor.stream.shutdown(Shutdown::Write);
            // Until the client closes the connection.
            let _ = io::copy(&mut impostor.stream, &mut io::sink());
        });
        let (mut received, mut sent) = ([0; 4352], [0; 1024]);
        let records = Records::new(Wire(TcpStream::connect(to).unwrap()));
        let mut tls: TlsConnection<'_, _, Aes128GcmSha256> =
            TlsConnection::new(records, &mut received, &mut sent);
        let config = config(NAME);
        let verifier = Verifier::new(&roots, FLOOR);
        let mut handshake = Handshake::new(verifier, NAME, unix_s, |out| out.fill(0x5a));
        let word = block_on(async {
            tls.open(TlsContext::new(&config, &mut handshake)).await?;
            tls.read(&mut [0]).await
        });
        let word = match word {
            Ok(_) | Err(TlsError::IoError) => Ok(()), // the end, of which no alert told
            Err(TlsError::AbortHandshake(..)) => Err("AbortHandshake".into()),
            Err(error) => Err(format!("{error:?}")),
        };
        (word, handshake.verdict())
    })
}
