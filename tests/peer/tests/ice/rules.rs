//! What an agent does with one message at a time.

use std::net::SocketAddr;

use livekit_micro_peer::ice::{Candidate, Credentials, Event, Role, Timing};
use livekit_micro_peer::stun::{Class, Message, attribute};

use crate::messages::{ID, request, started, write};
use crate::net::{Host, address};

/// An agent, the credentials of its peer, and the time.
struct Session {
    host: Host,
    remote: Credentials,
    now: u64,
}

fn session(role: Role) -> Session {
    let (host, remote) = started(role);
    Session { host, remote, now: 0 }
}

/// One that is connected to `peer` with a low priority.
fn connected(peer: SocketAddr) -> Session {
    let mut session = session(Role::Controlling);
    session.host.add(Candidate { priority: 5_000, ..Candidate::host(peer) });
    let (_, id) = session.check();
    assert_eq!(session.answer(peer, &id), Some(Event::Connected { to: peer }));
    session
}

impl Session {
    fn input(&mut self, from: SocketAddr, bytes: &[u8]) -> Option<Event> {
        self.host.agent.input(&mut self.host.crypto, from, bytes, self.now)
    }

    /// What the agent sends now.
    fn sent(&mut self) -> Vec<(SocketAddr, Vec<u8>)> {
        let mut out = [0; 148];
        let mut sent = Vec::new();
        while let Some((to, len)) = self.host.agent.poll(&mut self.host.crypto, self.now, &mut out)
        {
            sent.push((to, out[..len].to_vec()));
        }
        sent
    }

    /// The only check it sends now: where, and the transaction.
    fn check(&mut self) -> (SocketAddr, [u8; 12]) {
        let sent = self.sent();
        let checks: Vec<_> = sent.iter().filter(|it| it.1[0] == 0).collect();
        assert_eq!(checks.len(), 1, "{sent:?}");
        (checks[0].0, checks[0].1[8..20].try_into().expect("12 bytes"))
    }

    /// The addresses it checks within so many milliseconds.
    fn checked_within(&mut self, ms: u64) -> Vec<SocketAddr> {
        let end = self.now + ms;
        let mut checked = Vec::new();
        while self.now < end {
            self.now += 10;
            checked.extend(self.sent().into_iter().filter(|it| it.1[0] == 0).map(|it| it.0));
        }
        checked
    }

    fn answer(&mut self, from: SocketAddr, id: &[u8; 12]) -> Option<Event> {
        let bytes = write(Class::Success, id, self.remote.pwd(), |_| ());
        self.input(from, &bytes)
    }

    fn refuse(&mut self, from: SocketAddr, id: &[u8; 12]) -> Option<Event> {
        let bytes = write(Class::Error, id, self.remote.pwd(), |writer| writer.error_code(487));
        self.input(from, &bytes)
    }

    fn request(&mut self, from: SocketAddr, priority: u32) -> Option<Event> {
        let bytes = request(&self.host, &self.remote, priority, &ID);
        self.input(from, &bytes)
    }

    /// A request of a peer that wants to be controlling, or the other way round.
    fn claim(
        &mut self,
        from: SocketAddr,
        kind: u16,
        tiebreaker: u64,
        nominates: bool,
    ) -> Option<Event> {
        let user = format!("{}:{}", self.host.credentials.ufrag(), self.remote.ufrag());
        let bytes = write(Class::Request, &ID, self.host.credentials.pwd(), |writer| {
            writer.attribute(attribute::USERNAME, &[user.as_bytes()]);
            writer.attribute(kind, &[&tiebreaker.to_be_bytes()]);
            if nominates {
                writer.attribute(attribute::USE_CANDIDATE, &[]);
            }
        });
        self.input(from, &bytes)
    }
}

const PEER: &str = "198.51.100.2:2";
const OTHER: &str = "203.0.113.3:3";

#[test]
fn the_agent_with_the_larger_tiebreaker_is_controlling() {
    use Role::{Controlled, Controlling};
    let cases = [
        (Controlling, attribute::ICE_CONTROLLING, 0, Some(487), Controlling),
        (Controlling, attribute::ICE_CONTROLLING, u64::MAX, None, Controlled),
        (Controlled, attribute::ICE_CONTROLLED, 0, None, Controlling),
        (Controlled, attribute::ICE_CONTROLLED, u64::MAX, Some(487), Controlled),
        (Controlling, attribute::ICE_CONTROLLED, u64::MAX, None, Controlling),
        (Controlled, attribute::ICE_CONTROLLING, 0, None, Controlled),
    ];
    for (role, kind, tiebreaker, code, after) in cases {
        let mut session = session(role);
        session.claim(address(PEER), kind, tiebreaker, false);
        let answer = session.sent().remove(0).1;
        let answer = Message::read(&answer).expect("a message");
        assert_eq!(
            (answer.error_code(), session.host.agent.role()),
            (code, after),
            "{role:?} {kind:x}"
        );
    }
}

