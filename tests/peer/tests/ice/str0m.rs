//! The agent of str0m (crate `is`), over a simulated network.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use is::stun::{StunMessage, StunPacket};
use is::{IceAgent, IceAgentEvent, IceConnectionState, IceCreds, Protocol};
use livekit_micro_peer::ice::{Candidate, Credentials, Event, Role, Timing};

use crate::net::{Host, address};

/// An agent of this crate's, one of str0m's, and what is between them.
struct Pair {
    ours: Host,
    theirs: IceAgent,
    /// Where str0m's agent is.
    at: SocketAddr,
    /// Where str0m's agent sends data.
    nominated: Option<SocketAddr>,
    disconnects: u32,
    now: u64,
    since: Instant,
    /// Lost packets, in percent.
    loss: u32,
    random: fastrand::Rng,
    /// By the time of arrival: is it for str0m, from, bytes.
    flight: BTreeMap<(u64, u64), (bool, SocketAddr, Vec<u8>)>,
    count: u64,
}

impl Pair {
    fn new(seed: u64, ours: Role, theirs: Role, is_lite: bool) -> Self {
        let mut host = Host::new(seed, "192.0.2.1:1111");
        let at = address("198.51.100.2:2222");
        let mut agent = IceAgent::new(IceCreds::new());
        agent.set_ice_lite(is_lite);
        agent.set_controlling(theirs == Role::Controlling);
        agent.add_local_candidate(is::Candidate::host(at, "udp").expect("valid"));
        agent.set_remote_credentials(creds(&host.credentials));
        let remote = credentials(agent.local_credentials());
        host.start(ours, &remote, Timing::DEFAULT, 0);
        host.add(Candidate::host(at));
        Self {
            ours: host,
            theirs: agent,
            at,
            nominated: None,
            disconnects: 0,
            now: 0,
            since: Instant::now(),
            loss: 0,
            random: fastrand::Rng::with_seed(seed),
            flight: BTreeMap::new(),
            count: 0,
        }
    }

    fn instant(&self) -> Instant {
        self.since + Duration::from_millis(self.now)
    }

    fn send(&mut self, is_for_str0m: bool, from: SocketAddr, bytes: Vec<u8>) {
        self.count += 1;
        if self.random.u32(0..100) >= self.loss {
            let arrival = self.now + self.random.u64(5..=50);
            self.flight.insert((arrival, self.count), (is_for_str0m, from, bytes));
        }
    }

    /// Goes on, millisecond by millisecond, until it is so, and says whether it was within `ms`.
    fn run_until(&mut self, ms: u64, is_so: impl Fn(&Self) -> bool) -> bool {
        let end = self.now + ms;
        while self.now < end && !is_so(self) {
            self.now += 1;
            while let Some(entry) = self.flight.first_entry() {
                if entry.key().0 > self.now {
                    break;
                }
                let (is_for_str0m, from, bytes) = entry.remove();
                self.deliver(is_for_str0m, from, &bytes);
            }
            self.poll_ours();
            self.poll_theirs();
        }
        is_so(self)
    }

    fn deliver(&mut self, is_for_str0m: bool, from: SocketAddr, bytes: &[u8]) {
        let now = self.instant();
        if !is_for_str0m {
            let event = self.ours.agent.input(&mut self.ours.crypto, from, bytes, self.now);
            self.ours.events.extend(event.map(|event| (self.now, event)));
            return;
        }
        let message = StunMessage::parse(bytes).expect("str0m reads it");
        let packet =
            StunPacket { proto: Protocol::Udp, source: from, destination: self.at, message };
        self.theirs.handle_packet(now, packet);
    }

    fn poll_ours(&mut self) {
        let event = self.ours.agent.expired(self.now);
        self.ours.events.extend(event.map(|event| (self.now, event)));
        let mut out = [0; 148];
        while let Some((to, len)) = self.ours.agent.poll(&mut self.ours.crypto, self.now, &mut out)
        {
            assert_eq!(to, self.at);
            self.send(true, self.ours.address, out[..len].to_vec());
        }
    }

