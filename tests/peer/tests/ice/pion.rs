//! An agent of pion/ice (tests/peers/go/webrtc/ice), over real sockets on the loopback interface.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use livekit_micro_peer::ice::tcp::{Deframer, frame};
use livekit_micro_peer::ice::{Agent, Credentials, Event, Role, Timing};
use livekit_micro_peer::{sdp, stun};
use peer_tests::programs::go;

use crate::net::{Crypto, crypto};

/// The agent of pion's. It ends when its standard input does.
struct Pion {
    child: Child,
    input: ChildStdin,
    output: mpsc::Receiver<String>,
    seen: Vec<String>,
}

impl Pion {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(go("ice"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it was built");
        let stdout = child.stdout.take().expect("piped");
        let (sender, output) = mpsc::channel();
        std::thread::spawn(move || {
            BufReader::new(stdout)
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        let input = child.stdin.take().expect("piped");
        Self { child, input, output, seen: Vec::new() }
    }

    fn tell(&mut self, line: &str) {
        writeln!(self.input, "{line}").expect("it runs");
    }

    /// The rest of the next line that begins so.
    fn await_line(&mut self, prefix: &str) -> String {
        loop {
            let line = self.output.recv_timeout(Duration::from_secs(10)).expect("it says so");
            self.seen.push(line.clone());
            if let Some(rest) = line.strip_prefix(prefix) {
                return rest.to_owned();
            }
        }
    }

    /// What it has said so far.
    fn said(&mut self) -> &[String] {
        self.seen.extend(self.output.try_iter());
        &self.seen
    }

    fn has_said(&mut self, line: &str) -> bool {
        self.said().iter().any(|it| it == line)
    }
}

impl Drop for Pion {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

enum Socket {
    Udp(UdpSocket),
    Tcp(TcpStream, Deframer<'static>),
}

/// An agent of this crate's with a real socket.
struct Device {
    agent: Agent<4>,
    crypto: Crypto,
    credentials: Credentials,
    socket: Socket,
    since: Instant,
    events: Vec<Event>,
    data: Vec<String>,
}

impl Device {
    fn new(socket: Socket) -> Self {
        let mut crypto = crypto(fastrand::u64(..));
        let credentials = Credentials::generate(&mut crypto);
        let (agent, since) = (Agent::new(), Instant::now());
        Self { agent, crypto, credentials, socket, since, events: Vec::new(), data: Vec::new() }
    }

    /// Exchanges credentials with pion, and adds its candidate.
    fn start(&mut self, pion: &mut Pion, role: Role) {
        let remote = credentials(&pion.await_line("credentials "));
        let candidate = pion.await_line("candidate ");
        let timing = Timing { consent_ms: 500, ..Timing::DEFAULT };
        let Self { agent, crypto, credentials, .. } = self;
        agent.start(
            crypto,
            role,
            credentials,
            &remote,
            timing,
            self.since.elapsed().as_millis() as u64,
        );
        let candidate = sdp::candidate(&candidate).expect("a candidate of pion's");
        agent.add_remote(&candidate).expect("there is space");
        pion.tell(&format!("remote {} {}", self.credentials.ufrag(), self.credentials.pwd()));
    }

    fn now(&self) -> u64 {
        self.since.elapsed().as_millis() as u64
    }

    fn send(&mut self, to: SocketAddr, bytes: &[u8]) {
        match &mut self.socket {
            Socket::Udp(socket) => drop(socket.send_to(bytes, to)),
            Socket::Tcp(stream, _) => {
                let mut out = [0; 1500];
                let len = frame(&mut out, |body| {
                    body.get_mut(..bytes.len())?.copy_from_slice(bytes);
                    Some(bytes.len())
                });
                stream.write_all(&out[..len.expect("it is short")]).expect("pion reads");
            }
        }
    }

    fn say(&mut self, text: &str) {
        let to = self.agent.selected().expect("it is connected");
        self.send(to, text.as_bytes());
    }

    /// Goes on until it is so; 10 seconds at most.
    fn run_until(&mut self, mut is_so: impl FnMut(&mut Self) -> bool) {
        let start = Instant::now();
        while !is_so(self) {
            assert!(start.elapsed() < Duration::from_secs(10), "{:?}", self.events);
            let now = self.now();
            self.events.extend(self.agent.expired(now));
            let mut out = [0; 148];
            while let Some((to, len)) = self.agent.poll(&mut self.crypto, now, &mut out) {
                self.send(to, &out[..len]);
            }
            self.receive();
        }
    }

    fn receive(&mut self) {
        let mut buf = [0; 1500];
        match &mut self.socket {
            Socket::Udp(socket) => {
                if let Ok((len, from)) = socket.recv_from(&mut buf) {
                    self.input(from, &buf[..len]);
                }
            }
            Socket::Tcp(stream, deframer) => {
                let from = stream.peer_addr().expect("it is connected");
                let len = stream.read(&mut buf).unwrap_or(0);
                let mut bytes = &buf[..len];
                let mut datagrams = Vec::new();
                while let Some(datagram) = deframer.input(&mut bytes) {
                    datagrams.push(datagram.to_vec());
                }
                datagrams.iter().for_each(|it| self.input(from, it));
            }
        }
    }

    fn input(&mut self, from: SocketAddr, datagram: &[u8]) {
        if stun::is_stun(datagram) {
            let now = self.now();
            self.events.extend(self.agent.input(&mut self.crypto, from, datagram, now));
        } else {
            self.data.push(String::from_utf8(datagram.to_vec()).expect("text"));
        }
    }

    /// Text gets through, both ways.
    fn talk(&mut self, pion: &mut Pion) {
        pion.tell("send from pion");
        self.run_until(|it| it.data.pop().is_some_and(|text| text == "from pion"));
        self.say("to pion");
        self.run_until(|_| pion.has_said("data to pion"));
    }
}

fn credentials(words: &str) -> Credentials {
    let (ufrag, pwd) = words.split_once(' ').expect("two words");
    Credentials::new(ufrag, pwd).expect("pion's credentials are valid")
}

fn udp(at: &str) -> Socket {
    let socket = UdpSocket::bind(at).expect("a free port");
    socket.set_read_timeout(Some(Duration::from_millis(10))).expect("not zero");
    Socket::Udp(socket)
}

fn connect(arguments: &[&str], role: Role) -> (Device, Pion) {
    let mut pion = Pion::start(arguments);
    let mut device = Device::new(udp("127.0.0.1:0"));
    device.start(&mut pion, role);
    device.run_until(|it| it.agent.selected().is_some() && pion.has_said("state Connected"));
    device.talk(&mut pion);
    (device, pion)
}

#[test]
fn a_full_agent_of_pion_connects_and_stays_so() {
    let (mut device, mut pion) = connect(&["full", "udp", "controlled"], Role::Controlling);
    // pion gives up a peer that is silent for 2 s.
    let start = Instant::now();
    device.run_until(|_| start.elapsed() > Duration::from_secs(5));
    device.talk(&mut pion);
    assert_eq!((device.events.len(), pion.has_said("state Disconnected")), (1, false));
}

#[test]
fn a_lite_agent_of_pion_connects_and_stays_so() {
    let (mut device, mut pion) = connect(&["lite", "udp", "controlled"], Role::Controlling);
    let start = Instant::now();
    device.run_until(|_| start.elapsed() > Duration::from_secs(5));
    device.talk(&mut pion);
    assert_eq!((device.events.len(), pion.has_said("state Disconnected")), (1, false));
}

#[test]
fn pion_nominates_if_it_is_controlling() {
    let (device, _pion) = connect(&["full", "udp", "controlling"], Role::Controlled);
    assert_eq!(device.agent.role(), Role::Controlled);
}

#[test]
fn pion_and_the_agent_agree_if_both_want_the_same_role() {
    for (theirs, ours) in [("controlling", Role::Controlling), ("controlled", Role::Controlled)] {
        // Either may win: as often as not it is the other.
        let mut winners = 0;
        for _ in 0..6 {
            let (device, _pion) = connect(&["full", "udp", theirs], ours);
            winners += u32::from(device.agent.role() == ours);
        }
        println!("both {theirs}: the agent kept its role {winners} of 6 times");
    }
}

#[test]
fn pion_follows_when_a_nat_gives_the_agent_another_address() {
    for kind in ["full", "lite"] {
        let (mut device, mut pion) = connect(&[kind, "udp", "controlled"], Role::Controlling);
        device.socket = udp("127.0.0.1:0");
        let Socket::Udp(socket) = &device.socket else { unreachable!() };
        let pair = format!("pair {}", socket.local_addr().expect("bound"));
        device.run_until(|_| pion.has_said(&pair));
        device.talk(&mut pion);
        assert_eq!(device.events.len(), 1, "{kind}");
    }
}

#[test]
fn a_restart_with_pion_connects_again() {
    let (mut device, mut pion) = connect(&["full", "udp", "controlled"], Role::Controlling);
    pion.tell("restart");
    let remote = credentials(&pion.await_line("credentials "));
    let candidate = pion.await_line("candidate ");
    let local = Credentials::generate(&mut device.crypto);
    let now = device.now();
    device.agent.restart(&mut device.crypto, &local, &remote, now);
    let candidate = sdp::candidate(&candidate).expect("a candidate of pion's");
    device.agent.add_remote(&candidate).expect("there is space");
    assert!(device.agent.selected().is_some(), "data goes on where it went");
    pion.tell(&format!("remote {} {}", local.ufrag(), local.pwd()));
    let is_connected =
        |pion: &mut Pion| pion.said().iter().filter(|it| *it == "state Connected").count() == 2;
    device.run_until(|it| it.events.len() == 2 && is_connected(&mut pion));
    assert_eq!(device.events[1], Event::Connected { to: candidate.address });
    device.talk(&mut pion);
}

#[test]
fn pion_connects_over_tcp() {
    for kind in ["full", "lite"] {
        let mut pion = Pion::start(&[kind, "tcp", "controlled"]);
        let remote = pion.await_line("credentials ");
        let line = pion.await_line("candidate ");
        let candidate = sdp::candidate(&line).expect("a candidate of pion's");
        let stream = TcpStream::connect(candidate.address).expect("pion listens");
        stream.set_read_timeout(Some(Duration::from_millis(10))).expect("not zero");
        let buf = Box::leak(vec![0; 1500].into_boxed_slice());
        let mut device = Device::new(Socket::Tcp(stream, Deframer::new(buf)));
        let Device { agent, crypto, credentials: local, .. } = &mut device;
        agent.start(crypto, Role::Controlling, local, &credentials(&remote), Timing::DEFAULT, 0);
        agent.add_remote(&candidate).expect("there is space");
        pion.tell(&format!("remote {} {}", local.ufrag(), local.pwd()));
        device.run_until(|it| it.agent.selected().is_some() && pion.has_said("state Connected"));
        device.talk(&mut pion);
        assert_eq!(device.events, [Event::Connected { to: candidate.address }], "{kind}");
    }
}
