//! The server's end of a peer connection.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use is::stun::{StunMessage, StunPacket};
use is::{Candidate, IceAgent, IceAgentEvent, IceCreds, Protocol};
use livekit_micro_peer::sctp::Delivery;
use p256::ecdsa::SigningKey;
use peer_tests::packet::{chunk, packet};
use peer_tests::sctp_proto::Theirs;
use peer_tests::servers::certificate::{fingerprint, self_signed};
use peer_tests::servers::dimpl::{Dimpl, Reply};
use peer_tests::servers::far::Far as _;
use sctp_proto::{PayloadProtocolIdentifier as Kind, TransportConfig};

pub const RELIABLE: &str = "_reliable";
pub const LOSSY: &str = "_lossy";

pub struct Transport {
    ice: IceAgent,
    dtls: Dimpl,
    sctp: Option<Theirs>,
    fingerprint: [u8; 32],
    /// Of the offer.
    ufrag: String,
    restarts: u32,
    device: Option<SocketAddr>,
    start: Instant,
    born_ms: u64,
    now_ms: u64,
    /// The device's tag of SCTP.
    tag: u32,
    /// By their labels.
    channels: BTreeMap<String, u16>,
    /// Messages on channels, with their labels.
    pub received: VecDeque<(String, Vec<u8>)>,
    out: VecDeque<(SocketAddr, Vec<u8>)>,
}

pub fn address() -> SocketAddr {
    ([10, 0, 0, 2], 7882).into()
}

impl Transport {
    /// For an offer; its certificate is another one for each `seed`.
    pub fn new(offer: &str, seed: u64, now_ms: u64) -> Self {
        let key = SigningKey::from_bytes(&[1 + seed as u8; 32].into()).expect("a key");
        let client = client_fingerprint(offer);
        let start = Instant::now();
        let mut ice = IceAgent::new(creds(seed, 0));
        ice.set_controlling(false);
        ice.add_local_candidate(Candidate::host(address(), "udp").expect("valid"));
        let mut transport = Self {
            ice,
            dtls: Dimpl::new(&key, &client, 1_400, Reply::Keep, seed),
            sctp: None,
            fingerprint: fingerprint(&self_signed(&key, "server")),
            ufrag: String::new(),
            restarts: 0,
            device: None,
            start,
            born_ms: now_ms,
            now_ms,
            tag: 0,
            channels: BTreeMap::new(),
            received: VecDeque::new(),
            out: VecDeque::new(),
        };
        transport.set_remote(offer);
        transport
    }

    /// Takes another offer of the same device: ICE restarts.
    pub fn restart(&mut self, offer: &str) {
        if attribute(offer, "ice-ufrag") != self.ufrag {
            self.restarts += 1;
            self.ice.ice_restart(creds(self.born_ms, self.restarts), true);
            self.set_remote(offer);
        }
    }

    fn set_remote(&mut self, offer: &str) {
        let [ufrag, pass] = ["ice-ufrag", "ice-pwd"].map(|it| attribute(offer, it).to_owned());
        self.ufrag.clone_from(&ufrag);
        self.ice.set_remote_credentials(IceCreds { ufrag, pass });
    }

    pub fn answer(&self) -> String {
        let IceCreds { ufrag, pass } = self.ice.local_credentials();
        let hex: Vec<_> = self.fingerprint.iter().map(|byte| format!("{byte:02X}")).collect();
        let fingerprint = hex.join(":");
        format!(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 {fingerprint}\r\n\
             a=group:BUNDLE 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n\
             a=setup:passive\r\na=mid:0\r\na=sctp-port:5000\r\na=max-message-size:65535\r\n\
             a=ice-ufrag:{ufrag}\r\na=ice-pwd:{pass}\r\n"
        )
    }

    pub fn has_channels(&self) -> bool {
        [RELIABLE, LOSSY].iter().all(|label| self.channels.contains_key(*label))
    }

    /// Sends a message on a channel that the device has opened.
    pub fn send(&mut self, label: &str, message: &[u8]) {
        let delivery = if label == LOSSY { Delivery::LOSSY } else { Delivery::RELIABLE };
        let stream = self.channels[label];
        let sctp = self.sctp.as_mut().expect("there are channels");
        assert!(sctp.send_as(Kind::Binary, stream, delivery, message));
    }

    /// Ends the peer connection: by `abort`, by `close`, or by the end of a `channel`.
    pub fn end(&mut self, how: &str) {
        match how {
            "abort" => self.abort(),
            "close" => self.close(),
            "channel" => self.close_channel("_reliable"),
            _ => panic!("no end by {how}"),
        }
    }

    /// Sends ABORT: what a server's SCTP says when its peer connection is closed.
    pub fn abort(&mut self) {
        self.dtls.send(&packet(self.tag, &chunk(6, 0, &[0, 12, 0, 4])));
    }

    /// Sends close_notify.
    pub fn close(&mut self) {
        self.dtls.close();
    }

