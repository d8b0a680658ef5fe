//! A server that falls silent, and numbers that jump.

use peer_tests::servers::hostile::Flight;
use peer_tests::servers::hostile::wire::{APPLICATION_DATA, HANDSHAKE, Record};

use crate::deviate::records;
use crate::opponent::Expect::{Connects, Refused};
use crate::opponent::{Case, JUNK};

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for flight in [Flight::Verify, Flight::Hello, Flight::Finish] {
        let name = format!("silent from flight {flight:?} on");
        let waiting = Refused(match flight {
            Flight::Finish => "timed out waiting for Finished",
            _ => "timed out waiting for ServerHello",
        });
        cases.push(Case::new(&name, waiting, move |server| {
            server.deviations.datagrams = Box::new(move |of, _, all| {
                if of >= flight {
                    all.clear();
                }
            });
        }));
        cases.push(Case::new(
            &format!("silent in flight {flight:?} for the first four times"),
            Connects,
            move |server| {
                let mut count = 0;
                server.deviations.datagrams = Box::new(move |of, _, all| {
                    if of == flight {
                        count += 1;
                        if count < 5 {
                            all.clear();
                        }
                    }
                });
            },
        ));
    }
    let waits = [
        (Flight::Hello, 1, "Certificate"),
        (Flight::Hello, 2, "ServerKeyExchange"),
        // CertificateRequest is optional.
        (Flight::Hello, 3, "ServerHelloDone"),
        (Flight::Hello, 4, "ServerHelloDone"),
        (Flight::Finish, 1, "Finished"),
    ];
    for (flight, keep, next) in waits {
        let name = format!("silent before {next}, after {keep} messages of flight {flight:?}");
        cases.push(Case::new(&name, Refused(next), move |server| {
            server.mtu = 1;
            server.deviations.datagrams = Box::new(move |of, _, all| {
                if of == flight {
                    all.truncate(keep);
                }
            });
        }));
    }
    cases
}

pub fn number_cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for first in [1_000_000, 1 << 32, (1 << 48) - 200] {
        cases.push(Case::new(
            &format!("records in the clear are numbered from {first}"),
            Connects,
            move |server| {
                let mut next = first;
                server.deviations.records = Box::new(move |flight, _, all| {
                    for record in
                        all.iter_mut().filter(|record| flight != Flight::Data && record.epoch == 0)
                    {
                        record.sequence = Some(next);
                        next += 1;
                    }
                });
            },
        ));
        cases.push(Case::new(
            &format!("encrypted records are numbered from {first}"),
            Connects,
            move |server| {
                let mut next = first;
                server.deviations.records = Box::new(move |_, _, all| {
                    for record in all.iter_mut().filter(|record| record.sealed) {
                        record.sequence = Some(next);
                        next += 1;
                    }
                });
            },
        ));
    }
    // RFC 6347, 4.2.1, lets a server use version 1.0 in records until the version is chosen.
    for (version, expect) in
        [([0xFE, 0xFF], Connects), ([0xFE, 0xFC], Refused("timed out waiting for ServerHello"))]
    {
        let name = format!("every record in the clear is of version {version:02X?}");
        cases.push(Case::new(&name, expect, move |server| {
            server.deviations.records = Box::new(move |_, _, all| {
                all.iter_mut()
                    .filter(|record| !record.sealed)
                    .for_each(|record| record.version = version);
            });
        }));
    }
    cases.push(Case::new("records in the clear are numbered downwards", Connects, |server| {
        records(server, Flight::Hello, |all| {
            let count = all.len() as u64;
            all.iter_mut()
                .zip(0..)
                .for_each(|(record, at)| record.sequence = Some(50 + count - at));
        });
    }));
    cases.push(Case::after(
        "data whose numbers jump by 60 at a time, backwards and forwards",
        Connects,
        |server| {
            for number in [1000, 1060, 1001, 1120, 2000, 1940, 1 << 40] {
                let record =
                    Record { sequence: Some(number), ..Record::sealed(APPLICATION_DATA, vec![1]) };
                server.transmit(Flight::Data, 0, vec![record]);
            }
            server.deviations.records = Box::new(|_, _, all| {
                all.iter_mut().for_each(|record| record.sequence = Some((1 << 40) + 1));
            });
        },
    ));
    cases.push(Case::after(
        "data with the last number there is, then a lower one",
        Connects,
        |server| {
            let last = Record {
                sequence: Some((1 << 48) - 1),
                ..Record::sealed(APPLICATION_DATA, vec![1])
            };
            server.transmit(Flight::Data, 0, vec![last]);
            server.deviations.records = Box::new(|_, _, all| {
                all.iter_mut().for_each(|record| record.sequence = Some((1 << 48) - 9));
            });
        },
    ));
    cases.push(Case::after("epoch 0 goes on after the handshake", Connects, |server| {
        for content in [HANDSHAKE, APPLICATION_DATA] {
            server.transmit(Flight::Data, 0, vec![Record::plain(content, JUNK.to_vec())]);
        }
    }));
    cases
}
