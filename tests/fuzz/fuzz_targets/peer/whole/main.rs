//! A whole peer: datagrams of anybody from outside, and from inside whatever the other end of DTLS can say.
#![no_main]

mod model;

use std::net::SocketAddr;

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use livekit_micro_peer::channel::{OpenError, SendError};
use livekit_micro_peer::dtls::Identity;
use livekit_micro_peer::ice::Candidate;
use livekit_micro_peer::peer::{self, Memory};
use livekit_micro_peer::sctp::{self, Association, Delivery, Reliability, Slot};
use livekit_micro_peer::sdp::Description;
use livekit_micro_peer::{Crypto, Datagram, Peer};
use support::peer::chunks::{bytes, forged};
use support::peer::fake::{Fake, Key};
use support::peer::remote::{self, Remote};

use model::Model;

fuzz_target!(|input: &[u8]| {
    let mut input = Unstructured::new(input);
    let (mut handshake, mut slots) = ([0; 600], [const { Slot::new() }; 2]);
    let (mut send, mut receive) = ([0; SEND], [0; RECEIVE]);
    let memory = Memory {
        handshake: &mut handshake,
        send: &mut send,
        receive: &mut receive,
        slots: &mut slots,
    };
    let (mut send, mut receive, mut slots) = ([0; 3_000], [0; 3_000], [const { Slot::new() }; 4]);
    let association = Association::new(&mut send, &mut receive, &mut slots);
    let mut crypto = Fake(1);
    let (key, _) = crypto.generate();
    let mut peer = Peer::new(crypto, memory);
    peer.set_mtu(400);
    let mut lab = Lab {
        peer,
        key: &key,
        remote: Remote::new(association),
        model: Model::default(),
        to_peer: Vec::new(),
        now_ms: (1 << 32) - 5_000,
        connections: 1,
    };
    lab.connect();
    if input.arbitrary() == Ok(true) {
        lab.settle();
    }
    while !input.is_empty() && lab.step(&mut input).is_ok() {}
    lab.finish();
});

const SEND: usize = 1_000;
pub const RECEIVE: usize = 600;
const CHANNELS: usize = 3;

struct Lab<'a> {
    peer: Peer<'a, Fake, 3, CHANNELS>,
    key: &'a Key,
    remote: Remote<'a>,
    model: Model,
    /// Datagrams to the peer.
    to_peer: Vec<Vec<u8>>,
    now_ms: u64,
    connections: u64,
}

