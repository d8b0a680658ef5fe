//! Lines that break, and rooms that end.

use livekit_micro::borrowed::DisconnectReason;
use livekit_micro::data::Channel;
use livekit_micro::link::{Error, JoinConfig, SendError, State};

use crate::lab::{Bridged, Lab, SIZES, TOKEN, Told, packet, user};
use crate::wire::Faults;

fn states(lab: &Lab) -> Vec<&str> {
    let states = lab.told.iter().filter_map(|it| match it {
        Told::State(text) => Some(&text[..]),
        _ => None,
    });
    states.collect()
}

fn joined() -> Bridged {
    Bridged::Join(TOKEN.into(), SIZES.device_receive)
}

#[test]
fn the_device_joins_with_its_own_token_as_soon_as_there_is_a_bridge() {
    let mut lab = Lab::new(Faults::default(), 7, &SIZES);
    lab.up.is_cut = true;
    lab.run_ms(30_000);
    assert_eq!(lab.publish(b"early"), Err(SendError::NotConnected));
    lab.up.is_cut = false;
    let start = lab.now_ms;
    lab.join();
    assert!(lab.now_ms - start < 1_200, "{} ms", lab.now_ms - start);
    lab.run_ms(1);
    assert_eq!((&lab.bridged[..], states(&lab)), (&[joined()][..], vec!["connected"]));
}

#[test]
fn after_a_cut_the_device_joins_anew_and_knows_what_was_not_acknowledged() {
    let mut lab = Lab::connected(&SIZES);
    (lab.up.is_cut, lab.down.is_cut) = (true, true);
    lab.publish(b"one").expect("there is space");
    lab.publish(b"two").expect("there is space");
    lab.until(|lab| states(lab).len() > 1 && lab.bridged.contains(&Bridged::Closed));
    assert_eq!(lab.publish(b"three"), Err(SendError::NotConnected));
    (lab.up.is_cut, lab.down.is_cut) = (false, false);
    lab.join();
    lab.run_ms(1);
    let expected = ["connected", "reconnecting: Line", "reconnected: false, 2 lost"];
    assert_eq!(states(&lab), expected);
    assert_eq!(lab.bridged, [joined(), Bridged::Closed, joined()]);
    lab.publish(b"four").expect("there is space");
    lab.until(|lab| lab.published() == [b"four"]);
}

#[test]
fn a_cut_that_is_shorter_than_ten_seconds_loses_nothing() {
    let mut lab = Lab::connected(&SIZES);
    (lab.up.is_cut, lab.down.is_cut) = (true, true);
    lab.publish(b"one").expect("there is space");
    assert!(lab.bridge.forward(Channel::Reliable, &packet(1, user(b"two"))));
    lab.run_ms(9_000);
    (lab.up.is_cut, lab.down.is_cut) = (false, false);
    lab.until(|lab| lab.published() == [b"one"] && lab.received() == [b"two"]);
    assert_eq!(states(&lab), ["connected"]);
}

#[test]
fn a_bridge_that_was_started_anew_is_joined_at_once() {
    let mut lab = Lab::connected(&SIZES);
    lab.restart_bridge();
    let start = lab.now_ms;
    lab.publish(b"one").expect("there is space");
    lab.join();
    assert!(lab.now_ms - start < 1_000, "{} ms", lab.now_ms - start);
    lab.run_ms(1);
    let expected = ["connected", "reconnecting: Line", "reconnected: false, 1 lost"];
    assert_eq!(states(&lab), expected);
}

#[test]
fn a_device_that_was_started_anew_is_another_one() {
    let mut lab = Lab::connected(&SIZES);
    lab.bridge.forward(Channel::Reliable, &packet(1, user(b"for the one before")));
    let config = JoinConfig { token: "another", window: 64, longest_packet: 9_000, random: 8 };
    lab.link.join(config, lab.now_ms).expect("it fits");
    lab.join();
    let another = Bridged::Join("another".into(), 9_000);
    assert_eq!(lab.bridged, [joined(), Bridged::Closed, another]);
    lab.run_ms(1_000);
    assert_eq!(lab.received().len(), 0);
}

#[test]
fn a_line_that_is_idle_for_an_hour_stays_open() {
    let mut lab = Lab::connected(&SIZES);
    lab.run_ms(3_600_000);
    assert_eq!((states(&lab), lab.bridged.len()), (vec!["connected"], 1));
}

#[test]
fn the_device_is_told_why_the_room_ended() {
    let mut lab = Lab::connected(&SIZES);
    let message = "a message that is too long ä".repeat(20);
    let reason = DisconnectReason::RoomDeleted;
    assert!(lab.bridge.tell(State::Disconnected { reason, message: &message }));
    lab.until(|lab| states(lab).len() == 2);
    let end = states(&lab)[1].to_owned();
    assert!(end.starts_with("disconnected: ROOM_DELETED \"a message"), "{end}");
    assert!(end.len() > 200 && end.len() < 240, "{end}");
    assert_eq!(lab.publish(b"late"), Err(SendError::NotConnected));
    lab.until(|lab| lab.bridge.unacknowledged() == 0);
}

#[test]
fn a_connection_to_the_room_that_is_resumed_ends_no_call() {
    let mut lab = Lab::connected(&SIZES);
    assert!(lab.bridge.tell(State::Reconnecting));
    lab.until(|lab| !lab.link.is_connected());
    assert!(lab.bridge.tell(State::Reconnected { is_resumed: true, lost: 3 }));
    lab.until(|lab| lab.link.is_connected());
    lab.run_ms(1);
    assert_eq!(states(&lab), ["connected", "reconnecting: Room", "reconnected: true, 3 lost"]);
}

#[test]
fn who_has_left_answers_no_more() {
    let mut lab = Lab::connected(&SIZES);
    let call = livekit_micro::data::PerformRpc {
        destination_identity: "operator",
        method: "wait",
        ..Default::default()
    };
    lab.link.perform_rpc(&call, [1; 16], lab.now_ms).expect("there is space");
    assert!(lab.bridge.tell(State::Left { identity: "operator", sid: "PA_operator" }));
    lab.until(|lab| matches!(lab.told.last(), Some(Told::Other(_))));
    let answer = format!("{:?}", lab.told.last());
    assert!(answer.contains("1503"), "{answer}");
}

#[test]
fn a_device_that_leaves_is_heard_to_the_end() {
    let mut lab = Lab::connected(&SIZES);
    lab.publish(b"good-bye").expect("there is space");
    lab.link.leave();
    lab.until(|lab| lab.bridged.last() == Some(&Bridged::Leave));
    assert_eq!(lab.published(), [b"good-bye"]);
    let reason = DisconnectReason::ClientInitiated;
    assert!(lab.bridge.tell(State::Disconnected { reason, message: "" }));
    lab.until(|lab| states(lab) == ["connected", "disconnected: CLIENT_INITIATED \"\""]);
}

#[test]
fn a_token_that_does_not_fit_is_refused() {
    let mut lab = Lab::connected(&SIZES);
    for token in ["", &"t".repeat(SIZES.device_send)] {
        let token = token.to_owned().leak();
        let config = JoinConfig { token, window: 64, longest_packet: 0, random: 9 };
        assert_eq!(lab.link.join(config, lab.now_ms), Err(Error::Token));
    }
    assert!(lab.link.is_connected());
}