    fn poll_theirs(&mut self) {
        let now = self.instant();
        if self.theirs.poll_timeout().is_none_or(|at| at <= now) {
            self.theirs.handle_timeout(now);
        }
        while let Some(packet) = self.theirs.poll_transmit() {
            // What it sends to an address that this side has left is lost.
            if packet.destination == self.ours.address {
                self.send(false, packet.source, packet.contents.to_vec());
            }
        }
        while let Some(event) = self.theirs.poll_event() {
            match event {
                IceAgentEvent::NominatedSend { destination, .. } => {
                    self.nominated = Some(destination)
                }
                IceAgentEvent::IceConnectionStateChange(IceConnectionState::Disconnected) => {
                    self.disconnects += 1;
                }
                _ => (),
            }
        }
    }

    fn is_connected(&self) -> bool {
        self.ours.agent.selected() == Some(self.at) && self.nominated == Some(self.ours.address)
    }
}

fn creds(credentials: &Credentials) -> IceCreds {
    IceCreds { ufrag: credentials.ufrag().into(), pass: credentials.pwd().into() }
}

fn credentials(creds: &IceCreds) -> Credentials {
    Credentials::new(&creds.ufrag, &creds.pass).expect("str0m's credentials are valid")
}

#[test]
fn str0m_connects_in_every_role_full_and_lite_and_stays_so_for_ten_minutes() {
    let cases = [
        (Role::Controlling, Role::Controlled, false),
        (Role::Controlling, Role::Controlled, true),
        (Role::Controlled, Role::Controlling, false),
    ];
    for (ours, theirs, is_lite) in cases {
        let mut pair = Pair::new(1, ours, theirs, is_lite);
        // A lite agent of str0m's looks at what it was told every 3 s.
        assert!(pair.run_until(3_500, Pair::is_connected), "{ours:?}, lite: {is_lite}");
        pair.run_until(600_000, |_| false);
        assert!(pair.is_connected());
        assert_eq!((pair.ours.events.len(), pair.disconnects), (1, 0), "{ours:?}, lite: {is_lite}");
    }
}

#[test]
fn str0m_connects_within_ten_seconds_when_a_fifth_of_all_packets_is_lost_both_ways() {
    for (ours, theirs) in
        [(Role::Controlling, Role::Controlled), (Role::Controlled, Role::Controlling)]
    {
        for seed in 0..50 {
            let mut pair = Pair::new(seed, ours, theirs, false);
            pair.loss = 20;
            assert!(pair.run_until(10_000, Pair::is_connected), "{ours:?}, seed {seed}");
        }
    }
}

#[test]
fn str0m_and_the_agent_agree_if_both_want_the_same_role() {
    for role in [Role::Controlling, Role::Controlled] {
        for seed in 0..20 {
            let mut pair = Pair::new(seed, role, role, false);
            assert!(pair.run_until(5_000, Pair::is_connected), "{role:?}, seed {seed}");
            assert_ne!(pair.theirs.controlling(), pair.ours.agent.role() == Role::Controlling);
        }
    }
}

#[test]
fn str0m_follows_when_a_nat_gives_the_agent_another_address() {
    for is_lite in [false, true] {
        let mut pair = Pair::new(3, Role::Controlling, Role::Controlled, is_lite);
        assert!(pair.run_until(3_500, Pair::is_connected));
        pair.ours.address = address("192.0.2.99:9999");
        assert!(pair.run_until(30_000, Pair::is_connected), "lite: {is_lite}");
        assert_eq!(pair.ours.events.len(), 1);
    }
}

#[test]
fn a_restart_with_str0m_connects_again() {
    let mut pair = Pair::new(4, Role::Controlling, Role::Controlled, false);
    assert!(pair.run_until(2_000, Pair::is_connected));
    pair.theirs.ice_restart(IceCreds::new(), true);
    let local = Credentials::generate(&mut pair.ours.crypto);
    pair.theirs.set_remote_credentials(creds(&local));
    let remote = credentials(pair.theirs.local_credentials());
    pair.ours.agent.restart(&mut pair.ours.crypto, &local, &remote, pair.now);
    pair.ours.add(Candidate::host(pair.at));
    pair.nominated = None;
    assert!(pair.run_until(5_000, |pair| pair.ours.events.len() == 2 && pair.is_connected()));
    assert_eq!(pair.ours.events[1].1, Event::Connected { to: pair.at });
}
