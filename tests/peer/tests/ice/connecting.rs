//! Two agents that find each other.

use livekit_micro_peer::ice::{Candidate, Event, Kind, Role, Timing};

use crate::net::{Net, address};

#[test]
fn two_agents_connect_in_two_round_trips_although_only_one_knows_an_address() {
    let mut net = Net::new(1);
    let start = net.now;
    net.start();
    net.run(1_000);
    let [ours, theirs] = &net.hosts;
    assert_eq!(ours.kinds(), [Event::Connected { to: theirs.address }]);
    assert_eq!(theirs.kinds(), [Event::Connected { to: ours.address }]);
    assert!(ours.events[0].0 - start <= 40 && theirs.events[0].0 - start <= 80);
    assert_eq!(
        (ours.agent.selected(), theirs.agent.selected()),
        (Some(theirs.address), Some(ours.address))
    );
}

#[test]
fn agents_connect_over_ipv6() {
    let mut net = Net::new(2);
    net.hosts[0].address = address("[2001:db8::1]:1111");
    net.hosts[1].address = address("[fe80::2%7]:2222");
    net.start();
    net.run(1_000);
    let [ours, theirs] = &net.hosts;
    assert_eq!(ours.kinds(), [Event::Connected { to: theirs.address }]);
    assert_eq!(theirs.kinds(), [Event::Connected { to: ours.address }]);
}

#[test]
fn a_fifth_of_all_packets_lost_both_ways_does_not_keep_a_hundred_agents_from_connecting_in_ten_seconds()
 {
    let mut slowest = 0;
    for seed in 0..100 {
        let mut net = Net::new(seed);
        (net.loss, net.copies, net.delay) = (20, 10, 200);
        let start = net.now;
        net.start();
        let all = |net: &Net| net.hosts.iter().all(|it| it.agent.selected().is_some());
        assert!(net.run_until(start + 10_000, all), "seed {seed}");
        slowest = slowest.max(net.now - start);
    }
    println!("100 of 100 seeds connected, the slowest in {slowest} ms");
}

#[test]
fn the_candidate_with_the_highest_priority_is_tried_first_and_the_others_every_50_ms() {
    let mut net = Net::new(3);
    net.start_as([Role::Controlling, Role::Controlled], Timing::DEFAULT);
    let candidates = [
        ("203.0.113.1:1", Kind::Relayed),
        ("203.0.113.2:2", Kind::Host),
        ("203.0.113.3:3", Kind::ServerReflexive),
    ];
    let candidates = candidates.map(|(at, kind)| Candidate {
        kind,
        priority: kind.priority(u16::MAX),
        ..Candidate::host(address(at))
    });
    let start = net.now;
    candidates.into_iter().for_each(|it| net.hosts[0].add(it));
    net.run(200);
    let tried: Vec<_> =
        net.hosts[0].sent.iter().map(|(at, to, _)| (at - start, to.port())).collect();
    assert_eq!(tried, [(0, 2), (50, 3), (100, 1)]);
    // The one that answers is learned of last.
    let candidate = Candidate::host(net.hosts[1].address);
    net.hosts[0].add(candidate);
    net.run(1_000);
    assert_eq!(net.hosts[0].kinds(), [Event::Connected { to: net.hosts[1].address }]);
    let after = net.hosts[0].sent.len();
    net.run(2_000);
    assert_eq!(net.hosts[0].sent.len(), after, "checks of the others go on");
}

#[test]
fn a_check_that_is_not_answered_is_repeated_with_growing_pauses_until_the_agent_fails() {
    let mut net = Net::new(4);
    let start = net.now;
    net.start();
    net.hosts[1].is_cut_off = true;
    net.run(60_000);
    let sent: Vec<_> = net.hosts[0].sent.iter().map(|(at, _, _)| at - start).collect();
    assert_eq!(sent[..7], [0, 500, 1_500, 3_500, 4_000, 5_000, 7_000]);
    let ids: Vec<_> = net.hosts[0].sent.iter().map(|(_, _, bytes)| bytes[8..20].to_vec()).collect();
    assert!(ids[0] == ids[1] && ids[1] == ids[2] && ids[2] != ids[3] && ids[3] == ids[4]);
    assert_eq!(net.hosts[0].events, [(start + 30_000, Event::Failed)]);
    assert_eq!(net.hosts[0].agent.poll_in(net.now), None);
    assert_eq!(net.hosts[0].agent.selected(), None);
}

#[test]
fn agents_behind_nats_that_let_in_only_answers_connect_within_a_second() {
    for seed in 0..50 {
        let mut net = Net::new(seed);
        net.delay = 100;
        net.hosts.iter_mut().for_each(|it| it.is_behind_nat = true);
        net.start();
        // Its own side of the NAT, which nobody else can reach, and what a STUN server saw.
        let reflexive =
            Candidate { kind: Kind::ServerReflexive, ..Candidate::host(net.hosts[0].address) };
        net.hosts[1].add(Candidate::host(address("10.0.0.1:1111")));
        net.hosts[1]
            .add(Candidate { priority: Kind::ServerReflexive.priority(u16::MAX), ..reflexive });
        let all = |net: &Net| net.hosts.iter().all(|it| it.agent.selected().is_some());
        assert!(net.run_until(net.now + 1_000, all), "seed {seed}");
    }
}

#[test]
fn agents_that_both_want_to_be_controlling_or_controlled_agree_within_a_second() {
    for role in [Role::Controlling, Role::Controlled] {
        for seed in 0..50 {
            let mut net = Net::new(seed);
            (net.loss, net.delay) = (if seed < 25 { 0 } else { 10 }, 60);
            net.start_as([role, role], Timing::DEFAULT);
            let [first, second] = net.hosts.each_ref().map(|it| Candidate::host(it.address));
            net.hosts[0].add(second);
            if seed % 2 == 0 {
                net.hosts[1].add(first);
            }
            let all = |net: &Net| net.hosts.iter().all(|it| it.agent.selected().is_some());
            let limit = if net.loss == 0 { 1_000 } else { 10_000 };
            assert!(net.run_until(net.now + limit, all), "{role:?}, seed {seed}");
            net.run(20_000);
            let [ours, theirs] = &net.hosts;
            assert_ne!(ours.agent.role(), theirs.agent.role(), "{role:?}, seed {seed}");
            assert_eq!((ours.events.len(), theirs.events.len()), (1, 1), "{role:?}, seed {seed}");
        }
    }
}

#[test]
fn agents_connect_over_a_way_of_more_than_a_second() {
    for seed in 0..50 {
        let mut net = Net::new(seed);
        net.delay = 1_500;
        net.start();
        let all = |net: &Net| net.hosts.iter().all(|it| it.agent.selected().is_some());
        assert!(net.run_until(net.now + 8_000, all), "seed {seed}");
    }
}
