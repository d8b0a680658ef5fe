//! Datagrams that are not what an agent should get.

use std::net::SocketAddr;

use livekit_micro_peer::ice::{Candidate, CandidateError, Credentials, Event, Role, Timing};
use livekit_micro_peer::stun::{Class, Message, Writer, attribute};
use proptest::prelude::*;

use crate::messages::{ID, request, started, write};
use crate::net::{Host, address, crypto};

fn input(host: &mut Host, from: SocketAddr, bytes: &[u8]) -> Option<Event> {
    host.agent.input(&mut host.crypto, from, bytes, 0)
}

/// What the agent sends at time 0.
fn sent(host: &mut Host) -> Vec<(SocketAddr, Vec<u8>)> {
    let mut out = [0; 148];
    let mut sent = Vec::new();
    while let Some((to, len)) = host.agent.poll(&mut host.crypto, 0, &mut out) {
        sent.push((to, out[..len].to_vec()));
    }
    sent
}

#[test]
fn every_truncation_and_every_flipped_bit_of_a_check_changes_nothing_and_is_not_answered() {
    let (mut host, remote) = started(Role::Controlling);
    let valid = request(&host, &remote, 1_000, &ID);
    let from = address("203.0.113.1:1");
    for len in 0..valid.len() {
        assert_eq!(input(&mut host, from, &valid[..len]), None);
    }
    // A FINGERPRINT with another type may be ignored.
    let types_of_fingerprint = (valid.len() - 8) * 8..(valid.len() - 6) * 8;
    for bit in (0..valid.len() * 8).filter(|bit| !types_of_fingerprint.contains(bit)) {
        let mut bytes = valid.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(input(&mut host, from, &bytes), None);
    }
    assert_eq!(sent(&mut host), []);
    assert_eq!(input(&mut host, from, &valid), None);
    assert_eq!(sent(&mut host).len(), 2, "an answer, and a check of the address");
}

#[test]
fn a_check_of_another_user_or_with_another_password_or_without_any_is_not_answered() {
    let (mut host, remote) = started(Role::Controlling);
    let from = address("203.0.113.1:1");
    let ours = host.credentials.clone();
    let check = |user: &str, key: &str| {
        write(Class::Request, &ID, key, |writer| {
            writer.attribute(attribute::USERNAME, &[user.as_bytes()])
        })
    };
    let valid = format!("{}:{}", ours.ufrag(), remote.ufrag());
    for user in ["", ":", ours.ufrag(), &valid[1..], &format!("x{valid}"), &valid.replace(':', ";")]
    {
        assert_eq!(input(&mut host, from, &check(user, ours.pwd())), None);
        assert_eq!(sent(&mut host), [], "{user}");
    }
    for key in ["", remote.pwd(), &ours.pwd()[1..]] {
        assert_eq!(input(&mut host, from, &check(&valid, key)), None);
        assert_eq!(sent(&mut host), [], "{key}");
    }
    let bytes = check(&valid, ours.pwd());
    let mut without = bytes[..bytes.len() - 32].to_vec();
    without[3] -= 32;
    assert!(Message::read(&without).is_some());
    assert_eq!(input(&mut host, from, &without), None);
    assert_eq!(sent(&mut host), []);
}

#[test]
fn answers_that_nobody_asked_for_change_nothing() {
    let (mut host, remote) = started(Role::Controlling);
    let (peer, other) = (address("198.51.100.2:2"), address("203.0.113.1:1"));
    host.add(Candidate::host(peer));
    let check = sent(&mut host)[0].1.clone();
    let id: [u8; 12] = check[8..20].try_into().expect("12 bytes");
    let mapped = |writer: &mut Writer<'_>| writer.mapped_address(address("192.0.2.1:1111"));
    // Another transaction, and another password.
    let ours = host.credentials.clone();
    for (id, key) in [(&ID, remote.pwd()), (&id, ours.pwd())] {
        let bytes = write(Class::Success, id, key, mapped);
        assert_eq!(input(&mut host, peer, &bytes), None);
        let bytes = write(Class::Error, id, key, |writer| writer.error_code(487));
        assert_eq!(input(&mut host, peer, &bytes), None);
    }
    let unknown = write(Class::Success, &id, remote.pwd(), |writer| writer.attribute(0x7000, &[]));
    assert_eq!(input(&mut host, peer, &unknown), None);
    let conflict = write(Class::Error, &id, remote.pwd(), |writer| writer.error_code(487));
    assert_eq!(input(&mut host, other, &conflict), None);
    assert_eq!((host.agent.selected(), host.agent.role()), (None, Role::Controlling));
    let valid = write(Class::Success, &id, remote.pwd(), mapped);
    assert_eq!(input(&mut host, peer, &valid), Some(Event::Connected { to: peer }));
    // It is answered already.
    assert_eq!(input(&mut host, peer, &valid), None);
    assert_eq!(input(&mut host, other, &valid), None);
}

