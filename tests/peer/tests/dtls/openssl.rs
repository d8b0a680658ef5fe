//! `openssl s_server` on the other end.

use std::io::{BufRead, BufReader, Write};
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use livekit_micro_peer::dtls::{Alert, Error, State};

use crate::device::{Device, DeviceCrypto};
use crate::path::Conditions;
use crate::session::Session;

struct Server {
    process: Child,
    port: u16,
    fingerprint: [u8; 32],
    lines: Receiver<String>,
}

impl Server {
    fn start(more: &[&str]) -> Self {
        let (certificate, key) = server_identity();
        let port = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut process = Command::new("openssl")
            .args(["s_server", "-dtls1_2", "-accept", &format!("127.0.0.1:{port}")])
            .args(["-cert".as_ref(), certificate.as_os_str()])
            .args(["-key".as_ref(), key.as_os_str()])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let output = BufReader::new(process.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in output.split(b'\n').map_while(Result::ok) {
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    return;
                }
            }
        });
        let server = Self { process, port, fingerprint: fingerprint_of(&certificate), lines };
        server.wait_for("ACCEPT");
        server
    }

    /// Waits for a line with `text`, which it returns.
    fn wait_for(&self, text: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(20));
            let line = line.unwrap_or_else(|_| panic!("openssl does not say {text}"));
            if line.contains(text) {
                return line;
            }
        }
    }

    fn say(&mut self, text: &str) {
        writeln!(self.process.stdin.as_mut().unwrap(), "{text}").unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn openssl(arguments: &[&str]) -> Vec<u8> {
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

const MUTUAL: &[&str] = &["-Verify", "1", "-use_srtp", "SRTP_AES128_CM_SHA1_80"];

/// The connection, and data both ways.
fn connect_and_talk(more: &[&str], mtu: usize, conditions: Conditions, seed: u64) -> [usize; 2] {
    let mut server = Server::start(more);
    let device = Device::new();
    let mut message = [0; 1024];
    let path = (conditions, seed);
    let mut session = Session::start(&mut message, &device, server.fingerprint, server.port, path);
    session.client.set_mtu(mtu);
    assert_eq!(session.connect(), State::Connected, "{conditions:?} {seed}");
    let took = session.now();
    session.send(b"from the device\n");
    server.wait_for("from the device");
    server.say("from the server");
    if conditions.loss_percent == 0 {
        session.run(|session| session.received.concat().ends_with(b"server\n"));
        assert_eq!(session.received.concat(), b"from the server\n");
    }
    println!("{conditions:?}, seed {seed}: {took} ms, datagrams up to {:?}", session.largest);
    session.largest
}

#[test]
fn connects_to_a_server_that_requires_a_certificate_and_talks_both_ways() {
    connect_and_talk(MUTUAL, 1200, Conditions::default(), 0);
}

#[test]
fn connects_to_a_server_that_requests_no_certificate_or_knows_no_srtp() {
    connect_and_talk(&[], 1200, Conditions::default(), 0);
}

#[test]
fn connects_to_a_server_that_sends_a_cookie_first() {
    connect_and_talk(&[MUTUAL, &["-listen"]].concat(), 1200, Conditions::default(), 0);
}

#[test]
fn connects_in_datagrams_of_200_bytes() {
    // OpenSSL makes none below 228: 256 with IP and UDP.
    let small = [MUTUAL, &["-mtu", "256"]].concat();
    let [up, down] = connect_and_talk(&small, 200, Conditions::default(), 0);
    assert!((150..=200).contains(&up), "{up}");
    assert!((200..=228).contains(&down), "{down}");
}

/// Seeds 0 to 19 over a bad path, eight at a time: most of the time is waited for timers.
fn connects_under(more: &[&str], mtu: usize, conditions: Conditions) {
    for seeds in (0..20).collect::<Vec<_>>().chunks(10) {
        std::thread::scope(|scope| {
            for seed in seeds {
                scope.spawn(|| connect_and_talk(more, mtu, conditions, *seed));
            }
        });
    }
}

#[test]
fn connects_where_datagrams_are_lost_repeated_and_reordered() {
    let conditions = Conditions { loss_percent: 20, repeat_percent: 10, jitter_ms: 30 };
    connects_under(MUTUAL, 1200, conditions);
}

#[test]
fn connects_where_small_datagrams_are_lost_repeated_and_reordered() {
    let conditions = Conditions { loss_percent: 10, repeat_percent: 10, jitter_ms: 30 };
    connects_under(&[MUTUAL, &["-mtu", "256"]].concat(), 200, conditions);
}
