//! A participant with its memory, and what it wants done.

use std::net::SocketAddr;

use livekit_micro::borrowed::DisconnectReason;
use livekit_micro::data::Session;
use livekit_micro::participant::peer::crypto::PrivateKey;
use livekit_micro::participant::peer::dtls::Identity;
use livekit_micro::participant::peer::sctp::Slot;
use livekit_micro::participant::peer::{self, RustCrypto};
use livekit_micro::participant::{Error, Event, JoinConfig, Memory, Output, Participant};
use livekit_micro::signal::ServerUrl;

pub type Crypto = RustCrypto<fn(&mut [u8])>;
pub type Config = JoinConfig<'static, Crypto>;

pub const TOKEN: &str = "eyJh.eyJ2.c2ln";

/// What a participant wants done, and what it tells, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Did {
    Connect,
    Signal(Vec<u8>),
    Datagram(SocketAddr),
    Close,
    Participant { is_local: bool, identity: String },
    Moved,
    Reconnecting(Error),
    Disconnected(DisconnectReason, Option<Error>),
    Other,
}

pub struct Device {
    pub participant: Participant<'static, Crypto, Session>,
    pub now_ms: u64,
    /// The buffer of `poll`.
    pub out: Vec<u8>,
    pub did: Vec<Did>,
}

pub fn config() -> Config {
    let url = ServerUrl::parse("ws://10.0.0.5:7880").expect("it is one");
    let key = Box::leak(Box::new(PrivateKey::from_bytes(&[7; 32]).expect("a key")));
    JoinConfig::new(url, Identity { certificate: b"a certificate", key })
}

impl Device {
    /// A device whose random numbers are those of `random`.
    pub fn new(random: fn(&mut [u8]), now_ms: u64) -> Self {
        let memory = Memory {
            peer: peer::Memory {
                handshake: vec![0; 1024].leak(),
                send: vec![0; 2048].leak(),
                receive: vec![0; 2048].leak(),
                slots: vec![Slot::new(); 4].leak(),
            },
            signal: vec![0; 1024].leak(),
            token: vec![0; 256].leak(),
            frame: vec![0; 1024].leak(),
            request: vec![0; 128].leak(),
        };
        let participant = Participant::new(RustCrypto::new(random), Session::new(), memory);
        Self { participant, now_ms, out: vec![0; 2048], did: vec![] }
    }

    /// A device that is to join.
    pub fn joining(config: Config, now_ms: u64) -> Self {
        let mut device = Self::new(fastrand::fill, now_ms);
        device.participant.join(config, TOKEN, now_ms).expect("the token is one");
        device
    }

    /// Does what is to be done at this time. Nothing is left then: a caller may wait.
    pub fn turn(&mut self) -> Vec<Did> {
        for _ in 0..20 {
            while let Some(output) = self.participant.poll(self.now_ms, &mut self.out) {
                self.did.push(match output {
                    Output::Connect => Did::Connect,
                    Output::Signal(bytes) => Did::Signal(bytes.to_vec()),
                    Output::Datagram { to, .. } => Did::Datagram(to),
                    Output::Close => Did::Close,
                });
            }
            while let Some(event) = self.participant.event(self.now_ms) {
                self.did.push(did(event));
            }
            if self.participant.poll_in(self.now_ms) != Some(0) {
                return std::mem::take(&mut self.did);
            }
        }
        panic!("it never waits: {:?}", self.did);
    }

    pub fn receive(&mut self, mut bytes: &[u8]) -> Vec<Did> {
        while let Some(event) = self.participant.receive_signal(&mut bytes, self.now_ms) {
            self.did.push(did(event));
        }
        self.turn()
    }

    /// Waits as long as the participant says, at most `ms`.
    pub fn wait(&mut self, ms: u64) -> Vec<Did> {
        let (end, mut did) = (self.now_ms + ms, vec![]);
        while self.now_ms < end {
            let wait = self.participant.poll_in(self.now_ms).map_or(ms, u64::from);
            self.now_ms = (self.now_ms + wait.max(1)).min(end);
            did.extend(self.turn());
        }
        did
    }

    /// Waits until the participant does something that is no ping. Returns how long that took.
    pub fn wait_for(&mut self, what: impl Fn(&Did) -> bool) -> (u64, Did) {
        let start = self.now_ms;
        while self.now_ms < start + 60_000 {
            let wait_ms = self.participant.poll_in(self.now_ms).expect("a time");
            let did = self.wait(wait_ms.max(1).into());
            if let Some(found) = did.into_iter().find(|did| what(did)) {
                return (self.now_ms - start, found);
            }
        }
        panic!("nothing happens for a minute");
    }

    /// Opens the connection that was asked for. Returns the request.
    pub fn open(&mut self) -> Vec<u8> {
        self.participant.signal_opened();
        match &self.turn()[..] {
            [Did::Signal(request)] => request.clone(),
            other => panic!("{other:?}"),
        }
    }

    pub fn close(&mut self) -> Vec<Did> {
        self.participant.signal_closed(self.now_ms);
        self.turn()
    }
}

fn did(event: Event<'_>) -> Did {
    match event {
        Event::Participant { is_local, info } => {
            Did::Participant { is_local, identity: info.identity.to_owned() }
        }
        Event::Moved => Did::Moved,
        Event::Reconnecting { error } => Did::Reconnecting(error),
        Event::Disconnected { reason, error } => Did::Disconnected(reason, error),
        _ => Did::Other,
    }
}

/// Random numbers that are all as large as they can be.
pub fn largest(bytes: &mut [u8]) {
    bytes.fill(0xff);
}
