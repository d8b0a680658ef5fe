//! A device, a server, and what is between them: a connection of TCP, and a network that loses, repeats and delays
//! datagrams.

use std::collections::VecDeque;
use std::mem::take;
use std::net::SocketAddr;

use fastrand::Rng;
use livekit_micro::participant::Output;
use livekit_micro::participant::peer::Datagram;

use crate::device::{Config, Device, TOKEN, Told, config};
use crate::server::Server;
use crate::transport::address;

/// What the network does to datagrams, each way, in percent. What is delayed takes up to 60 ms longer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    pub lost: u32,
    pub repeated: u32,
    pub delayed: u32,
}

pub struct World {
    pub device: Device,
    pub server: Server,
    pub now_ms: u64,
    pub faults: Faults,
    /// The device's address; another one after a change of its network.
    pub address: SocketAddr,
    /// The server takes no connections.
    pub is_down: bool,
    /// The connection of signalling is open.
    pub is_open: bool,
    rng: Rng,
    /// Datagrams on their way: when they arrive, whether at the device, from where.
    flight: Vec<(u64, bool, SocketAddr, Vec<u8>)>,
    /// What happens to the connection of signalling.
    line: VecDeque<(u64, Line)>,
}

enum Line {
    Opened,
    ToServer(Vec<u8>),
    ToDevice(Vec<u8>),
    /// The device learns of the end.
    Closed,
}

const LATENCY_MS: u64 = 5;

impl World {
    /// A device that joins at a time.
    pub fn joining(seed: u64, now_ms: u64, config: Config) -> Self {
        fastrand::seed(seed);
        let mut device = Device::new();
        device.participant.join(config, TOKEN, now_ms).expect("the token is one");
        Self {
            device,
            server: Server::default(),
            now_ms,
            faults: Faults::default(),
            address: ([10, 0, 0, 1], 5004).into(),
            is_down: false,
            is_open: false,
            rng: Rng::with_seed(seed),
            flight: vec![],
            line: VecDeque::new(),
        }
    }

    /// A device that is in the room.
    pub fn connected(seed: u64, now_ms: u64) -> Self {
        Self::connected_with(seed, now_ms, config())
    }

    pub fn connected_with(seed: u64, now_ms: u64, config: Config) -> Self {
        let mut world = Self::joining(seed, now_ms, config);
        world.until_told(5_000, |told| *told == Told::Connected);
        world
    }

    /// Goes on until `is`; panics after so many milliseconds.
    #[track_caller]
    pub fn until(&mut self, ms: u64, mut is: impl FnMut(&mut Self) -> bool) {
        let end = self.now_ms + ms;
        loop {
            self.settle();
            if is(self) {
                return self.settle();
            }
            assert!(
                self.now_ms < end,
                "not within {ms} ms; the device has told {:?}",
                self.device.told
            );
            self.advance(end);
        }
    }

    /// Goes on until an event, and returns it. Those before it are dropped.
    #[track_caller]
    pub fn until_told(&mut self, ms: u64, is: impl Fn(&Told) -> bool) -> Told {
        self.until(ms, |world| world.device.told.iter().any(&is));
        let at = self.device.told.iter().position(is).expect("it was told");
        self.device.told.drain(..=at).next_back().expect("it was told")
    }

    /// Lets time pass.
    pub fn pass(&mut self, ms: u64) {
        let end = self.now_ms + ms;
        self.until(ms, |world| world.now_ms >= end);
    }

    /// The connection of signalling breaks: each end learns of it, and what is under way is lost.
    pub fn cut(&mut self) {
        self.is_open = false;
        self.line.clear();
        self.line.push_back((self.now_ms + LATENCY_MS, Line::Closed));
    }

    /// All datagrams under way are lost.
    pub fn lose_datagrams(&mut self) {
        self.flight.clear();
    }

    /// Does what is to be done now.
    fn settle(&mut self) {
        for _ in 0..1_000 {
            let mut is_quiet = !self.deliver();
            is_quiet &= !self.poll_device();
            is_quiet &= !self.poll_server();
            if is_quiet && self.device.participant.poll_in(self.now_ms) != Some(0) {
                return;
            }
        }
        panic!("there is something to do without end; the device has told {:?}", self.device.told);
    }

    fn advance(&mut self, end: u64) {
        let now_ms = self.now_ms;
        let device = self.device.participant.poll_in(now_ms).map(|ms| now_ms + u64::from(ms));
        let server = self.server.transport.as_mut().and_then(|it| it.next_at());
        let datagram = self.flight.iter().map(|it| it.0).min();
        let line = self.line.front().map(|it| it.0);
        let next = [device, server, datagram, line].into_iter().flatten().min().unwrap_or(end);
        self.now_ms = next.clamp(now_ms + 1, end.max(now_ms + 1));
    }

