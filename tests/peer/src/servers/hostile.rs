//! A DTLS 1.2 server that does what the RFCs say, for one profile: suite C02B, P-256,
//! ecdsa_secp256r1_sha256, extended_master_secret, use_srtp, a certificate asked of the client. A test makes
//! it hostile by [`Deviations`] of its own. Sans-IO.

mod client_flight;
mod deviations;
mod flights;
pub mod hello;
mod keys;
pub mod wire;

use std::collections::{BTreeMap, HashSet, VecDeque};

use fastrand::Rng;
use p256::SecretKey;
use p256::ecdsa::SigningKey;
use sha2::{Digest, Sha256};

pub use deviations::{Deviations, Flight};
use hello::ClientHello;
use keys::Keys;
use wire::{ALERT, APPLICATION_DATA, CLIENT_HELLO, Fragment, HANDSHAKE, Message, Record};

/// The server.
pub struct Server {
    pub deviations: Deviations,
    /// Its certificates, and the key of the first.
    pub chain: Vec<Vec<u8>>,
    pub key: SigningKey,
    /// The most bytes of a message in a fragment, and of a datagram.
    pub fragment: usize,
    pub mtu: usize,
    /// Whether it sends back application data.
    pub echo: bool,
    /// What it sends beside the protocol, from so many ms on.
    pub later: VecDeque<(u64, Vec<u8>)>,
    /// The fingerprint that the client's certificate must have, if any will not do.
    pub client_fingerprint: Option<[u8; 32]>,

    /// What the client sent and did.
    pub received: Vec<Vec<u8>>,
    /// Level, description, and whether the alert was protected.
    pub alerts: Vec<(u8, u8, bool)>,
    pub hellos: Vec<ClientHello>,
    /// Why the server refused the client.
    pub refused: Option<String>,

    state: State,
    exchange: SecretKey,
    random: Vec<u8>,
    keys: Option<Keys>,
    transcript: Vec<u8>,
    asked: bool,
    client_certificate: Option<Vec<u8>>,
    verified: bool,
    /// The client's next handshake message, and parts of it and later ones.
    next_receive: u16,
    parts: BTreeMap<u16, Part>,
    replayed: HashSet<u64>,
    /// The next record of each epoch.
    sequences: [u64; 2],
    last: Option<(Flight, Vec<Message>)>,
    attempt: u32,
    resend_at: Option<u64>,
    outbox: VecDeque<Vec<u8>>,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Waiting,
    Hello,
    Connected,
    Closed,
}

struct Part {
    kind: u8,
    body: Vec<u8>,
    have: Vec<bool>,
}

impl Server {
    /// An honest server. `seed` gives its random numbers.
    pub fn new(chain: Vec<Vec<u8>>, key: SigningKey, seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut bytes = || std::iter::repeat_with(|| rng.u8(..)).take(32).collect::<Vec<_>>();
        let (random, exchange) = (bytes(), SecretKey::from_slice(&bytes()).unwrap());
        Self {
            deviations: Deviations::default(),
            chain,
            key,
            fragment: 1100,
            mtu: 1200,
            echo: true,
            later: VecDeque::new(),
            client_fingerprint: None,
            received: Vec::new(),
            alerts: Vec::new(),
            hellos: Vec::new(),
            refused: None,
            state: State::Waiting,
            exchange,
            random,
            keys: None,
            transcript: Vec::new(),
            asked: false,
            client_certificate: None,
            verified: false,
            next_receive: 0,
            parts: BTreeMap::new(),
            replayed: HashSet::new(),
            sequences: [0; 2],
            last: None,
            attempt: 0,
            resend_at: None,
            outbox: VecDeque::new(),
        }
    }

    /// Whether the client's certificate, CertificateVerify and Finished were right.
    pub fn is_connected(&self) -> bool {
        self.state == State::Connected
    }

    /// Whether a close_notify of the client's came.
    pub fn is_closed(&self) -> bool {
        self.state == State::Closed
    }

    /// What to send now, one datagram at a time.
    pub fn poll(&mut self, now_ms: u64) -> Option<Vec<u8>> {
        if self.resend_at.is_some_and(|at| now_ms >= at) {
            self.resend(now_ms);
        }
        if self.later.front().is_some_and(|(at, _)| now_ms >= *at) {
            return self.later.pop_front().map(|(_, datagram)| datagram);
        }
        self.outbox.pop_front()
    }

    /// When it has something to send, if it has.
    pub fn next_at(&self) -> Option<u64> {
        let later = self.later.front().map(|(at, _)| *at);
        let own = if self.outbox.is_empty() { self.resend_at } else { Some(0) };
        own.into_iter().chain(later).min()
    }

