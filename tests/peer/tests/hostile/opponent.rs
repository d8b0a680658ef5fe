//! One handshake with an opponent on a simulated clock, and what it came to.

use p256::ecdsa::SigningKey;
use peer_tests::servers::certificate::{self, fingerprint, self_signed};
use peer_tests::servers::device::{Device, Parts};
use peer_tests::servers::hostile::Server;

/// A server with a fault of its own.
pub struct Case {
    /// What it sends, and in which state.
    pub name: String,
    pub expect: Expect,
    pub deviate: Box<dyn Fn(&mut Server)>,
    /// What it does once both ends are connected.
    pub after: Box<dyn Fn(&mut Server)>,
    /// The fingerprint that the device was told, if not that of the server's first certificate.
    pub fingerprint: Option<[u8; 32]>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expect {
    /// Connected on both ends, and data goes both ways.
    Connects,
    /// Never connected; the error has this text in it.
    Refused(&'static str),
    /// Connected, and then closed with an error that has this text in it.
    Ends(&'static str),
}

/// What a handshake came to.
pub struct Outcome {
    pub server: Server,
    /// Connected on both ends, and data went both ways.
    pub works: bool,
    pub was_connected: bool,
    pub error: Option<String>,
    pub ended_ms: u64,
}

impl Case {
    pub fn new(name: &str, expect: Expect, deviate: impl Fn(&mut Server) + 'static) -> Self {
        let (deviate, after) = (Box::new(deviate), Box::new(|_: &mut Server| ()));
        Self { name: name.into(), expect, deviate, after, fingerprint: None }
    }

    /// A server that is honest until both ends are connected.
    pub fn after(name: &str, expect: Expect, after: impl Fn(&mut Server) + 'static) -> Self {
        Self { after: Box::new(after), ..Self::new(name, expect, |_| ()) }
    }

    /// Runs it.
    pub fn run(&self) -> Outcome {
        let mut server = server();
        (self.deviate)(&mut server);
        let first = server.chain.first().map_or([0; 32], |first| fingerprint(first));
        run(server, self.fingerprint.unwrap_or(first), &self.after)
    }

    /// Runs it, prints a line, and returns what was not as expected.
    pub fn judge(&self) -> Option<String> {
        let outcome = self.run();
        let said = match (&outcome.error, outcome.works) {
            (Some(error), _) if outcome.was_connected => format!("connected, then: {error}"),
            (Some(error), _) => error.clone(),
            (None, true) => "connected; data both ways".into(),
            (None, false) => "neither connected nor closed".into(),
        };
        let told = match outcome.server.alerts.last() {
            Some((level, description, _)) => format!("alert {level} {description}"),
            None => String::new(),
        };
        println!("  {:<72} {:>6} ms  {told:<12} {said}", self.name, outcome.ended_ms);
        let right = match self.expect {
            Expect::Connects => outcome.works && outcome.error.is_none(),
            Expect::Refused(text) => {
                !outcome.was_connected && outcome.error.is_some_and(|error| error.contains(text))
            }
            Expect::Ends(text) => {
                outcome.was_connected && outcome.error.is_some_and(|error| error.contains(text))
            }
        };
        (!right).then(|| format!("{}: {said}, expected {:?}", self.name, self.expect))
    }
}

/// Runs every case, and fails with all that were not as expected.
pub fn judge(family: &str, cases: &[Case]) {
    println!("{family}: {} opponents", cases.len());
    println!("  {:<72} {:>9}  {:<12} what the client said", "what it sent", "ended at", "was sent");
    let wrong: Vec<_> = cases.iter().filter_map(Case::judge).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// An honest server.
pub fn server() -> Server {
    let key = key(0x21);
    Server::new(vec![self_signed(&key, "server")], key, 1)
}

pub fn key(byte: u8) -> SigningKey {
    SigningKey::from_slice(&[byte; 32]).unwrap()
}

/// Meets `server`, and then an honest one with the same client, which must work whatever came of the first.
pub fn run(mut server: Server, fingerprint: [u8; 32], after: &dyn Fn(&mut Server)) -> Outcome {
    let mut parts = Parts::new(BUFFER);
    let client = certificate::fingerprint(parts.certificate());
    let mut device = Device::start(&mut parts, fingerprint, 1200, 7);
    server.client_fingerprint = Some(client);
    let outcome = meet(&mut device, server, 0, after);
    let mut honest = self::server();
    honest.client_fingerprint = Some(client);
    device.restart(certificate::fingerprint(&honest.chain[0]), outcome.ended_ms);
    let again = meet(&mut device, honest, outcome.ended_ms, &|_| ());
    assert!(again.works, "an honest server after this one: {:?}", again.error);
    outcome
}

/// A handshake, then `after`, then data there and back. Fails if the client says that it is connected to a
/// server that has not seen its Finished, if it delivers data that nobody sealed, or twice, if it sends without
/// end, and if it is neither connected nor closed when its time is over.
fn meet(
    device: &mut Device,
    mut server: Server,
    start: u64,
    after: &dyn Fn(&mut Server),
) -> Outcome {
    let limit = start + LIMIT_MS;
    let (mut now, mut was_connected, mut sent, mut datagrams) = (start, false, false, 0);
    loop {
        loop {
            let count = datagrams;
            while let Some(datagram) = device.poll(now) {
                datagrams += 1;
                assert!(datagrams < MOST_DATAGRAMS, "the client does not stop sending at {now} ms");
                server.input(&datagram, now);
            }
            while let Some(datagram) = server.poll(now) {
                datagrams += 1;
                assert!(datagrams < MOST_DATAGRAMS, "the two do not stop sending at {now} ms");
                device.input(&datagram, now);
            }
            let is_known = server.is_connected() || server.is_closed();
            assert!(is_known || !device.is_connected(), "connected, but not to this server");
            if device.is_connected() && !was_connected {
                was_connected = true;
                after(&mut server);
            } else if was_connected && !sent && count == datagrams {
                sent = true;
                if let Some(record) = device.seal(PING) {
                    server.input(&record, now);
                }
            } else if count == datagrams {
                break;
            }
        }
        assert!(!device.received.iter().any(|data| data.starts_with(JUNK)), "junk was delivered");
        let pings = device.received.iter().filter(|data| *data == PING).count();
        assert!(pings < 2, "data was delivered twice");
        let error = device.error();
        if error.is_some() {
            // An alert may follow.
            device.poll(now).inspect(|datagram| server.input(datagram, now));
        }
        let works = device.is_connected() && pings == 1;
        if works || error.is_some() || now >= limit {
            return Outcome { server, works, was_connected, error, ended_ms: now };
        }
        let next = [device.next_at(now), server.next_at()].into_iter().flatten().min();
        now = next.unwrap_or(u64::MAX).max(now + 1);
        assert!(now < limit || was_connected, "the client still waits after {LIMIT_MS} ms");
        now = now.min(limit);
    }
}

/// What is in application data that the client must not deliver.
pub const JUNK: &[u8] = b"junk";

/// The client's buffer for handshake messages.
pub const BUFFER: usize = 1024;

const PING: &[u8] = b"ping";
const MOST_DATAGRAMS: usize = 20_000;
/// The client gives a handshake 30 s.
const LIMIT_MS: u64 = 30_001;