#[test]
fn an_agent_that_is_told_of_a_conflict_changes_its_role_and_its_tiebreaker() {
    let mut session = session(Role::Controlling);
    session.host.add(Candidate::host(address(PEER)));
    let first = session.sent().remove(0).1;
    let first = Message::read(&first).expect("a message");
    session.refuse(address(PEER), first.id());
    assert_eq!(session.host.agent.role(), Role::Controlled);
    session.now += 50;
    let second = session.sent().remove(0).1;
    let second = Message::read(&second).expect("a message");
    assert_ne!(first.id(), second.id());
    assert!(
        first.get(attribute::USE_CANDIDATE).is_some()
            && second.get(attribute::USE_CANDIDATE).is_none()
    );
    let tiebreakers =
        [first.get(attribute::ICE_CONTROLLING), second.get(attribute::ICE_CONTROLLED)];
    assert!(
        tiebreakers[0].is_some() && tiebreakers[1].is_some() && tiebreakers[0] != tiebreakers[1]
    );
}

#[test]
fn an_error_for_a_check_of_the_old_role_does_not_change_the_new_one() {
    let mut session = connected(address(PEER));
    session.now = 6_000;
    let (_, id) = session.check();
    session.claim(address(PEER), attribute::ICE_CONTROLLING, u64::MAX, false);
    assert_eq!(session.host.agent.role(), Role::Controlled);
    session.refuse(address(PEER), &id);
    assert_eq!(session.host.agent.role(), Role::Controlled);
}

#[test]
fn a_peer_of_another_session_is_answered_and_not_checked() {
    let mut session = session(Role::Controlling);
    let other = Credentials::generate(&mut session.host.crypto);
    let bytes = request(&session.host, &other, 1, &ID);
    assert_eq!(session.input(address(PEER), &bytes), None);
    let sent = session.sent();
    assert_eq!((sent.len(), sent[0].1[0]), (1, 1));
}

#[test]
fn what_the_peer_checks_is_checked_at_once_and_before_others() {
    let mut session = session(Role::Controlling);
    session.host.add(Candidate::host(address(OTHER)));
    session.request(address(PEER), 1);
    assert_eq!(session.check().0, address(PEER));
    session.now = 50;
    let (to, id) = session.check();
    assert_eq!(to, address(OTHER));
    // It is being checked: the same transaction again, without waiting for its 500 ms.
    session.now = 100;
    session.request(address(OTHER), 1);
    assert_eq!(session.check(), (address(OTHER), id));
}

#[test]
fn an_address_that_the_peer_checks_from_replaces_the_worst_that_is_not_reached() {
    let mut session = session(Role::Controlling);
    for port in 1..=4 {
        let candidate = Candidate::host(SocketAddr::new([192, 0, 2, 9].into(), port));
        session.host.add(Candidate { priority: candidate.priority + u32::from(port), ..candidate });
    }
    session.request(address(PEER), 1);
    let (to, id) = session.check();
    assert_eq!(to, address(PEER));
    assert_eq!(session.answer(address(PEER), &id), Some(Event::Connected { to: address(PEER) }));
    let checked = session.checked_within(500);
    assert!(!checked.is_empty() && checked.iter().all(|it| it.port() != 1), "{checked:?}");
}

#[test]
fn a_peer_that_checks_often_does_not_end_checks_before_their_answers_are_here() {
    let mut session = session(Role::Controlling);
    session.host.add(Candidate::host(address(PEER)));
    let (_, id) = session.check();
    while session.now < 1_500 {
        session.now += 100;
        session.request(address(PEER), 1);
        assert_eq!(session.check(), (address(PEER), id), "at {} ms", session.now);
    }
    // Then it is silent, and the request is repeated as if it had been sent once.
    assert_eq!(session.checked_within(600), [address(PEER)]);
    assert_eq!(session.answer(address(PEER), &id), Some(Event::Connected { to: address(PEER) }));
}

#[test]
fn a_peer_that_checks_does_not_end_the_last_request_of_a_check() {
    let mut session = session(Role::Controlling);
    session.host.add(Candidate::host(address(PEER)));
    let (_, id) = session.check();
    assert_eq!(session.checked_within(2_000).len(), 2);
    session.request(address(PEER), 1);
    assert_eq!(session.check(), (address(PEER), id));
}

