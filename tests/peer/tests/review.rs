//! What a review of DTLS found, each with the attack or the fault that showed it.

use std::net::SocketAddr;

use livekit_micro_peer::channel::{Channels, Role};
use livekit_micro_peer::crypto::PrivateKey;
use livekit_micro_peer::dtls::Identity;
use livekit_micro_peer::ice::{self, Agent, Candidate, Credentials, Timing};
use livekit_micro_peer::peer::Memory;
use livekit_micro_peer::sctp::{Config, Cursor, Delivery, Slot};
use livekit_micro_peer::sdp::Description;
use livekit_micro_peer::stun::is_stun;
use livekit_micro_peer::{Datagram, Peer, RustCrypto};
use p256::ecdsa::SigningKey;
use peer_tests::servers::certificate::{fingerprint, self_signed};
use peer_tests::servers::device::{Device as Client, Parts};
use peer_tests::servers::hostile::Server;
use peer_tests::servers::hostile::wire::{
    CERTIFICATE, HANDSHAKE, HELLO_VERIFY_REQUEST, Message, Record, SERVER_HELLO,
};

type Crypto = RustCrypto<fn(&mut [u8])>;

fn crypto() -> Crypto {
    RustCrypto::new(fastrand::fill)
}

fn leak<T: Clone>(value: T, len: usize) -> &'static mut [T] {
    vec![value; len].leak()
}

/// A certificate of its own key, for ever.
fn identity(byte: u8) -> (&'static PrivateKey, &'static [u8]) {
    let key = Box::leak(Box::new(PrivateKey::from_bytes(&[byte; 32]).unwrap()));
    (key, self_signed(&SigningKey::from_slice(&[byte; 32]).unwrap(), "device").leak())
}

/// The device.
struct Device {
    peer: Peer<'static, Crypto>,
    offer: String,
    /// Events, as text.
    told: Vec<String>,
}

impl Device {
    fn new() -> Self {
        let memory = Memory {
            handshake: leak(0, 1024),
            send: leak(0, 4096),
            receive: leak(0, 4096),
            slots: leak(Slot::new(), 4),
        };
        Self { peer: Peer::new(crypto(), memory), offer: String::new(), told: Vec::new() }
    }

    /// Makes an offer with the certificate of this key, and takes the answer of `far`.
    fn negotiate(&mut self, byte: u8, far: &mut Far, now: u64) {
        let (key, certificate) = identity(byte);
        let mut buf = [0; 600];
        let offer = self.peer.create_offer(Identity { certificate, key }, &[], &mut buf).unwrap();
        self.offer = offer.into();
        let answer = far.answer(&self.offer, now);
        let answer = Description::read(&answer).unwrap();
        self.peer.accept_answer(&answer, now).unwrap();
        self.peer.add_ice_candidate(&Candidate::host(far.address)).unwrap();
    }

    fn input(&mut self, from: SocketAddr, datagram: &[u8], now: u64) {
        let mut datagram = datagram.to_vec();
        let mut datagram = Datagram::new(from, &mut datagram);
        while let Some(event) = self.peer.receive(&mut datagram, now) {
            self.told.push(format!("{event:?}"));
        }
    }
}

/// The other end: ICE, the server, and data channels.
struct Far {
    address: SocketAddr,
    local: Credentials,
    agent: Agent<4>,
    server: Server,
    channels: Channels<'static, 4>,
    has_started: bool,
    /// So many packets of SCTP arrive.
    most_packets: usize,
    packets: usize,
}

impl Far {
    fn new(byte: u8, address: &str) -> Self {
        let key = SigningKey::from_slice(&[byte; 32]).unwrap();
        let mut server = Server::new(vec![self_signed(&key, "server")], key, byte.into());
        server.echo = false;
        server.deviations.cookie = Box::new(|_| None);
        Self {
            address: address.parse().unwrap(),
            local: Credentials::new(&format!("ufrag{byte}"), &"p".repeat(24)).unwrap(),
            agent: Agent::new(),
            server,
            channels: Channels::new(leak(0, 4096), leak(0, 4096), leak(Slot::new(), 4)),
            has_started: false,
            most_packets: usize::MAX,
            packets: 0,
        }
    }

    fn answer(&mut self, offer: &str, now: u64) -> String {
        let offer = Description::read(offer).unwrap();
        let (agent, local) = (&mut self.agent, &self.local);
        agent.start(
            &mut crypto(),
            ice::Role::Controlled,
            local,
            &offer.credentials,
            Timing::DEFAULT,
            now,
        );
        let hash = fingerprint(&self.server.chain[0]).map(|byte| format!("{byte:02X}")).join(":");
        let ufrag = format!("ufrag{}", self.server.key.to_bytes()[0]);
        format!(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n\
             m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n\
             a=ice-ufrag:{ufrag}\r\na=ice-pwd:{}\r\na=setup:passive\r\n\
             a=fingerprint:sha-256 {hash}\r\na=sctp-port:5000\r\n",
            "p".repeat(24)
        )
    }

