//! Records that nobody has authenticated, in every state of the handshake. RFC 6347, 4.1.2.7: "invalid
//! records SHOULD be silently discarded, thus preserving the association".

use std::cell::RefCell;
use std::rc::Rc;

use peer_tests::servers::hostile::{Flight, Server};

use crate::junk::junk;
use crate::opponent::Case;
use crate::opponent::Expect::Connects;

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
    cases.push(replay("each flight after all earlier datagrams, once more", false));
    cases.push(replay("all earlier datagrams once more, when connected", true));
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

/// Everything that was sent before, again.
fn replay(name: &str, at_the_end: bool) -> Case {
    let sent = Rc::new(RefCell::new(Vec::new()));
    let again = sent.clone();
    let mut case = Case::after(name, Connects, move |server| {
        if at_the_end {
            again.borrow().iter().for_each(|datagram: &Vec<u8>| server.inject(datagram.clone()));
        }
    });
    case.deviate = Box::new(move |server| {
        let sent = sent.clone();
        server.deviations.datagrams = Box::new(move |_, _, datagrams| {
            sent.borrow_mut().extend(datagrams.clone());
            if !at_the_end {
                *datagrams = sent.borrow().clone();
            }
        });
    });
    case
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