#[test]
fn a_connected_agent_checks_only_addresses_that_are_better() {
    let mut session = connected(address(PEER));
    session.request(address(OTHER), 4_999);
    assert_eq!(session.checked_within(1_000), []);
    session.request(address(OTHER), 5_001);
    assert_eq!(session.checked_within(1_000), [], "a candidate keeps its first priority");
    let third = address("203.0.113.4:4");
    session.request(third, 5_001);
    let (to, id) = session.check();
    assert_eq!(to, third);
    assert_eq!(session.answer(third, &id), Some(Event::Moved { to: third }));
}

#[test]
fn a_better_address_that_does_not_answer_is_given_up_by_a_connected_agent() {
    let mut session = connected(address(PEER));
    session.host.add(Candidate::host(address(OTHER)));
    session.now = 100;
    assert_eq!(session.checked_within(3_800), [address(OTHER); 3]);
    // Until the peer checks from there.
    session.request(address(OTHER), 1);
    assert_eq!(session.check().0, address(OTHER));
}

#[test]
fn an_answer_of_the_selected_address_ends_the_checks_of_others() {
    let mut session = connected(address(PEER));
    session.host.add(Candidate { priority: 7, ..Candidate::host(address(OTHER)) });
    let pause = session.host.agent.poll_in(session.now).expect("it goes on");
    session.now += u64::from(pause);
    session.check();
    session.now += u64::from(session.host.agent.poll_in(session.now).expect("it goes on"));
    let checks = session.sent();
    assert_eq!(checks[0].0, address(PEER));
    let id = Message::read(&checks[0].1).map(|it| *it.id()).expect("a message");
    assert_eq!(session.answer(address(PEER), &id), None);
    assert_eq!(session.checked_within(3_900), []);
}

#[test]
fn when_the_selected_address_is_silent_what_the_peer_checks_is_checked_until_it_answers_again() {
    let mut session = connected(address(PEER));
    session.host.add(Candidate { priority: 7, ..Candidate::host(address(OTHER)) });
    session.now = 100;
    assert_eq!(session.checked_within(6_000), [address(PEER)]);
    let checked = session.checked_within(5_900);
    assert!(checked.iter().filter(|it| **it == address(OTHER)).count() >= 1, "{checked:?}");
    // Its check has timed out, and another begins because of the peer.
    session.checked_within(3_600);
    session.request(address(OTHER), 7);
    session.now += 50;
    let sent: Vec<_> = session.sent().into_iter().filter(|it| it.1[0] == 0).collect();
    assert!(sent.iter().any(|it| it.0 == address(OTHER)), "{sent:?}");
    // The selected one answers whichever check comes next.
    let bytes = loop {
        session.now += 10;
        if let Some((_, bytes)) = session.sent().into_iter().find(|it| it.0 == address(PEER)) {
            break bytes;
        }
    };
    let id = Message::read(&bytes).map(|it| *it.id()).expect("a message");
    assert_eq!(session.answer(address(PEER), &id), None);
    assert!(session.checked_within(3_900).is_empty());
    assert_eq!(session.host.agent.selected(), Some(address(PEER)));
}

#[test]
fn consent_is_of_the_selected_address_and_may_answer_the_check_before_the_last() {
    let mut late = connected(address(PEER));
    late.now = 6_000;
    let (_, first) = late.check();
    late.now = 12_000;
    late.sent();
    late.now = 17_000;
    assert_eq!(late.answer(address(PEER), &first), None);
    late.now = 40_000;
    assert_eq!(late.host.agent.expired(late.now), None);

    let mut elsewhere = connected(address(PEER));
    elsewhere.now = 6_000;
    let (_, id) = elsewhere.check();
    assert_eq!(elsewhere.answer(address(OTHER), &id), None);
    elsewhere.now = 30_000;
    assert_eq!(elsewhere.host.agent.expired(elsewhere.now), Some(Event::Disconnected));
}

#[test]
fn a_controlled_agent_waits_for_the_nomination() {
    let mut session = session(Role::Controlled);
    session.host.add(Candidate::host(address(PEER)));
    let (_, id) = session.check();
    assert_eq!(session.answer(address(PEER), &id), None);
    // Others, all of them better, do not replace what was reached.
    for port in 10..20 {
        let candidate = Candidate {
            priority: u32::MAX,
            ..Candidate::host(SocketAddr::new([192, 0, 2, 9].into(), port))
        };
        let _ = session.host.agent.add_remote(&candidate);
    }
    let event = session.claim(address(PEER), attribute::ICE_CONTROLLING, 1, true);
    assert_eq!(event, Some(Event::Connected { to: address(PEER) }));
}

