//! Messages in pieces of any length.

extern crate std;

use std::vec;
use std::vec::Vec;

use super::*;
use crate::borrowed::{JoinResponse, ParticipantInfo, SignalResponse, signal_response::Message};
use crate::{from_bytes, to_slice};

/// All steps of a message that comes in pieces of `size` bytes.
fn steps(
    message: &[u8],
    size: usize,
    buf: &mut [u8],
) -> Result<Vec<(Step, Vec<u8>)>, MessageError> {
    let (mut scan, mut found) = (Scan::new(), vec![]);
    for mut piece in message.chunks(size) {
        while let Some(step) = scan.next(&mut piece, buf)? {
            let len = match step {
                Step::Bytes { len, .. } | Step::Participant { len, .. } => len,
                _ => 0,
            };
            found.push((step, buf[..len].to_vec()));
        }
    }
    let mut rest: &[u8] = &[];
    while let Some(step) = scan.next(&mut rest, buf)? {
        found.push((step, vec![]));
    }
    scan.finish().map(|()| found)
}

fn join<'a>(metadata: &'a str, buf: &'a mut [u8]) -> &'a [u8] {
    let participant =
        ParticipantInfo { sid: "PA_own", identity: "device", metadata, ..ParticipantInfo::new() };
    let others = [ParticipantInfo {
        sid: "PA_other",
        identity: "alice",
        metadata,
        client_protocol: 2,
        ..ParticipantInfo::new()
    }];
    let join = JoinResponse {
        participant: Some((&participant).into()),
        other_participants: (&others[..]).into(),
        ping_timeout: 15,
        ping_interval: 5,
        ..JoinResponse::new()
    };
    let response = SignalResponse { message: Some(Message::Join((&join).into())) };
    to_slice(&response, buf).expect("it fits")
}

#[test]
fn a_join_of_any_length_is_read_in_pieces_of_any_length() {
    let mut buf = [0; 30_000];
    for metadata in ["", "short", &"long ".repeat(2_000)] {
        let message = join(metadata, &mut buf);
        let whole = steps(message, message.len(), &mut [0; 100]).expect("it is well-formed");
        for size in [1, 2, 3, 7, 100, 1_000] {
            assert_eq!(steps(message, size, &mut [0; 100]).as_ref(), Ok(&whole));
        }
        let [own, other] = [&whole[0], &whole[1]];
        let own: ParticipantInfo = from_bytes(&own.1).expect("it is one");
        assert_eq!((own.sid, own.identity, own.metadata), ("PA_own", "device", ""));
        let other: ParticipantInfo = from_bytes(&other.1).expect("it is one");
        assert_eq!((other.identity, other.client_protocol), ("alice", 2));
        assert_eq!(whole.last().map(|it| it.0), Some(Step::End(Kind::Join)));
    }
}

#[test]
fn what_does_not_fit_is_told_or_left_out_of_a_participant() {
    let mut buf = [0; 1_000];
    let token = "t".repeat(40);
    let response = SignalResponse { message: Some(Message::RefreshToken(&token)) };
    let message = to_slice(&response, &mut buf).expect("it fits");
    let (of, tag) = (Kind::Response, tags::signal_response::REFRESH_TOKEN);
    let found = steps(message, 7, &mut [0; 40]).expect("it is well-formed");
    assert_eq!(found, [(Step::Bytes { of, tag, len: 40 }, token.clone().into_bytes())]);
    let found = steps(message, 7, &mut [0; 39]).expect("it is well-formed");
    assert_eq!(found, [(Step::TooLong { of, tag, len: 40 }, vec![])]);

    let message = join("", &mut buf);
    for room in 0..40 {
        let found = steps(message, 5, &mut vec![0; room]).expect("it is well-formed");
        let own: ParticipantInfo = from_bytes(&found[0].1).expect("it is one");
        assert!(own.sid.is_empty() || own.sid == "PA_own");
        assert!(own.identity.is_empty() || own.identity == "device");
    }
}

#[test]
fn what_is_cut_or_no_message_is_malformed() {
    let mut buf = [0; 1_000];
    let message = join("metadata", &mut buf);
    for len in 1..message.len() {
        assert!(steps(&message[..len], 9, &mut [0; 100]).is_err(), "{len}");
    }
    for bytes in [
        &[0x02, 0][..],
        &[0x0b],
        &[0xff; 11],
        &[0x0a, 2, 0x12, 1],
        &[0x0a, 0xff, 0xff, 0xff, 0xff, 0x1f],
    ] {
        assert!(steps(bytes, 1, &mut [0; 100]).is_err(), "{bytes:?}");
    }
}
