//! A peer connection that ends, or never begins, while signalling stands.

use livekit_micro::participant::Error;
use livekit_micro::participant::peer::{dtls, peer};

use crate::device::{Told, config};
use crate::world::World;

#[test]
fn a_peer_connection_that_ended_is_made_anew() {
    for how in ["abort", "close", "channel"] {
        let mut world = World::connected(1, 0);
        let transport = world.server.transport();
        transport.end(how);
        let told = world.until_told(1_000, |told| matches!(told, Told::Reconnecting(_)));
        let Told::Reconnecting(error) = told else { panic!("{told:?}") };
        match how {
            "channel" => assert_eq!(error, Error::ChannelClosed),
            "close" => assert_eq!(error, Error::Peer(peer::Error::Dtls(dtls::Error::ClosedByPeer))),
            _ => assert!(matches!(error, Error::Peer(peer::Error::Sctp(_))), "{error}"),
        }
        let told = world.until_told(5_000, |told| matches!(told, Told::Reconnected { .. }));
        assert_eq!(told, Told::Reconnected { is_resumed: false, lost: 0 });
        assert_eq!((world.server.joins, world.server.resumes), (2, 0));
        let now_ms = world.now_ms;
        world.device.publish(b"again", now_ms).expect("it is connected");
        world.until(1_000, |world| world.server.payloads() == [b"again"]);
    }
}

#[test]
fn a_server_with_another_certificate_than_that_of_its_answer_is_never_connected_to() {
    let mut config = config();
    config.attempts = 2;
    let mut world = World::joining(2, 0, config);
    world.server.is_forged = true;
    let told = world.until_told(60_000, |told| *told != Told::Writable);
    let Told::Disconnected(_, Some(error)) = told else { panic!("{told:?}") };
    assert_eq!(error, Error::Peer(peer::Error::Dtls(dtls::Error::Fingerprint)));
    assert_eq!(world.server.joins, 3);
    assert!(world.server.packets.is_empty() && !world.device.participant.is_connected());
}

#[test]
fn a_server_that_does_not_answer_the_offer_is_given_up() {
    let mut config = config();
    config.attempts = 1;
    let mut world = World::joining(3, 0, config);
    world.server.is_mute = true;
    let told = world.until_told(60_000, |told| matches!(told, Told::Disconnected(..)));
    assert!(matches!(told, Told::Disconnected(_, Some(Error::TimedOut))), "{told:?}");
    assert_eq!(world.server.joins, 2);
}
