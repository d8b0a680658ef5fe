//! The DTLS client and six independent servers: OpenSSL, GnuTLS, Mbed TLS, wolfSSL, pion and dimpl. The first
//! five are processes on the loopback interface, in real time; dimpl is on a simulated clock.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use p256::ecdsa::SigningKey;
use peer_tests::programs::go;
use peer_tests::servers::certificate::fingerprint;
use peer_tests::servers::device::Parts;
use peer_tests::servers::dimpl::{Dimpl, Reply};
use peer_tests::servers::far::{Connection, Far};
use peer_tests::servers::network::Faults;
use peer_tests::servers::process::{Process, compile, files};

/// What the network does, and how large a datagram may be.
struct Condition {
    name: &'static str,
    mtu: usize,
    faults: Faults,
    seeds: u64,
}

const CONDITIONS: [Condition; 7] = [
    Condition { name: "plain", mtu: 1280, faults: none(), seeds: 1 },
    Condition { name: "200-byte datagrams", mtu: 200, faults: none(), seeds: 1 },
    Condition { name: "10 % lost", mtu: 1280, faults: Faults { lost: 10, ..none() }, seeds: 10 },
    Condition { name: "20 % lost", mtu: 1280, faults: Faults { lost: 20, ..none() }, seeds: 10 },
    Condition {
        name: "30 % repeated",
        mtu: 1280,
        faults: Faults { repeated: 30, ..none() },
        seeds: 5,
    },
    Condition {
        name: "50 % reordered",
        mtu: 1280,
        faults: Faults { delayed: 50, ..none() },
        seeds: 5,
    },
    Condition {
        name: "all at 200 bytes",
        mtu: 200,
        faults: Faults { lost: 10, repeated: 20, delayed: 30 },
        seeds: 10,
    },
];

/// How many ms a handshake took, or what went wrong.
type Attempt = Result<u64, String>;

const SERVERS: [&str; 6] = ["openssl", "gnutls", "mbedtls", "wolfssl", "pion", "dimpl"];

