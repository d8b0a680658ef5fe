//! User packets: limits, numbers, duplicates, and what is kept for a resume.

use livekit_micro::data::{Channel, Data, LocalParticipant, Resend, SendError, Session};
use livekit_protocol::data_packet::Value;
use livekit_protocol::{self as theirs, UserPacket};
use prost_reflect::prost::Message as _;

use crate::frames::*;

const ALICE: &str = "PA_alice0000000";

fn user(payload: &[u8], topic: Option<&str>) -> Value {
    let (payload, topic) = (payload.to_vec(), topic.map(str::to_owned));
    Value::User(UserPacket { payload, topic, ..Default::default() })
}

fn decoded(frame: &[u8]) -> theirs::DataPacket {
    theirs::DataPacket::decode(frame).expect("prost reads it")
}

#[test]
fn a_published_packet_is_prosts_and_numbered() {
    let mut session: Session = Session::new();
    let mut buf = [0; 256];
    for (sequence, to) in [(1, &[][..]), (2, &["bob"]), (3, &["bob", "carol"])] {
        let data = Data { payload: b"21.5", topic: "unit", to };
        let packet = decoded(session.publish_data(&data, &mut buf).expect("it fits"));
        let expected = theirs::DataPacket {
            sequence,
            destination_identities: to.iter().map(|&it| it.to_owned()).collect(),
            value: Some(user(b"21.5", Some("unit"))),
            ..Default::default()
        };
        assert_eq!(packet, expected);
    }
    let lossy = decoded(session.publish_lossy_data(&Data::default(), &mut buf).expect("it fits"));
    assert_eq!((lossy.sequence, lossy.value), (0, Some(user(b"", None))));
    assert_eq!(session.local.last_sequence(), 3);
}

#[test]
fn what_receivers_do_not_take_is_not_made() {
    let mut session: Session = Session::new();
    let mut buf = vec![0; 70_000];
    let long = vec![0; 15_361];
    let publish = |session: &mut Session, data: &Data<'_>, buf: &mut [u8]| {
        session.publish_data(data, buf).map(<[u8]>::len)
    };
    let data = Data { payload: &long, ..Data::default() };
    let error = SendError::TooLong { field: "payload", len: 15_361, max: 15_360 };
    assert_eq!(publish(&mut session, &data, &mut buf), Err(error));
    let error = SendError::TooLong { field: "payload", len: 1_301, max: 1_300 };
    let lossy = Data { payload: &long[..1_301], ..Data::default() };
    assert_eq!(session.publish_lossy_data(&lossy, &mut buf).map(drop), Err(error));
    // So many receivers that the frame would close the channel.
    let identity = "i".repeat(1_000);
    let to = vec![identity.as_str(); 64];
    let data = Data { to: &to, ..Data::default() };
    let error = publish(&mut session, &data, &mut buf);
    assert!(
        matches!(error, Err(SendError::TooLong { field: "frame", max: 64_000, .. })),
        "{error:?}"
    );
    // A frame that was not made has used up no number.
    let data = Data { payload: b"four", ..Data::default() };
    let needed = publish(&mut session, &data, &mut [0; 64]).expect("it fits");
    let mut small = [0; 64];
    for available in 0..needed {
        let error = SendError::BufferTooSmall { needed, available };
        assert_eq!(publish(&mut session, &data, &mut small[..available]), Err(error));
    }
    assert_eq!(session.local.last_sequence(), 1);
}

#[test]
fn a_packet_is_received_once() {
    let mut device = Device::new();
    let frame = packet(ALICE, 7, user(b"21.5", Some("unit")));
    let payload = b"21.5".to_vec();
    let data = Seen::Data { from: ALICE.to_lowercase(), topic: "unit".into(), payload };
    assert_eq!(receive(&mut device, &frame, 0).0, data);
    assert_eq!(receive(&mut device, &frame, 1).0, Seen::Nothing);
    assert_eq!(device.receive_states().collect::<Vec<_>>(), [(ALICE.try_into().unwrap(), 7)]);
    // Lossy packets have no numbers; one that has gets through.
    let mut out = [];
    let event = device.receive(Channel::Lossy, &frame, 2, &mut out).expect("a packet").0;
    assert_eq!(seen(event), data);
    // Another participant counts for itself, and one that joins again has another sid.
    let again = packet("PA_alice0000001", 1, user(b"", None));
    assert_ne!(receive(&mut device, &again, 3).0, Seen::Nothing);
}

