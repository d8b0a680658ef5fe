//! Encrypted packets that nobody makes by accident.

use livekit_micro::DecodeError;
use livekit_micro::e2ee::OpenError;

use super::*;

fn frame_of(packet_of: EncryptedPacket) -> Vec<u8> {
    packet(ALICE, 1, Value::EncryptedPacket(packet_of))
}

#[test]
fn every_bit_of_what_is_encrypted_is_authenticated() {
    let good = encrypt(&KEY, 0, user(b"21.5"));
    for bit in 0..good.encrypted_value.len() * 8 {
        let mut bad = good.clone();
        bad.encrypted_value[bit / 8] ^= 1 << (bit % 8);
        let seen = received(&mut device(), frame_of(bad)).0;
        assert_eq!(seen, refused(OpenError::WrongKey), "bit {bit}");
    }
    for bit in 0..96 {
        let mut bad = good.clone();
        bad.iv[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(received(&mut device(), frame_of(bad)).0, refused(OpenError::WrongKey), "{bit}");
    }
    assert_eq!(received(&mut device(), frame_of(good)).0, data(b"21.5"));
}

/// Wherever a bit of the frame is wrong, what arrives is what was sent, or nothing; and what is wrong is told.
#[test]
fn no_bit_of_a_frame_changes_what_arrives() {
    let good = frame_of(encrypt(&KEY, 0, user(b"21.5")));
    for bit in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        let mut device = device();
        match device.receive(Channel::Reliable, &mut bad, 0, &mut [0; 512]) {
            Err(DecodeError::Malformed { .. }) => {}
            Err(error) => panic!("{error}"),
            Ok((event, _)) => match seen(event) {
                // The identity is the server's, and not authenticated.
                Seen::Data { topic, payload, .. } => {
                    assert_eq!((topic.as_str(), &payload[..]), ("unit", &b"21.5"[..]), "{bit}");
                }
                // Of another kind, as far as it can be read: unencrypted, or none.
                Seen::Refused { .. } | Seen::Other => {}
                other => panic!("bit {bit}: {other:?}"),
            },
        }
    }
}

#[test]
fn parts_of_the_wrong_length_are_malformed() {
    let good = encrypt(&KEY, 0, user(b"21.5"));
    for len in [0, 1, 11, 13, 16] {
        let bad = EncryptedPacket { iv: vec![7; len], ..good.clone() };
        assert_eq!(
            received(&mut device(), frame_of(bad)).0,
            refused(OpenError::Malformed),
            "{len}"
        );
    }
    for len in 0..good.encrypted_value.len() {
        let mut bad = good.clone();
        bad.encrypted_value.truncate(len);
        let error = if len < 16 { OpenError::Malformed } else { OpenError::WrongKey };
        assert_eq!(received(&mut device(), frame_of(bad)).0, refused(error), "{len}");
    }
    let empty = received(&mut device(), frame_of(EncryptedPacket::default())).0;
    assert_eq!(empty, refused(OpenError::Malformed));
}

#[test]
fn a_frame_that_ends_early_is_an_error_or_refused() {
    let good = frame_of(encrypt(&KEY, 0, user(b"21.5")));
    for end in 0..good.len() {
        let mut device = device();
        let mut bad = good[..end].to_vec();
        match device.receive(Channel::Reliable, &mut bad, 0, &mut []) {
            Err(DecodeError::Malformed { .. }) => {}
            // Ends before the encrypted packet.
            Ok((event, _)) => assert_eq!(seen(event), Seen::Other, "{end}"),
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn an_encrypted_packet_that_is_no_protobuf_is_malformed() {
    for body in
        [&b"\x12"[..], b"\x12\x0dtoo short", b"\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"]
    {
        let head = frame_of(EncryptedPacket::default());
        let mut frame = head.strip_suffix(&[0]).expect("the empty packet's length").to_vec();
        frame.push(body.len() as u8);
        frame.extend(body);
        assert_eq!(received(&mut device(), frame).0, refused(OpenError::Malformed), "{body:?}");
    }
}

/// Encrypts any bytes, as a participant that has the key can.
fn encrypted_bytes(plaintext: &[u8]) -> Vec<u8> {
    let iv = vec![3; 12];
    let cipher = Aes128Gcm::new(&KEY.into());
    let encrypted_value = cipher.encrypt(iv[..].into(), plaintext).expect("it encrypts");
    frame_of(EncryptedPacket { encryption_type: 1, iv, key_index: 0, encrypted_value })
}

#[test]
fn what_was_encrypted_may_be_anything() {
    for (plaintext, expected) in [
        (&b""[..], Some(&b""[..])),
        (b"\x7a\x00", Some(b"\x7a\x00")), // a kind of a later schema
        (b"\x92\x01\x00", Some(b"\x92\x01\x00")), // an encrypted packet in one
        (b"\x0a", None),
        (b"\x0a\x05four", None),
        (b"\xff\xff\xff", None),
    ] {
        let seen = received(&mut device(), encrypted_bytes(plaintext)).0;
        let from = ALICE.to_lowercase();
        assert_eq!(
            seen,
            match expected {
                Some(payload) => Seen::Opened { from, payload: payload.into() },
                None => refused(OpenError::Malformed),
            },
            "{plaintext:?}"
        );
    }
    // A member of which something is wrong is the same error as without encryption, at its byte.
    let mut frame = encrypted_bytes(b"\x0a\x04\x22\x02\xc3\x28");
    let at = frame.len() - 16 - 2;
    let mut device = device();
    let error = device.receive(Channel::Reliable, &mut frame, 0, &mut []).expect_err("no UTF-8");
    assert!(error.to_string().contains(&at.to_string()), "{error}");
}

/// The last member of a oneof counts, as everywhere in protobuf.
#[test]
fn a_packet_with_both_kinds_is_what_comes_last() {
    let (plain, encrypted) = (packet(ALICE, 1, user(b"plain")), sealed(1, user(b"encrypted")));
    let member = |frame: &[u8]| {
        let value = theirs::DataPacket::decode(frame).expect("a packet").value;
        theirs::DataPacket { value, ..Default::default() }.encode_to_vec()
    };
    let seen = received(&mut device(), [encrypted.clone(), member(&plain)].concat()).0;
    assert_eq!(seen, refused(OpenError::Unencrypted));
    let seen = received(&mut device(), [plain, member(&encrypted)].concat()).0;
    assert_eq!(seen, data(b"encrypted"));
}