    /// Resets the streams of a channel, which closes it.
    pub fn close_channel(&mut self, label: &str) {
        let (_, association) =
            self.sctp.as_mut().and_then(|it| it.association.as_mut()).expect("it is connected");
        association.stream(self.channels[label]).expect("it is open").close().expect("it was open");
    }

    pub fn input(&mut self, from: SocketAddr, datagram: &[u8], now_ms: u64) {
        self.now_ms = now_ms;
        if datagram.first().is_some_and(|byte| *byte < 4) {
            let message = StunMessage::parse(datagram).expect("str0m reads it");
            let (proto, source, destination) = (Protocol::Udp, from, address());
            let packet = StunPacket { proto, source, destination, message };
            self.ice.handle_packet(self.instant(), packet);
        } else {
            self.dtls.input(datagram, now_ms - self.born_ms);
        }
        self.go_on();
    }

    pub fn poll(&mut self, now_ms: u64) -> Option<(SocketAddr, Vec<u8>)> {
        self.now_ms = now_ms;
        self.go_on();
        self.out.pop_front()
    }

    pub fn next_at(&mut self) -> Option<u64> {
        let relative = self.now_ms - self.born_ms;
        let ice = self.ice.poll_timeout().map(|at| {
            at.saturating_duration_since(self.start).as_nanos().div_ceil(1_000_000) as u64
        });
        let sctp = self.sctp.as_mut().and_then(|it| it.due(relative));
        let times = [ice, self.dtls.next_at(), sctp];
        times.into_iter().flatten().min().map(|at| at.max(relative + 1) + self.born_ms)
    }

    fn instant(&self) -> Instant {
        self.start + Duration::from_millis(self.now_ms - self.born_ms)
    }

    fn go_on(&mut self) {
        let (now, relative) = (self.instant(), self.now_ms - self.born_ms);
        if self.ice.poll_timeout().is_none_or(|at| at <= now) {
            self.ice.handle_timeout(now);
        }
        while let Some(event) = self.ice.poll_event() {
            if let IceAgentEvent::NominatedSend { destination, .. } = event {
                self.device = Some(destination);
            }
        }
        while let Some(packet) = self.ice.poll_transmit() {
            self.out.push_back((packet.destination, packet.contents.to_vec()));
        }
        self.sctp(relative);
        while let Some(datagram) = self.dtls.poll(relative) {
            self.out.extend(self.device.map(|to| (to, datagram)));
        }
    }

    fn sctp(&mut self, now_ms: u64) {
        if !self.dtls.is_connected() {
            return;
        }
        // As pion: the server sends INIT although it is not the client of DTLS, and again after a second.
        let sctp = self.sctp.get_or_insert_with(|| {
            Theirs::client_with(
                TransportConfig::default().with_rto_initial_ms(1_000).with_rto_min_ms(1_000),
            )
        });
        while let Some(packet) = self.dtls.received.pop_front() {
            sctp.input(&packet, now_ms);
        }
        // Those that overtake COOKIE-ACK wait for it.
        while sctp.connected
            && let Some((stream, kind, message)) = sctp.messages.pop_front()
        {
            if kind != Kind::Dcep {
                let label = self.channels.iter().find(|it| *it.1 == stream).expect("it is open").0;
                self.received.push_back((label.clone(), message));
            } else if message[0] == 3 {
                // RFC 8832, 5.1: the label follows 12 bytes. 5.2: an acknowledgement is a byte.
                let len = usize::from(u16::from_be_bytes([message[8], message[9]]));
                let label = String::from_utf8_lossy(&message[12..12 + len]).into_owned();
                self.channels.insert(label, stream);
                assert!(sctp.send_as(Kind::Dcep, stream, Delivery::RELIABLE, &[2]));
            }
        }
        while let Some(packet) = sctp.output(now_ms) {
            self.tag = u32::from_be_bytes(*packet[4..].first_chunk().expect("a header"));
            self.dtls.send(&packet);
        }
    }
}

/// The value of an attribute of a description.
fn attribute<'a>(sdp: &'a str, name: &str) -> &'a str {
    let find = |line: &'a str| line.strip_prefix("a=")?.strip_prefix(name)?.strip_prefix(':');
    sdp.lines().find_map(find).expect("an offer has it")
}

fn client_fingerprint(offer: &str) -> [u8; 32] {
    let hex = attribute(offer, "fingerprint").strip_prefix("sha-256 ").expect("SHA-256");
    let bytes: Vec<_> =
        hex.split(':').map(|hex| u8::from_str_radix(hex, 16).expect("hexadecimal")).collect();
    bytes.try_into().expect("32 bytes")
}

fn creds(seed: u64, restart: u32) -> IceCreds {
    IceCreds {
        ufrag: format!("u{seed:015x}{restart}"),
        pass: format!("password{seed:015x}{restart}"),
    }
}