#[test]
fn an_answer_from_another_address_does_not_connect() {
    let (mut host, remote) = started(Role::Controlling);
    let peer = address("198.51.100.2:2");
    host.add(Candidate::host(peer));
    let check = sent(&mut host)[0].1.clone();
    let id: [u8; 12] = check[8..20].try_into().expect("12 bytes");
    let valid = write(Class::Success, &id, remote.pwd(), |_| ());
    assert_eq!(input(&mut host, address("198.51.100.2:3"), &valid), None);
    assert_eq!(host.agent.selected(), None);
}

#[test]
fn what_a_server_must_understand_and_the_agent_does_not_is_answered_with_420() {
    let (mut host, remote) = started(Role::Controlling);
    let user = format!("{}:{}", host.credentials.ufrag(), remote.ufrag());
    let bytes = write(Class::Request, &ID, host.credentials.pwd(), |writer| {
        writer.attribute(attribute::USERNAME, &[user.as_bytes()]);
        writer.attribute(0xc057, &[&[0; 4]]);
        writer.attribute(0x7abc, &[&[0; 3]]);
    });
    assert_eq!(input(&mut host, address("203.0.113.1:1"), &bytes), None);
    let sent = sent(&mut host);
    let answer = Message::read(&sent[0].1).expect("a message");
    assert_eq!((sent.len(), answer.class(), answer.error_code()), (1, Class::Error, Some(420)));
    assert_eq!(answer.get(attribute::UNKNOWN_ATTRIBUTES), Some(&[0x7a, 0xbc][..]));
    assert!(answer.is_authentic(&mut crypto(0), host.credentials.pwd().as_bytes()));
}

#[test]
fn the_newest_two_checks_between_polls_are_answered_and_a_repeated_one_once() {
    let (mut host, remote) = started(Role::Controlling);
    let from = address("203.0.113.1:1");
    for id in [1, 2, 2, 3, 3, 2] {
        let bytes = request(&host, &remote, 1_000, &[id; 12]);
        assert_eq!(input(&mut host, from, &bytes), None);
    }
    assert_eq!(host.agent.poll_in(0), Some(0));
    let ids: Vec<_> = sent(&mut host).iter().filter(|it| it.1[0] == 1).map(|it| it.1[8]).collect();
    assert_eq!(ids, [2, 3]);
}

#[test]
fn checks_from_a_thousand_addresses_are_all_answered_and_leave_the_selected_one_alone() {
    let (mut host, remote) = started(Role::Controlling);
    let peer = address("198.51.100.2:2");
    host.add(Candidate::host(peer));
    let check = sent(&mut host)[0].1.clone();
    let id: [u8; 12] = check[8..20].try_into().expect("12 bytes");
    let valid = write(Class::Success, &id, remote.pwd(), |_| ());
    assert_eq!(input(&mut host, peer, &valid), Some(Event::Connected { to: peer }));
    for port in 1..=1_000 {
        let from = SocketAddr::new([203, 0, 113, 1].into(), port);
        let bytes = request(&host, &remote, 1_000, &ID);
        assert_eq!(input(&mut host, from, &bytes), None);
        let sent = sent(&mut host);
        assert_eq!((sent.len(), sent[0].0), (1, from));
    }
    assert_eq!(host.agent.selected(), Some(peer));
}

#[test]
fn a_candidate_that_is_no_address_or_one_too_many_is_an_error() {
    let (mut host, _) = started(Role::Controlling);
    for at in ["0.0.0.0:1", "[::]:1", "192.0.2.1:0", "224.0.0.251:5353", "[ff02::fb]:5353"] {
        let error = host.agent.add_remote(&Candidate::host(address(at))).expect_err(at);
        assert_eq!(error, CandidateError::Address(address(at)));
    }
    let numbered = |port: u16, priority| Candidate {
        priority,
        ..Candidate::host(SocketAddr::new([192, 0, 2, 1].into(), port))
    };
    for port in 1..=4 {
        host.add(numbered(port, 100 + u32::from(port)));
        host.add(numbered(port, 100 + u32::from(port)));
    }
    let error =
        host.agent.add_remote(&numbered(5, 101)).expect_err("it is no better than the worst");
    assert_eq!(error, CandidateError::Full { capacity: 4 });
    host.add(numbered(6, 102));
    assert_eq!(host.agent.poll(&mut host.crypto, 0, &mut [0; 148]).map(|it| it.0.port()), Some(4));
}

