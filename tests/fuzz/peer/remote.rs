//! The other end: an agent, a DTLS server, an association. It is honest until an input makes it lie.

use std::collections::VecDeque;
use std::net::SocketAddr;

use super::chunks::{Known, any, bytes};
use super::fake::Fake;
use super::packet::packet;
use super::server::Server;
use super::wire::APPLICATION_DATA;
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use livekit_micro_peer::ice::{Agent, Credentials, Role, Timing};
use livekit_micro_peer::sctp::{Association, Config, Cursor, Delivery, Event};
use livekit_micro_peer::sdp::{Description, Local, Setup};
use livekit_micro_peer::stun::is_stun;

pub struct Remote<'a> {
    crypto: Fake,
    agent: Agent<2>,
    server: Server,
    association: Association<'a, 4>,
    is_started: bool,
    is_connected: bool,
    is_ended: bool,
    /// It says what no honest end says.
    pub is_lying: bool,
    /// It hears nothing.
    pub is_deaf: bool,
    /// Datagrams to it, and of it.
    pub arriving: Vec<Vec<u8>>,
    pub sent: Vec<Vec<u8>>,
    /// What the peer sent and has not arrived: the channel, whether it must, the message.
    pub expected: VecDeque<(u16, bool, Vec<u8>)>,
    /// If there is any: what the peer sent comes here, with the numbers of its streams, and nothing is expected.
    pub received: Option<Vec<(u16, Vec<u8>)>>,
    /// What it sent on streams, all of it reliably.
    messages: VecDeque<(u16, Vec<u8>)>,
    known: Known,
}

pub fn address() -> SocketAddr {
    ([192, 0, 2, 2], 2000).into()
}

fn peer_address() -> SocketAddr {
    ([192, 0, 2, 1], 1000).into()
}

impl<'a> Remote<'a> {
    pub fn new(association: Association<'a, 4>) -> Self {
        Self {
            crypto: Fake(0),
            agent: Agent::new(),
            server: Server::new(0),
            association,
            is_started: false,
            is_connected: false,
            is_ended: false,
            is_lying: false,
            is_deaf: false,
            arriving: Vec::new(),
            sent: Vec::new(),
            expected: VecDeque::new(),
            received: None,
            messages: VecDeque::new(),
            known: Known::default(),
        }
    }

    /// Another connection, with another certificate.
    pub fn begin(&mut self, seed: u64) {
        self.crypto = Fake(seed);
        self.agent = Agent::new();
        self.server = Server::new(seed);
        [self.is_started, self.is_connected, self.is_ended] = [false; 3];
        [self.is_lying, self.is_deaf] = [false; 2];
        self.arriving.clear();
        self.sent.clear();
        self.expected.clear();
        self.messages.clear();
        self.received.iter_mut().for_each(Vec::clear);
    }

    /// Starts, or restarts ICE.
    pub fn answer(&mut self, offer: &Description, now_ms: u64) -> String {
        let credentials = Credentials::generate(&mut self.crypto);
        let Self { crypto, agent, .. } = self;
        let (role, timing) = (Role::Controlled, Timing::DEFAULT);
        agent.start(crypto, role, &credentials, &offer.credentials, timing, now_ms);
        let fingerprint = self.server.fingerprint();
        let local = Local::new(7, &credentials, &fingerprint, 2_000);
        let local = Local { setup: Setup::Passive, ..local };
        local.write(&mut [0; 600]).expect("it fits").into()
    }

    /// Whether the peer may think that it is connected.
    pub fn is_connectable(&self) -> bool {
        self.server.is_finished()
    }

    /// Whether it has ended, or will: it cannot go on.
    pub fn is_over(&self) -> bool {
        self.is_ended || self.is_lying || self.server.is_closed
    }

    /// Sends a message; it is lost if there is no space.
    pub fn send(&mut self, stream: u16, delivery: Delivery, message: &[u8], now_ms: u64) {
        _ = self.association.send(stream, 53, delivery, &[message], now_ms);
    }

    /// Whether something of it is not acknowledged.
    pub fn is_waiting(&self) -> bool {
        !self.is_ended && (0..8).any(|stream| self.association.unacknowledged(stream) > 0)
    }

    pub fn step(&mut self, input: &mut Unstructured, now_ms: u64) -> Result<()> {
        match input.int_in_range(0..=15)? {
            0..=4 => {
                let (stream, message) = (input.int_in_range(0..=6)?, bytes(input)?);
                let ppid = *input.choose(&[51, 53])?;
                let parts = [&message[..]];
                if self.association.send(stream, ppid, Delivery::RELIABLE, &parts, now_ms).is_ok() {
                    self.messages.push_back((stream, message));
                }
            }
            5..=7 => {
                let stream = input.int_in_range(0..=6)?;
                let message = self.establish(input)?;
                let (ppid, delivery) = (50, Delivery::RELIABLE);
                _ = self.association.send(stream, ppid, delivery, &[&message], now_ms);
            }
            8 => _ = self.association.reset_stream(input.int_in_range(0..=6)?),
            9..=12 if self.is_connected => {
                self.is_lying = true;
                let mut chunks = Vec::new();
                for _ in 0..input.int_in_range(1..=3)? {
                    chunks.extend(any(input, &self.known)?);
                }
                let packet = packet(self.known.tag, &chunks);
                self.server.send(APPLICATION_DATA, &packet, true);
            }
            13 if self.server.has_keys() => {
                self.is_lying = true;
                self.server.send(input.arbitrary()?, &bytes(input)?, true);
            }
            14 => match input.int_in_range(0..=15)? {
                0 => self.association.close(),
                1 => self.association.abort(),
                2 => self.server.send(21, &[1, 0], true),
                _ => self.server.resend(),
            },
            _ => {}
        }
        Ok(())
    }

