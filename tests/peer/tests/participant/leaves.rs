//! What a server says when it ends a connection, and what the participant does.

use livekit_micro::borrowed::DisconnectReason as Ours;
use livekit_micro::participant::Error;
use theirs::DisconnectReason;
use theirs::leave_request::Action;
use theirs::signal_request::Message as Request;

use livekit_protocol as theirs;

use crate::device::{TOKEN, Told, config};
use crate::world::World;

fn reasons() -> impl Iterator<Item = DisconnectReason> {
    (0..).map_while(|number| DisconnectReason::try_from(number).ok())
}

/// Nothing is told or sent any more, whatever time it is.
#[track_caller]
fn is_over(world: &mut World) {
    let joins = world.server.joins;
    world.device.told.clear();
    world.pass(60_000);
    assert!(world.device.told.is_empty() && !world.device.participant.is_connected());
    assert_eq!((world.server.joins, world.is_open), (joins, false));
    assert_eq!(world.device.participant.poll_in(world.now_ms), None);
}

#[test]
fn a_server_that_says_disconnect_ends_it_for_its_reason() {
    assert!(reasons().count() > 10);
    for reason in reasons() {
        let mut world = World::connected(1, 0);
        world.server.leave(reason, Action::Disconnect);
        let told = world.until_told(10_000, |told| {
            matches!(told, Told::Disconnected(..) | Told::Reconnected { .. })
        });
        if reason == DisconnectReason::ServerShutdown {
            assert_eq!(told, Told::Reconnected { is_resumed: false, lost: 0 });
            continue;
        }
        assert_eq!(told, Told::Disconnected(Ours(reason as i32), None));
        is_over(&mut world);
    }
}

#[test]
fn a_server_that_says_resume_or_reconnect_has_the_device_back_at_once() {
    for reason in reasons() {
        for (action, is_resumed) in [(Action::Resume, true), (Action::Reconnect, false)] {
            let mut world = World::connected(2, 0);
            let before = world.now_ms;
            world.server.leave(reason, action);
            let told = world.until_told(1_000, |told| matches!(told, Told::Reconnecting(_)));
            assert_eq!(told, Told::Reconnecting(Error::Server(Ours(reason as i32))));
            let told = world.until_told(1_000, |told| matches!(told, Told::Reconnected { .. }));
            assert_eq!(told, Told::Reconnected { is_resumed, lost: 0 });
            assert!(world.now_ms - before < 500, "{} ms", world.now_ms - before);
        }
    }
}

#[test]
fn the_reason_counts_though_the_peer_connection_ended_before_it() {
    for gap_ms in [0, 1, 100, 400] {
        for how in ["abort", "close", "channel"] {
            let mut world = World::connected(3, 0);
            let transport = world.server.transport();
            transport.end(how);
            world.pass(gap_ms);
            world.server.leave(DisconnectReason::ParticipantRemoved, Action::Disconnect);
            let told = world.until_told(5_000, |told| {
                matches!(told, Told::Disconnected(..) | Told::Reconnected { .. })
            });
            assert_eq!(
                told,
                Told::Disconnected(Ours::ParticipantRemoved, None),
                "{how}, {gap_ms} ms"
            );
            assert_eq!(world.server.resumes, 0);
            is_over(&mut world);
        }
    }
}

#[test]
fn a_device_that_leaves_says_so_and_joins_again_when_it_is_told_to() {
    let mut world = World::connected(4, 0);
    let now_ms = world.now_ms;
    world.device.publish(b"goodbye", now_ms).expect("it is connected");
    world.until(1_000, |world| world.device.participant.unacknowledged() == 0);
    world.device.participant.leave();
    let told = world.until_told(1_000, |told| matches!(told, Told::Disconnected(..)));
    assert_eq!(told, Told::Disconnected(Ours::ClientInitiated, None));
    world.until(1_000, |world| {
        world.server.requests.iter().any(|it| matches!(it, Request::Leave(_)))
    });
    let Some(Request::Leave(leave)) = world.server.requests.last() else { panic!("it does not") };
    assert_eq!(leave.reason(), DisconnectReason::ClientInitiated);
    assert_eq!(world.server.payloads(), [b"goodbye"]);
    is_over(&mut world);
    let now_ms = world.now_ms;
    world.device.participant.join(config(), TOKEN, now_ms).expect("the token is one");
    world.until_told(5_000, |told| *told == Told::Connected);
    let now_ms = world.now_ms;
    world.device.publish(b"hello", now_ms).expect("it is connected");
    world.until(1_000, |world| world.server.payloads() == [b"hello"]);
    assert_eq!(world.server.sequences, [1]);
}
