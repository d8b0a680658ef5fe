//! A client without a server, on a simulated clock.

use livekit_micro_peer::dtls::{Client, Error, MessageType, State};

use crate::device::{Device, crypto};

/// When a client that is started at `start` sends its ClientHello, in ms after it; and its last state.
fn alone(start: u64) -> (Vec<u64>, State) {
    let (mut crypto, device) = (crypto(), Device::new());
    let (mut message, mut out) = ([0; 1024], [0; 1200]);
    let mut client = Client::new(&mut message);
    assert_eq!((client.state(), client.poll_in(start)), (State::Idle, None));
    client.start(&mut crypto, device.identity(), [0; 32], start);
    let (mut now, mut sent) = (start, Vec::new());
    while let Some(wait) = client.poll_in(now) {
        now += u64::from(wait);
        if client.poll(&mut crypto, now, &mut out).is_some() {
            sent.push(now - start);
        }
    }
    assert_eq!(now - start, 30_000);
    (sent, client.state())
}

#[test]
fn a_flight_is_sent_again_at_growing_intervals_until_the_handshake_has_failed() {
    let (sent, state) = alone(0);
    assert_eq!(sent[..6], [0, 400, 1200, 2000, 2800, 3600]);
    assert_eq!(sent.last(), Some(&29_200));
    let waiting_for = MessageType(2);
    assert_eq!(state, State::Closed(Error::TimedOut { waiting_for, alert: None }));
    let State::Closed(error) = state else { unreachable!() };
    assert_eq!(error.to_string(), "the handshake timed out waiting for ServerHello");
}

#[test]
fn a_clock_that_wraps_at_32_bits_changes_nothing() {
    assert_eq!(alone(u64::from(u32::MAX) - 1000), alone(0));
}
