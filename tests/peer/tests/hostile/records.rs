//! Records that nobody has authenticated, in every state of the handshake. RFC 6347, 4.1.2.7: "invalid
//! records SHOULD be silently discarded, thus preserving the association".

use peer_tests::servers::hostile::wire::{
    ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, HEARTBEAT, HELLO_VERIFY_REQUEST,
    Message, Record,
};
use peer_tests::servers::hostile::{Flight, Server};

use crate::opponent::Expect::Connects;
use crate::opponent::{Case, JUNK};

/// Where junk is put in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    BeforeVerify,
    BeforeHello,
    WithinHello,
    /// While the client computes, with the server's flight received.
    Computing,
    BeforeFinish,
    WithinFinish,
    Connected,
}

pub const PLACES: [Place; 7] = [
    Place::BeforeVerify,
    Place::BeforeHello,
    Place::WithinHello,
    Place::Computing,
    Place::BeforeFinish,
    Place::WithinFinish,
    Place::Connected,
];

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for place in PLACES {
        for (name, junk) in junk() {
            cases.push(put(&format!("{place:?}: {name}"), place, junk));
        }
        if place == Place::Computing {
            // The server sends nothing then that could be changed.
            continue;
        }
        cases.push(truncated(place));
        for version in [[0xFE, 0xFF], [0xFE, 0xFC], [3, 3], [0, 0], [0x7F, 0xFD]] {
            cases.push(copies(
                &format!("{place:?}: every record with version {version:02X?} first"),
                place,
                move |record| {
                    record[1..3].copy_from_slice(&version);
                },
            ));
        }
        cases.push(copies(&format!("{place:?}: every record of epoch 2 first"), place, |record| {
            record[4] = 2
        }));
        cases.push(copies(
            &format!("{place:?}: every record of epoch 65535 first"),
            place,
            |record| record[3..5].fill(255),
        ));
        cases.push(copies(
            &format!("{place:?}: every record with a longer length first"),
            place,
            |record| record[12] = record[12].wrapping_add(1),
        ));
        cases.push(copies(
            &format!("{place:?}: every record with length 65535 first"),
            place,
            |record| record[11..13].fill(255),
        ));
        cases.push(copies(&format!("{place:?}: every record of type 99 first"), place, |record| {
            record[0] = 99
        }));
    }
    // RFC 6347, 4.1.2.6: the window only moves with records that were authenticated.
    for place in [Place::WithinFinish, Place::Connected] {
        for at in [13, 20, 21, 22, 36, 60] {
            cases.push(copies(
                &format!("{place:?}: encrypted records with byte {at} wrong first"),
                place,
                move |record| {
                    if record[4] == 1 && record.len() > at {
                        record[at] ^= 1;
                    }
                },
            ));
        }
        cases.push(copies(
            &format!("{place:?}: encrypted records of a far sequence number first"),
            place,
            |record| {
                if record[4] == 1 {
                    record[5..11].fill(255);
                }
            },
        ));
        cases.push(copies(&format!("{place:?}: every record twice"), place, |_| ()));
    }
    cases
}

/// Puts `junk` in one place, one datagram each.
pub fn put(name: &str, place: Place, junk: Vec<Vec<u8>>) -> Case {
    if place == Place::Connected {
        let name = name.to_owned();
        return Case::after(&name, Connects, move |server| {
            junk.iter().for_each(|it| server.inject(it.clone()))
        });
    }
    Case::new(name, Connects, move |server| {
        let junk = junk.clone();
        if place == Place::Computing {
            server.later =
                (1..3).flat_map(|ms| junk.iter().map(move |it| (ms, it.clone()))).collect();
            return;
        }
        change(server, place, move |datagrams, at| {
            datagrams.splice(at..at, junk.iter().cloned());
        });
    })
}

/// Calls `change` for each index in a place.
fn change(server: &mut Server, place: Place, change: impl Fn(&mut Vec<Vec<u8>>, usize) + 'static) {
    server.mtu = 1;
    let mut verified = 0;
    server.deviations.datagrams = Box::new(move |flight, attempt, datagrams| {
        verified += u32::from(flight == Flight::Verify);
        let last = match (place, flight, attempt) {
            (Place::BeforeVerify, Flight::Verify, _) if verified == 1 => 0,
            (Place::BeforeHello, Flight::Hello, 0) => 0,
            (Place::WithinHello, Flight::Hello, 0) => datagrams.len(),
            (Place::BeforeFinish, Flight::Finish, 0) => 0,
            (Place::WithinFinish, Flight::Finish, 0) => datagrams.len(),
            (Place::Connected, Flight::Data, _) => 0,
            _ => return,
        };
        let first = if last > 0 { 1 } else { 0 };
        (first..=last).rev().for_each(|at| change(datagrams, at));
    });
}

