//! The DTLS server of the crate dimpl, on a simulated clock.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ::dimpl::{Config, Dtls, DtlsCertificate, Output};
use p256::ecdsa::SigningKey;

use super::certificate::{fingerprint, private_key, self_signed};
use super::far::Far;

pub struct Dimpl {
    dtls: Dtls,
    start: Instant,
    now_ms: u64,
    client: [u8; 32],
    reply: Reply,
    next_at: Option<u64>,
    outbox: VecDeque<Vec<u8>>,
    /// What came and was to be kept.
    pub received: VecDeque<Vec<u8>>,
    said: Vec<String>,
    seen: HashSet<Vec<u8>>,
}

/// What a server does with what comes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// It sends it back.
    Echo,
    /// It sends close_notify.
    Close,
    /// It keeps it for its caller.
    Keep,
}

impl Dimpl {
    pub fn new(key: &SigningKey, client: &[u8; 32], mtu: usize, reply: Reply, seed: u64) -> Self {
        let config = Config::builder()
            .mtu(mtu)
            .flight_start_rto(Duration::from_millis(100))
            .flight_retries(9)
            .handshake_timeout(Duration::from_secs(90))
            .dangerously_set_rng_seed(seed)
            .build()
            .unwrap();
        let certificate = DtlsCertificate {
            certificate: self_signed(key, "server"),
            private_key: private_key(key),
        };
        let start = Instant::now();
        let mut dtls = Dtls::new_12(Arc::new(config), certificate, start);
        dtls.set_active(false);
        let mut it = Self {
            dtls,
            start,
            now_ms: 0,
            client: *client,
            reply,
            next_at: None,
            outbox: VecDeque::new(),
            received: VecDeque::new(),
            said: Vec::new(),
            seen: HashSet::new(),
        };
        it.pass(0);
        it
    }

    /// Sends data under protection.
    pub fn send(&mut self, data: &[u8]) {
        let result = self.dtls.send_application_data(data).map(drop);
        self.failed(result);
        self.drain();
    }

    /// Sends close_notify.
    pub fn close(&mut self) {
        let result = self.dtls.close();
        self.failed(result);
        self.drain();
    }

    /// The client has finished the handshake, with the certificate that it should have.
    pub fn is_connected(&self) -> bool {
        let failed = self.said.iter().any(|it| it.starts_with("failed"));
        !failed && self.said.iter().any(|it| it == "connected")
    }

    fn pass(&mut self, now_ms: u64) {
        self.now_ms = now_ms;
        let now = self.start + Duration::from_millis(now_ms);
        let result = self.dtls.handle_timeout(now);
        self.failed(result);
        self.drain();
    }

    fn drain(&mut self) {
        let mut buffer = vec![0; 4096];
        loop {
            match self.dtls.poll_output(&mut buffer) {
                Output::Packet(packet) => self.outbox.push_back(packet.to_vec()),
                Output::Timeout(at) => {
                    let wait = at.saturating_duration_since(self.start);
                    self.next_at = Some(wait.as_millis() as u64 + 1);
                    return;
                }
                Output::Connected => self.said.push("connected".into()),
                Output::PeerCert(certificate) if fingerprint(certificate) != self.client => {
                    self.said.push("failed: another certificate".into());
                }
                Output::ApplicationData(data) => {
                    let data = data.to_vec();
                    let result = match self.reply {
                        Reply::Echo => self.dtls.send_application_data(&data).map(drop),
                        Reply::Close => self.dtls.close(),
                        Reply::Keep => {
                            self.received.push_back(data);
                            Ok(())
                        }
                    };
                    self.failed(result);
                }
                Output::CloseNotify => self.said.push("closed".into()),
                _ => {}
            }
        }
    }

    fn failed(&mut self, result: Result<(), ::dimpl::Error>) {
        if let Err(error) = result {
            self.said.push(format!("failed: {error}"));
        }
    }
}

impl Far for Dimpl {
    fn input(&mut self, datagram: &[u8], now_ms: u64) {
        // dimpl 0.8.0 panics (engine.rs, assert_eq!(seq_current.epoch, 0)) at a copy of a record of epoch 1
        // that it has not read yet.
        if !self.seen.insert(datagram.to_vec()) {
            return;
        }
        self.pass(now_ms);
        let result = self.dtls.handle_packet(datagram);
        self.failed(result);
        self.drain();
    }

    fn poll(&mut self, now_ms: u64) -> Option<Vec<u8>> {
        if self.next_at.is_some_and(|at| now_ms >= at) {
            self.pass(now_ms);
        }
        self.outbox.pop_front()
    }

    fn next_at(&self) -> Option<u64> {
        self.next_at.filter(|at| *at > self.now_ms)
    }

    fn wait(&mut self, until_ms: u64) -> u64 {
        until_ms
    }

    fn said(&mut self) -> Vec<String> {
        self.said.clone()
    }
}