    fn input(&mut self, datagram: &[u8], now: u64) {
        if is_stun(datagram) {
            self.agent.input(&mut crypto(), DEVICE.parse().unwrap(), datagram, now);
            return;
        }
        self.server.input(datagram, now);
        for packet in self.server.received.drain(..) {
            let mut cursor = Cursor::new();
            while self.channels.input(&packet, &mut cursor, now).is_some() {}
        }
    }

    fn output(&mut self, now: u64) -> Option<Vec<u8>> {
        let mut out = [0; 1200];
        if let Some((_, len)) = self.agent.poll(&mut crypto(), now, &mut out) {
            return Some(out[..len].to_vec());
        }
        if self.server.is_connected() {
            if !self.has_started {
                self.has_started = true;
                self.channels.connect(&mut crypto(), &Config::DEFAULT, Role::Server);
            }
            while let Some(len) = self.channels.poll(now, &mut out) {
                self.packets += 1;
                if self.packets <= self.most_packets {
                    self.server.send(&out[..len]);
                }
            }
            while self.channels.event(now).is_some() {}
        }
        self.server.poll(now)
    }
}

const DEVICE: &str = "192.0.2.1:4000";

/// Carries datagrams for so many ms.
fn run(device: &mut Device, fars: &mut [&mut Far], now: &mut u64, ms: u64) {
    let end = *now + ms;
    while *now < end {
        let mut out = [0; 1500];
        while let Some((to, len)) = device.peer.poll(*now, &mut out) {
            if let Some(far) = fars.iter_mut().find(|far| far.address == to) {
                far.input(&out[..len], *now);
            }
        }
        while let Some(event) = device.peer.event(*now) {
            device.told.push(format!("{event:?}"));
        }
        for far in fars.iter_mut() {
            while let Some(datagram) = far.output(*now) {
                device.input(far.address, &datagram, *now);
            }
        }
        *now += 5;
    }
}

#[test]
fn the_harness_connects() {
    let (mut device, mut far, mut now) = (Device::new(), Far::new(0x21, "198.51.100.1:1000"), 1000);
    device.negotiate(7, &mut far, now);
    run(&mut device, &mut [&mut far], &mut now, 2000);
    assert!(far.server.is_connected(), "{:?}", device.told);
    assert_eq!(device.told, ["Connected"]);
    // The same again, by a restart of ICE: DTLS goes on.
    device.negotiate(7, &mut far, now);
    run(&mut device, &mut [&mut far], &mut now, 2000);
    assert_eq!(device.told, ["Connected"]);
    assert_eq!(far.server.hellos.len(), 1);
}

/// RFC 8122, 6.2: the certificate MUST match the fingerprint of the description, which is the last one; RFC 8842, 3.1:
/// another fingerprint is another DTLS association.
#[test]
fn nothing_of_the_server_before_is_heard_once_another_fingerprint_is_told() {
    let (mut device, mut old) = (Device::new(), Far::new(0x21, "198.51.100.1:1000"));
    let mut new = Far::new(0x22, "198.51.100.2:1000");
    let mut now = 1000;
    device.negotiate(7, &mut old, now);
    run(&mut device, &mut [&mut old], &mut now, 2000);
    assert_eq!(device.told, ["Connected"]);
    // Signalling says who is next, who is not there yet.
    device.negotiate(7, &mut new, now);
    old.channels.open("of the old one", "", Delivery::RELIABLE, now).unwrap();
    old.channels.send(1, &[b"a message"], now).unwrap();
    run(&mut device, &mut [&mut old], &mut now, 1000);
    assert_eq!(device.told, ["Connected"]);
    // The new one comes.
    run(&mut device, &mut [&mut new], &mut now, 3000);
    assert!(new.server.is_connected());
    assert_eq!(device.told, ["Connected", "Connected"]);
}

/// The same, with the last packet of SCTP's handshake under way.
#[test]
fn a_device_is_connected_only_to_the_fingerprint_that_was_told_last() {
    let (mut device, mut old) = (Device::new(), Far::new(0x21, "198.51.100.1:1000"));
    let mut new = Far::new(0x22, "198.51.100.2:1000");
    let mut now = 1000;
    device.negotiate(7, &mut old, now);
    // Only INIT arrives of SCTP's packets.
    old.most_packets = 1;
    run(&mut device, &mut [&mut old], &mut now, 500);
    assert!(old.server.is_connected() && device.told.is_empty(), "{:?}", device.told);
    device.negotiate(7, &mut new, now);
    old.most_packets = usize::MAX;
    run(&mut device, &mut [&mut old], &mut now, 4000);
    assert!(device.told.is_empty(), "connected to the server before: {:?}", device.told);
}