    fn poll_device(&mut self) -> bool {
        let (now_ms, mut out, mut is_busy) = (self.now_ms, [0; 2_048], false);
        self.device.respond(now_ms);
        while let Some(output) = self.device.participant.poll(now_ms, &mut out) {
            is_busy = true;
            match output {
                Output::Connect => {
                    self.hang_up();
                    let next = if self.is_down { Line::Closed } else { Line::Opened };
                    self.line.push_back((now_ms + LATENCY_MS, next));
                }
                Output::Signal(bytes) => {
                    let bytes = bytes.to_vec();
                    self.send_signal(&bytes, Line::ToServer);
                }
                Output::Datagram { to, bytes } => {
                    assert_eq!(to, address());
                    let bytes = bytes.to_vec();
                    self.transmit(false, self.address, bytes);
                }
                Output::Close => self.hang_up(),
            }
        }
        while let Some(event) = self.device.participant.event(now_ms) {
            is_busy = true;
            let noted = Device::note(event);
            self.device.noted(noted);
        }
        is_busy
    }

    fn poll_server(&mut self) -> bool {
        let mut is_busy = false;
        let bytes = take(&mut self.server.outbox);
        if self.is_open {
            is_busy |= !bytes.is_empty();
            self.send_signal(&bytes, Line::ToDevice);
            if take(&mut self.server.closes) {
                self.is_open = false;
                self.line.push_back((self.now_ms + LATENCY_MS, Line::Closed));
            }
        }
        while let Some((to, datagram)) =
            self.server.transport.as_mut().and_then(|it| it.poll(self.now_ms))
        {
            is_busy = true;
            // What goes to an address that the device has left is lost.
            if to == self.address {
                self.transmit(true, address(), datagram);
            }
        }
        self.server.take_packets();
        is_busy
    }

    /// Sends bytes in pieces of any length.
    fn send_signal(&mut self, mut bytes: &[u8], to: fn(Vec<u8>) -> Line) {
        while !bytes.is_empty() {
            let (piece, rest) = bytes.split_at(self.rng.usize(1..=bytes.len()));
            self.line.push_back((self.now_ms + LATENCY_MS, to(piece.to_vec())));
            bytes = rest;
        }
    }

    /// The device has closed the connection: what it sent before still arrives.
    fn hang_up(&mut self) {
        self.is_open = false;
        self.line.retain(|(_, it)| matches!(it, Line::ToServer(_)));
    }

    fn transmit(&mut self, to_device: bool, from: SocketAddr, datagram: Vec<u8>) {
        let Faults { lost, repeated, delayed } = self.faults;
        let mut happens = |percent| self.rng.u32(..100) < percent;
        if happens(lost) {
            return;
        }
        for _ in 0..1 + u32::from(happens(repeated)) {
            let delay = if self.rng.u32(..100) < delayed { self.rng.u64(1..60) } else { 0 };
            self.flight.push((self.now_ms + LATENCY_MS + delay, to_device, from, datagram.clone()));
        }
    }

    /// Delivers what has arrived.
    fn deliver(&mut self) -> bool {
        let now_ms = self.now_ms;
        let (arrived, flight): (Vec<_>, _) =
            take(&mut self.flight).into_iter().partition(|it| it.0 <= now_ms);
        self.flight = flight;
        let mut is_busy = !arrived.is_empty();
        for (_, to_device, from, mut bytes) in arrived {
            if to_device {
                let mut datagram = Datagram::new(from, &mut bytes);
                while let Some(event) = self.device.participant.receive(&mut datagram, now_ms) {
                    let noted = Device::note(event);
                    self.device.noted(noted);
                }
            } else if let Some(transport) = &mut self.server.transport {
                transport.input(from, &bytes, now_ms);
            }
        }
        while self.line.front().is_some_and(|it| it.0 <= now_ms) {
            is_busy = true;
            match self.line.pop_front().expect("it is there").1 {
                Line::Opened => {
                    self.is_open = true;
                    self.server.opened();
                    self.device.participant.signal_opened();
                }
                Line::Closed => self.device.participant.signal_closed(now_ms),
                Line::ToServer(bytes) => self.server.signalled(&bytes, now_ms),
                Line::ToDevice(bytes) => {
                    let mut bytes = &bytes[..];
                    while let Some(event) =
                        self.device.participant.receive_signal(&mut bytes, now_ms)
                    {
                        let noted = Device::note(event);
                        self.device.noted(noted);
                    }
                }
            }
        }
        is_busy
    }
}
