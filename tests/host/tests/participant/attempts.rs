//! How often a connection is tried, how long the pauses are, and with which token.

use livekit_micro::borrowed::DisconnectReason;
use livekit_micro::participant::Error;
use livekit_micro::signal::SignalError;
use livekit_protocol as theirs;
use testkit::signal::{accepted, frame, message, response};
use theirs::signal_response::Message;

use crate::device::{Device, Did, TOKEN, config, largest};
use crate::server::{admit, join_request, refuse, request};

/// The pauses of a device that cannot open a connection, and what it does at the end.
fn pauses(device: &mut Device, attempts: usize) -> Vec<u64> {
    let mut pauses = vec![];
    assert_eq!(device.turn(), [Did::Connect]);
    while pauses.len() < attempts {
        let before = device.now_ms;
        match &device.close()[..] {
            [] => {
                let (_, did) = device.wait_for(|_| true);
                assert_eq!(did, Did::Connect);
            }
            [Did::Connect] => {}
            other => panic!("{other:?}"),
        }
        pauses.push(device.now_ms - before);
    }
    pauses
}

#[test]
fn pauses_grow_up_to_seven_seconds_and_attempts_come_to_an_end() {
    let mut device = Device::new(largest, (1 << 32) - 10_000);
    device.participant.join(config(), TOKEN, device.now_ms).expect("the token is one");
    let longest = [300, 600, 1_200, 2_400, 4_800, 7_000, 7_000, 7_000, 7_000, 7_000];
    // One less: the largest random number is just below the whole.
    assert_eq!(pauses(&mut device, 10), longest.map(|pause| pause - 1));
    let end = Did::Disconnected(DisconnectReason::UnknownReason, Some(Error::SignalClosed));
    assert_eq!(device.close(), [end]);
    assert_eq!(device.participant.poll_in(device.now_ms), None);

    let mut sums = [0; 10];
    for seed in 0..200 {
        fastrand::seed(seed);
        let mut device = Device::joining(config(), 0);
        for ((sum, pause), longest) in sums.iter_mut().zip(pauses(&mut device, 10)).zip(longest) {
            assert!(pause <= longest);
            *sum += pause;
        }
    }
    for (sum, longest) in sums.into_iter().zip(longest) {
        let mean = sum / 200;
        assert!(mean.abs_diff(longest / 2) < longest / 10, "{mean} of {longest}");
    }
}

#[test]
fn attempts_are_as_many_as_configured() {
    for attempts in [0, 1, 3] {
        let mut config = config();
        config.attempts = attempts;
        let mut device = Device::joining(config, 0);
        pauses(&mut device, attempts.into());
        assert!(matches!(device.close()[..], [Did::Disconnected(..)]));
    }
    let mut config = config();
    config.attempts = u16::MAX;
    let mut device = Device::joining(config, 0);
    let pauses = pauses(&mut device, 70_000);
    assert!(pauses.iter().all(|pause| *pause <= 7_000));
}

#[test]
fn a_token_that_is_not_valid_ends_it() {
    for status in [400, 401, 403] {
        let mut device = Device::joining(config(), 0);
        device.turn();
        device.open();
        let error = Error::Signal(SignalError::Refused { status });
        let end = Did::Disconnected(DisconnectReason::JoinFailure, Some(error));
        assert_eq!(device.receive(&refuse(status)), [Did::Close, end]);
        assert_eq!(device.participant.poll_in(0), None);
        // 404 of both paths: the room does not exist.
        let mut device = Device::joining(config(), 0);
        device.turn();
        device.open();
        assert_eq!(device.receive(&refuse(404)), [Did::Close, Did::Connect]);
        device.open();
        let did = device.receive(&refuse(404));
        let error = Error::Signal(SignalError::Refused { status: 404 });
        let end = Did::Disconnected(DisconnectReason::JoinFailure, Some(error));
        assert_eq!(did, [Did::Close, end]);
    }
}

#[test]
fn a_server_that_is_busy_is_asked_again() {
    let mut device = Device::joining(config(), 0);
    device.turn();
    for status in [503, 429, 500, 502] {
        device.open();
        let did = device.receive(&refuse(status));
        assert_eq!(did.first(), Some(&Did::Close));
        if did.len() < 2 {
            assert_eq!(device.wait_for(|_| true).1, Did::Connect);
        }
    }
    assert_eq!(request(&admit(&mut device)).1, TOKEN);
}

#[test]
fn what_is_no_signalling_is_tried_again() {
    for bytes in [frame(0x82, &[0x0b]), frame(0x88, &[0x03, 0xe9]), vec![0x82, 0x80]] {
        let mut device = Device::joining(config(), 0);
        device.turn();
        admit(&mut device);
        let did = device.receive(&bytes);
        assert_eq!(did.first(), Some(&Did::Close));
        if did.len() < 2 {
            assert_eq!(device.wait_for(|_| true).1, Did::Connect);
        }
        assert!(!join_request(&admit(&mut device)).reconnect, "it never was in the room");
    }
}

#[test]
fn a_new_token_is_the_next_request_s() {
    let mut device = Device::joining(config(), 0);
    device.turn();
    admit(&mut device);
    device.receive(&message(&response(Message::RefreshToken("newer".into()))));
    assert_eq!(device.participant.token(), "newer");
    if !device.close().contains(&Did::Connect) {
        device.wait_for(|did| *did == Did::Connect);
    }
    let bytes = device.open();
    assert_eq!(request(&bytes).1, "newer");
    assert_eq!(device.receive(&accepted(&bytes)), []);
}
