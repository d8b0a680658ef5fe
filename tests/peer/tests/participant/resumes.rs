//! A connection that breaks and goes on: nothing is lost, nothing comes twice.

use livekit_micro::borrowed::DisconnectReason;
use livekit_micro::participant::{Error, SendError};
use livekit_micro::signal::SignalError;
use livekit_protocol as theirs;
use testkit::signal::{join, message, response};
use theirs::signal_request::Message as Request;
use theirs::signal_response::Message;

use crate::device::{Told, config};
use crate::server::ALICE_SID;
use crate::world::{Faults, World};

/// The participant tells that it resumes, and that it has; returns how many packets it counts as lost.
#[track_caller]
fn resumed(world: &mut World, ms: u64) -> u32 {
    world.until_told(ms, |told| matches!(told, Told::Reconnecting(_)));
    let told = world
        .until_told(ms, |told| matches!(told, Told::Reconnected { .. } | Told::Disconnected(..)));
    let Told::Reconnected { is_resumed: true, lost } = told else { panic!("{told:?}") };
    lost
}

fn sync_state(world: &World) -> theirs::SyncState {
    let state = world.server.requests.iter().rev().find_map(|request| match request {
        Request::SyncState(state) => Some(state.clone()),
        _ => None,
    });
    state.expect("it says what it has received")
}

#[test]
fn signalling_that_breaks_is_resumed_and_the_server_learns_what_was_received() {
    for seed in 0..10 {
        let mut world = World::connected(seed, (1 << 32) - 500);
        for payload in [b"one", b"two"] {
            world.server.send_user(payload);
        }
        let now_ms = world.now_ms;
        world.device.publish(b"before", now_ms).expect("it is connected");
        world.until(1_000, |world| world.device.told.len() == 2 && world.server.packets.len() == 1);
        world.cut();
        world.until(1_000, |world| world.device.told.len() == 3);
        // The peer connection stands: it still carries data, both ways.
        world.server.send_user(b"three");
        let now_ms = world.now_ms;
        world.device.publish(b"meanwhile", now_ms).expect("it is still in the room");
        assert_eq!(resumed(&mut world, 5_000), 0);
        world.until(1_000, |world| {
            world.server.requests.iter().any(|it| matches!(it, Request::Offer(_)))
        });
        assert_eq!((world.server.joins, world.server.resumes), (1, 1));
        assert_eq!(world.device.participant.sid(), "PA_device1");
        let state = sync_state(&world);
        let [received] = &state.datachannel_receive_states[..] else { panic!("{state:?}") };
        assert_eq!(received.publisher_sid, ALICE_SID);
        assert!((2..=3).contains(&received.last_seq), "{received:?}");
        let mut labels: Vec<_> =
            state.data_channels.iter().map(|it| (it.label.as_str(), it.id)).collect();
        labels.sort();
        assert_eq!(labels, [("_lossy", 2), ("_reliable", 0)]);
        let now_ms = world.now_ms;
        world.device.publish(b"after", now_ms).expect("it is connected");
        world.until(5_000, |world| world.server.packets.len() == 3);
        assert_eq!(world.server.payloads(), [&b"before"[..], b"meanwhile", b"after"]);
        assert_eq!((&world.server.sequences[..], world.server.repeated), (&[1, 2, 3][..], 0));
    }
}

#[test]
fn packets_under_way_when_all_breaks_arrive_once_and_in_order() {
    for seed in 0..20 {
        let mut world = World::connected(seed, 0);
        let (mut sent, mut count) = (vec![], 0u32);
        let mut arrived = vec![];
        for round in 0..30u64 {
            world.pass(20);
            let (payload, now_ms) = (round.to_be_bytes(), world.now_ms);
            match world.device.publish(&payload, now_ms) {
                Ok(()) => sent.push(payload.to_vec()),
                Err(error) => assert!(matches!(error, SendError::Full | SendError::NotConnected)),
            }
            if world.server.transport().has_channels() {
                world.server.send_user(&payload);
                count += 1;
            }
            match round {
                10 => {
                    world.cut();
                    world.faults = Faults { lost: 100, ..Faults::default() };
                    world.lose_datagrams();
                }
                // The device has another address now.
                15 => {
                    world.address = ([192, 0, 2, 9], 40_000).into();
                    world.faults = Faults::default();
                }
                _ => {}
            }
            arrived.extend(world.device.payloads());
        }
        assert_eq!(resumed(&mut world, 30_000), 0, "seed {seed}");
        world.until(20_000, |world| {
            arrived.extend(world.device.payloads());
            world.server.packets.len() == sent.len() && arrived.len() == count as usize
        });
        assert!(world.server.payloads() == sent, "seed {seed}");
        assert!(arrived.windows(2).all(|two| two[0] < two[1]), "seed {seed}: {arrived:?}");
        assert_eq!(world.server.joins, 1);
    }
}

