//! Alerts (RFC 5246, 7.2). RFC 6347, 4.1.2.7, lets an alert that nobody has authenticated be discarded: an
//! attacker could send it.

use peer_tests::servers::hostile::wire::{
    ALERT, APPLICATION_DATA, HANDSHAKE, Message, Record, SERVER_HELLO,
};
use peer_tests::servers::hostile::{Flight, Server};

use crate::opponent::Expect::{Connects, Ends, Refused};
use crate::opponent::{Case, JUNK};
use crate::records::{PLACES, put};

/// Of every level and description, in every state, in the clear.
pub fn unauthenticated() -> Vec<Case> {
    let mut cases = Vec::new();
    for place in PLACES {
        for level in [0, 1, 2, 3, 255] {
            let alerts = (0..=255).map(|description| Record {
                sequence: Some(1000 + u64::from(description)),
                ..Record::plain(ALERT, vec![level, description])
            });
            let name =
                format!("{place:?}: alerts of level {level}, of each description, in the clear");
            cases.push(put(&name, place, alerts.map(|alert| alert.bytes()).collect()));
        }
        let name = format!("{place:?}: alerts of 0, 1, 3 and 4 bytes, in the clear");
        let alerts = [&[][..], &[2], &[2, 40, 2], &[2, 40, 2, 40]];
        cases.push(put(
            &name,
            place,
            alerts.map(|alert| Record::plain(ALERT, alert.to_vec()).bytes()).to_vec(),
        ));
    }
    // A server that means it sends nothing else: the error has the alert.
    cases.push(Case::new(
        "a fatal alert in the clear, and then nothing",
        Refused("bad_certificate (42, fatal)"),
        |server| {
            server.deviations.datagrams = Box::new(|flight, _, datagrams| {
                if flight >= Flight::Finish {
                    *datagrams = vec![Record::plain(ALERT, vec![2, 42]).bytes()];
                }
            });
        },
    ));
    cases
}

/// Under the keys of the connection.
pub fn authenticated() -> Vec<Case> {
    let mut cases = vec![
        Case::after("Connected: close_notify", Ends("the server closed the session"), |server| {
            server.close()
        }),
        Case::after(
            "Connected: close_notify of level 2",
            Ends("the server closed the session"),
            |server| send(server, ALERT, vec![2, 0]),
        ),
        Case::after(
            "Connected: data after close_notify",
            Ends("the server closed the session"),
            |server| {
                server.close();
                send(server, APPLICATION_DATA, JUNK.to_vec());
            },
        ),
        Case::after(
            "Connected: warnings of each description but close_notify",
            Connects,
            |server| {
                (1..=255).for_each(|description| send(server, ALERT, vec![1, description]));
            },
        ),
        Case::after("Connected: heartbeats, encrypted", Connects, |server| {
            send(server, 24, [&[1, 0xFF, 0xFF][..], &[7; 16]].concat());
        }),
        Case::after("Connected: records of unknown types, encrypted", Connects, |server| {
            [0, 19, 25, 26, 99, 255]
                .into_iter()
                .for_each(|content| send(server, content, JUNK.to_vec()));
        }),
        Case::after("Connected: ChangeCipherSpec, encrypted", Connects, |server| {
            send(server, 20, vec![1])
        }),
        Case::after("Connected: application data of 0 bytes, three times", Connects, |server| {
            (0..3).for_each(|_| send(server, APPLICATION_DATA, Vec::new()));
        }),
        // RFC 5746, 4.5 and RFC 5246, 7.4.1.1: "the client … MAY … ignore".
        Case::after("Connected: HelloRequest", Connects, |server| {
            send(server, HANDSHAKE, Message { kind: 0, seq: 7, body: Vec::new() }.whole());
        }),
        Case::after("Connected: a HelloRequest a hundred times", Connects, |server| {
            (0..100).for_each(|seq| {
                send(server, HANDSHAKE, Message { kind: 0, seq, body: Vec::new() }.whole())
            });
        }),
        Case::after("Connected: a new handshake: ServerHello, encrypted", Connects, |server| {
            let body = [&[0xFE, 0xFD][..], &[7; 70]].concat();
            (0..12).for_each(|seq| {
                send(
                    server,
                    HANDSHAKE,
                    Message { kind: SERVER_HELLO, seq, body: body.clone() }.whole(),
                )
            });
        }),
        Case::after("Connected: handshake messages of each type, encrypted", Connects, |server| {
            for kind in (0..=255).filter(|kind| *kind != 20) {
                send(server, HANDSHAKE, Message { kind, seq: 7, body: vec![7; 40] }.whole());
            }
        }),
        Case::after(
            "Connected: a handshake record of each length, encrypted",
            Connects,
            |server| {
                (0..30).for_each(|length| send(server, HANDSHAKE, vec![7; length]));
            },
        ),
        Case::new(
            "WithinFinish: application data before Finished, encrypted",
            Connects,
            |server| {
                before_finished(server, vec![Record::sealed(APPLICATION_DATA, JUNK.to_vec())]);
            },
        ),
        Case::new("WithinFinish: warnings before Finished, encrypted", Connects, |server| {
            before_finished(
                server,
                (90..=255).map(|it| Record::sealed(ALERT, vec![1, it])).collect(),
            );
        }),
        Case::new(
            "WithinFinish: close_notify before Finished, encrypted",
            Refused("the server closed the session"),
            |server| {
                before_finished(server, vec![Record::sealed(ALERT, vec![1, 0])]);
            },
        ),
    ];
    for description in 1..=255 {
        cases.push(Case::after(
            &format!("Connected: fatal alert {description}"),
            Ends("the server ended the session"),
            move |server| {
                send(server, ALERT, vec![2, description]);
            },
        ));
    }
    for description in 1..=255 {
        let name = format!("WithinFinish: fatal alert {description} before Finished, encrypted");
        cases.push(Case::new(&name, Refused("the server ended the session"), move |server| {
            before_finished(server, vec![Record::sealed(ALERT, vec![2, description])]);
        }));
    }
    cases
}

fn send(server: &mut Server, content: u8, payload: Vec<u8>) {
    server.transmit(Flight::Data, 0, vec![Record::sealed(content, payload)]);
}

/// Between ChangeCipherSpec and Finished.
fn before_finished(server: &mut Server, junk: Vec<Record>) {
    crate::deviate::records(server, Flight::Finish, move |records| {
        records.splice(1..1, junk.iter().cloned());
    });
}
