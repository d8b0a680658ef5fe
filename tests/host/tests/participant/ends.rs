//! Who leaves, and what follows.

use livekit_micro::borrowed::DisconnectReason;
use livekit_micro::participant::SendError;
use livekit_protocol as theirs;
use testkit::signal::join;
use theirs::leave_request::Action;
use theirs::signal_request::Message as Request;

use crate::device::{Device, Did, config};
use crate::server::{
    accept, admit, answer, join_request, leave, refuse, request, signalled, trickle,
};

const LEFT: Did = Did::Disconnected(DisconnectReason::ClientInitiated, None);

/// Nothing is done any more, whatever arrives.
fn is_over(device: &mut Device) {
    assert_eq!(device.participant.poll_in(device.now_ms), None);
    device.participant.signal_opened();
    assert_eq!(device.receive(&[join(), answer(0, "")].concat()), []);
    assert_eq!((device.close(), device.wait(20_000)), (vec![], vec![]));
    device.participant.leave();
    assert_eq!(device.turn(), []);
    assert_eq!(device.participant.set_name("device"), Err(SendError::NotConnected));
}

#[test]
fn a_device_that_leaves_before_it_has_joined_is_out_at_once() {
    let mut device = Device::joining(config(), 0);
    device.participant.leave();
    assert_eq!(device.turn(), [LEFT]);
    is_over(&mut device);

    // While the connection is opened; while the server has the request.
    let mut device = Device::joining(config(), 0);
    device.turn();
    device.participant.leave();
    assert_eq!(device.turn(), [Did::Close, LEFT]);
    is_over(&mut device);

    let mut device = Device::joining(config(), 0);
    device.turn();
    accept(&mut device);
    device.participant.leave();
    assert_eq!(device.turn(), [Did::Close, LEFT]);
    is_over(&mut device);
}

#[test]
fn a_device_that_leaves_in_a_pause_is_out_at_once() {
    let mut device = Device::joining(config(), 0);
    device.turn();
    device.close();
    device.participant.leave();
    assert_eq!(device.turn().last(), Some(&LEFT));
    is_over(&mut device);
}

#[test]
fn a_connection_that_failed_is_closed_though_the_device_leaves_at_once() {
    let mut device = Device::joining(config(), 0);
    device.turn();
    device.open();
    let (status, now_ms) = (refuse(503), device.now_ms);
    assert!(device.participant.receive_signal(&mut &status[..], now_ms).is_none());
    device.participant.leave();
    assert_eq!(device.turn(), [Did::Close, LEFT]);
    is_over(&mut device);
}

#[test]
fn a_device_says_that_it_leaves() {
    let mut device = Device::joining(config(), 0);
    device.turn();
    admit(&mut device);
    device.participant.leave();
    let did = device.turn();
    let [Did::Signal(frame), Did::Close, LEFT] = &did[..] else { panic!("{did:?}") };
    let Request::Leave(leave) = signalled(frame) else { panic!("no leave") };
    assert_eq!(leave.reason(), theirs::DisconnectReason::ClientInitiated);
    is_over(&mut device);
}

#[test]
fn a_server_says_what_to_do() {
    use theirs::DisconnectReason as Reason;
    for (reason, ours) in [
        (Reason::ParticipantRemoved, DisconnectReason::ParticipantRemoved),
        (Reason::DuplicateIdentity, DisconnectReason::DuplicateIdentity),
        (Reason::RoomDeleted, DisconnectReason::RoomDeleted),
    ] {
        let mut device = Device::joining(config(), 0);
        device.turn();
        admit(&mut device);
        let did = device.receive(&leave(reason, Action::Disconnect));
        assert_eq!(did, [Did::Close, Did::Disconnected(ours, None)]);
        is_over(&mut device);
    }
    // Neither is a reason to wait. A device that never was in the room has nothing to resume.
    for action in [Action::Reconnect, Action::Resume] {
        let mut device = Device::joining(config(), 0);
        device.turn();
        admit(&mut device);
        let did = device.receive(&leave(Reason::ServerShutdown, action));
        assert_eq!(did, [Did::Close, Did::Connect]);
        assert!(!join_request(&admit(&mut device)).reconnect);
    }
}

#[test]
fn a_leave_instead_of_a_join_ends_it() {
    let mut device = Device::joining(config(), 0);
    device.turn();
    accept(&mut device);
    let reason = theirs::DisconnectReason::UserRejected;
    let did = device.receive(&leave(reason, Action::Disconnect));
    let end = Did::Disconnected(DisconnectReason::UserRejected, None);
    assert_eq!(did, [Did::Close, end]);
    is_over(&mut device);
}

#[test]
fn a_device_can_join_another_room_at_any_time() {
    // Nothing, a connection that is opened, a request, the room, a peer connection, a pause.
    for stage in 0..6 {
        let mut device = Device::joining(config(), 0);
        if stage > 0 {
            device.turn();
        }
        match stage {
            2 => _ = accept(&mut device),
            3 => _ = admit(&mut device),
            4 => {
                admit(&mut device);
                device.receive(&answer(1, ""));
                device.receive(&trickle("udp", "192.0.2.1 4001"));
            }
            5 => _ = device.close(),
            _ => {}
        }
        device.participant.join(config(), "another", device.now_ms).expect("the token is one");
        let did = device.turn();
        let closes = (1..5).contains(&stage).then_some(Did::Close);
        let expected: Vec<_> = closes.into_iter().chain([Did::Connect]).collect();
        assert_eq!(did, expected, "{stage}");
        let bytes = admit(&mut device);
        assert_eq!(request(&bytes).1, "another");
        assert!(!join_request(&bytes).reconnect);
        assert_eq!(device.participant.sid(), "");
    }
}

#[test]
fn a_device_that_has_left_can_join_again() {
    let mut device = Device::joining(config(), 0);
    device.turn();
    admit(&mut device);
    device.participant.leave();
    device.turn();
    device.participant.join(config(), "again", 0).expect("the token is one");
    assert_eq!(device.turn(), [Did::Connect]);
    assert_eq!(request(&admit(&mut device)).1, "again");
}
