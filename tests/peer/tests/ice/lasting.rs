//! What happens to a connection: consent, other addresses, restarts.

use livekit_micro_peer::ice::{Candidate, Credentials, Event, Kind, Role, Timing};

use crate::net::{Net, address};

/// Two hosts that are connected.
fn connected(seed: u64) -> Net {
    let mut net = Net::new(seed);
    net.start();
    net.run(1_000);
    assert!(net.hosts.iter().all(|it| it.agent.selected().is_some()));
    net.hosts.iter_mut().for_each(|it| {
        it.events.clear();
        it.sent.clear();
    });
    net
}

fn requests(net: &Net, host: usize) -> Vec<(u64, std::net::SocketAddr)> {
    let is_request = |bytes: &[u8]| bytes.starts_with(&[0, 1]);
    net.hosts[host].sent.iter().filter(|it| is_request(&it.2)).map(|it| (it.0, it.1)).collect()
}

#[test]
fn a_connected_peer_is_checked_every_4_to_6_seconds_each_time_with_another_transaction() {
    let mut net = connected(1);
    net.run(600_000);
    for host in 0..2 {
        let times: Vec<_> = requests(&net, host).iter().map(|it| it.0).collect();
        let pauses: Vec<_> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(pauses.iter().all(|ms| (4_000..=6_000).contains(ms)), "{pauses:?}");
        assert!(pauses.iter().any(|ms| *ms < 4_500) && pauses.iter().any(|ms| *ms > 5_500));
        let mut ids: Vec<_> = net.hosts[host].sent.iter().map(|it| it.2[..20].to_vec()).collect();
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
        assert_eq!(net.hosts[host].kinds(), []);
    }
}

#[test]
fn consent_ends_30_seconds_after_the_last_answer_and_nothing_is_sent_any_more() {
    let mut net = connected(2);
    net.run(20_000);
    let last = requests(&net, 0).last().expect("checks").0;
    net.hosts[1].is_cut_off = true;
    net.run(40_000);
    let (at, event) = net.hosts[0].events[0];
    assert_eq!((event, net.hosts[0].events.len()), (Event::Disconnected, 1));
    assert!((30_000..30_100).contains(&(at - last)), "{}", at - last);
    assert_eq!((net.hosts[0].agent.selected(), net.hosts[0].agent.poll_in(net.now)), (None, None));
    net.hosts[1].is_cut_off = false;
    let before = net.hosts[0].sent.len();
    net.run(60_000);
    assert_eq!(net.hosts[0].sent.len(), before, "an answer or a check after the end");
}

#[test]
fn an_answer_that_arrives_after_the_end_of_consent_does_not_bring_it_back() {
    let mut net = connected(11);
    net.run(20_000);
    net.hosts[1].is_cut_off = true;
    net.run(20_000);
    let Net { hosts: [ours, theirs], now, .. } = &mut net;
    let check = &ours.sent.last().expect("checks").2;
    theirs.agent.input(&mut theirs.crypto, ours.address, check, *now);
    let mut answer = [0; 148];
    let (_, len) = theirs.agent.poll(&mut theirs.crypto, *now, &mut answer).expect("an answer");
    assert_eq!(answer[..2], [1, 1]);
    // A caller that is late asks the agent nothing in between.
    let late = *now + 15_000;
    assert_eq!(ours.agent.input(&mut ours.crypto, theirs.address, &answer[..len], late), None);
    assert_eq!(ours.agent.poll(&mut ours.crypto, late, &mut answer), None);
    assert_eq!(ours.agent.poll_in(late), Some(0));
    assert_eq!(ours.agent.expired(late), Some(Event::Disconnected));
}

#[test]
fn a_fifth_of_all_packets_lost_both_ways_does_not_end_consent_in_an_hour() {
    let mut net = connected(3);
    net.loss = 20;
    net.run(3_600_000);
    assert_eq!((net.hosts[0].kinds(), net.hosts[1].kinds()), (vec![], vec![]));
}

#[test]
fn the_other_end_follows_when_the_address_of_the_controlling_agent_changes() {
    let mut net = connected(4);
    net.run(30_000);
    net.hosts[0].address = address("192.0.2.77:7777");
    // It hears of it with the next check.
    net.run(6_100);
    assert_eq!(net.hosts[1].kinds(), [Event::Moved { to: net.hosts[0].address }]);
    assert_eq!(net.hosts[0].kinds(), []);
    // And back, and once more.
    for at in [
        "192.0.2.1:1111",
        "192.0.2.78:7878",
        "192.0.2.79:7979",
        "192.0.2.80:8080",
        "192.0.2.81:8181",
    ] {
        net.hosts[0].address = address(at);
        net.run(6_100);
        assert_eq!(net.hosts[1].agent.selected(), Some(address(at)));
    }
}

