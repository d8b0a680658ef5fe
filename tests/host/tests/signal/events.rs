//! Every message that a server can send, cut in any pieces: what is told is what prost decodes.

use fastrand::Rng;
use livekit_protocol as theirs;
use prost::Message as _;
use prost_reflect::ReflectMessage as _;
use testkit::peer::POOL;
use testkit::signal::{Told, expected, frame, receive};
use testkit::{corpus, random};
use theirs::signal_response::Message;

use crate::client::{TOKEN, TOKEN_BYTES, joined};

/// Gives a client bytes in random pieces. Pings are answered between them, or not.
fn in_pieces(rng: &mut Rng, buf: usize, mut bytes: &[u8]) -> (Vec<Told>, String) {
    let mut client = joined(buf, 0);
    let (mut told, mut out) = (vec![], [0; 140]);
    let most = [1, 2, 7, 100, 5_000][rng.usize(..5)];
    while !bytes.is_empty() {
        let (piece, rest) = bytes.split_at(rng.usize(1..=most.min(bytes.len())));
        let (more, error) = receive(&mut client, piece, 0);
        assert_eq!(error, None);
        told.extend(more);
        if rng.bool() {
            while client.poll(0, [0; 4], &mut out).expect("it stands").is_some() {}
        }
        bytes = rest;
    }
    (told, client.token().to_owned())
}

/// A message in a random number of frames, with control frames between them and text around.
fn in_frames(rng: &mut Rng, mut message: &[u8]) -> Vec<u8> {
    let (mut bytes, mut opcode) = (vec![], 2);
    loop {
        while rng.u8(..4) == 0 {
            let payload = vec![b'p'; rng.usize(..=125)];
            bytes.extend(frame(0x80 | rng.u8(9..=10), &payload));
        }
        let len = if rng.bool() { message.len() } else { rng.usize(..=message.len().min(300)) };
        let (part, rest) = message.split_at(len);
        if rest.is_empty() && rng.bool() {
            bytes.extend(frame(0x80 | opcode, part));
            return bytes;
        }
        bytes.extend(frame(opcode, part));
        (opcode, message) = (0, rest);
    }
}

/// Returns how many events were told.
fn check(name: &str, rng: &mut Rng, bytes: &[u8]) -> usize {
    let message = theirs::SignalResponse::decode(bytes).expect("it is protobuf");
    let (events, token) = expected(&message, TOKEN_BYTES);
    let token = token.unwrap_or(TOKEN.to_owned());
    for _ in 0..3 {
        let frames = in_frames(rng, bytes);
        let told = in_pieces(rng, 1 << 17, &frames);
        assert_eq!(told, (events.clone(), token.clone()), "{name}");
    }
    // Through a small buffer less is told, but the same whatever the pieces.
    for buf in [0, 40, 300] {
        let whole = in_pieces(&mut Rng::with_seed(5), buf, &frame(0x82, bytes));
        let frames = in_frames(rng, bytes);
        assert_eq!(in_pieces(rng, buf, &frames), whole, "{name}, {buf}");
        let end = matches!(message.message, Some(Message::Join(_))).then_some(Told::Joined);
        assert!(!whole.0.contains(&Told::Malformed), "{name}, {buf}");
        assert_eq!(whole.0.last().filter(|_| end.is_some()), end.as_ref(), "{name}, {buf}");
    }
    events.len()
}

#[test]
fn recorded_messages_say_what_prost_decodes() {
    let mut rng = Rng::with_seed(1);
    let recorded = corpus::messages().filter(|it| it.message == "livekit.SignalResponse");
    let events: Vec<_> = recorded.map(|it| check(&it.name, &mut rng, &it.bytes)).collect();
    println!("{} recorded messages, {} events", events.len(), events.iter().sum::<usize>());
    assert!(events.len() > 40 && events.iter().filter(|count| **count > 0).count() > 30);
}

#[test]
fn random_messages_say_what_prost_decodes() {
    let mut rng = Rng::with_seed(2);
    let descriptor = POOL.get_message_by_name("livekit.SignalResponse").expect("it is one");
    let mut kinds = std::collections::BTreeMap::new();
    for index in 0..2_000 {
        let message = random::message(&descriptor, index);
        let member = descriptor.oneofs().flat_map(|it| it.fields().collect::<Vec<_>>());
        let member = member.into_iter().find(|field| message.has_field(field));
        let name = member.map(|field| field.name().to_owned()).unwrap_or_default();
        let mut bytes = message.encode_to_vec();
        // The order of what LiveKit's own crate writes: a map entry without its value, for one.
        if index % 2 == 0 {
            bytes = theirs::SignalResponse::decode(&bytes[..]).expect("it is one").encode_to_vec();
        }
        *kinds.entry(name.clone()).or_insert(0) +=
            check(&format!("{name} {index}"), &mut rng, &bytes);
        assert_eq!(message.descriptor(), descriptor);
    }
    println!("events: {kinds:?}");
    for name in ["join", "update", "answer", "trickle", "leave", "reconnect", "room_moved"] {
        assert!(kinds[name] > 30, "{kinds:?}");
    }
    for name in ["request_response", "publish_data_track_response", "refresh_token"] {
        assert!(kinds[name] > 30, "{kinds:?}");
    }
}