    /// Takes a datagram of the client's.
    pub fn input(&mut self, datagram: &[u8], now_ms: u64) {
        for record in Record::read(datagram) {
            let payload = match (record.epoch, &self.keys) {
                (0, _) => Some(record.payload.clone()),
                (1, Some(keys)) => keys.open(&record),
                _ => None,
            };
            let Some(payload) = payload else { continue };
            // RFC 6347, 4.1.2.6: a record that came before is dropped.
            if record.epoch == 1 && !self.replayed.insert(record.sequence.unwrap()) {
                continue;
            }
            match record.content {
                HANDSHAKE => self.handshake(&record, &payload, now_ms),
                ALERT if payload.len() == 2 => self.alert(payload[0], payload[1], record.sealed),
                APPLICATION_DATA if record.sealed && self.is_connected() => {
                    if self.echo {
                        self.send(&payload);
                    }
                    self.received.push(payload);
                }
                _ => {}
            }
        }
    }

    /// Sends application data.
    pub fn send(&mut self, data: &[u8]) {
        self.transmit(Flight::Data, 0, vec![Record::sealed(APPLICATION_DATA, data.to_vec())]);
    }

    /// Sends records of any kind: those that are to be sealed only after the keys are known.
    pub fn transmit(&mut self, flight: Flight, attempt: u32, mut records: Vec<Record>) {
        (self.deviations.records)(flight, attempt, &mut records);
        let mut datagrams: Vec<Vec<u8>> = Vec::new();
        for mut record in records {
            let sequence = &mut self.sequences[usize::from(record.epoch.min(1))];
            record.sequence.get_or_insert(*sequence);
            *sequence += 1;
            let bytes = match &self.keys {
                Some(keys) if record.sealed => keys.seal(&record).bytes(),
                _ => record.bytes(),
            };
            match datagrams.last_mut() {
                Some(last) if last.len() + bytes.len() <= self.mtu => last.extend(bytes),
                _ => datagrams.push(bytes),
            }
        }
        (self.deviations.datagrams)(flight, attempt, &mut datagrams);
        self.outbox.extend(datagrams);
    }

    /// Sends bytes as a datagram.
    pub fn inject(&mut self, datagram: Vec<u8>) {
        self.outbox.push_back(datagram);
    }

    /// Ends with a close_notify.
    pub fn close(&mut self) {
        self.transmit(Flight::Data, 0, vec![Record::sealed(ALERT, vec![1, 0])]);
        self.state = State::Closed;
    }

    fn alert(&mut self, level: u8, description: u8, sealed: bool) {
        self.alerts.push((level, description, sealed));
        if sealed && (level == 2 || description == 0) {
            self.state = State::Closed;
        }
    }

    fn handshake(&mut self, record: &Record, mut payload: &[u8], now_ms: u64) {
        while let Some((fragment, rest)) = Fragment::read(payload) {
            payload = rest;
            match (self.state, fragment.kind) {
                (State::Closed, _) => {}
                (State::Waiting, CLIENT_HELLO) => self.client_hello(record, &fragment, now_ms),
                // RFC 6347, 4.2.4: a flight of the peer's that comes again is answered with the last one.
                _ if fragment.seq < self.next_receive
                    && (record.sealed || fragment.kind == CLIENT_HELLO) =>
                {
                    self.resend(now_ms);
                }
                _ if fragment.seq < self.next_receive => {}
                (State::Hello, _) => self.part(fragment, record.sealed),
                _ => {}
            }
        }
    }

    fn part(&mut self, fragment: Fragment, sealed: bool) {
        let length = fragment.length as usize;
        let part = self.parts.entry(fragment.seq).or_insert_with(|| Part {
            kind: fragment.kind,
            body: vec![0; length],
            have: vec![false; length],
        });
        if part.body.len() != length || part.kind != fragment.kind {
            return self
                .refuse(format!("fragments of message {} contradict each other", fragment.seq));
        }
        let at = fragment.offset as usize..fragment.offset as usize + fragment.body.len();
        part.body[at.clone()].copy_from_slice(&fragment.body);
        part.have[at].fill(true);
        while self
            .parts
            .get(&self.next_receive)
            .is_some_and(|part| part.have.iter().all(|have| *have))
        {
            let part = self.parts.remove(&self.next_receive).unwrap();
            let message = Message { kind: part.kind, seq: self.next_receive, body: part.body };
            self.next_receive += 1;
            if let Err(why) = self.client_message(&message, sealed) {
                return self.refuse(why);
            }
            self.transcript.extend(message.whole());
            self.after_client_message(&message);
        }
    }

    fn refuse(&mut self, why: String) {
        self.refused.get_or_insert(why);
        self.transmit(Flight::Data, 0, vec![Record::plain(ALERT, vec![2, 40])]);
        self.state = State::Closed;
        self.resend_at = None;
    }

    fn hash(&self) -> [u8; 32] {
        Sha256::digest(&self.transcript).into()
    }
}