#[test]
fn consent_runs_from_the_answer_and_not_from_a_later_nomination() {
    let mut session = session(Role::Controlled);
    session.host.add(Candidate::host(address(PEER)));
    let (_, id) = session.check();
    assert_eq!(session.answer(address(PEER), &id), None);
    session.now += 25_000;
    let event = session.claim(address(PEER), attribute::ICE_CONTROLLING, 0, true);
    assert_eq!(event, Some(Event::Connected { to: address(PEER) }));
    session.now += 5_000;
    assert_eq!(session.host.agent.expired(session.now), Some(Event::Disconnected));
}

#[test]
fn a_nomination_after_the_time_of_consent_is_a_reason_to_check_again() {
    let (mut host, remote) = started(Role::Controlled);
    let timing = Timing { fail_ms: 100_000, ..Timing::DEFAULT };
    host.start(Role::Controlled, &remote, timing, 0);
    let mut session = Session { host, remote, now: 0 };
    session.host.add(Candidate::host(address(PEER)));
    let (_, id) = session.check();
    assert_eq!(session.answer(address(PEER), &id), None);
    session.now += 31_000;
    assert_eq!(session.claim(address(PEER), attribute::ICE_CONTROLLING, 0, true), None);
    let (to, id) = session.check();
    assert_eq!(to, address(PEER));
    let event = session.answer(address(PEER), &id);
    assert_eq!(event, Some(Event::Connected { to: address(PEER) }));
}

#[test]
fn a_candidate_that_is_added_again_gets_its_new_priority() {
    let mut session = session(Role::Controlling);
    for (at, priority) in [(PEER, 100), (OTHER, 200), (PEER, 300)] {
        session.host.add(Candidate { priority, ..Candidate::host(address(at)) });
    }
    assert_eq!(session.check().0, address(PEER));
}

#[test]
fn after_its_time_an_agent_that_nobody_asks_whether_it_is_over_does_nothing() {
    let mut session = session(Role::Controlling);
    session.host.add(Candidate::host(address(PEER)));
    let (_, id) = session.check();
    session.now = 30_000;
    assert_eq!(session.sent(), []);
    assert_eq!(session.answer(address(PEER), &id), None);
    assert_eq!(session.host.agent.poll_in(session.now), Some(0));
    assert_eq!(session.host.agent.expired(session.now), Some(Event::Failed));
}

#[test]
fn an_agent_that_never_fails_is_not_over_at_the_start() {
    let mut session = session(Role::Controlling);
    let Host { agent, crypto, credentials, .. } = &mut session.host;
    let timing = Timing { fail_ms: u32::MAX, ..Timing::DEFAULT };
    agent.start(crypto, Role::Controlling, credentials, &session.remote, timing, 7);
    session.host.add(Candidate::host(address(PEER)));
    for now in [7, 86_400_000, 864_000_000] {
        session.now = now;
        assert_eq!(session.host.agent.expired(now), None);
        session.check();
    }
}

#[test]
fn a_restart_forgets_answers_that_were_not_sent() {
    let mut session = session(Role::Controlling);
    session.request(address(PEER), 1);
    let Host { agent, crypto, .. } = &mut session.host;
    let local = Credentials::generate(crypto);
    agent.restart(crypto, &local, &session.remote, 0);
    assert_eq!(session.sent(), []);
}

#[test]
fn the_pause_between_checks_of_consent_is_within_limits() {
    for (consent_ms, shortest, longest) in
        [(0, 400, 600), (2_500, 2_000, 3_000), (u32::MAX, 12_000, 18_000)]
    {
        let mut session = session(Role::Controlling);
        let Host { agent, crypto, credentials, .. } = &mut session.host;
        let timing = Timing { consent_ms, ..Timing::DEFAULT };
        agent.start(crypto, Role::Controlling, credentials, &session.remote, timing, 0);
        session.host.add(Candidate::host(address(PEER)));
        let (_, id) = session.check();
        session.answer(address(PEER), &id);
        for _ in 0..20 {
            let pause = session.host.agent.poll_in(session.now).expect("it goes on");
            assert!((shortest..=longest).contains(&pause), "{consent_ms}: {pause}");
            session.now += u64::from(pause);
            let (_, id) = session.check();
            session.answer(address(PEER), &id);
        }
    }
}
