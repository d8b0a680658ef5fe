//! Streams: all packets of one are encrypted, or none.

use livekit_micro::data::StreamError;
use livekit_micro::e2ee::{OpenError, Policy};

use super::*;

/// A packet of a stream, encrypted (with this type) or not.
#[derive(Clone, Copy)]
enum Kind {
    Encrypted(i32),
    Plain,
}

fn of(kind: Kind, sequence: u32, value: Value) -> Vec<u8> {
    match kind {
        Kind::Plain => packet(ALICE, sequence, value),
        Kind::Encrypted(encryption_type) => {
            let encrypted = EncryptedPacket { encryption_type, ..encrypt(&KEY, 0, value) };
            packet(ALICE, sequence, Value::EncryptedPacket(encrypted))
        }
    }
}

#[test]
fn a_stream_of_both_kinds_fails() {
    use Kind::{Encrypted as E, Plain};
    for (kinds, is_whole) in [
        ([E(1), E(1), E(1)], true),
        ([E(0), E(0), E(0)], true),
        ([E(1), E(0), E(2)], true), // was it encrypted: the number is not looked at
        ([Plain, Plain, Plain], true),
        ([E(0), Plain, E(0)], false),
        ([E(1), Plain, E(1)], false),
        ([E(1), E(1), Plain], false),
        ([Plain, E(1), Plain], false),
        ([Plain, Plain, E(1)], false),
    ] {
        let mut device = device();
        device.e2ee().policy = Policy::Accept;
        let values = [Value::StreamHeader(header("a")), chunk("a", 0, b"x"), trailer("a", "")];
        let mut ends = Vec::new();
        for (sequence, (kind, value)) in (1..).zip(kinds.into_iter().zip(values)) {
            if let Seen::Stream(part) = received(&mut device, of(kind, sequence, value)).0 {
                assert_eq!(device.was_encrypted(), matches!(kind, E(_)));
                ends.extend(part.closed);
            }
        }
        let end = match is_whole {
            true => End::Complete(Vec::new()),
            false => End::Failed(StreamError::EncryptionTypeMismatch),
        };
        assert_eq!(ends, [end]);
    }
}

/// Under `Require` what is not encrypted does not even end the stream.
#[test]
fn an_injected_chunk_does_not_reach_an_encrypted_stream() {
    let mut device = device();
    let stream = |content: &[u8]| Part { content: content.into(), ..Part::default() };
    received(&mut device, sealed(1, Value::StreamHeader(header("a"))));
    let injected = packet(ALICE, 2, chunk("a", 0, b"injected"));
    assert_eq!(received(&mut device, injected).0, refused(OpenError::Unencrypted));
    let seen = received(&mut device, sealed(3, chunk("a", 0, b"x"))).0;
    assert_eq!(seen, Seen::Stream(stream(b"x")));
    // Nor through a window, which takes unencrypted chunks only.
    let injected = packet(ALICE, 4, chunk("a", 1, &[b'i'; 900]));
    assert!(device.receive_window(&injected[..128], Some(injected.len()), 0).is_none());
    assert!(device.receive_more(&injected[128..]).is_none() && !device.was_encrypted());
    let seen = received(&mut device, sealed(5, chunk("a", 1, b"y"))).0;
    assert_eq!(seen, Seen::Stream(Part { offset: 1, ..stream(b"y") }));
}

#[test]
fn an_encrypted_chunk_is_not_taken_through_a_window() {
    let mut device = device();
    received(&mut device, sealed(1, Value::StreamHeader(header("a"))));
    let frame = sealed(2, chunk("a", 0, &[b'x'; 900]));
    assert!(device.receive_window(&frame[..128], Some(frame.len()), 0).is_none());
    // Whole it is, afterwards.
    assert!(
        matches!(received(&mut device, frame).0, Seen::Stream(part) if part.content.len() == 900)
    );
}

#[test]
fn the_key_may_change_while_a_stream_is_open() {
    let mut device = device();
    let new = b"another 16 bytes";
    received(&mut device, sealed(1, Value::StreamHeader(header("a"))));
    device.e2ee().keys.set(1, Key::new(*new)).expect("an index below 16");
    // The sender changes it later than this device.
    let mut seen = vec![received(&mut device, sealed(2, chunk("a", 0, b"old"))).0];
    let value = Value::EncryptedPacket(encrypt(new, 1, chunk("a", 1, b"new")));
    seen.push(received(&mut device, packet(ALICE, 3, value)).0);
    let value = Value::EncryptedPacket(encrypt(new, 1, trailer("a", "")));
    seen.push(received(&mut device, packet(ALICE, 4, value)).0);
    let content =
        |offset, content: &[u8]| Part { offset, content: content.into(), ..<_>::default() };
    let end = Part { closed: Some(End::Complete(Vec::new())), ..content(6, b"") };
    let expected = [content(0, b"old"), content(3, b"new"), end];
    assert_eq!(seen, expected.map(Seen::Stream));
    // A key that is forgotten opens nothing any more.
    assert!(device.e2ee().keys.remove(0));
    let late = received(&mut device, sealed(5, user(b"x"))).0;
    assert_eq!(late, refused(OpenError::NoKey { key_index: 0 }));
}

/// A server and a participant with a key of its own together cannot put content into another's stream.
#[test]
fn a_chunk_of_another_key_does_not_reach_an_encrypted_stream() {
    use livekit_micro::e2ee::ParticipantKeys;
    let (alice, bob) = (*b"alice's 16 bytes", *b"bob's   16 bytes");
    let mut device: Encrypted<ParticipantKeys<2>> =
        Session::with_encryption(E2ee::new(ParticipantKeys::new()));
    let keys = &mut device.e2ee().keys;
    keys.set("pa_alice0000000", 0, Key::new(alice)).expect("there is space");
    keys.set("pa_bob000000000", 0, Key::new(bob)).expect("there is space");
    // Bob's identity and key, Alice's sid.
    let of_bob = |value| {
        let value = Value::EncryptedPacket(encrypt(&bob, 0, value));
        let mut packet = theirs::DataPacket::decode(&packet(ALICE, 0, value)[..]).unwrap();
        packet.participant_identity = BOB.to_lowercase();
        packet.encode_to_vec()
    };
    let of_alice = |value| packet(ALICE, 0, Value::EncryptedPacket(encrypt(&alice, 0, value)));
    received(&mut device, of_alice(Value::StreamHeader(header("a"))));
    assert_eq!(received(&mut device, of_bob(chunk("a", 0, b"injected"))).0, Seen::Nothing);
    assert_eq!(received(&mut device, of_bob(trailer("a", "gone"))).0, Seen::Nothing);
    let seen = received(&mut device, of_alice(chunk("a", 0, b"x"))).0;
    assert_eq!(seen, Seen::Stream(Part { content: b"x".to_vec(), ..Part::default() }));
}
