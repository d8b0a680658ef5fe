//! The device: a peer, a link, and a loop as a firmware has it.

use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

use livekit_micro_peer::channel;
use livekit_micro_peer::ice::{Candidate, Transport};
use livekit_micro_peer::peer::SendError;
use livekit_micro_peer::{sctp, sdp};
use serde_json::{Value, json};

use super::{Link, Offline, Remote, Told};

pub struct Device {
    offline: Offline,
    link: Option<Link>,
    start: Instant,
    /// An answer has come.
    pub is_answered: bool,
    /// Events of the other end: what it has told of its state and its channels.
    pub remote_told: Vec<Value>,
}

impl Deref for Device {
    type Target = Offline;

    fn deref(&self) -> &Offline {
        &self.offline
    }
}

impl DerefMut for Device {
    fn deref_mut(&mut self) -> &mut Offline {
        &mut self.offline
    }
}

impl Device {
    /// Without a link it connects to the first candidate of TCP.
    pub fn new(offline: Offline, link: Option<Link>) -> Self {
        let start = Instant::now();
        Self { offline, link, start, is_answered: false, remote_told: Vec::new() }
    }

    pub fn now_ms(&self) -> u64 {
        self.start.elapsed().as_millis() as u64
    }

    /// Makes an offer; the other's answer and candidates are taken as they come.
    pub fn offer(&mut self, remote: &mut Remote) {
        self.is_answered = false;
        remote.tell(&json!({ "offer": self.offline.offer() }));
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
                let (to, statistics) = (self.peer.selected(), self.peer.statistics());
                let (told, far) = (&self.told, &self.remote_told);
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
        while let Some((to, datagram)) = self.offline.poll(self.now_ms()) {
            self.link.as_mut().expect("a link").send(to, &datagram);
        }
        let wait = self.peer.poll_in(self.now_ms()).unwrap_or(20).min(20);
        let start = self.start;
        let Some(link) = &mut self.link else { return };
        let mut arrived = link.receive(Duration::from_millis(wait.into()));
        while let Some((from, datagram)) = arrived {
            self.offline.input(from, &datagram, start.elapsed().as_millis() as u64);
            arrived = link.receive(Duration::ZERO);
        }
    }

    fn signalled(&mut self, line: Value) {
        let now_ms = self.now_ms();
        let link = &mut self.link;
        if let Some(answer) = line["answer"].as_str() {
            self.offline.answered(answer, now_ms, |candidate| is_for(link, candidate));
            self.is_answered = true;
        } else if let Some(line) = line["candidate"].as_str() {
            let Ok(candidate) = sdp::candidate(line) else { return };
            if is_for(link, &candidate) {
                self.peer.add_ice_candidate(&candidate).expect("there is space for it");
            }
        } else {
            self.remote_told.push(line);
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
            Err(SendError::Channel(channel::SendError::Sctp(sctp::SendError::Full { .. }))) => {
                false
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// Whether the link reaches a candidate. Without one, a candidate of TCP makes it.
fn is_for(link: &mut Option<Link>, candidate: &Candidate) -> bool {
    let is_tcp = candidate.transport == Transport::Tcp;
    if is_tcp && link.is_none() {
        *link = Some(Link::tcp(candidate.address));
    }
    is_tcp == matches!(link, Some(Link::Tcp { .. }))
}
