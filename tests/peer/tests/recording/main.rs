//! What `measure/` plays to a peer on the emulated board is recorded here.
//!
//! `RECORD=1 cargo test -p peer-tests --test recording` records it anew.

mod server;

use std::path::Path;

use livekit_micro_peer::crypto::PrivateKey;
use livekit_micro_peer::dtls::Identity;
use livekit_micro_peer::peer::Memory;
use livekit_micro_peer::sctp::Slot;
use livekit_micro_peer::{Peer, RustCrypto, certificate};
use measure_handshake::{
    Device, KEY, MESSAGE, MESSAGES, Meter, RECORDING, Turn, Work, put, put_turn, random,
};
use server::Server;

#[test]
fn a_peer_still_sends_what_it_sent_when_the_handshake_was_recorded() {
    let recording = record();
    if std::env::var_os("RECORD").is_some() {
        let file = "../../measure/handshake/src/recording.bin";
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        std::fs::write(file, recording).expect("the repository can be written to");
        return;
    }
    assert!(
        recording == RECORDING,
        "the peer or its server changed what they send: record the handshake anew with \
         `RECORD=1 cargo test -p peer-tests --test recording`"
    );
}

/// Calls of the peer as they are; datagrams for the server.
#[derive(Default)]
struct Sent(Vec<Vec<u8>>);

impl Meter for Sent {
    fn call(&mut self, _: Work, call: &mut dyn FnMut()) {
        call();
    }

    fn sent(&mut self, datagram: &[u8]) {
        self.0.push(datagram.to_vec());
    }
}

/// A connection with the server, over a network without delay, until all messages have arrived.
fn record() -> Vec<u8> {
    let key = Box::leak(Box::new(PrivateKey::from_bytes(&KEY).expect("it is a key")));
    let certificate = certificate::self_signed(
        &mut RustCrypto::new(random(1)),
        key,
        &key.public_key(),
        vec![0; 512].leak(),
    )
    .expect("it fits");
    let memory = Memory {
        handshake: vec![0; 1024].leak(),
        send: vec![0; 4096].leak(),
        receive: vec![0; 4096].leak(),
        slots: vec![Slot::new(); 4].leak(),
    };
    let mut peer = Peer::new(RustCrypto::new(random(2)), memory);
    let (mut device, mut buf) = (Device::default(), [0; 600]);
    let offer = device.offer(&mut peer, Identity { certificate, key }, &mut buf);
    let mut server = Server::new(offer);
    let answer = server.answer();
    device.answered(&mut peer, &answer);

    let mut turns = Vec::new();
    let mut now_ms = 1;
    while !device.is_done(&peer) {
        assert!(now_ms < 10_000, "{} messages came", device.received);
        let mut datagram = server.poll(now_ms).unwrap_or_default();
        put_turn(&mut turns, &Turn { now_ms, datagram: &datagram });
        let is_idle = datagram.is_empty();
        let mut sent = Sent::default();
        device.turn(&mut peer, now_ms, &mut datagram, &mut sent);
        if is_idle && sent.0.is_empty() {
            now_ms += 100;
        }
        sent.0.iter().for_each(|datagram| server.input(datagram, now_ms));
    }
    assert_eq!(server.messages, vec![vec![9; MESSAGE]; MESSAGES]);

    let mut recording = Vec::new();
    put(&mut recording, certificate);
    put(&mut recording, answer.as_bytes());
    put(&mut recording, &device.sent.to_le_bytes());
    recording.extend(turns);
    recording
}
