//! What logs say of messages and of errors. Which fields they leave out: redaction.rs.

#![cfg(feature = "messages")]

use livekit_micro::borrowed::data_stream::Trailer;
use livekit_micro::borrowed::{ParticipantInfo, ParticipantPermission, TrackInfo, UserPacket};
use livekit_micro::{
    CapacityKind, Decode, DecodeError, Encode, EncodeError, Malformed, OverCapacity, encoded_len,
    from_bytes, owned, to_slice,
};
use testkit::log::frame;

fn encode(message: &impl Encode) -> Vec<u8> {
    let mut buf = vec![0; encoded_len(message)];
    to_slice(message, &mut buf).expect("the buffer has that length").to_vec()
}

/// What is printed of a message of each family, and the bytes that are sent to a debug probe.
fn logged<'a, B, O>(encoded: &'a [u8]) -> [(String, Vec<u8>); 2]
where
    B: Decode<'a> + std::fmt::Debug + defmt::Format,
    O: Decode<'a> + std::fmt::Debug + defmt::Format,
{
    let (borrowed, owned) = (from_bytes::<B>(encoded), from_bytes::<O>(encoded));
    let (borrowed, owned) = (borrowed.expect("it is valid"), owned.expect("it is valid"));
    [(format!("{borrowed:?}"), frame(&borrowed)), (format!("{owned:?}"), frame(&owned))]
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

#[test]
fn enums_are_printed_by_name_and_submessages_by_length() {
    let track = |sid| TrackInfo { sid, ..Default::default() };
    let permission = ParticipantPermission { can_publish: true, ..Default::default() };
    let (tracks, details) = ([track("TR_a"), track("TR_bc")], [0.into(), 98.into()]);
    let info = ParticipantInfo {
        sid: "PA_a",
        state: 2.into(),
        kind: 99.into(),
        metadata: "secret",
        tracks: (&tracks).into(),
        attributes: (&[("a", "1"), ("b", "2")]).into(),
        kind_details: (&details).into(),
        permission: Some((&permission).into()),
        ..Default::default()
    };
    let encoded = encode(&info);
    let logged = logged::<ParticipantInfo<'_>, owned::ParticipantInfo>(&encoded);
    for (text, frame) in &logged {
        for part in [
            "ParticipantInfo { sid: \"PA_a\"",
            "state: ACTIVE",
            "kind: 99,",
            "metadata: <redacted (6 bytes)>",
            "attributes: <redacted (2 entries)>",
            "kind_details: [CLOUD_AGENT, 98]",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        for part in ["PA_a", "ACTIVE", "bytes", "entries", "CLOUD_AGENT"] {
            assert!(has(frame, part), "{part}: {frame:?}");
        }
        // The enum that has no name, and the length of what is redacted.
        assert!(frame.windows(4).any(|it| it == 98i32.to_le_bytes()), "{frame:?}");
        assert!(frame.windows(4).any(|it| it == 6u32.to_le_bytes()), "{frame:?}");
    }
    assert!(logged[0].0.contains("permission: Some(<2 bytes>)"), "{}", logged[0].0);
    assert!(logged[0].0.contains("tracks: [<6 bytes>, <7 bytes>]"), "{}", logged[0].0);
    assert!(logged[1].0.contains("tracks: [TrackInfo { sid: \"TR_a\""), "{}", logged[1].0);
    assert!(!has(&logged[0].1, "TR_a") && has(&logged[1].1, "TR_a"));
    assert!(has(&logged[0].1, ", ") && !has(&logged[0].1, ", , "));
    let (permission, track) = (info.permission.expect("it has one"), info.tracks.iter().next());
    for (frame, len) in [(frame(&permission), 2u32), (frame(&track.expect("it has one")), 6)] {
        assert!(has(&frame, "bytes"), "{frame:?}");
        assert!(frame.windows(4).any(|it| it == len.to_le_bytes()), "{frame:?}");
    }
    let tracks = frame(&info.tracks);
    assert_eq!(tracks.windows(5).filter(|it| it == b"bytes").count(), 2, "{tracks:?}");
    // As it is built, too.
    assert_eq!(format!("{info:?}"), logged[0].0);
}

#[test]
fn maps_are_printed_entry_by_entry() {
    let trailer = Trailer { attributes: (&[("a", "1"), ("b", "2")]).into(), ..Default::default() };
    let encoded = encode(&trailer);
    for (text, frame) in logged::<Trailer<'_>, owned::data_stream::Trailer>(&encoded) {
        assert!(text.contains("attributes: {\"a\": \"1\", \"b\": \"2\"}"), "{text}");
        let after = |from: &[u8], text: &str| {
            let at = from.windows(text.len()).position(|it| it == text.as_bytes());
            from[at.unwrap_or_else(|| panic!("{text}: {frame:?}"))..].to_vec()
        };
        // In this order.
        ["a", "1", ", ", "b", "2"].iter().fold(frame.clone(), |rest, text| after(&rest, text));
    }
}

#[test]
fn payloads_are_printed_as_their_length() {
    let packet = UserPacket { payload: b"12345", ..Default::default() };
    for (text, frame) in logged::<UserPacket<'_>, owned::UserPacket>(&encode(&packet)) {
        assert!(text.contains("payload: <5 bytes>"), "{text}");
        assert!(!has(&frame, "12345") && has(&frame, "bytes"), "{frame:?}");
    }
}

#[test]
fn errors_say_what_was_received_and_what_was_allowed() {
    let (packet, mut buf) = (UserPacket { payload: b"12345", ..Default::default() }, [0; 3]);
    let error = to_slice(&packet, &mut buf).expect_err("it takes 7 bytes");
    assert_eq!(error, EncodeError::BufferTooSmall { needed: 7, available: 3 });
    assert_eq!(error.to_string(), "the encoded message takes 7 bytes, the buffer has 3");

    let over = OverCapacity::new(&"livekit.UserPacket.payload", CapacityKind::Bytes, 9, 8);
    let text = "livekit.UserPacket.payload: 9 bytes received, capacity is 8; raise its limit";
    assert_eq!(DecodeError::Capacity(over).to_string(), text);
    assert_eq!(
        format!("{over:?}"),
        "OverCapacity { field: \"livekit.UserPacket.payload\", kind: Bytes, actual: 9, capacity: 8 }"
    );
    let sent = frame(&over);
    assert!(has(&sent, "livekit.UserPacket.payload"), "{sent:?}");
    for number in [9u32, 8] {
        assert!(sent.windows(4).any(|it| it == number.to_le_bytes()), "{number}: {sent:?}");
    }

    for (kind, text) in [
        (Malformed::Truncated, "truncated inside a field"),
        (Malformed::Varint, "a varint of more than 64 bits"),
        (Malformed::Utf8, "a string is not UTF-8"),
        (Malformed::FieldNumber, "a field number out of range"),
        (Malformed::WireType, "a wire type that does not exist"),
        (Malformed::Group, "a group whose end tag does not match"),
        (Malformed::Nesting, "nested too deep"),
        (Malformed::SplitSubmessage, "the same field in two parts of a submessage"),
    ] {
        let error = DecodeError::Malformed { kind, offset: 7 };
        assert_eq!(error.to_string(), format!("malformed message: {text}, at byte 7"));
    }
}