#[test]
fn packets_that_the_server_has_not_received_are_sent_again_over_another_peer_connection() {
    // Of the longer ones not all are kept for a resume.
    for (seed, (count, len, lost)) in
        (0..).zip([(3, 400, 0), (6, 10, 0), (9, 400, 5), (3, 1_900, 2)])
    {
        let mut world = World::connected(seed, 0);
        let now_ms = world.now_ms;
        for payload in [b"first", b"other"] {
            world.device.publish(payload, now_ms).expect("it is connected");
        }
        world.until(1_000, |world| world.server.packets.len() == 2);
        world.faults = Faults { lost: 100, ..Faults::default() };
        let now_ms = world.now_ms;
        let payloads: Vec<Vec<u8>> = (0..count).map(|number| vec![number; len]).collect();
        for payload in &payloads {
            world.device.publish(payload, now_ms).expect("there is space");
        }
        world.server.moves = true;
        world.cut();
        world.until_told(1_000, |told| matches!(told, Told::Reconnecting(_)));
        world.faults = Faults::default();
        let told = world.until_told(10_000, |told| matches!(told, Told::Reconnected { .. }));
        assert_eq!(told, Told::Reconnected { is_resumed: true, lost });
        let now_ms = world.now_ms;
        world.device.publish(b"new", now_ms).expect("it is connected");
        let kept = usize::from(count) - lost as usize;
        world.until(5_000, |world| world.server.packets.len() == 2 + kept + 1);
        let sequences: Vec<u32> = (1..=2).chain(3 + lost..=3 + u32::from(count)).collect();
        assert_eq!(world.server.sequences, sequences, "old numbers, in order, before what is new");
        let expected: Vec<&[u8]> = [&b"first"[..], b"other"]
            .into_iter()
            .chain(payloads[lost as usize..].iter().map(|it| &it[..]))
            .chain([&b"new"[..]])
            .collect();
        assert!(world.server.payloads() == expected);
        assert_eq!((world.server.joins, world.server.resumes), (1, 1));
    }
}

#[test]
fn a_server_that_stops_answering_is_reached_again_over_signalling_that_stands() {
    let mut world = World::connected(3, 0);
    world.faults = Faults { lost: 100, ..Faults::default() };
    let now_ms = world.now_ms;
    world.device.publish(b"under way", now_ms).expect("it is connected");
    let told = world.until_told(40_000, |told| matches!(told, Told::Reconnecting(_)));
    assert_eq!(told, Told::Reconnecting(Error::Unreachable));
    world.faults = Faults::default();
    let told = world.until_told(30_000, |told| matches!(told, Told::Reconnected { .. }));
    assert_eq!(told, Told::Reconnected { is_resumed: true, lost: 0 });
    world.until(30_000, |world| world.server.payloads() == [b"under way"]);
    assert_eq!((world.server.joins, world.server.repeated), (1, 0));
}

#[test]
fn a_resume_that_the_server_refuses_is_a_join_and_what_was_lost_is_counted() {
    for status in [500, 503] {
        let mut world = World::connected(4, 0);
        world.server.refuses = [status].into();
        world.faults = Faults { lost: 100, ..Faults::default() };
        world.lose_datagrams();
        let now_ms = world.now_ms;
        for _ in 0..3 {
            world.device.publish(b"never received", now_ms).expect("it is connected");
        }
        world.cut();
        world.until_told(1_000, |told| matches!(told, Told::Reconnecting(_)));
        world.faults = Faults::default();
        let told = world.until_told(10_000, |told| {
            matches!(told, Told::Reconnected { .. } | Told::Disconnected(..))
        });
        assert_eq!(told, Told::Reconnected { is_resumed: false, lost: 3 }, "{status}");
        assert_eq!((world.server.joins, world.device.participant.sid()), (2, "PA_device2"));
        let now_ms = world.now_ms;
        world.device.publish(b"anew", now_ms).expect("it is connected");
        world.until(1_000, |world| world.server.payloads() == [b"anew"]);
        assert_eq!(world.server.sequences, [1]);
    }
}

#[test]
fn a_server_that_is_away_is_found_again_within_seconds() {
    let mut world = World::connected(5, 0);
    world.cut();
    world.is_down = true;
    world.pass(8_000);
    world.is_down = false;
    assert_eq!(resumed(&mut world, 10_000), 0);
    // One that does not come back is given up after as many attempts as are configured.
    let mut few = config();
    few.attempts = 3;
    let mut world = World::connected_with(6, 0, few);
    world.cut();
    world.is_down = true;
    let told = world.until_told(60_000, |told| matches!(told, Told::Disconnected(..)));
    assert!(matches!(told, Told::Disconnected(_, Some(Error::SignalClosed))), "{told:?}");
    assert_eq!(world.device.participant.poll_in(world.now_ms), None);
}

#[test]
fn a_room_that_is_gone_when_a_device_resumes_ends_it() {
    let mut world = World::connected(7, 0);
    world.server.refuses = [404].into();
    world.cut();
    let told = world.until_told(5_000, |told| matches!(told, Told::Disconnected(..)));
    let error = Error::Signal(SignalError::Refused { status: 404 });
    assert_eq!(told, Told::Disconnected(DisconnectReason::JoinFailure, Some(error)));
    assert_eq!(world.device.participant.poll_in(world.now_ms), None);
}

#[test]
fn a_server_that_lets_a_device_in_twice_changes_nothing() {
    let mut world = World::connected(8, 0);
    let again = theirs::ReconnectResponse { last_message_seq: 7, ..Default::default() };
    world.server.outbox.extend(message(&response(Message::Reconnect(again))));
    world.server.outbox.extend(join());
    world.pass(20_000);
    assert_eq!(world.device.told, []);
    let now_ms = world.now_ms;
    world.device.publish(b"still there", now_ms).expect("it is connected");
    world.until(1_000, |world| world.server.payloads() == [b"still there"]);
    assert_eq!((world.server.joins, world.server.resumes), (1, 0));
}
