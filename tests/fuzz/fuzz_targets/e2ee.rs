//! Any frame for a session that requires encryption, beside RustCrypto's AES-GCM: what it opens they open, to the
//! same bytes, and what they do not open it refuses. What it sends they open.
#![no_main]

use aes_gcm::Aes128Gcm;
use aes_gcm::aead::{Aead, KeyInit};
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use livekit_micro::data::{Channel, Data, Event, Incoming, Rpc, SendError, Session, Topics};
use livekit_micro::e2ee::{E2ee, Key, KeyRing, OpenError};
use livekit_protocol::data_packet::Value;
use livekit_protocol::{self as theirs, EncryptedPacket, EncryptedPacketPayload};
use prost_reflect::prost::Message as _;

struct One;

impl Topics for One {
    const TOPICS: &'static [&'static str] = &["a"];
}

type Device = Session<Incoming<One, 1>, Rpc<1>, (), E2ee<KeyRing<2>>>;

/// By their index, and one that the device does not have.
const KEYS: [[u8; 16]; 3] = [[0; 16], [1; 16], [2; 16]];

fuzz_target!(|input: &[u8]| {
    let mut input = Unstructured::new(input);
    let mut device: Device = Session::with_encryption(E2ee::new(KeyRing::new()));
    for (index, key) in (0..2).zip(KEYS) {
        device.e2ee().keys.set(index, Key::new(key)).expect("an index below 16");
    }
    device.e2ee().seed([3; 8]);
    // Input that ends early has no more steps, which is no failure.
    while !input.is_empty() && step(&mut device, &mut input).is_ok() {}
});

fn step(device: &mut Device, input: &mut Unstructured) -> Result<()> {
    if input.ratio(1, 4)? {
        return send(device, input);
    }
    let mut frame = bytes(input)?;
    if input.ratio(15, 16)? {
        frame = theirs::DataPacket {
            value: Some(Value::EncryptedPacket(packet(frame, input)?)),
            participant_identity: "alice".into(),
            participant_sid: "PA_alice".into(),
            ..Default::default()
        }
        .encode_to_vec();
    }
    if input.ratio(1, 4)? && !frame.is_empty() {
        let at = input.choose_index(frame.len())?;
        frame[at] ^= 1 << input.int_in_range(0..=7)?;
    }
    receive(device, frame);
    Ok(())
}

/// Encrypts `plaintext` with one of the keys, for the index of one of them.
fn packet(plaintext: Vec<u8>, input: &mut Unstructured) -> Result<EncryptedPacket> {
    let cipher = Aes128Gcm::new(&KEYS[input.int_in_range(0..=2)?].into());
    let iv = [input.arbitrary()?; 12];
    Ok(EncryptedPacket {
        encryption_type: input.int_in_range(0..=2)?,
        iv: iv[..input.int_in_range(11..=12)?].to_vec(),
        key_index: input.int_in_range(0..=2)?,
        encrypted_value: cipher.encrypt(&iv.into(), &plaintext[..]).expect("it encrypts"),
    })
}

fn receive(device: &mut Device, frame: Vec<u8>) {
    let (mut opened, mut out) = (frame.clone(), [0; 512]);
    let Ok((event, _)) = device.receive(Channel::Lossy, &mut opened, 0, &mut out) else { return };
    // An identity that is no UTF-8 is an error for prost.
    let Ok(packet) = theirs::DataPacket::decode(&frame[..]) else { return };
    let encrypted = match packet.value {
        Some(Value::EncryptedPacket(it)) => it,
        Some(Value::Metrics(_) | Value::SipDtmf(_) | Value::Transcription(_)) | None => return,
        #[allow(deprecated)]
        Some(Value::Speaker(_)) => return,
        Some(_) => {
            assert!(
                matches!(event, Some(Event::Refused(it)) if it.error == OpenError::Unencrypted)
            );
            return;
        }
    };
    match (event, decrypt(&encrypted)) {
        (Some(Event::Refused(it)), None) => assert_ne!(it.error, OpenError::Unencrypted),
        // What was encrypted is not a protobuf message.
        (Some(Event::Refused(it)), Some(_)) => assert_eq!(it.error, OpenError::Malformed),
        (Some(Event::Data(data)), Some(plaintext)) => {
            let payload = EncryptedPacketPayload::decode(&plaintext[..]).expect("a payload");
            let Some(theirs::encrypted_packet_payload::Value::User(user)) = payload.value else {
                panic!("{payload:?}")
            };
            let topic = user.topic.unwrap_or_default();
            assert_eq!((data.payload, data.topic), (&user.payload[..], &topic[..]));
        }
        (Some(Event::Opened(opened)), Some(plaintext)) => assert_eq!(opened.payload, plaintext),
        (Some(Event::Other(_)), _) => panic!("it was not looked at"),
        (_, None) => panic!("it is of another key"),
        // Calls and streams: what is in them is the target `session`'s.
        (_, Some(_)) => assert!(device.was_encrypted()),
    }
}

fn decrypt(packet: &EncryptedPacket) -> Option<Vec<u8>> {
    let iv: [u8; 12] = packet.iv[..].try_into().ok()?;
    let key = KEYS[..2].get(packet.key_index as usize)?;
    Aes128Gcm::new(key.into()).decrypt(&iv.into(), &packet.encrypted_value[..]).ok()
}

fn send(device: &mut Device, input: &mut Unstructured) -> Result<()> {
    let (payload, mut buf) = (bytes(input)?, vec![0; input.int_in_range(0..=400)?]);
    let to: &[&str] = if input.arbitrary()? { &["bob"] } else { &[] };
    let data = Data { payload: &payload, topic: "t", to };
    let available = buf.len();
    match device.publish_data(&data, &mut buf) {
        Ok(frame) => {
            let packet = theirs::DataPacket::decode(frame).expect("prost reads it");
            let Some(Value::EncryptedPacket(encrypted)) = packet.value else { panic!() };
            assert_eq!(packet.destination_identities, to);
            let plaintext = decrypt(&encrypted).expect("it is of this key");
            let sent = EncryptedPacketPayload::decode(&plaintext[..]).expect("a payload").value;
            let Some(theirs::encrypted_packet_payload::Value::User(user)) = sent else { panic!() };
            assert_eq!((user.payload, user.topic.as_deref()), (payload, Some("t")));
        }
        Err(SendError::BufferTooSmall { needed, available: it }) => {
            assert!(it == available && needed > available);
            assert!(device.publish_data(&data, &mut vec![0; needed]).is_ok());
        }
        Err(error) => panic!("{error}"),
    }
    Ok(())
}

fn bytes(input: &mut Unstructured) -> Result<Vec<u8>> {
    let len = usize::from(input.arbitrary::<u8>()?).min(input.len());
    Ok(input.bytes(len)?.to_vec())
}