/// A changed copy of each datagram of a place before it.
fn copies(name: &str, place: Place, spoil: impl Fn(&mut Vec<u8>) + Clone + 'static) -> Case {
    Case::new(name, Connects, move |server| {
        let spoil = spoil.clone();
        change(server, place, move |datagrams, at| {
            if let Some(mut copy) = datagrams.get(at).cloned() {
                spoil(&mut copy);
                datagrams.insert(at, copy);
            }
        });
    })
}

/// Each datagram of a place cut off at every byte, then whole.
fn truncated(place: Place) -> Case {
    Case::new(
        &format!("{place:?}: every datagram cut off at every byte first"),
        Connects,
        move |server| {
            change(server, place, |datagrams, at| {
                if let Some(whole) = datagrams.get(at).cloned() {
                    datagrams
                        .splice(at..at, (0..whole.len()).map(|length| whole[..length].to_vec()));
                }
            });
        },
    )
}

/// Datagrams that mean nothing.
fn junk() -> Vec<(String, Vec<Vec<u8>>)> {
    let record = |content: u8, epoch: u16, payload: &[u8]| {
        Record { epoch, sequence: Some(1000), ..Record::plain(content, payload.to_vec()) }.bytes()
    };
    let mut junk = vec![
        ("an empty datagram".to_owned(), vec![Vec::new()]),
        ("datagrams of 1 to 12 bytes".into(), (1..13).map(|length| vec![22; length]).collect()),
        (
            "a STUN request, RTP, RTCP".into(),
            vec![
                [&[0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42][..], &[7; 12]].concat(),
                [&[0x80, 96][..], &[7; 40]].concat(),
                [&[0x80, 200][..], &[7; 40]].concat(),
            ],
        ),
        (
            "1500 bytes of each of 256 values".into(),
            (0..=255).map(|byte| vec![byte; 1500]).collect(),
        ),
        ("a record of 16385 bytes".into(), vec![record(HANDSHAKE, 0, &[0; 16385])]),
        ("a record of 65535 bytes".into(), vec![record(APPLICATION_DATA, 1, &[0; 65535])]),
        ("random datagrams".into(), {
            let mut rng = fastrand::Rng::with_seed(3);
            (0..300).map(|_| (0..rng.usize(..200)).map(|_| rng.u8(..)).collect()).collect()
        }),
        ("random records".into(), {
            let mut rng = fastrand::Rng::with_seed(4);
            (0..300)
                .map(|_| {
                    let payload: Vec<u8> = (0..rng.usize(..60)).map(|_| rng.u8(..)).collect();
                    record(rng.u8(20..25), rng.u16(1..3), &payload)
                })
                .collect()
        }),
        ("application data that is not encrypted".into(), vec![record(APPLICATION_DATA, 0, JUNK)]),
        (
            "application data of epoch 1 that is not encrypted".into(),
            vec![record(APPLICATION_DATA, 1, &JUNK.repeat(20))],
        ),
        (
            "heartbeat requests".into(),
            vec![
                record(HEARTBEAT, 0, &[&[1, 0xFF, 0xFF][..], &[7; 16]].concat()),
                record(HEARTBEAT, 1, &[&[1, 0, 0][..], &[7; 40]].concat()),
            ],
        ),
        ("HelloRequest of message_seq 0".into(), vec![record(HANDSHAKE, 0, &[0; 12])]),
        ("HelloVerifyRequests with other cookies, of message_seq 0 to 3".into(), {
            let verify = |seq: u16| {
                let body = [&[0xFE, 0xFF, 16][..], &[seq as u8; 16]].concat();
                let message = Message { kind: HELLO_VERIFY_REQUEST, seq, body };
                record(HANDSHAKE, 0, &message.whole())
            };
            (0..4).map(verify).collect()
        }),
    ];
    for content in
        [0, 19, CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA, HEARTBEAT, 25, 26, 32, 255]
    {
        for epoch in [0, 1, 2, 65535] {
            let payloads = [0, 1, 2, 7, 8, 16, 23, 24, 25];
            let all = payloads.map(|length| record(content, epoch, &vec![0xA5; length]));
            junk.push((
                format!("records of type {content}, epoch {epoch}, 0 to 25 bytes"),
                all.to_vec(),
            ));
        }
    }
    junk
}
