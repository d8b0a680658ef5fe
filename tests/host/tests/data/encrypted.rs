//! Encrypted packets. On the other end: RustCrypto's AES-GCM around prost's messages, and recorded packets.

mod hostile;
mod policy;
#[cfg(feature = "peers")]
mod recorded;
mod sending;
mod streams;

use aes_gcm::Aes128Gcm;
use aes_gcm::aead::{Aead, KeyInit};
use livekit_micro::data::{Channel, Incoming, Resend, Rpc, Session};
use livekit_micro::e2ee::{E2ee, Key, KeyRing};
use livekit_protocol::data_packet::Value;
use livekit_protocol::{self as theirs, EncryptedPacket, EncryptedPacketPayload};
use livekit_protocol::{UserPacket, encrypted_packet_payload};
use prost_reflect::prost::Message as _;

use crate::frames::*;

const KEY: [u8; 16] = *b"everybody has it";
const ALICE: &str = "PA_alice0000000";
const BOB: &str = "PA_bob000000000";

type Encrypted<P = KeyRing<2>> = Session<Incoming<Wanted, 2>, Rpc<2>, Resend<1024>, E2ee<P>>;

/// A device with the key, at index 0, and random bits.
fn device() -> Encrypted {
    let mut device = Encrypted::with_encryption(E2ee::new(KeyRing::new()));
    device.e2ee().keys.set(0, Key::new(KEY)).expect("an index below 16");
    device.e2ee().seed(*b"12345678");
    device
}

fn user(payload: &[u8]) -> Value {
    let (payload, topic) = (payload.to_vec(), Some("unit".into()));
    Value::User(UserPacket { payload, topic, ..Default::default() })
}

/// What becomes of such a user packet of Alice's.
fn data(payload: &[u8]) -> Seen {
    Seen::Data { from: ALICE.to_lowercase(), topic: "unit".into(), payload: payload.into() }
}

fn refused(error: livekit_micro::e2ee::OpenError) -> Seen {
    Seen::Refused { from: ALICE.to_lowercase(), error }
}

/// Encrypts as LiveKit's SDKs do.
fn encrypt(key: &[u8; 16], key_index: u32, value: Value) -> EncryptedPacket {
    use encrypted_packet_payload::Value as Payload;
    let value = Some(match value {
        Value::User(it) => Payload::User(it),
        Value::ChatMessage(it) => Payload::ChatMessage(it),
        Value::RpcRequest(it) => Payload::RpcRequest(it),
        Value::RpcAck(it) => Payload::RpcAck(it),
        Value::RpcResponse(it) => Payload::RpcResponse(it),
        Value::StreamHeader(it) => Payload::StreamHeader(it),
        Value::StreamChunk(it) => Payload::StreamChunk(it),
        Value::StreamTrailer(it) => Payload::StreamTrailer(it),
        other => panic!("SDKs do not encrypt {other:?}"),
    });
    let iv: Vec<u8> = (0..12).map(|_| fastrand::u8(..)).collect();
    let plaintext = EncryptedPacketPayload { value }.encode_to_vec();
    let cipher = Aes128Gcm::new(key.into());
    let encrypted_value = cipher.encrypt(iv[..].into(), &plaintext[..]).expect("it encrypts");
    EncryptedPacket { encryption_type: 1, iv, key_index, encrypted_value }
}

fn plaintext(key: &[u8; 16], packet: &EncryptedPacket) -> Vec<u8> {
    let cipher = Aes128Gcm::new(key.into());
    let plaintext = cipher.decrypt(packet.iv[..].into(), &packet.encrypted_value[..]);
    plaintext.expect("it is of this key")
}

/// Decrypts as LiveKit's SDKs do.
fn decrypt(key: &[u8; 16], packet: &EncryptedPacket) -> Value {
    use encrypted_packet_payload::Value as Payload;
    match EncryptedPacketPayload::decode(&plaintext(key, packet)[..]).expect("a payload").value {
        Some(Payload::User(it)) => Value::User(it),
        Some(Payload::ChatMessage(it)) => Value::ChatMessage(it),
        Some(Payload::RpcRequest(it)) => Value::RpcRequest(it),
        Some(Payload::RpcAck(it)) => Value::RpcAck(it),
        Some(Payload::RpcResponse(it)) => Value::RpcResponse(it),
        Some(Payload::StreamHeader(it)) => Value::StreamHeader(it),
        Some(Payload::StreamChunk(it)) => Value::StreamChunk(it),
        Some(Payload::StreamTrailer(it)) => Value::StreamTrailer(it),
        None => panic!("there is content"),
    }
}

/// An encrypted packet of Alice's, as the server passes it on.
fn sealed(sequence: u32, value: Value) -> Vec<u8> {
    let packet_of = encrypt(&KEY, 0, value);
    packet(ALICE, sequence, Value::EncryptedPacket(packet_of))
}

/// What is sent: the packet without its content, the encrypted packet, and what is in it.
fn opened(frame: &[u8]) -> (theirs::DataPacket, EncryptedPacket, Value) {
    let mut packet = theirs::DataPacket::decode(frame).expect("prost reads it");
    match packet.value.take() {
        Some(Value::EncryptedPacket(it)) => {
            let value = decrypt(&KEY, &it);
            (packet, it, value)
        }
        other => panic!("not encrypted: {other:?}"),
    }
}

/// A sent frame as the server passes it on, as Alice's.
fn forwarded(frame: &[u8]) -> Vec<u8> {
    let sent = theirs::DataPacket::decode(frame).expect("a packet");
    packet(ALICE, sent.sequence, sent.value.expect("it has content"))
}

/// What comes of a reliable frame, and the frames that are sent for it.
fn received<P: livekit_micro::e2ee::KeyProvider>(
    device: &mut Encrypted<P>,
    mut frame: Vec<u8>,
) -> (Seen, Vec<Vec<u8>>) {
    let mut out = [0; 1024];
    let (event, replies) =
        device.receive(Channel::Reliable, &mut frame, 0, &mut out).expect("a packet");
    (seen(event), replies.map(<[u8]>::to_vec).collect())
}
