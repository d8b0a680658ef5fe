//! A client on a UDP socket.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use livekit_micro_peer::dtls::{Client, HEADER_BYTES, State, TAG_BYTES};

use crate::device::{Device, DeviceCrypto, crypto};
use crate::path::{Conditions, Path};

pub struct Session<'a> {
    pub client: Client<'a, DeviceCrypto>,
    pub crypto: DeviceCrypto,
    socket: UdpSocket,
    started: Instant,
    skipped: u64,
    up: Path,
    down: Path,
    pub received: Vec<Vec<u8>>,
    /// The largest datagrams that went up and came down.
    pub largest: [usize; 2],
}

impl<'a> Session<'a> {
    pub fn start(
        message: &'a mut [u8],
        device: &'a Device,
        fingerprint: [u8; 32],
        port: u16,
        (conditions, seed): (Conditions, u64),
    ) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.connect(("127.0.0.1", port)).unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
        let mut session = Self {
            client: Client::new(message),
            crypto: crypto(),
            socket,
            started: Instant::now(),
            skipped: 0,
            up: Path::new(conditions, seed),
            down: Path::new(conditions, !seed),
            received: Vec::new(),
            largest: [0; 2],
        };
        let now = session.now();
        session.client.start(&mut session.crypto, device.identity(), fingerprint, now);
        session
    }

    pub fn now(&self) -> u64 {
        self.started.elapsed().as_millis() as u64 + self.skipped
    }

    /// Lets the client's clock go on.
    pub fn skip(&mut self, ms: u64) {
        self.skipped += ms;
    }

    /// Gives the client a datagram that is not the server's.
    pub fn forge(&mut self, datagram: &[u8]) {
        let (now, mut at) = (self.now(), 0);
        let mut datagram = datagram.to_vec();
        assert_eq!(self.client.input(&mut self.crypto, &mut datagram, &mut at, now), None);
    }

    /// Runs until `is_done`, at most 35 s.
    pub fn run(&mut self, is_done: impl Fn(&Self) -> bool) {
        let mut buf = [0; 2048];
        while !is_done(self) {
            assert!(self.now() < self.skipped + 35_000, "{:?}", self.client.state());
            let now = self.now();
            while self.client.poll_in(now) == Some(0) {
                if let Some(len) = self.client.poll(&mut self.crypto, now, &mut buf) {
                    self.largest[0] = self.largest[0].max(len);
                    self.up.send(&buf[..len], now);
                }
            }
            self.deliver();
        }
    }

    pub fn deliver(&mut self) {
        while let Some(datagram) = self.up.receive(self.now()) {
            let _ = self.socket.send(&datagram);
        }
        let mut buf = [0; 2048];
        if let Ok(len) = self.socket.recv(&mut buf) {
            self.largest[1] = self.largest[1].max(len);
            self.down.send(&buf[..len], self.now());
        }
        while let Some(mut datagram) = self.down.receive(self.now()) {
            let (now, mut at) = (self.now(), 0);
            while let Some(data) = self.client.input(&mut self.crypto, &mut datagram, &mut at, now)
            {
                self.received.push(data.to_vec());
            }
        }
    }

    pub fn connect(&mut self) -> State {
        self.run(|session| session.client.state() != State::Connecting);
        self.client.state()
    }

    /// Sends application data; the datagram.
    pub fn send(&mut self, data: &[u8]) -> Vec<u8> {
        let mut out = vec![0; HEADER_BYTES + data.len() + TAG_BYTES];
        out[HEADER_BYTES..][..data.len()].copy_from_slice(data);
        let len = self.client.seal(&mut self.crypto, &mut out, data.len()).unwrap();
        self.socket.send(&out[..len]).unwrap();
        out
    }
}
