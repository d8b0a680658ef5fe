//! What takes too long. A caller that sleeps as long as it is told misses nothing, and is not woken for nothing.

use livekit_micro::participant::Error;
use livekit_micro::signal::SignalError;
use testkit::signal::frame;
use theirs::signal_request::Message as Request;

use livekit_protocol as theirs;

use crate::device::{Device, Did, config};
use crate::server::{accept, admit, answer, signalled, trickle};

const STARTS: [u64; 3] = [0, (1 << 32) - 12_000, (1 << 32) - 100];

/// The error is only told at the end: one attempt, then.
fn once() -> crate::device::Config {
    let mut config = config();
    config.attempts = 0;
    config
}

fn end(did: Did) -> Error {
    match did {
        Did::Disconnected(_, Some(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn is_end(did: &Did) -> bool {
    matches!(did, Did::Disconnected(..))
}

#[test]
fn a_connection_is_opened_within_15_seconds() {
    for start in STARTS {
        let mut device = Device::joining(once(), start);
        device.turn();
        let (took, did) = device.wait_for(is_end);
        assert_eq!((took, end(did)), (15_000, Error::TimedOut));
    }
}

#[test]
fn a_server_accepts_within_15_seconds() {
    for start in STARTS {
        for opened in [0, 10_000] {
            let mut device = Device::joining(once(), start);
            device.turn();
            device.wait(opened);
            device.open();
            let (took, did) = device.wait_for(is_end);
            assert_eq!((took, end(did)), (15_000, Error::Signal(SignalError::TimedOut)));
            let mut device = Device::joining(once(), start);
            device.turn();
            device.wait(opened);
            accept(&mut device);
            let (took, did) = device.wait_for(is_end);
            assert_eq!((took, end(did)), (15_000, Error::Signal(SignalError::TimedOut)));
        }
    }
}

#[test]
fn a_server_answers_within_15_seconds_from_the_join() {
    for start in STARTS {
        let mut device = Device::joining(once(), start);
        device.turn();
        admit(&mut device);
        for _ in 0..2 {
            // Pings of this device, and signs of life of the server.
            let did = device.wait(5_000);
            let [Did::Signal(ping)] = &did[..] else { panic!("{did:?}") };
            assert!(matches!(signalled(ping), Request::PingReq(_)));
            assert_eq!(device.receive(&frame(0x8a, b"")), []);
        }
        let (took, did) = device.wait_for(is_end);
        assert_eq!((took, end(did)), (5_000, Error::TimedOut));
    }
}

#[test]
fn a_server_that_is_not_reached_is_given_up() {
    for start in STARTS {
        let mut device = Device::joining(once(), start);
        device.turn();
        admit(&mut device);
        device.receive(&answer(1, ""));
        let did = device.receive(&trickle("udp", "192.0.2.1 4001"));
        assert!(did.iter().all(|did| matches!(did, Did::Datagram(_))), "{did:?}");
        let mut took = 0;
        let error = loop {
            took += 1_000;
            device.receive(&frame(0x8a, b""));
            if let Some(did) = device.wait(1_000).into_iter().find(is_end) {
                break end(did);
            }
        };
        assert!(matches!(error, Error::TimedOut | Error::Unreachable), "{error}");
        assert!((5_000..=15_000).contains(&took), "{took}");
    }
}

#[test]
fn pings_of_the_server_are_answered() {
    let mut device = Device::joining(config(), 0);
    device.turn();
    admit(&mut device);
    let did = device.receive(&frame(0x89, b"hello"));
    let [Did::Signal(pong)] = &did[..] else { panic!("{did:?}") };
    assert_eq!((pong[0], pong[1], pong.len()), (0x8a, 0x85, 11));
}
