//! Handshake messages that are missing, repeated, exchanged, or not of a handshake at all; and ChangeCipherSpec
//! and Finished (RFC 5246, 7.1, 7.3 and 7.4.9).

use peer_tests::servers::hostile::Flight::{Finish, Hello};
use peer_tests::servers::hostile::wire::{
    CERTIFICATE, CERTIFICATE_REQUEST, CHANGE_CIPHER_SPEC, FINISHED, HANDSHAKE, Message, Record,
    SERVER_HELLO, SERVER_HELLO_DONE, SERVER_KEY_EXCHANGE,
};

use crate::deviate::{datagrams, message, messages, records};
use crate::opponent::Case;
use crate::opponent::Expect::{Connects, Refused};

const NAMES: [(u8, &str); 5] = [
    (SERVER_HELLO, "ServerHello"),
    (CERTIFICATE, "Certificate"),
    (SERVER_KEY_EXCHANGE, "ServerKeyExchange"),
    (CERTIFICATE_REQUEST, "CertificateRequest"),
    (SERVER_HELLO_DONE, "ServerHelloDone"),
];

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (at, (kind, name)) in NAMES.into_iter().enumerate() {
        let missing = match kind {
            SERVER_HELLO_DONE => Refused("timed out waiting for ServerHelloDone"),
            // RFC 5246, 7.4.4: optional. A server without it does not know who its client is.
            CERTIFICATE_REQUEST => Connects,
            _ => Refused("came where"),
        };
        cases.push(Case::new(&format!("{name} is missing"), missing, move |server| {
            messages(server, Hello, move |all| all.retain(|message| message.kind != kind));
        }));
        cases.push(Case::new(
            &format!("{name} comes twice, as two messages"),
            Refused("came where"),
            move |server| {
                messages(server, Hello, move |all| all.insert(at, all[at].clone()));
            },
        ));
        cases.push(Case::new(
            &format!("{name} is of zero length"),
            if kind == SERVER_HELLO_DONE { Connects } else { Refused("is malformed") },
            move |server| {
                message(server, kind, |body| body.clear());
            },
        ));
        if at > 0 {
            cases.push(Case::new(
                &format!("{name} comes a place earlier"),
                Refused("came where"),
                move |server| {
                    messages(server, Hello, move |all| all.swap(at, at - 1));
                },
            ));
            cases.push(Case::new(
                &format!("{name} comes at once"),
                Refused("came where"),
                move |server| {
                    messages(server, Hello, move |all| all[..=at].rotate_right(1));
                },
            ));
        }
    }
    for kind in [0, 1, 3, 4, 11, 15, 16, 20, 21, 22, 23, 67, 99, 255] {
        for at in 0..=5 {
            let name = format!("message of type {kind} before message {at} of the server's flight");
            // HelloRequest and HelloVerifyRequest are ignored, Finished is not taken from the clear: with the
            // number of a message that is due, each leaves a gap.
            let expect = match kind {
                0 | 3 | 20 => Refused("timed out waiting for"),
                11 if at == 1 => Refused("Certificate is malformed"),
                _ => Refused("came where"),
            };
            cases.push(Case::new(&name, expect, move |server| {
                messages(server, Hello, move |all| {
                    // HelloRequest is empty; the others are long enough to be anything.
                    let body = if kind == 0 { Vec::new() } else { vec![0; 12] };
                    all.insert(at, Message { kind, seq: 0, body });
                });
            }));
        }
        if kind != FINISHED {
            cases.push(Case::new(
                &format!("message of type {kind} before Finished"),
                Refused("timed out waiting for Finished"),
                move |server| {
                    messages(server, Finish, move |all| {
                        all.insert(0, Message { kind, seq: 0, body: vec![0; 12] })
                    });
                },
            ));
        }
    }
    // The order of delivery is the network's.
    let one_each = |name: &str, change: fn(&mut Vec<Vec<u8>>)| {
        Case::new(name, Connects, move |server| {
            (server.mtu, server.fragment) = (1, 60);
            datagrams(server, Hello, change);
        })
    };
    cases.push(one_each("fragments arrive in reverse", |all| all.reverse()));
    cases.push(one_each("fragments arrive interleaved", |all| all[..].rotate_left(7)));
    cases.push(one_each("fragments arrive three times each", |all| {
        *all = [&all[..], all, all].concat()
    }));
    cases.push(one_each("every second fragment is lost at first", |all| {
        let mut at = 0;
        all.retain(|_| {
            at += 1;
            at % 2 == 0
        });
    }));
    cases.push(one_each("all fragments in one datagram", |all| *all = vec![all.concat()]));
    cases
}

