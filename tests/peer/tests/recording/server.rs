//! The other end: a full agent of ICE, DTLS, and SCTP that initiates.

use std::collections::VecDeque;

use livekit_micro_peer::channel::{Channels, Event, Role};
use livekit_micro_peer::ice::{Candidate, Credentials};
use livekit_micro_peer::sctp::{Config, Cursor, Slot};
use livekit_micro_peer::sdp::{self, Description, Local, Setup};
use livekit_micro_peer::stun::{Class, Message, Writer, attribute, is_stun};
use livekit_micro_peer::{Crypto, RustCrypto};
use measure_handshake::{FROM, MESSAGE, MESSAGES, PACKET, random};
use p256::ecdsa::SigningKey;
use peer_tests::servers::certificate::{fingerprint, self_signed};
use peer_tests::servers::hostile;

type Cryptography = RustCrypto<Box<dyn FnMut(&mut [u8])>>;

pub struct Server {
    crypto: Cryptography,
    local: Credentials,
    remote: Credentials,
    fingerprint: [u8; 32],
    dtls: hostile::Server,
    channels: Option<Channels<'static, 4>>,
    stun: VecDeque<Vec<u8>>,
    /// It has checked the device in turn.
    has_checked: bool,
    /// Messages that came.
    pub messages: Vec<Vec<u8>>,
}

impl Server {
    /// A server that has this offer.
    pub fn new(offer: &str) -> Self {
        let remote = Description::read(offer).expect("it is an offer").credentials;
        let key = SigningKey::from_slice(&[8; 32]).expect("it is a key");
        let certificate = self_signed(&key, "server");
        let fingerprint = fingerprint(&certificate);
        let mut dtls = hostile::Server::new(vec![certificate], key, 3);
        dtls.echo = false;
        let mut crypto = RustCrypto::new(Box::new(random(4)) as Box<dyn FnMut(&mut [u8])>);
        let local = Credentials::generate(&mut crypto);
        let (channels, stun, messages) = (None, VecDeque::new(), Vec::new());
        let has_checked = false;
        Self { crypto, local, remote, fingerprint, dtls, channels, stun, has_checked, messages }
    }

    pub fn answer(&self) -> String {
        let (mut line, mut answer) = ([0; 100], [0; 700]);
        let candidate = sdp::write_candidate(&Candidate::host(FROM), &mut line).expect("it fits");
        let local = Local::new(1, &self.local, &self.fingerprint, 65_536);
        let local = Local { setup: Setup::Passive, candidates: &[candidate], ..local };
        local.write(&mut answer).expect("it fits").to_owned()
    }

    /// The next datagram for the device.
    pub fn poll(&mut self, now_ms: u64) -> Option<Vec<u8>> {
        if let Some(datagram) = self.stun.pop_front().or_else(|| self.dtls.poll(now_ms)) {
            return Some(datagram);
        }
        let packet = &mut [0; PACKET];
        let len = self.channels.as_mut()?.poll(now_ms, packet)?;
        self.dtls.send(&packet[..len]);
        self.dtls.poll(now_ms)
    }

    /// Takes a datagram of the device's.
    pub fn input(&mut self, datagram: &[u8], now_ms: u64) {
        if is_stun(datagram) {
            return self.check(datagram);
        }
        self.dtls.input(datagram, now_ms);
        if !self.dtls.is_connected() {
            return;
        }
        let channels = self.channels.get_or_insert_with(|| {
            let leak = |len| vec![0; len].leak();
            let mut channels = Channels::new(leak(8192), leak(4096), vec![Slot::new(); 4].leak());
            let config = Config { packet: PACKET as u16, ..Config::DEFAULT };
            channels.connect(&mut self.crypto, &config, Role::Server);
            channels
        });
        for packet in self.dtls.received.drain(..) {
            let mut cursor = Cursor::new();
            let mut opened = None;
            while let Some(event) = channels.input(&packet, &mut cursor, now_ms) {
                match event {
                    Event::Opened { channel, .. } => opened = Some(channel),
                    Event::Message { data, .. } => self.messages.push(data.to_vec()),
                    _ => {}
                }
            }
            for _ in 0..opened.map_or(0, |_| MESSAGES) {
                let channel = opened.expect("it is looked at above");
                channels.send(channel, &[&[5; MESSAGE]], now_ms).expect("there is space");
            }
        }
    }

    /// Answers a check, and checks in turn.
    fn check(&mut self, datagram: &[u8]) {
        let message = Message::read(datagram).expect("it is a message");
        if message.class() != Class::Request {
            assert!(message.is_authentic(&mut self.crypto, self.remote.pwd().as_bytes()));
            return;
        }
        assert!(message.is_authentic(&mut self.crypto, self.local.pwd().as_bytes()));
        let mut out = [0; 200];
        let mut writer = Writer::new(&mut out, Class::Success, message.id());
        writer.mapped_address("192.0.2.2:5004".parse().expect("an address"));
        let len = writer.finish(&mut self.crypto, self.local.pwd().as_bytes()).expect("it fits");
        self.stun.push_back(out[..len].to_vec());
        if std::mem::replace(&mut self.has_checked, true) {
            return;
        }
        let mut id = [0; 12];
        self.crypto.random(&mut id);
        let mut writer = Writer::new(&mut out, Class::Request, &id);
        let user = [self.remote.ufrag().as_bytes(), b":", self.local.ufrag().as_bytes()];
        writer.attribute(attribute::USERNAME, &user);
        writer.attribute(attribute::PRIORITY, &[&[0x6e, 0x7f, 0x1e, 0xff]]);
        writer.attribute(attribute::ICE_CONTROLLED, &[&[1; 8]]);
        let len = writer.finish(&mut self.crypto, self.remote.pwd().as_bytes()).expect("it fits");
        self.stun.push_back(out[..len].to_vec());
    }
}
