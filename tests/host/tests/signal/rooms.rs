//! Rooms with many participants, and what a device hears in them.

use livekit_protocol as theirs;
use testkit::signal::{Told, frame, join, kept, message, receive, response};
use theirs::signal_response::Message;

use crate::client::{TOKEN, client, connect, joined};

fn participant(number: usize, metadata: usize) -> theirs::ParticipantInfo {
    theirs::ParticipantInfo {
        sid: format!("PA_{number}"),
        identity: format!("device-{number}"),
        name: format!("Device {number}"),
        state: theirs::participant_info::State::Active.into(),
        kind: theirs::participant_info::Kind::Agent.into(),
        client_protocol: 2,
        metadata: "m".repeat(metadata),
        attributes: [("floor".to_owned(), number.to_string())].into(),
        tracks: vec![theirs::TrackInfo { sid: "TR_1".into(), ..Default::default() }],
        ..Default::default()
    }
}

fn told(is_local: bool, info: &theirs::ParticipantInfo) -> Told {
    Told::Participant { is_local, info: Box::new(kept(info)) }
}

#[test]
fn fifty_participants_with_9_kb_each_go_through_a_buffer_of_1_kb() {
    let all: Vec<_> = (0..50).map(|number| participant(number, 9_000)).collect();
    let joined = theirs::JoinResponse {
        participant: Some(all[0].clone()),
        other_participants: all[1..].to_vec(),
        ..Default::default()
    };
    let bytes = message(&response(Message::Join(joined)));
    assert!(bytes.len() > 450_000);
    let mut expected = vec![told(true, &all[0])];
    expected.extend(all[1..].iter().map(|info| told(false, info)));
    expected.push(Told::Joined);
    for size in [1, 536, 1_460, bytes.len()] {
        let mut client = client(1_024);
        let head = connect(&mut client, 0);
        receive(&mut client, &head, 0);
        let pieces = bytes.chunks(size).flat_map(|piece| receive(&mut client, piece, 0).0);
        assert_eq!(pieces.collect::<Vec<_>>(), expected);
    }
}

#[test]
fn what_a_participant_has_beyond_the_buffer_is_left_out() {
    let mut info = participant(1, 0);
    info.attributes = [("long".to_owned(), "v".repeat(300))].into();
    let update = theirs::ParticipantUpdate { participants: vec![info.clone()] };
    let bytes = message(&response(Message::Update(update)));
    info.attributes.clear();
    assert_eq!(receive(&mut joined(200, 0), &bytes, 0), (vec![told(false, &info)], None));
}

#[test]
fn a_new_token_is_kept_and_one_that_is_none_is_told() {
    let mut client = joined(100, 0);
    let bytes = |token: &str| message(&response(Message::RefreshToken(token.to_owned())));
    assert_eq!(receive(&mut client, &bytes("new"), 0), (vec![], None));
    assert_eq!(client.token(), "new");
    // Longer than the token's memory; than the buffer; no token at all.
    for token in ["t".repeat(65), "t".repeat(101), String::new(), "a b".to_owned()] {
        let skipped = Told::Skipped("refresh_token", token.len());
        assert_eq!(receive(&mut client, &bytes(&token), 0), (vec![skipped], None));
        assert_eq!(client.token(), "new");
    }
    // It is the next request's.
    let mut out = [0; 1_000];
    let (url, options) = (crate::client::url(), Default::default());
    let request = client.connect(&url, crate::client::OFFER, &options, &[0; 16], 0, &mut out);
    let request = String::from_utf8(request.expect("it fits").to_vec()).expect("ASCII");
    assert!(request.contains("\r\nAuthorization: Bearer new\r\n") && !request.contains(TOKEN));
}

#[test]
fn a_move_to_another_room_brings_its_token() {
    let moved = theirs::RoomMovedResponse {
        room: Some(theirs::Room { name: "other".into(), ..Default::default() }),
        token: "moved".into(),
        participant: Some(participant(0, 5)),
        other_participants: vec![participant(1, 5)],
    };
    let mut client = joined(200, 0);
    let bytes = message(&response(Message::RoomMoved(moved)));
    let (events, error) = receive(&mut client, &bytes, 0);
    let (own, other) = (told(true, &participant(0, 5)), told(false, &participant(1, 5)));
    assert_eq!((events, error), (vec![Told::Moved, own, other], None));
    assert_eq!(client.token(), "moved");
}

#[test]
fn a_move_whose_token_has_no_space_is_told() {
    let moved = theirs::RoomMovedResponse { token: "t".repeat(65), ..Default::default() };
    let bytes = message(&response(Message::RoomMoved(moved)));
    for buf in [64, 65] {
        let mut client = joined(buf, 0);
        let told = vec![Told::Moved, Told::Skipped("room_moved.token", 65)];
        assert_eq!(receive(&mut client, &bytes, 0), (told, None));
        assert_eq!(client.token(), TOKEN);
    }
}

#[test]
fn what_comes_before_the_join_is_of_another_connection() {
    let mut client = client(200);
    let head = connect(&mut client, 0);
    let update = theirs::ParticipantUpdate { participants: vec![participant(1, 0)] };
    let early = message(&response(Message::Update(update)));
    let token = message(&response(Message::RefreshToken("early".into())));
    let bytes = [&head[..], &early, &token, &join(), &early].concat();
    let expected = vec![Told::Joined, told(false, &participant(1, 0))];
    assert_eq!(receive(&mut client, &bytes, 0), (expected, None));
    assert_eq!(client.token(), TOKEN);
}

#[test]
fn a_reconnect_opens_the_connection_and_text_is_nothing() {
    let mut client = client(200);
    let head = connect(&mut client, 0);
    let again = theirs::ReconnectResponse { last_message_seq: u32::MAX, ..Default::default() };
    let again = message(&response(Message::Reconnect(again)));
    let bytes = [&head[..], &frame(0x81, b"{\"text\":1}"), &again, &frame(0x82, b"")].concat();
    assert_eq!(receive(&mut client, &bytes, 0), (vec![Told::Resumed(u32::MAX)], None));
    assert!(client.is_open());
}

#[test]
fn a_resume_without_a_number_says_that_nothing_was_received() {
    let mut client = client(200);
    // prost leaves the 0 out, as Go does.
    for last_message_seq in [5, 0, 7] {
        let head = connect(&mut client, 0);
        let again = theirs::ReconnectResponse { last_message_seq, ..Default::default() };
        let bytes = [head, message(&response(Message::Reconnect(again)))].concat();
        assert_eq!(receive(&mut client, &bytes, 0), (vec![Told::Resumed(last_message_seq)], None));
    }
}

#[test]
fn a_leave_says_what_to_do_also_of_older_servers() {
    for (can_reconnect, action, expected) in
        [(false, 0, 0), (true, 0, 2), (false, 1, 1), (true, 1, 1), (false, 2, 2), (true, 9, 9)]
    {
        let reason = theirs::DisconnectReason::ServerShutdown.into();
        let leave = theirs::LeaveRequest { can_reconnect, reason, action, regions: None };
        let bytes = message(&response(Message::Leave(leave)));
        let told = vec![Told::Leave { reason, action: expected }];
        assert_eq!(receive(&mut joined(200, 0), &bytes, 0), (told.clone(), None));
        // Also instead of a join.
        let mut client = client(200);
        let head = connect(&mut client, 0);
        let bytes = [&head[..], &bytes].concat();
        assert_eq!(receive(&mut client, &bytes, 0), (told, None));
    }
}
