//! The device: a peer, its memory, a link, and a loop as a firmware has it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use livekit_micro_peer::crypto::PrivateKey;
use livekit_micro_peer::dtls::Identity;
use livekit_micro_peer::ice::Transport;
use livekit_micro_peer::peer::{Error, Memory, SendError};
use livekit_micro_peer::sctp::{Delivery, Slot};
use livekit_micro_peer::sdp::{self, Description};
use livekit_micro_peer::{Event, Peer, RustCrypto, certificate};
use serde_json::json;

use super::{Link, Remote};

type Crypto = RustCrypto<fn(&mut [u8])>;

pub struct Device {
    pub peer: Peer<'static, Crypto>,
    key: &'static PrivateKey,
    certificate: &'static [u8],
    link: Option<Link>,
    start: Instant,
    pub told: VecDeque<Told>,
    /// An answer has come.
    pub is_answered: bool,
    /// Events of the other end: what it has told of its state and its channels.
    pub remote_told: Vec<serde_json::Value>,
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

impl Device {
    /// A device with so many bytes of memory each way, and so many slots.
    pub fn new(send: usize, receive: usize, slots: usize, link: Option<Link>) -> Self {
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
        let peer = Peer::new(crypto, memory);
        let (told, remote_told) = (VecDeque::new(), Vec::new());
        Self {
            peer,
            key,
            certificate,
            link,
            start: Instant::now(),
            told,
            is_answered: false,
            remote_told,
        }
    }

    pub fn now_ms(&self) -> u64 {
        self.start.elapsed().as_millis() as u64
    }

    /// Makes an offer; the other's answer and candidates are taken as they come.
    pub fn offer(&mut self, remote: &mut Remote) {
        self.is_answered = false;
        let mut buf = [0; 600];
        let identity = Identity { certificate: self.certificate, key: self.key };
        let offer = self.peer.create_offer(identity, &[], &mut buf).expect("it fits");
        remote.tell(&json!({ "offer": offer }));
    }

    /// Goes on until `done` returns something.
    pub fn until<T>(
        &mut self,
        remote: &mut Remote,
        what: &str,
        within: Duration,
        mut done: impl FnMut(&mut Self) -> Option<T>,
    ) -> T {
        let end = Instant::now() + within;
        loop {
            if let Some(done) = done(self) {
                return done;
            }
            if Instant::now() >= end {
                let (to, far) = (self.peer.selected(), &self.remote_told);
                let statistics = self.peer.statistics();
                let told = &self.told;
                panic!(
                    "{what}: not within {within:?}; {told:?}, to {to:?}, {statistics:?}, there {far:?}"
                );
            }
            self.turn(remote);
        }
    }

    /// Goes on until an event comes for which `is` is `true`; others before it are dropped.
    pub fn event(&mut self, remote: &mut Remote, what: &str, is: impl Fn(&Told) -> bool) -> Told {
        self.until(remote, what, Duration::from_secs(20), |device| {
            let at = device.told.iter().position(&is)?;
            device.told.drain(..=at).next_back()
        })
    }

    /// A turn of the loop: what the other's signalling says, what is to be sent, what arrives.
    pub fn turn(&mut self, remote: &mut Remote) {
        while let Some(line) = remote.told() {
            self.signalled(line);
        }
        let mut out = [0; 1500];
        while let Some((to, len)) = self.peer.poll(self.now_ms(), &mut out) {
            self.link.as_mut().expect("a link").send(to, &out[..len]);
        }
        while let Some(event) = self.peer.event(self.now_ms()) {
            self.told.extend(told(event));
        }
        let wait = self.peer.poll_in(self.now_ms()).unwrap_or(20).min(20);
        let Some(link) = &mut self.link else { return };
        let mut arrived = link.receive(Duration::from_millis(wait.into()));
        while let Some((from, mut datagram)) = arrived {
            let mut incoming =
                self.peer.input(from, &mut datagram, self.start.elapsed().as_millis() as u64);
            while let Some(event) = incoming.next() {
                self.told.extend(told(event));
            }
            arrived = link.receive(Duration::ZERO);
        }
    }

    fn signalled(&mut self, line: serde_json::Value) {
        if let Some(answer) = line["answer"].as_str() {
            let answer = Description::read(answer).expect("it is an answer");
            self.peer.accept_answer(&answer, self.now_ms()).expect("it answers the offer");
            answer.candidates().for_each(|line| self.candidate(line));
            self.is_answered = true;
        } else if let Some(line) = line["candidate"].as_str() {
            self.candidate(line);
        } else {
            self.remote_told.push(line);
        }
    }

    fn candidate(&mut self, line: &str) {
        let Ok(candidate) = sdp::candidate(line) else { return };
        if candidate.transport == Transport::Tcp && self.link.is_none() {
            self.link = Some(Link::tcp(candidate.address));
        }
        let is_tcp = matches!(self.link, Some(Link::Tcp { .. }));
        if is_tcp == (candidate.transport == Transport::Tcp) {
            self.peer.add_ice_candidate(&candidate).expect("there is space for it");
        }
    }

    /// Sends a message; `false` if there is no memory for it now.
    pub fn send(&mut self, channel: u16, is_text: bool, data: &[u8]) -> bool {
        let now_ms = self.now_ms();
        let sent = match is_text {
            true => self.peer.send_text(channel, str::from_utf8(data).expect("text"), now_ms),
            false => self.peer.send(channel, &[data], now_ms),
        };
        match sent {
            Ok(()) => true,
            Err(SendError::Channel(livekit_micro_peer::channel::SendError::Sctp(
                livekit_micro_peer::sctp::SendError::Full { .. },
            ))) => false,
            Err(error) => panic!("{error}"),
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
        Event::Skipped { channel, len } => Told::Skipped { channel, len },
        Event::Writable => Told::Writable,
        Event::Closed { channel } => Told::Closed { channel },
        Event::Ended(error) => Told::Ended(error),
    })
}