#[test]
fn credentials_of_any_length_are_taken_or_refused() {
    for len in 0..300 {
        let text = "x".repeat(len);
        let pwd = "p".repeat(22);
        assert_eq!(Credentials::new(&text, &pwd).is_ok(), (4..=32).contains(&len), "{len}");
        assert_eq!(Credentials::new("ufrag", &text).is_ok(), (22..=64).contains(&len), "{len}");
    }
    let longest = Credentials::new(&"u".repeat(32), &"p".repeat(64)).expect("allowed");
    assert_eq!(
        format!("{longest:?}"),
        format!("Credentials {{ ufrag: {:?}, .. }}", "u".repeat(32))
    );
    // The longest check.
    let mut host = Host::new(1, "192.0.2.1:1111");
    host.credentials = longest.clone();
    host.start(Role::Controlling, &longest, Timing::DEFAULT, 0);
    host.add(Candidate::host(address("198.51.100.2:2")));
    assert_eq!(sent(&mut host)[0].1.len(), livekit_micro_peer::ice::MAX_BYTES);
}

#[test]
fn before_a_start_nothing_happens() {
    let mut host = Host::new(1, "192.0.2.1:1111");
    let bytes =
        write(Class::Request, &ID, "", |writer| writer.attribute(attribute::USERNAME, &[b":"]));
    assert_eq!(input(&mut host, address("198.51.100.2:2"), &bytes), None);
    assert_eq!(
        (sent(&mut host), host.agent.poll_in(0), host.agent.expired(0)),
        (vec![], None, None)
    );
}

proptest! {
    /// From inside: a peer that knows the credentials sends whatever it likes, with the right integrity.
    #[test]
    fn an_authentic_peer_cannot_stop_the_agent_from_reaching_its_end(
        steps in prop::collection::vec((
            0u8..4, any::<bool>(), 0u8..6, prop::collection::vec((0usize..11, prop::collection::vec(any::<u8>(), 0..24)), 0..6), 0u64..8_000,
        ), 1..40),
        is_controlling: bool,
    ) {
        const KINDS: [u16; 11] = [
            attribute::USERNAME, attribute::PRIORITY, attribute::USE_CANDIDATE, attribute::ICE_CONTROLLED,
            attribute::ICE_CONTROLLING, attribute::ERROR_CODE, attribute::XOR_MAPPED_ADDRESS,
            attribute::UNKNOWN_ATTRIBUTES, 0x7fff, 0x8fff, 0x0001,
        ];
        let (mut host, remote) = started(if is_controlling { Role::Controlling } else { Role::Controlled });
        host.add(Candidate::host(address("198.51.100.2:1")));
        let user = format!("{}:{}", host.credentials.ufrag(), remote.ufrag());
        let (mut now, mut last, mut out) = (0, ID, [0; 148]);
        for (class, is_ours, port, attributes, wait) in steps {
            let class = [Class::Request, Class::Indication, Class::Success, Class::Error][usize::from(class)];
            let key = if class == Class::Request { host.credentials.pwd() } else { remote.pwd() };
            let id = if is_ours { last } else { [port; 12] };
            let bytes = write(class, &id, key, |writer| {
                writer.attribute(attribute::USERNAME, &[user.as_bytes()]);
                attributes.iter().for_each(|(kind, value)| writer.attribute(KINDS[*kind], &[value]));
            });
            let from = SocketAddr::new([198, 51, 100, 2].into(), port.into());
            host.agent.input(&mut host.crypto, from, &bytes, now);
            host.agent.expired(now);
            let mut count = 0;
            while let Some((_, len)) = host.agent.poll(&mut host.crypto, now, &mut out) {
                if out[0] == 0 {
                    last = out[8..20].try_into().expect("12 bytes");
                }
                prop_assert!(Message::read(&out[..len]).is_some());
                count += 1;
                prop_assert!(count < 10);
            }
            now += wait;
        }
        // Then it is silent.
        let mut end = now;
        while let Some(wait) = host.agent.poll_in(end) {
            prop_assert!(end < now + 61_000, "it goes on without a peer");
            end += u64::from(wait);
            host.agent.expired(end);
            while host.agent.poll(&mut host.crypto, end, &mut out).is_some() {}
        }
        prop_assert_eq!(host.agent.selected(), None);
    }
}
