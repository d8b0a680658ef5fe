//! Fragments of handshake messages that contradict what was sent (RFC 6347, 4.2.2 and 4.2.3). Anybody on the
//! path can send them, and the honest server's own fragments are there, too.

use std::rc::Rc;

use peer_tests::servers::hostile::Flight::{Hello, Verify};
use peer_tests::servers::hostile::wire::{Fragment, HANDSHAKE, Record};

use crate::deviate::{fragment, records};
use crate::opponent::Case;
use crate::opponent::Expect::{Connects, Refused};

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let right = |it: Fragment| it;
    for size in [1, 2, 3, 7, 13, 100] {
        cases.push(Case::new(&format!("fragments of {size} bytes"), Connects, move |server| {
            server.fragment = size
        }));
    }
    cases.push(each("fragments that overlap", 30, right, |it, whole| {
        let end = (it.offset as usize + 50).min(whole.len());
        let start = it.offset as usize / 2;
        vec![Fragment {
            offset: start as u32,
            fragment_length: (end - start) as u32,
            body: whole[start..end].to_vec(),
            ..it.clone()
        }]
    }));
    cases.push(each("every fragment after the whole message", 30, right, |it, whole| {
        let all = Fragment {
            offset: 0,
            fragment_length: whole.len() as u32,
            body: whole.to_vec(),
            ..it.clone()
        };
        vec![all, it.clone()]
    }));
    // A fragment that lies, before each true one.
    for (name, lie) in [
        (
            "of zero length",
            (|it| Fragment { fragment_length: 0, body: Vec::new(), ..it })
                as fn(Fragment) -> Fragment,
        ),
        ("of zero length at the end", |it| Fragment {
            offset: it.length,
            fragment_length: 0,
            body: Vec::new(),
            ..it
        }),
        ("that goes beyond the end", |it| Fragment { offset: it.length, ..it }),
        ("whose offset is 2^24-1", |it| Fragment { offset: 0xFF_FFFF, ..it }),
        ("whose length is more than the record has", |it| Fragment {
            fragment_length: it.fragment_length + 1,
            ..it
        }),
        ("whose length is 2^24-1", |it| Fragment { fragment_length: 0xFF_FFFF, ..it }),
        ("whose length is less than the record has", |it| Fragment {
            fragment_length: it.fragment_length.saturating_sub(1),
            ..it
        }),
        ("of a message_seq before all", |it| Fragment {
            seq: 0,
            body: vec![7; it.body.len()],
            ..it
        }),
        ("of message_seq 65535", |it| Fragment { seq: 65535, body: vec![7; it.body.len()], ..it }),
        ("of message_seq 32768 later", |it| Fragment {
            seq: it.seq + 32768,
            body: vec![7; it.body.len()],
            ..it
        }),
        ("five messages ahead", |it| Fragment {
            seq: it.seq + 5,
            body: vec![7; it.body.len()],
            ..it
        }),
    ] {
        cases.push(each(&format!("a fragment {name}, before each true one"), 30, lie, |it, _| {
            vec![it.clone()]
        }));
    }
    // A length, a type or bytes that only one of sender and attacker can mean: whichever came first counts,
    // and the transcript shows it.
    for (name, lie) in [
        (
            "of a message of 2^24-1 bytes",
            (|it| Fragment { length: 0xFF_FFFF, ..it }) as fn(Fragment) -> Fragment,
        ),
        ("of a message one byte longer", |it| Fragment { length: it.length + 1, ..it }),
        ("of a message one byte shorter", |it| Fragment {
            length: it.length.saturating_sub(1),
            ..it
        }),
        ("of another type", |it| Fragment { kind: 22, ..it }),
        ("with other bytes", |it| Fragment { body: vec![0x5A; it.body.len()], ..it }),
    ] {
        for size in [30, 1100] {
            let name = format!("fragments {name}, before true ones of {size} bytes");
            let mut case = each(&name, size, lie, |it, _| vec![it.clone()]);
            if name.contains("other bytes") && size == 1100 {
                // A whole message with a wrong value ends it: who can send that can also drop true ones.
                case.expect = Refused("curve");
            }
            cases.push(case);
        }
    }
    for length in 0..12 {
        cases.push(Case::new(
            &format!("a handshake record of {length} bytes, before each true one"),
            Connects,
            move |server| {
                server.mtu = 1;
                records(server, Hello, move |all| {
                    *all = all
                        .iter()
                        .flat_map(|it| {
                            [
                                Record { payload: it.payload[..length].to_vec(), ..it.clone() },
                                it.clone(),
                            ]
                        })
                        .collect();
                });
            },
        ));
    }
    cases.push(Case::new(
        "a fragment of ServerHello of message_seq 0 before HelloVerifyRequest",
        Connects,
        |server| {
            records(server, Verify, |all| {
                all.insert(
                    0,
                    Record::plain(
                        HANDSHAKE,
                        Fragment {
                            kind: 2,
                            length: 90,
                            seq: 7,
                            offset: 3,
                            fragment_length: 5,
                            body: vec![7; 5],
                        }
                        .bytes(),
                    ),
                );
            });
        },
    ));
    cases.push(Case::new("two messages in one record", Connects, |server| {
        records(server, Hello, |all| {
            let payload = all.iter().flat_map(|it| it.payload.clone()).collect();
            *all = vec![Record { payload, ..all[0].clone() }];
        });
    }));
    cases
}

/// Replaces each fragment of flight 4 by `make` of it and of its whole message, each in a datagram of its
/// own, and a `lie` before it if that is not the fragment itself.
fn each(
    name: &str,
    size: usize,
    lie: fn(Fragment) -> Fragment,
    make: fn(&Fragment, &[u8]) -> Vec<Fragment>,
) -> Case {
    Case::new(name, Connects, move |server| {
        (server.mtu, server.fragment) = (1, size);
        records(server, Hello, move |all| {
            let fragments: Rc<[Fragment]> =
                all.iter().map(|it| Fragment::read(&it.payload).unwrap().0).collect();
            let mut made = Vec::new();
            for it in fragments.iter() {
                let of_it = fragments.iter().filter(|other| other.seq == it.seq);
                let whole: Vec<u8> = of_it.flat_map(|part| part.body.clone()).collect();
                let lied = lie(it.clone());
                if lied != *it {
                    made.push(fragment(&lied));
                }
                made.extend(make(it, &whole).iter().map(fragment));
            }
            *all = made;
        });
    })
}