/// A forger who knows where the device is, and nothing of the server.
#[test]
fn a_forger_needs_the_address_of_the_server_to_end_a_handshake() {
    let (mut device, mut far, mut now) = (Device::new(), Far::new(0x21, "198.51.100.1:1000"), 1000);
    device.negotiate(7, &mut far, now);
    // ICE connects, and a ClientHello is on its way.
    let mut hello = None;
    while hello.is_none() {
        let mut out = [0; 1500];
        while let Some((_, len)) = device.peer.poll(now, &mut out) {
            match is_stun(&out[..len]) {
                true => far.input(&out[..len], now),
                false => hello = Some(out[..len].to_vec()),
            }
        }
        while let Some(datagram) = far.output(now) {
            device.input(far.address, &datagram, now);
        }
        now += 5;
    }
    // A ServerHello of DTLS 1.0.
    let body = [&[0xfe, 0xff][..], &[7; 32], &[0, 0xc0, 0x2b, 0]].concat();
    let forged = Message { kind: SERVER_HELLO, seq: 0, body };
    let forged = Record::plain(HANDSHAKE, forged.whole()).bytes();
    device.input("203.0.113.9:9".parse().unwrap(), &forged, now);
    far.input(&hello.unwrap(), now);
    run(&mut device, &mut [&mut far], &mut now, 2000);
    assert_eq!(device.told, ["Connected"]);
}

/// RFC 8842, 3.1: an endpoint that changes its own fingerprint begins another DTLS association.
#[test]
fn another_certificate_of_the_device_s_is_shown_to_the_server() {
    let (mut device, mut far) = (Device::new(), Far::new(0x21, "198.51.100.1:1000"));
    let mut now = 1000;
    device.negotiate(7, &mut far, now);
    run(&mut device, &mut [&mut far], &mut now, 2000);
    assert_eq!(device.told, ["Connected"]);
    // A server that begins anew, as the other fingerprint tells it to.
    let mut again = Far::new(0x21, "198.51.100.1:1000");
    again.server.client_fingerprint = Some(fingerprint(identity(8).1));
    device.negotiate(8, &mut again, now);
    run(&mut device, &mut [&mut again], &mut now, 3000);
    assert!(again.server.is_connected(), "{:?} {:?}", again.server.refused, device.told);
    assert_eq!(device.told, ["Connected", "Connected"]);
}

/// Goes on until nothing is left to be sent.
fn meet(client: &mut Client<'_>, server: &mut Server, now: u64) {
    loop {
        let mut is_over = client.next_at(now) != Some(now);
        while let Some(datagram) = client.poll(now) {
            is_over = false;
            server.input(&datagram, now);
        }
        while let Some(datagram) = server.poll(now) {
            is_over = false;
            client.input(&datagram, now);
        }
        if is_over {
            return;
        }
    }
}

/// Of an end that nobody can be told of, the caller is told, and the keys go.
#[test]
fn a_device_that_is_disconnected_ends_when_it_is_closed() {
    let (mut device, mut far, mut now) = (Device::new(), Far::new(0x21, "198.51.100.1:1000"), 1000);
    device.negotiate(7, &mut far, now);
    run(&mut device, &mut [&mut far], &mut now, 2000);
    run(&mut device, &mut [], &mut now, 40_000);
    assert_eq!(device.told, ["Connected", "Disconnected"]);
    device.peer.close();
    assert_eq!(device.peer.poll_in(now), Some(0));
    run(&mut device, &mut [], &mut now, 100);
    assert_eq!(device.told, ["Connected", "Disconnected", "Ended(Dtls(Closed))"]);
    assert_eq!(device.peer.poll_in(now), None);
}

/// What was forged before a message of the server's is not held against it afterwards.
#[test]
fn two_forged_messages_of_one_kind_do_not_end_a_handshake_that_gets_on_between_them() {
    let mut server = Far::new(0x21, "198.51.100.1:1000").server;
    let mut parts = Parts::new(1024);
    server.mtu = 0; // a datagram for each message
    let mut client = Client::start(&mut parts, fingerprint(&server.chain[0]), 1200, 7);
    client.poll(0).unwrap();
    while client.next_at(0) == Some(0) {
        assert_eq!(client.poll(0), None);
    }
    let forged = |kind, seq| {
        Record::plain(HANDSHAKE, Message { kind, seq, body: vec![7; 3] }.whole()).bytes()
    };
    client.input(&forged(SERVER_HELLO, 0), 100);
    server.input(&client.poll(400).unwrap(), 400);
    client.input(&server.poll(400).unwrap(), 400);
    client.input(&forged(CERTIFICATE, 1), 400);
    meet(&mut client, &mut server, 400);
    assert!(client.is_connected(), "{:?}", client.error());
}