#[test]
fn packets_of_other_kinds_are_handed_on() {
    let mut device = Device::new();
    for (sequence, value) in [
        (1, Value::Metrics(Default::default())),
        (2, Value::SipDtmf(Default::default())),
        (3, Value::Transcription(Default::default())),
        (4, Value::EncryptedPacket(Default::default())),
    ] {
        assert_eq!(receive(&mut device, &packet(ALICE, sequence, value), 0).0, Seen::Other);
    }
    // A session without RPC and streams does not take theirs.
    let mut session: Session = Session::new();
    let ack = packet(ALICE, 5, Value::RpcAck(Default::default()));
    for frame in [ack, packet(ALICE, 6, chunk("a", 0, b"x")), Vec::new()] {
        let (event, _) = session.receive(Channel::Reliable, &frame, 0, &mut []).expect("a packet");
        assert_eq!(seen(event), Seen::Other);
    }
}

#[test]
fn malformed_packets_are_errors_at_the_wrong_byte() {
    let mut device = Device::new();
    let frame = packet(ALICE, 1, user(b"21.5", Some("unit")));
    let mut malformed = frame.clone();
    let at = frame.windows(4).position(|it| it == b"unit").expect("the topic") + 2;
    malformed[at] = 0xff;
    let error = device.receive(Channel::Reliable, &malformed, 0, &mut []).expect_err("no UTF-8");
    assert!(error.to_string().contains(&at.to_string()), "{error}");
    for end in 1..frame.len() {
        let mut device = Device::new();
        let result = device.receive(Channel::Reliable, &frame[..end], 0, &mut []);
        let whole = theirs::DataPacket::decode(&frame[..end]).is_ok();
        assert_eq!(result.is_ok(), whole, "cut at {end}");
    }
}

#[test]
fn what_the_server_has_not_received_is_sent_again() {
    let mut session: Session<(), (), Resend<512>> = Session::new();
    let mut buf = [0; 128];
    let mut sent = Vec::new();
    for n in 0..5 {
        let data = Data { payload: &[n; 20], ..Data::default() };
        sent.push(session.publish_data(&data, &mut buf).expect("it fits").to_vec());
    }
    let again = session.resume(3);
    assert_eq!((again.lost(), again.collect::<Vec<_>>()), (0, vec![&sent[3][..], &sent[4]]));
    // Too many for the ring: how many are lost is told.
    for n in 5..50 {
        let data = Data { payload: &[n; 20], ..Data::default() };
        session.publish_data(&data, &mut buf).expect("it fits");
    }
    let again = session.resume(3);
    let lost = again.lost();
    let numbers: Vec<u32> = again.map(|frame| decoded(frame).sequence).collect();
    assert_eq!(numbers, (4 + lost..=50).collect::<Vec<_>>());
    assert!((5..=50).contains(&numbers.len()), "{numbers:?}");
    // A new connection begins with 1.
    assert!(session.reset().is_none());
    let data = Data { payload: b"x", ..Data::default() };
    let frame = session.publish_data(&data, &mut buf).expect("it fits");
    assert_eq!(decoded(frame).sequence, 1);
    assert_eq!(LocalParticipant::<()>::new().last_sequence(), 0);
}

#[test]
fn logs_show_lengths_and_no_content() {
    let mut device = Device::new();
    let mut out = [0; 256];
    let frame = packet(ALICE, 1, user(b"secret", Some("unit")));
    let (event, replies) =
        device.receive(Channel::Reliable, &frame, 0, &mut out).expect("a packet");
    let text = format!("{event:?} {replies:?}");
    assert!(text.contains("unit") && text.contains("<6 bytes>"), "{text}");
    assert!(!text.contains("secret") && !text.contains("115"), "{text}");
}
