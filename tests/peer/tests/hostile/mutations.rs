//! Every byte of every message and record of the server's, wrong in turn.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use peer_tests::servers::certificate::fingerprint;
use peer_tests::servers::hostile::Flight::{self, Finish, Hello, Verify};
use peer_tests::servers::hostile::wire::{
    CERTIFICATE, CERTIFICATE_REQUEST, FINISHED, SERVER_HELLO, SERVER_HELLO_DONE,
    SERVER_KEY_EXCHANGE,
};

use crate::deviate::message;
use crate::opponent::{Outcome, run, server};

/// The server means what it sends: its transcript has the wrong byte, and so has what it signs.
#[test]
fn a_wrong_byte_that_the_server_stands_by_connects_only_where_the_protocol_leaves_it_free() {
    let messages = [
        (SERVER_HELLO, "ServerHello"),
        (CERTIFICATE, "Certificate"),
        (SERVER_KEY_EXCHANGE, "ServerKeyExchange"),
        (CERTIFICATE_REQUEST, "CertificateRequest"),
        (SERVER_HELLO_DONE, "ServerHelloDone"),
        (FINISHED, "Finished"),
    ];
    let mut free = Vec::new();
    for (kind, name) in messages {
        let mut said = Said::default();
        let mut at = 0;
        loop {
            let within = Rc::new(Cell::new(false));
            for (how, change) in CHANGES {
                let mut server = server();
                let first = fingerprint(&server.chain[0]);
                let (changed, seen) = (Rc::new(Cell::new(false)), within.clone());
                let is_changed = changed.clone();
                let spoil = move |bytes: &mut Vec<u8>| {
                    if let Some(byte) = bytes.get_mut(at) {
                        seen.set(true);
                        let before = std::mem::replace(byte, change(*byte));
                        is_changed.set(before != *byte);
                    }
                };
                if kind == SERVER_KEY_EXCHANGE && at < 69 {
                    server.deviations.params = Box::new(spoil);
                } else {
                    message(&mut server, kind, spoil);
                }
                if !within.get() && how != CHANGES[0].0 {
                    break;
                }
                let outcome = run(server, first, &|_| ());
                if changed.get() {
                    if outcome.was_connected {
                        free.push((name, at, how));
                    }
                    said.count(&outcome);
                }
            }
            if !within.get() {
                break;
            }
            at += 1;
        }
        said.print(&format!("{name}, {at} bytes"));
    }
    println!("connected with: {free:?}");
    assert!(free.iter().all(|(name, at, _)| FREE.contains(&(name, *at))), "{free:?}");
}

/// The server does not know of it. Once: the true record comes again later. Always: it never comes.
#[test]
fn a_wrong_byte_on_the_wire_never_connects_to_another_transcript() {
    let records = [
        (Verify, 0, "HelloVerifyRequest"),
        (Hello, 0, "ServerHello"),
        (Hello, 1, "Certificate"),
        (Hello, 2, "ServerKeyExchange"),
        (Hello, 3, "CertificateRequest"),
        (Hello, 4, "ServerHelloDone"),
        (Finish, 0, "ChangeCipherSpec"),
        (Finish, 1, "Finished"),
    ];
    for (flight, index, name) in records {
        for always in [false, true] {
            let mut said = Said::default();
            let mut at = 0;
            loop {
                let mut within = false;
                for (_, change) in &CHANGES[..2] {
                    let (outcome, changed) = on_the_wire(flight, index, at, *change, always);
                    within |= changed;
                    if changed {
                        said.count(&outcome);
                        // Record headers and everything that is encrypted: dropped, and the true one is used.
                        if !always && (at < 13 && flight != Verify || flight == Finish) {
                            assert!(outcome.works, "{name}, byte {at}: {:?}", outcome.error);
                        }
                    }
                }
                if !within {
                    break;
                }
                at += 1;
            }
            let when = if always { "each time" } else { "the first time" };
            said.print(&format!("record of {name}, {at} bytes, {when}"));
        }
    }
}

/// Several datagrams of the server's at once: lost, repeated, cut, exchanged, with wrong bytes.
#[test]
fn many_faults_at_once_never_connect_to_another_transcript() {
    let mut said = Said::default();
    for seed in 0..3000 {
        let mut server = server();
        let first = fingerprint(&server.chain[0]);
        let mut rng = fastrand::Rng::with_seed(seed);
        (server.mtu, server.fragment) = (rng.usize(1..1200), rng.usize(20..1200));
        // Few at first, so that handshakes get far.
        let percent = [3, 10, 30][seed as usize % 3];
        server.deviations.datagrams = Box::new(move |_, _, datagrams| {
            for at in (0..datagrams.len()).rev() {
                if rng.u8(..100) >= percent {
                    continue;
                }
                let datagram = &mut datagrams[at];
                let byte = rng.usize(..datagram.len());
                match rng.u8(..6) {
                    0 => drop(datagrams.remove(at)),
                    1 => datagrams.insert(at, datagrams[at].clone()),
                    2 => datagram.truncate(byte),
                    3 => datagrams.swap(0, at),
                    4 => datagram[byte] = rng.u8(..),
                    _ => (byte..datagram.len().min(byte + 4))
                        .for_each(|at| datagram[at] = rng.u8(..)),
                }
            }
        });
        said.count(&run(server, first, &|_| ()));
    }
    said.print("3000 servers with many faults");
    assert!(said.0.get(WORKS).is_some_and(|count| *count > 1000));
}

fn on_the_wire(
    flight: Flight,
    index: usize,
    at: usize,
    change: fn(u8) -> u8,
    always: bool,
) -> (Outcome, bool) {
    let mut server = server();
    let first = fingerprint(&server.chain[0]);
    server.mtu = 1;
    let changed = Rc::new(Cell::new(false));
    let is_changed = changed.clone();
    server.deviations.datagrams = Box::new(move |of, attempt, datagrams| {
        let now = of == flight && (always || attempt == 0 && !is_changed.get());
        if let Some(byte) = datagrams.get_mut(index).and_then(|it| it.get_mut(at)).filter(|_| now) {
            *byte = change(*byte);
            is_changed.set(true);
        }
    });
    (run(server, first, &|_| ()), changed.get())
}

#[derive(Default)]
struct Said(BTreeMap<String, u32>);

impl Said {
    fn count(&mut self, outcome: &Outcome) {
        let said = match &outcome.error {
            None if outcome.works => WORKS.into(),
            None => "no data".into(),
            Some(error) => error.clone(),
        };
        *self.0.entry(said).or_default() += 1;
    }

    fn print(&self, what: &str) {
        println!("{what}:");
        self.0.iter().for_each(|(said, count)| println!("  {count:>6}  {said}"));
    }
}

const WORKS: &str = "connected; data both ways";

type Change = (&'static str, fn(u8) -> u8);

const CHANGES: [Change; 4] =
    [("xor 1", |byte| byte ^ 1), ("xor 128", |byte| byte ^ 128), ("0", |_| 0), ("255", |_| 255)];

/// Bytes that may have more than one value.
const FREE: [(&str, usize); 1] = [
    // ec_point_formats becomes supported_groups, which was offered: some servers answer it, and it means nothing.
    ("ServerHello", 59),
];
