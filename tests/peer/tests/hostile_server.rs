//! The server of the suite `hostile` is right before it is made wrong: OpenSSL's client connects to it.

use std::io::{Read, Write};
use std::net::UdpSocket;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use p256::ecdsa::SigningKey;
use peer_tests::servers::certificate::self_signed;
use peer_tests::servers::hostile::Server;

#[test]
fn openssl_connects_and_sends_and_receives() {
    let (server, heard) = run(&[], 0, |_| ());
    assert!(server.is_connected(), "{:?}", server.refused);
    assert_eq!(server.received.concat(), b"from the client\n");
    assert_eq!(heard, "from the client\nfrom the server\n");
    assert_eq!(server.hellos.len(), 2, "a hello, and one with the cookie");
}

#[test]
fn openssl_connects_with_small_fragments_both_ways() {
    let (server, heard) =
        run(&["-mtu", "300"], 0, |server| (server.fragment, server.mtu) = (40, 200));
    assert!(server.is_connected(), "{:?}", server.refused);
    assert_eq!(heard, "from the client\nfrom the server\n");
}

#[test]
fn openssl_connects_when_one_in_eight_datagrams_is_lost() {
    for seed in 1..4 {
        let (server, _) = run(&["-mtu", "300"], seed, |server| server.fragment = 100);
        assert!(server.is_connected(), "seed {seed}: {:?}", server.refused);
    }
}

#[test]
fn openssl_sees_a_bad_signature_and_a_bad_finished() {
    let (server, _) =
        run(&[], 0, |server| server.deviations.signed = Box::new(|bytes| bytes[0] ^= 1));
    assert!(server.alerts.iter().any(|alert| alert.0 == 2), "{:?}", server.alerts);
    let (_, heard) = run(&[], 0, |server| {
        server.deviations.messages = Box::new(|_, messages| {
            messages
                .iter_mut()
                .filter(|message| message.kind == 20)
                .for_each(|message| message.body[3] ^= 1);
        });
    });
    assert_eq!(heard, "", "OpenSSL does not take data from it");
}

#[test]
fn the_server_refuses_a_client_without_a_certificate_and_another_certificate() {
    let (server, _) = run(&["none"], 0, |_| ());
    assert!(!server.is_connected() && server.refused.is_some(), "{:?}", server.refused);
    let (server, _) = run(&[], 0, |server| server.client_fingerprint = Some([7; 32]));
    assert_eq!(server.refused.as_deref(), Some("Certificate: another fingerprint"));
}

/// One connection of `openssl s_client`. With a `seed`, one in eight datagrams is lost. Returns the server
/// and what the client printed of the server's data.
fn run(options: &[&str], seed: u64, deviate: impl FnOnce(&mut Server)) -> (Server, String) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let key = SigningKey::from_slice(&[0x21; 32]).unwrap();
    let mut server = Server::new(vec![self_signed(&key, "server")], key, seed);
    deviate(&mut server);
    let mut client = client(socket.local_addr().unwrap().port(), options);
    let mut stdout = client.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut heard = [0; 32];
        let mut length = 0;
        while length < heard.len()
            && let Ok(more @ 1..) = stdout.read(&mut heard[length..])
        {
            length += more;
        }
        String::from_utf8_lossy(&heard[..length]).into_owned()
    });
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut lost = || seed != 0 && rng.u8(..8) == 0;
    let start = Instant::now();
    let (mut from, mut greeted, mut datagram) = (None, false, [0; 2000]);
    while start.elapsed() < Duration::from_secs(20) && client.try_wait().unwrap().is_none() {
        let now_ms = start.elapsed().as_millis() as u64;
        if let Ok((length, address)) = socket.recv_from(&mut datagram) {
            from = Some(address);
            if !lost() {
                server.input(&datagram[..length], now_ms);
            }
        }
        if server.is_connected() && !greeted && (seed != 0 || !server.received.is_empty()) {
            server.send(b"from the server\n");
            greeted = true;
        }
        while let Some(out) = server.poll(now_ms) {
            if !lost() {
                let _ = socket.send_to(&out, from.unwrap());
            }
        }
        if server.refused.is_some() || reader.is_finished() || (seed != 0 && greeted) {
            break;
        }
    }
    let _ = client.kill();
    client.wait().unwrap();
    (server, reader.join().unwrap())
}

fn client(port: u16, options: &[&str]) -> Child {
    let folder = std::env::temp_dir().join(format!("hostile-server-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = |name: &str| folder.join(format!("{port}.{name}")).to_string_lossy().into_owned();
    let (key, certificate) = (file("key"), file("certificate"));
    let made = Command::new("openssl")
        .args(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=client"
                .split(' '),
        )
        .args(["-keyout", &key, "-out", &certificate])
        .stderr(Stdio::null())
        .status()
        .expect("openssl is missing: apt-get install openssl");
    assert!(made.success());
    let mut command = Command::new("openssl");
    command.args(["s_client", "-dtls1_2", "-quiet", "-connect", &format!("127.0.0.1:{port}")]);
    command.args(
        "-cipher ECDHE-ECDSA-AES128-GCM-SHA256 -curves P-256 -sigalgs ECDSA+SHA256".split(' '),
    );
    command.args(["-use_srtp", "SRTP_AES128_CM_SHA1_80"]);
    if options != ["none"] {
        command.args(["-key", &key, "-cert", &certificate]).args(options);
    }
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    child.stdin.as_mut().unwrap().write_all(b"from the client\n").unwrap();
    child
}