    /// A message of the Data Channel Establishment Protocol: mostly a good one.
    fn establish(&mut self, input: &mut Unstructured) -> Result<Vec<u8>> {
        let label = bytes(input)?;
        let kinds = [0, 0x80, 1, 0x81, 2, 0x82, 0, input.arbitrary()?];
        let kind = *input.choose(&kinds)?;
        let limit = [0, 0, 0, input.arbitrary()?];
        let len = label.len() as u16;
        let head = [&[3, kind, 1, 0], &limit[..], &len.to_be_bytes(), &[0, 0]].concat();
        Ok(match input.int_in_range(0..=7)? {
            0 => label,
            1 => vec![2],
            _ => [head, label].concat(),
        })
    }

    /// Takes what arrived.
    pub fn receive(&mut self, now_ms: u64) {
        for datagram in std::mem::take(&mut self.arriving) {
            if self.is_deaf {
                continue;
            }
            if is_stun(&datagram) {
                self.agent.input(&mut self.crypto, peer_address(), &datagram, now_ms);
            } else {
                self.server.input(&datagram);
            }
        }
        if self.server.is_finished() && !self.is_started {
            self.is_started = true;
            self.association.connect(&mut self.crypto, &Config::DEFAULT);
        }
        while let Some(packet) = self.server.received.pop_front() {
            self.learn(&packet);
            self.packet(&packet, now_ms);
        }
        self.poll(now_ms);
    }

    fn packet(&mut self, packet: &[u8], now_ms: u64) {
        let (mut cursor, mut acknowledged) = (Cursor::new(), Vec::new());
        while let Some(event) = self.association.input(packet, &mut cursor, now_ms) {
            match event {
                Event::Connected => self.is_connected = true,
                Event::Message { stream, ppid: 50, data } => {
                    if data.first() == Some(&3) {
                        acknowledged.push(stream);
                    }
                }
                Event::Message { stream, ppid, data } if !self.is_lying => {
                    // RFC 8831, 6.6: a byte for an empty message.
                    let data = if ppid == 57 { &[] } else { data };
                    if let Some(received) = &mut self.received {
                        received.push((stream, data.to_vec()));
                        continue;
                    }
                    let is_it = |it: &(u16, bool, Vec<u8>)| it.0 == stream && it.2 == data;
                    let at = self.expected.iter().position(is_it).expect("the peer sent it");
                    let before = self.expected.drain(..=at).collect::<Vec<_>>();
                    assert_eq!(before[..at].iter().find(|it| it.1), None, "it is overtaken");
                }
                Event::Closed(_) => self.is_ended = true,
                _ => {}
            }
        }
        for stream in acknowledged {
            _ = self.association.send(stream, 50, Delivery::RELIABLE, &[&[2]], now_ms);
        }
    }

    /// What the peer received.
    pub fn check(&mut self, stream: u16, data: &[u8]) {
        if !self.is_lying {
            // Those on streams without a channel are for nobody.
            let is_it = |it: &(u16, Vec<u8>)| it.0 == stream && it.1 == data;
            let at = self.messages.iter().position(is_it).expect("it was sent, and only once");
            self.messages.drain(..=at);
        }
    }

    pub fn poll(&mut self, now_ms: u64) {
        let mut out = [0; 1500];
        self.agent.expired(now_ms);
        while let Some((to, len)) = self.agent.poll(&mut self.crypto, now_ms, &mut out) {
            if to == peer_address() {
                self.sent.push(out[..len].to_vec());
            }
        }
        if self.is_started {
            self.packet(&[], now_ms);
            while let Some(len) = self.association.poll(now_ms, &mut out) {
                self.server.send(APPLICATION_DATA, &out[..len], true);
            }
        }
        self.sent.extend(self.server.outbox.drain(..));
    }

    pub fn poll_in(&self, now_ms: u64) -> Option<u32> {
        let association = self.is_started.then(|| self.association.poll_in(now_ms)).flatten();
        [self.agent.poll_in(now_ms), association].into_iter().flatten().min()
    }

    /// The peer's numbers, for a lie that could be true.
    fn learn(&mut self, packet: &[u8]) {
        let number = |at: usize| Some(u32::from_be_bytes(*packet.get(at..)?.first_chunk()?));
        let Some(kind) = packet.get(12) else { return };
        match (kind, number(16)) {
            (2, Some(tag)) => {
                self.known.tag = tag;
                self.known.theirs = number(28).unwrap_or(0);
            }
            (3, Some(tsn)) => self.known.tsn = tsn.wrapping_add(1),
            (0, Some(tsn)) => self.known.theirs = tsn,
            _ => {}
        }
    }
}
