//! The device without a network: a peer, its memory, and what it has told.

use std::collections::VecDeque;
use std::net::SocketAddr;

use livekit_micro_peer::crypto::PrivateKey;
use livekit_micro_peer::dtls::Identity;
use livekit_micro_peer::ice::Candidate;
use livekit_micro_peer::peer::{Error, Memory};
use livekit_micro_peer::sctp::{Delivery, Slot};
use livekit_micro_peer::sdp::{self, Description};
use livekit_micro_peer::{Datagram, Event, Peer, RustCrypto, certificate};

type Crypto = RustCrypto<fn(&mut [u8])>;

pub struct Offline {
    pub peer: Peer<'static, Crypto>,
    key: &'static PrivateKey,
    certificate: &'static [u8],
    pub told: VecDeque<Told>,
}

/// What is left of an event when its datagram is gone.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    Connected,
    Disconnected,
    Failed,
    Opened { channel: u16, label: String, delivery: Delivery, by_peer: bool },
    Message { channel: u16, is_text: bool, data: Vec<u8> },
    Skipped { channel: u16, len: usize },
    Writable,
    Closed { channel: u16 },
    Ended(Error),
}

impl Offline {
    /// A device with so many bytes of memory each way, and so many slots. The random numbers of this thread come from
    /// `seed`.
    pub fn new(send: usize, receive: usize, slots: usize, seed: u64) -> Self {
        fastrand::seed(seed);
        let memory = Memory {
            handshake: vec![0; 1024].leak(),
            send: vec![0; send].leak(),
            receive: vec![0; receive].leak(),
            slots: vec![Slot::new(); slots].leak(),
        };
        let mut crypto: Crypto = RustCrypto::new(fastrand::fill);
        let key = Box::leak(Box::new(PrivateKey::from_bytes(&[7; 32]).expect("a key")));
        let buf = vec![0; 512].leak();
        let certificate =
            certificate::self_signed(&mut crypto, key, &key.public_key(), buf).expect("it fits");
        Self { peer: Peer::new(crypto, memory), key, certificate, told: VecDeque::new() }
    }

    pub fn offer(&mut self) -> String {
        let mut buf = [0; 600];
        let identity = Identity { certificate: self.certificate, key: self.key };
        self.peer.create_offer(identity, &[], &mut buf).expect("it fits").to_owned()
    }

    /// Takes an answer, and those of its candidates for which `add` returns `true`.
    pub fn answered(&mut self, text: &str, now_ms: u64, mut add: impl FnMut(&Candidate) -> bool) {
        let answer = Description::read(text).expect("it is an answer");
        self.peer.accept_answer(&answer, now_ms).expect("it answers the offer");
        for candidate in answer.candidates().flat_map(sdp::candidate).filter(|it| add(it)) {
            self.peer.add_ice_candidate(&candidate).expect("there is space for it");
        }
    }

    pub fn poll(&mut self, now_ms: u64) -> Option<(SocketAddr, Vec<u8>)> {
        let mut out = [0; 1500];
        if let Some((to, len)) = self.peer.poll(now_ms, &mut out) {
            return Some((to, out[..len].to_vec()));
        }
        while let Some(event) = self.peer.event(now_ms) {
            self.told.extend(told(event));
        }
        None
    }

    pub fn input(&mut self, from: SocketAddr, datagram: &[u8], now_ms: u64) {
        let mut datagram = datagram.to_vec();
        let mut datagram = Datagram::new(from, &mut datagram);
        while let Some(event) = self.peer.receive(&mut datagram, now_ms) {
            self.told.extend(told(event));
        }
    }
}

fn told(event: Event<'_>) -> Option<Told> {
    Some(match event {
        Event::Connected => Told::Connected,
        Event::Moved { .. } => return None,
        Event::Disconnected => Told::Disconnected,
        Event::Failed => Told::Failed,
        Event::Opened { channel, label, delivery, by_peer } => {
            Told::Opened { channel, label: label.into(), delivery, by_peer }
        }
        Event::Message { channel, is_text, data } => {
            Told::Message { channel, is_text, data: data.into() }
        }
        Event::Part { .. } => unreachable!("no test asks a whole peer for parts"),
        Event::Skipped { channel, len } => Told::Skipped { channel, len },
        Event::Writable => Told::Writable,
        Event::Closed { channel } => Told::Closed { channel },
        Event::Ended(error) => Told::Ended(error),
    })
}
