//! Joins, up to where the peer connection begins.

use livekit_micro::borrowed::participant_info::State;
use livekit_micro::borrowed::{ParticipantInfo, SignalRequest};
use livekit_micro::participant::peer::sdp::Description;
use livekit_micro::participant::{Error, Event, RemoteParticipants, SendError};
use livekit_protocol as theirs;
use testkit::signal::{accepted, join, message, response};
use theirs::signal_request::Message as Request;
use theirs::signal_response::Message;

use crate::device::{Device, Did, TOKEN, config};
use crate::server::{
    accept, addresses, admit, answer, join_request, refuse, request, signalled, trickle,
};

#[test]
fn a_device_asks_for_a_connection_and_sends_its_offer_over_it() {
    let mut device = Device::joining(config(), 0);
    assert_eq!(device.turn(), [Did::Connect]);
    assert_eq!(device.wait(5_000), []);
    let bytes = device.open();
    assert_eq!(request(&bytes).1, TOKEN);
    let read = join_request(&bytes);
    let offer = read.publisher_offer.expect("an offer");
    assert_eq!((offer.r#type.as_str(), offer.id), ("offer", 1));
    assert!(Description::read(&offer.sdp).is_ok(), "{}", offer.sdp);
    assert!(!read.reconnect && !device.participant.is_connected());
}

#[test]
fn candidates_before_the_answer_are_tried_after_it() {
    let mut device = Device::joining(config(), 0);
    device.turn();
    admit(&mut device);
    assert_eq!(device.receive(&trickle("udp", "192.0.2.1 4001")), []);
    assert_eq!(device.receive(&trickle("tcp", "192.0.2.2 4002")), [], "the socket is of UDP");
    // An answer to an offer before, or to one that was not made.
    for id in [2, 7] {
        assert_eq!(device.receive(&answer(id, "")), []);
        assert_eq!(addresses(&device.wait(1_000)), [""; 0]);
    }
    let line = "a=candidate:2 1 udp 2130706430 192.0.2.3 4003 typ host\r\n";
    let mut did = device.receive(&answer(1, line));
    did.extend(device.receive(&trickle("udp", "192.0.2.4 4004")));
    did.extend(device.wait(2_000));
    let expected = ["192.0.2.1:4001", "192.0.2.3:4003", "192.0.2.4:4004"];
    assert_eq!(addresses(&did), expected);
}

#[test]
fn an_answer_without_a_number_is_to_the_last_offer() {
    let mut config = config();
    config.server_ip = Some([203, 0, 113, 7].into());
    let mut device = Device::joining(config, 0);
    device.turn();
    admit(&mut device);
    let mut did = device.receive(&answer(0, ""));
    did.extend(device.receive(&trickle("udp", "192.0.2.1 4001")));
    did.extend(device.wait(1_000));
    // The address is the one that was configured.
    assert_eq!(addresses(&did), ["203.0.113.7:4001"]);
}

#[test]
fn an_answer_that_is_none_is_asked_for_again() {
    let mut device = Device::joining(config(), 0);
    device.turn();
    admit(&mut device);
    let text = theirs::SessionDescription { sdp: "v=0\r\n".into(), id: 1, ..Default::default() };
    let bytes = message(&response(Message::Answer(text)));
    assert_eq!(device.receive(&bytes), [Did::Close]);
    let (_, did) = device.wait_for(|_| true);
    assert_eq!(did, Did::Connect);
    // Another offer, with another number; the answer to the one before is none to it.
    let bytes = admit(&mut device);
    assert_eq!(join_request(&bytes).publisher_offer.expect("an offer").id, 2);
    device.receive(&answer(1, ""));
    device.receive(&trickle("udp", "192.0.2.1 4001"));
    assert_eq!(addresses(&device.wait(1_000)), [""; 0]);
}

#[test]
fn a_server_of_before_is_offered_after_it_has_let_the_device_in() {
    let mut device = Device::joining(config(), 0);
    device.turn();
    device.open();
    // At once: there is nothing to wait for.
    assert_eq!(device.receive(&refuse(404)), [Did::Close, Did::Connect]);
    let bytes = device.open();
    let (target, token) = request(&bytes);
    assert!(target.starts_with("/rtc?") && target.contains("protocol="), "{target}");
    assert_eq!(token, TOKEN);
    assert_eq!(device.receive(&accepted(&bytes)), []);
    let did = device.receive(&join());
    let [Did::Signal(frame)] = &did[..] else { panic!("{did:?}") };
    let Request::Offer(offer) = signalled(frame) else { panic!("no offer") };
    assert!(Description::read(&offer.sdp).is_ok());
    let mut did = device.receive(&answer(offer.id, ""));
    did.extend(device.receive(&trickle("udp", "192.0.2.1 4001")));
    did.extend(device.wait(500));
    assert_eq!(addresses(&did), ["192.0.2.1:4001"]);
}

#[test]
fn the_others_are_told_and_the_sid_is_known() {
    let info = |identity: &str| theirs::ParticipantInfo {
        sid: format!("PA_{identity}"),
        identity: identity.to_owned(),
        ..Default::default()
    };
    let join = theirs::JoinResponse {
        participant: Some(info("device")),
        other_participants: vec![info("alice"), info("bob")],
        ..Default::default()
    };
    let mut device = Device::joining(config(), 0);
    device.turn();
    accept(&mut device);
    assert_eq!(device.participant.sid(), "");
    let told = |is_local, identity: &str| Did::Participant { is_local, identity: identity.into() };
    assert_eq!(
        device.receive(&message(&response(Message::Join(join)))),
        [told(true, "device"), told(false, "alice"), told(false, "bob")]
    );
    assert_eq!(device.participant.sid(), "PA_device");
    let left = theirs::ParticipantInfo {
        state: theirs::participant_info::State::Disconnected.into(),
        ..info("bob")
    };
    let update = theirs::ParticipantUpdate { participants: vec![left] };
    let bytes = message(&response(Message::Update(update)));
    assert_eq!(device.receive(&bytes), [told(false, "bob")]);
    let moved = theirs::RoomMovedResponse {
        token: "moved".into(),
        participant: Some(info("other")),
        ..Default::default()
    };
    let bytes = message(&response(Message::RoomMoved(moved)));
    assert_eq!(device.receive(&bytes), [Did::Moved, told(true, "other")]);
    assert_eq!((device.participant.sid(), device.participant.token()), ("PA_other", "moved"));
}

#[test]
fn a_request_is_kept_until_the_room_is_joined_and_there_is_space_for_one() {
    let mut device = Device::new(fastrand::fill, 0);
    let attributes = [("state", "idle")];
    assert_eq!(device.participant.set_attributes(&attributes), Err(SendError::NotConnected));
    device.participant.join(config(), TOKEN, 0).expect("the token is one");
    // One that is too long says so, and takes no space.
    let long = "x".repeat(200);
    let Err(SendError::TooLong { needed: 200.., max: 128 }) = device.participant.set_name(&long)
    else {
        panic!("it is too long")
    };
    assert_eq!(device.participant.set_attributes(&attributes), Ok(1));
    assert_eq!(device.participant.set_name("device"), Err(SendError::Full));
    assert_eq!(device.participant.request(&SignalRequest::new()), Err(SendError::Full));
    // What was before another join is forgotten.
    device.participant.join(config(), TOKEN, 0).expect("the token is one");
    assert_eq!(device.participant.set_name("device"), Ok(2));
}

#[test]
fn others_are_kept_as_far_as_there_are_places() {
    let mut others = RemoteParticipants::<2, 8>::new();
    let mut tell = |is_local, sid, identity, state| {
        let info =
            ParticipantInfo { sid, identity, state, client_protocol: 2, ..ParticipantInfo::new() };
        others.update(&Event::Participant { is_local, info });
        let kept: Vec<_> =
            others.iter().map(|it| format!("{} {}", it.identity(), it.sid())).collect();
        (kept.join(", "), others.missed())
    };
    let told = |kept: &str, missed| (kept.to_owned(), missed);
    assert_eq!(tell(true, "PA_1", "device", State::Joining), told("", 0));
    assert_eq!(tell(false, "PA_2", "alice", State::Active), told("alice PA_2", 0));
    // Updates tell of this participant, too.
    assert_eq!(tell(false, "PA_1", "device", State::Active), told("alice PA_2", 0));
    assert_eq!(tell(false, "PA_3", "bob", State::Joined), told("alice PA_2, bob PA_3", 0));
    assert_eq!(tell(false, "PA_4", "carol", State::Active), told("alice PA_2, bob PA_3", 1));
    // One that has joined again is not gone with the connection before.
    assert_eq!(tell(false, "PA_5", "alice", State::Active), told("alice PA_5, bob PA_3", 1));
    assert_eq!(tell(false, "PA_2", "alice", State::Disconnected), told("alice PA_5, bob PA_3", 1));
    assert_eq!(tell(false, "PA_5", "alice", State::Disconnected), told("bob PA_3", 1));
    assert_eq!(tell(false, "PA_6", "a-long-identity", State::Active), told("bob PA_3", 2));
    assert_eq!(tell(true, "PA_7", "device", State::Joining), told("", 0));
    assert_eq!(tell(false, "PA_8", "alice", State::Active), told("alice PA_8", 0));
    assert_eq!(others.get("alice").map(|it| it.client_protocol), Some(2));
    assert!(others.get("bob").is_none());
}

#[test]
fn a_buffer_that_is_too_small_says_what_the_request_needs() {
    let mut device = Device::joining(config(), 0);
    device.turn();
    device.out = vec![0; 200];
    device.participant.signal_opened();
    let did = device.turn();
    let [Did::Close, Did::Disconnected(_, Some(Error::BufferTooSmall { needed, available: 200 }))] =
        did[..]
    else {
        panic!("{did:?}")
    };
    device.participant.join(config(), TOKEN, 0).expect("the token is one");
    device.out = vec![0; needed];
    assert_eq!(device.turn(), [Did::Connect]);
    device.open();
}

#[test]
fn a_token_that_is_none_changes_nothing() {
    let mut device = Device::joining(config(), 0);
    device.turn();
    for token in ["", "a b", &"t".repeat(257)] {
        assert_eq!(device.participant.join(config(), token, 0), Err(Error::Token));
    }
    assert_eq!(request(&device.open()).1, TOKEN);
}