/// RFC 6347, 4.2.1: a HelloVerifyRequest has the record number of its ClientHello. A path of 600 ms there and back, and a
/// server whose cookies differ: that of the first hello's retransmission comes when the cookie of the first was
/// accepted already.
#[test]
fn a_cookie_for_a_hello_without_one_is_not_taken_after_another() {
    let mut server = Far::new(0x21, "198.51.100.1:1000").server;
    let mut parts = Parts::new(1024);
    let mut client = Client::start(&mut parts, fingerprint(&server.chain[0]), 1200, 7);
    let first = client.poll(0).unwrap();
    while client.next_at(0) == Some(0) {
        assert_eq!(client.poll(0), None);
    }
    let again = client.poll(400).unwrap();
    assert_eq!(first[13..], again[13..]);
    let verify = |number, cookie| {
        let body = [&[0xfe, 0xff, 16][..], &[cookie; 16]].concat();
        let body = Message { kind: HELLO_VERIFY_REQUEST, seq: 0, body }.whole();
        Record { sequence: Some(number), ..Record::plain(HANDSHAKE, body) }.bytes()
    };
    // 0 ms, 300 ms there, 300 ms back.
    client.input(&verify(0, 1), 600);
    server.input(&client.poll(600).unwrap(), 900);
    assert_eq!(server.hellos[0].cookie, [1; 16]);
    // 400 ms, 300 ms, 300 ms; and a little later than the retransmission.
    server.input(&client.poll(1000).unwrap(), 1300);
    client.input(&verify(1, 2), 1001);
    meet(&mut client, &mut server, 1200);
    assert!(client.is_connected(), "{:?} {:?}", client.error(), server.refused);
}

/// An element of DER with a length of two bytes, and the contents of the first one.
fn sequence(contents: &[u8]) -> Vec<u8> {
    let length = contents.len() as u16;
    assert!(length >= 0x100);
    [&[0x30, 0x82][..], &length.to_be_bytes(), contents].concat()
}

fn contents(der: &[u8]) -> (&[u8], &[u8]) {
    let (head, length) = match der[1] {
        0x81 => (3, der[2].into()),
        0x82 => (4, u16::from_be_bytes([der[2], der[3]]).into()),
        length => (2, length.into()),
    };
    der[head..].split_at(length)
}

/// RFC 5280, 4.1: the fields of a certificate have one order, and nothing follows them.
#[test]
fn a_certificate_has_one_reading() {
    let name = "a name that makes all lengths longer than two hundred and fifty-five bytes";
    let right = self_signed(&SigningKey::from_slice(&[0x21; 32]).unwrap(), name);
    let (outer, _) = contents(&right);
    let (signed, signature) = contents(outer);
    let with = |signed: Vec<u8>| sequence(&[&sequence(&signed), signature].concat());
    let version = [0xa0, 3, 2, 1, 2];
    assert_eq!((&signed[..5], with(signed.to_vec())), (&version[..], right.clone()));
    // The elements after the version are not those of RFC 5280, or not at their places.
    let last = signed.len() - 91;
    let key = &signed[last..];
    assert_eq!(key[..2], [0x30, 0x59]);
    let longer_key = [&[0x30, 0x5b][..], &key[2..], &[5, 0]].concat();
    let longer_algorithm =
        [&[0x30, 0x5b, 0x30, 0x15][..], &key[4..23], &[5, 0], &key[23..]].concat();
    for (what, certificate) in [
        ("as it should be", right.clone()),
        ("a byte after it", [&right[..], &[0]].concat()),
        ("two versions", with([&version, signed].concat())),
        ("a version after the serial number", {
            with([&signed[5..8], &version, &signed[8..]].concat())
        }),
        ("a boolean for a serial number", with([&version, &[1][..], &signed[6..]].concat())),
        ("an element after the key", with([&signed[..last], &longer_key].concat())),
        ("an element after the curve", with([&signed[..last], &longer_algorithm].concat())),
    ] {
        let mut server = Far::new(0x21, "198.51.100.1:1000").server;
        server.chain = vec![certificate];
        let mut parts = Parts::new(1024);
        let mut client = Client::start(&mut parts, fingerprint(&server.chain[0]), 1200, 7);
        meet(&mut client, &mut server, 0);
        let error = client.error().unwrap_or_default();
        let expected = match what {
            "as it should be" => "",
            _ => "the server's certificate: malformed",
        };
        assert_eq!((what, error.as_str()), (what, expected));
    }
}