#[test]
fn the_agent_follows_when_the_address_of_the_controlled_peer_changes() {
    let mut net = connected(5);
    net.run(30_000);
    net.hosts[1].address = address("[2001:db8::77]:7777");
    net.run(20_000);
    assert_eq!(net.hosts[0].kinds(), [Event::Moved { to: net.hosts[1].address }]);
}

#[test]
fn another_candidate_takes_over_when_the_selected_one_stops_answering() {
    let mut net = connected(6);
    let other = Candidate {
        priority: Kind::Relayed.priority(0),
        ..Candidate::host(address("203.0.113.9:9"))
    };
    net.hosts[0].add(other);
    net.run(20_000);
    assert!(
        requests(&net, 0).iter().all(|it| it.1 == net.hosts[1].address),
        "it is worse, and not checked"
    );
    net.hosts[1].address = other.address;
    let change = net.now;
    net.run(25_000);
    assert_eq!(net.hosts[0].kinds(), [Event::Moved { to: other.address }]);
    assert!(net.hosts[0].events[0].0 - change < 13_000);
    net.run(100_000);
    assert_eq!(net.hosts[0].events.len(), 1);
}

#[test]
fn a_better_candidate_that_answers_later_takes_over() {
    let mut net = Net::new(7);
    net.start_as([Role::Controlling, Role::Controlled], Timing::DEFAULT);
    let worse = Candidate { priority: 1, ..Candidate::host(net.hosts[1].address) };
    net.hosts[0].add(worse);
    net.run(10_000);
    let better = Candidate::host(address("203.0.113.9:9"));
    net.hosts[0].add(better);
    net.hosts[1].address = better.address;
    net.run(10_000);
    let [first, second] = [worse, better].map(|it| it.address);
    assert_eq!(net.hosts[0].kinds(), [Event::Connected { to: first }, Event::Moved { to: second }]);
}

#[test]
fn a_restart_keeps_the_old_address_until_the_new_credentials_are_answered() {
    let mut net = connected(8);
    net.run(10_000);
    let old = net.hosts[1].address;
    let credentials = [0, 1].map(|index| Credentials::generate(&mut net.hosts[index].crypto));
    let now = net.now;
    let restart = |host: &mut crate::net::Host, local: &Credentials, remote: &Credentials, now| {
        host.agent.restart(&mut host.crypto, local, remote, now);
    };
    // The other side hears of it a second later, and has moved.
    restart(&mut net.hosts[0], &credentials[0], &credentials[1], now);
    net.hosts[0].add(Candidate::host(address("203.0.113.5:5")));
    net.run(1_000);
    assert_eq!(net.hosts[0].agent.selected(), Some(old));
    assert_eq!(net.hosts[0].kinds(), []);
    net.hosts[1].address = address("203.0.113.5:5");
    restart(&mut net.hosts[1], &credentials[1], &credentials[0], now + 1_000);
    net.run(5_000);
    assert_eq!(net.hosts[0].kinds(), [Event::Connected { to: address("203.0.113.5:5") }]);
    assert_eq!(net.hosts[1].kinds(), [Event::Connected { to: net.hosts[0].address }]);
    net.run(100_000);
    assert_eq!((net.hosts[0].events.len(), net.hosts[1].events.len()), (1, 1));
}

#[test]
fn a_restart_that_nobody_answers_ends_consent_to_the_old_address_and_fails_when_its_time_is_over() {
    let mut net = connected(9);
    net.run(10_000);
    let [ours, theirs] = [0, 1].map(|index| Credentials::generate(&mut net.hosts[index].crypto));
    let timing = Timing { fail_ms: 60_000, ..Timing::DEFAULT };
    let host = &mut net.hosts[0];
    let before = host.credentials.clone();
    host.agent.start(&mut host.crypto, Role::Controlling, &before, &theirs, timing, net.now);
    assert_eq!(host.agent.selected(), None, "a start forgets what was before");
    host.agent.restart(&mut host.crypto, &ours, &theirs, net.now);
    let start = net.now;
    net.run(100_000);
    assert_eq!(net.hosts[0].events, [(start + 60_000, Event::Failed)]);
}

#[test]
fn a_restart_does_not_prolong_consent_to_the_old_address() {
    let mut net = connected(10);
    net.run(10_000);
    net.hosts[1].is_cut_off = true;
    let [ours, theirs] = [0, 1].map(|index| Credentials::generate(&mut net.hosts[index].crypto));
    let last = requests(&net, 0).last().expect("checks").0;
    let Net { hosts: [host, _], now, .. } = &mut net;
    host.agent.restart(&mut host.crypto, &ours, &theirs, *now);
    net.run_until(last + 29_000, |_| false);
    assert!(net.hosts[0].agent.selected().is_some());
    net.run_until(last + 30_100, |net| net.hosts[0].agent.selected().is_none());
    assert_eq!((net.hosts[0].agent.selected(), net.hosts[0].kinds()), (None, vec![]));
}