pub fn finish_cases() -> Vec<Case> {
    let finish = |name: &str, expect, change: fn(&mut Vec<Record>)| {
        Case::new(name, expect, move |server| {
            server.deviations.records = Box::new(move |flight, _, all| {
                if flight == Finish {
                    change(all);
                }
            });
        })
    };
    let mut cases: Vec<_> = (0..12)
        .map(|at| {
            Case::new(
                &format!("byte {at} of Finished is wrong"),
                Refused("Finished does not match"),
                move |server| {
                    message(server, FINISHED, move |body| body[at] ^= 1);
                },
            )
        })
        .collect();
    for length in [0, 1, 11, 13, 24] {
        cases.push(Case::new(
            &format!("Finished of {length} bytes"),
            Refused("Finished does not match"),
            move |server| {
                message(server, FINISHED, move |body| body.resize(length, 7));
            },
        ));
    }
    cases.push(Case::new("Finished of zeros", Refused("Finished does not match"), |server| {
        message(server, FINISHED, |body| body.fill(0))
    }));
    cases.push(finish(
        "Finished is not encrypted",
        Refused("timed out waiting for Finished"),
        |all| {
            (all[1].epoch, all[1].sealed) = (0, false);
        },
    ));
    cases.push(finish(
        "Finished says epoch 1 and is not encrypted",
        Refused("timed out waiting for Finished"),
        |all| all[1].sealed = false,
    ));
    cases.push(finish("ChangeCipherSpec comes after Finished", Connects, |all| all.reverse()));
    cases.push(finish("ChangeCipherSpec comes twice", Connects, |all| {
        all.insert(0, all[0].clone())
    }));
    cases.push(finish("Finished comes twice", Connects, |all| all.push(all[1].clone())));
    cases.push(finish("Finished in fragments of one byte", Connects, |all| {
        let finished = all.remove(1);
        for at in 0..12 {
            let mut payload = finished.payload[..12].to_vec();
            payload[8] = at;
            payload[11] = 1;
            payload.push(finished.payload[12 + usize::from(at)]);
            all.push(Record { payload, ..finished.clone() });
        }
    }));
    cases.push(finish(
        "Finished of message_seq 0",
        Refused("timed out waiting for Finished"),
        |all| all[1].payload[4..6].fill(0),
    ));
    cases.push(finish(
        "Finished of a message_seq that is not reached",
        Refused("timed out waiting for Finished"),
        |all| all[1].payload[5] += 1,
    ));
    cases.push(finish(
        "Finished of message_seq 65535",
        Refused("timed out waiting for Finished"),
        |all| all[1].payload[4..6].fill(255),
    ));
    cases.push(finish("HelloRequest, encrypted, before Finished", Connects, |all| {
        all.insert(1, Record::sealed(HANDSHAKE, vec![0; 12]));
    }));
    for (at, where_) in [
        (0, "before ServerHello"),
        (1, "after ServerHello"),
        (3, "after ServerKeyExchange"),
        (5, "after ServerHelloDone"),
    ] {
        cases.push(Case::new(&format!("ChangeCipherSpec {where_}"), Connects, move |server| {
            records(server, Hello, move |all| {
                all.insert(at, Record::plain(CHANGE_CIPHER_SPEC, vec![1]))
            });
        }));
    }
    cases.push(Case::new(
        "ChangeCipherSpec between the fragments of a message",
        Connects,
        |server| {
            server.fragment = 30;
            records(server, Hello, |all| {
                *all = all
                    .iter()
                    .flat_map(|it| [it.clone(), Record::plain(CHANGE_CIPHER_SPEC, vec![1])])
                    .collect();
            });
        },
    ));
    for body in [&[][..], &[0], &[2], &[1, 1], &[255; 100]] {
        cases.push(Case::new(
            &format!("ChangeCipherSpec of {} bytes, then a right one", body.len()),
            Connects,
            move |server| {
                records(server, Finish, move |all| {
                    all.insert(0, Record::plain(CHANGE_CIPHER_SPEC, body.to_vec()))
                });
            },
        ));
    }
    cases
}