#[test]
fn the_client_connects_to_every_server_and_data_goes_both_ways() {
    println!("{:<20} {}", "", SERVERS.map(|name| format!("{name:>22}")).concat());
    let mut wrong = Vec::new();
    for condition in &CONDITIONS {
        let cells = SERVERS.map(|server| {
            if server == "wolfssl" && condition.faults.lost > 0 {
                return format!("{:>22}", "-");
            }
            // A simulated clock makes a hundred handshakes cheap.
            let seeds = if server == "dimpl" { condition.seeds * 10 } else { condition.seeds };
            let mut times = Vec::new();
            for (seed, result) in (1..).zip(all(seeds, |seed| connect(server, condition, seed))) {
                match result {
                    Ok(time) => times.push(time),
                    Err(why) => {
                        wrong.push(format!("{server}, {}, seed {seed}: {why}", condition.name))
                    }
                }
            }
            times.sort();
            let (median, last) = (times.get(times.len() / 2), times.last());
            let [median, last] = [median, last].map(|time| time.copied().unwrap_or_default());
            format!("{:>22}", format!("{}/{seeds} {median}/{last} ms", times.len()))
        });
        println!("{:<20} {}", condition.name, cells.concat());
    }
    println!(
        "a cell: connected of all seeds, median and longest time until both ends were connected"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn another_certificate_of_the_server_is_refused_before_anything_is_sent_to_it() {
    for server in SERVERS {
        let mut parts = Parts::new(BUFFER);
        let far = far(server, &fingerprint(parts.certificate()), 1280, false, 1);
        let mut it = Connection::start(&mut parts, far, [7; 32], 1280, none(), 1);
        assert!(it.until(20_000, |it| it.device.error().is_some()), "{server}");
        let error = it.device.error().unwrap();
        println!("{server}: {error}");
        assert!(error.contains("fingerprint"), "{server}: {error}");
        it.until(500, |_| false);
        assert!(!it.far.said().contains(&"connected".to_owned()), "{server}: {:?}", it.far.said());
    }
}

#[test]
fn another_certificate_of_the_client_is_refused_by_the_server() {
    for server in SERVERS {
        let mut parts = Parts::new(BUFFER);
        let far = far(server, &[7; 32], 1280, false, 1);
        let mut it = Connection::start(&mut parts, far, server_fingerprint(), 1280, none(), 1);
        let refused =
            |it: &mut Connection| it.far.said().iter().any(|line| line.starts_with("failed"));
        assert!(it.until(20_000, refused), "{server}: {:?}", it.far.said());
        println!("{server}: {:?}", it.far.said());
        // dimpl leaves the check to its caller, and goes on.
        assert!(server == "dimpl" || !it.device.is_connected(), "{server}");
    }
}

#[test]
fn close_notify_ends_a_connection_from_both_ends() {
    for server in SERVERS {
        let mut parts = Parts::new(BUFFER);
        let far = far(server, &fingerprint(parts.certificate()), 1280, true, 1);
        let mut it = Connection::start(&mut parts, far, server_fingerprint(), 1280, none(), 1);
        assert!(
            it.until(20_000, |it| it.device.is_connected()),
            "{server}: {:?}",
            it.device.error()
        );
        it.send(b"close");
        assert!(
            it.until(20_000, |it| it.device.error().is_some()),
            "{server}: {:?}",
            it.far.said()
        );
        let error = it.device.error().unwrap();
        println!("{server}: {error}");
        assert!(error.contains("close"), "{server}: {error}");
    }
}

/// One handshake, data there and back, and close_notify. Returns how long the handshake took.
fn connect(server: &str, condition: &Condition, seed: u64) -> Attempt {
    let mut parts = Parts::new(BUFFER);
    let far = far(server, &fingerprint(parts.certificate()), condition.mtu, false, seed);
    let mut it = Connection::start(
        &mut parts,
        far,
        server_fingerprint(),
        condition.mtu,
        condition.faults,
        seed,
    );
    let connected = it.until(LIMIT_MS, |it| {
        it.device.error().is_some()
            || it.device.is_connected() && it.far.said().contains(&"connected".to_owned())
    });
    if let Some(error) = it.device.error() {
        return Err(format!("after {} ms: {error}; the server: {:?}", it.now_ms, it.far.said()));
    }
    if !connected {
        return Err(format!(
            "not connected after {} ms; the server: {:?}",
            it.now_ms,
            it.far.said()
        ));
    }
    let time = it.now_ms;
    let large = if condition.mtu < 1280 { 100 } else { 1200 };
    for length in [1, large] {
        if !it.echo(&vec![length as u8; length]) {
            return Err(format!("{length} bytes did not come back; {:?}", it.far.said()));
        }
    }
    it.device.close();
    let closed = it.until(2_000, |it| it.far.said().contains(&"closed".to_owned()));
    if condition.faults.lost == 0 && !closed {
        return Err(format!("close_notify did not arrive; the server: {:?}", it.far.said()));
    }
    Ok(time)
}

/// `run` with each seed, several at a time.
fn all(seeds: u64, run: impl Fn(u64) -> Attempt + Sync) -> Vec<Attempt> {
    let seeds: Vec<_> = (1..=seeds).collect();
    let mut results = Vec::new();
    for some in seeds.chunks(10) {
        std::thread::scope(|scope| {
            let threads: Vec<_> = some.iter().map(|seed| scope.spawn(|| run(*seed))).collect();
            results.extend(threads.into_iter().map(|thread| {
                thread.join().unwrap_or_else(|_| Err("one of the two panicked".into()))
            }));
        });
    }
    results
}

fn far(server: &str, client: &[u8; 32], mtu: usize, closes: bool, seed: u64) -> Box<dyn Far> {
    if server == "dimpl" {
        let reply = if closes { Reply::Close } else { Reply::Echo };
        return Box::new(Dimpl::new(&key(), client, mtu, reply, seed));
    }
    let action = if closes { "close" } else { "echo" };
    let program = &programs()[SERVERS.iter().position(|name| *name == server).unwrap()];
    Box::new(Process::start(program, folder(), client, mtu, action))
}

fn programs() -> &'static [PathBuf; 5] {
    static PROGRAMS: OnceLock<[PathBuf; 5]> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        files(folder(), &key());
        [
            compile(folder(), "openssl", &["-lssl", "-lcrypto"], "libssl-dev"),
            compile(folder(), "gnutls", &["-lgnutls"], "libgnutls28-dev"),
            compile(
                folder(),
                "mbedtls",
                &["-lmbedtls", "-lmbedx509", "-lmbedcrypto"],
                "libmbedtls-dev",
            ),
            compile(folder(), "wolfssl", &["-lwolfssl"], "libwolfssl-dev"),
            go("dtls"),
        ]
    })
}

fn folder() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

fn server_fingerprint() -> [u8; 32] {
    fingerprint(&peer_tests::servers::certificate::self_signed(&key(), "server"))
}

fn key() -> SigningKey {
    SigningKey::from_slice(&[0x21; 32]).unwrap()
}

const fn none() -> Faults {
    Faults { lost: 0, repeated: 0, delayed: 0 }
}

const BUFFER: usize = 1024;
const LIMIT_MS: u64 = 60_000;