impl Lab<'_> {
    /// Another connection, with another certificate at the other end.
    fn connect(&mut self) {
        self.connections += 1;
        self.remote.begin(self.connections);
        self.model.begin();
        self.to_peer.clear();
        self.negotiate();
    }

    fn negotiate(&mut self) {
        let identity = Identity { certificate: &[7; 300], key: self.key };
        let mut buf = [0; 600];
        let offer = self.peer.create_offer(identity, &[], &mut buf).expect("it fits");
        let offer = Description::read(offer).expect("it was written");
        let answer = self.remote.answer(&offer, self.now_ms);
        let answer = Description::read(&answer).expect("it was written");
        self.peer.accept_answer(&answer, self.now_ms).expect("it answers the offer");
        let candidate = Candidate::host(remote::address());
        self.peer.add_ice_candidate(&candidate).expect("there is space for it");
        self.poll();
    }

    fn step(&mut self, input: &mut Unstructured) -> Result<()> {
        match input.int_in_range(0..=19)? {
            0..=3 if !self.to_peer.is_empty() => {
                let at = input.choose_index(self.to_peer.len())?;
                let datagram = self.to_peer.remove(at);
                self.receive(remote::address(), datagram);
            }
            4 if !self.to_peer.is_empty() => {
                let at = input.choose_index(self.to_peer.len())?;
                self.receive(from(input)?, self.to_peer[at].clone());
            }
            5 if !self.to_peer.is_empty() => {
                let at = input.choose_index(self.to_peer.len())?;
                self.to_peer.remove(at);
            }
            6 => self.receive(from(input)?, forged(&self.to_peer, input)?),
            7..=8 => self.remote.step(input, self.now_ms)?,
            9 => self.exchange(),
            10 => self.now_ms += u64::from(input.int_in_range(0..=3_000u16)?),
            11 => self.now_ms += u64::from(self.peer.poll_in(self.now_ms).unwrap_or(0)),
            12..=13 => self.send(input)?,
            14 => self.open(input)?,
            15 => self.peer.close_channel(input.int_in_range(0..=5)?),
            16 => {
                if input.ratio(1, 8)? {
                    self.peer.close();
                    self.model.is_closing = true;
                }
            }
            17 if !self.model.is_over() && !self.remote.is_lying => self.negotiate(),
            18 => {
                if input.ratio(1, 8)? {
                    self.connect();
                }
            }
            19 => self.remote.is_deaf = input.arbitrary()?,
            _ => {}
        }
        self.poll();
        Ok(())
    }

    fn open(&mut self, input: &mut Unstructured) -> Result<()> {
        let reliability = match input.int_in_range(0..=3)? {
            0 => Reliability::Retransmits(input.int_in_range(0..=2)?),
            1 => Reliability::Lifetime(input.int_in_range(0..=1_000)?),
            _ => Reliability::Reliable,
        };
        let delivery = Delivery { reliability, unordered: input.arbitrary()? };
        let label = "label of a channel".repeat(input.int_in_range(0..=2)?);
        match self.peer.open(&label, delivery, self.now_ms) {
            Ok(channel) => {
                assert!(self.model.is_connected && channel % 2 == 0);
                self.model.opened(channel, &label, delivery);
            }
            Err(OpenError::Sctp(sctp::SendError::Full { .. })) => self.model.is_blocked = true,
            Err(_) => {}
        }
        Ok(())
    }

    fn send(&mut self, input: &mut Unstructured) -> Result<()> {
        let channel = input.int_in_range(0..=5)?;
        let message = bytes(input)?;
        let (before, free) = (self.peer.unacknowledged(channel), self.peer.free());
        let (head, tail) = message.split_at(input.int_in_range(0..=message.len())?);
        match self.peer.send(channel, &[head, tail], self.now_ms) {
            Ok(()) => {
                // An empty message is a byte.
                let len = message.len().max(1);
                assert_eq!(self.peer.unacknowledged(channel), before + len);
                assert!(self.peer.free() + len <= free);
                let delivery = self.model.delivery(channel).expect("it is open");
                let must_arrive = delivery.reliability == Reliability::Reliable;
                self.remote.expected.push_back((channel, must_arrive, message));
            }
            Err(error) => {
                assert_eq!((self.peer.unacknowledged(channel), self.peer.free()), (before, free));
                if let peer::SendError::Channel(SendError::Sctp(sctp::SendError::Full { .. })) =
                    error
                {
                    self.model.is_blocked = true;
                }
            }
        }
        Ok(())
    }

    fn receive(&mut self, from: SocketAddr, mut datagram: Vec<u8>) {
        let mut datagram = Datagram::new(from, &mut datagram);
        while let Some(event) = self.peer.receive(&mut datagram, self.now_ms) {
            self.model.take(&event, &mut self.remote);
        }
        self.poll();
    }

    fn poll(&mut self) {
        let mut count = 0;
        loop {
            let mut out = [0; 400];
            if let Some((to, len)) = self.peer.poll(self.now_ms, &mut out) {
                if to == remote::address() {
                    self.remote.arriving.push(out[..len].to_vec());
                }
            } else if let Some(event) = self.peer.event(self.now_ms) {
                self.model.take(&event, &mut self.remote);
            } else if self.peer.poll_in(self.now_ms) != Some(0) {
                break;
            }
            count += 1;
            assert!(count < 128, "it has something to do without end");
        }
        assert!(self.peer.free() <= SEND);
        let waiting: usize = (0..8).map(|channel| self.peer.unacknowledged(channel)).sum();
        assert!(waiting + self.peer.free() <= SEND);
        self.remote.poll(self.now_ms);
        self.to_peer.append(&mut self.remote.sent);
    }

    /// The other end hears what was sent to it.
    fn exchange(&mut self) {
        self.remote.receive(self.now_ms);
        self.to_peer.append(&mut self.remote.sent);
    }

    /// Lets both go on, with a network that loses nothing, until nothing is left to do but to wait.
    fn settle(&mut self) {
        let limit = self.now_ms + 60_000;
        self.remote.is_deaf = false;
        while self.now_ms < limit {
            self.poll();
            self.exchange();
            let datagrams = std::mem::take(&mut self.to_peer);
            let is_quiet = datagrams.is_empty() && self.remote.arriving.is_empty();
            for datagram in datagrams {
                self.receive(remote::address(), datagram);
            }
            let waits = (0..8).any(|channel| self.peer.unacknowledged(channel) > 0)
                || self.remote.is_waiting()
                || self.model.is_blocked;
            if self.model.is_ended || is_quiet && self.model.is_connected && !waits {
                return;
            }
            if is_quiet {
                let due = [self.peer.poll_in(self.now_ms), self.remote.poll_in(self.now_ms)];
                let Some(due) = due.into_iter().flatten().min() else { return };
                self.now_ms += u64::from(due);
            }
        }
    }

    fn finish(&mut self) {
        let is_honest = !self.remote.is_lying && !self.model.is_closing;
        let was_connected = self.model.is_connected;
        self.settle();
        if is_honest && was_connected && !self.model.is_ended && !self.model.is_lost {
            assert!(!self.model.is_blocked, "Writable never came");
            let lost = self.remote.expected.iter().find(|it| it.1);
            assert_eq!(lost, None, "it never arrived");
        }
        // It ends when it is told to, and can be used again.
        self.peer.close();
        self.poll();
        assert!(self.model.is_ended);
        self.connect();
        self.settle();
        assert!(self.model.is_connected && !self.model.is_ended, "it does not connect again");
        let channel = self.peer.open("last", Delivery::RELIABLE, self.now_ms).expect("it is open");
        self.model.opened(channel, "last", Delivery::RELIABLE);
        self.peer.send(channel, &[b"last"], self.now_ms).expect("it is open");
        self.remote.expected.push_back((channel, true, b"last".to_vec()));
        self.settle();
        assert!(self.remote.expected.is_empty() && self.model.is_told(channel));
    }
}

/// The address of the other end, or of somebody else.
fn from(input: &mut Unstructured) -> Result<SocketAddr> {
    let other = ([192, 0, 2, 3], 3000).into();
    Ok(if input.arbitrary()? { remote::address() } else { other })
}
