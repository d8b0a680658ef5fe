//! An agent and an honest peer, over a network that an input steers, and messages of anybody: made up, changed, and
//! authentic ones of a peer that means no good.
#![no_main]

use std::collections::HashSet;
use std::net::SocketAddr;

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use livekit_micro_peer::ice::{Agent, Candidate, Credentials, Event, MAX_BYTES, Role, Timing};
use livekit_micro_peer::stun::{Class, Message, Writer, attribute};
use support::peer::fake::Fake;

fuzz_target!(|input: &[u8]| {
    let mut input = Unstructured::new(input);
    let mut lab = Lab::new();
    while !input.is_empty() && lab.step(&mut input).is_ok() {}
    lab.finish();
});

struct Lab {
    agent: Agent<3>,
    peer: Agent<3>,
    crypto: [Fake; 2],
    /// Of the agent and of the peer.
    credentials: [Credentials; 2],
    timing: Timing,
    now_ms: u64,
    /// Datagrams on their way: to the agent or to the peer, and from where.
    under_way: Vec<(bool, SocketAddr, Vec<u8>)>,
    /// Checks of the agent's: where to, and the transaction.
    checks: Vec<(SocketAddr, [u8; 12])>,
    /// Answers that were made with the peer's password, up to what is not protected by it.
    signed: HashSet<Vec<u8>>,
    /// Where an authentic answer to a check came from, to the address of the check.
    proven: HashSet<SocketAddr>,
    proven_ms: u64,
    /// How many datagrams the agent sent since this time, and may have sent.
    sent: u64,
    allowed: u64,
    counted_ms: u64,
    is_started: bool,
    is_connected: bool,
}

impl Lab {
    fn new() -> Self {
        let mut crypto = [Fake(1), Fake(2)];
        let credentials = crypto.each_mut().map(Credentials::generate);
        let now_ms = (1 << 32) - 10_000;
        Self {
            agent: Agent::new(),
            peer: Agent::new(),
            crypto,
            credentials,
            timing: Timing::DEFAULT,
            now_ms,
            under_way: Vec::new(),
            checks: Vec::new(),
            signed: HashSet::new(),
            proven: HashSet::new(),
            proven_ms: now_ms,
            sent: 0,
            allowed: 0,
            counted_ms: now_ms,
            is_started: false,
            is_connected: false,
        }
    }

    fn step(&mut self, input: &mut Unstructured) -> Result<()> {
        match input.int_in_range(0..=15)? {
            0..=2 if !self.under_way.is_empty() => {
                let at = input.choose_index(self.under_way.len())?;
                let (is_to_agent, from, datagram) = self.under_way.remove(at);
                self.deliver(is_to_agent, from, &datagram);
            }
            3 if !self.under_way.is_empty() => {
                let at = input.choose_index(self.under_way.len())?;
                let (is_to_agent, from, datagram) = self.under_way[at].clone();
                // From elsewhere, too: a NAT, or somebody who repeats it.
                let from = if input.arbitrary()? { from } else { address(input)? };
                self.deliver(is_to_agent, from, &datagram);
            }
            4 if !self.under_way.is_empty() => {
                let at = input.choose_index(self.under_way.len())?;
                self.under_way.remove(at);
            }
            5 if !self.under_way.is_empty() => {
                let at = input.choose_index(self.under_way.len())?;
                let (_, from, mut datagram) = self.under_way[at].clone();
                let byte = input.choose_index(datagram.len())?;
                datagram[byte] = input.arbitrary()?;
                self.deliver(true, from, &datagram);
            }
            6 => {
                let len = usize::from(input.arbitrary::<u8>()?).min(input.len());
                let datagram = input.bytes(len)?.to_vec();
                self.deliver(true, address(input)?, &datagram);
            }
            7..=9 => {
                let datagram = self.message(input)?;
                self.deliver(true, address(input)?, &datagram);
            }
            10 => {
                let candidate =
                    Candidate { priority: input.arbitrary()?, ..Candidate::host(address(input)?) };
                let added = self.agent.add_remote(&candidate);
                assert!(self.is_started || added.is_err());
            }
            11 => {
                let role = if input.arbitrary()? { Role::Controlling } else { Role::Controlled };
                self.timing.consent_ms = input.arbitrary::<u16>()?.into();
                self.start(role);
            }
            12 if self.is_started => self.restart(),
            13 => self.now_ms += u64::from(input.arbitrary::<u16>()?),
            14 => self.now_ms += u64::from(input.int_in_range(0..=500u16)?),
            15 => {
                let due = self.agent.poll_in(self.now_ms).unwrap_or(0);
                assert!(due <= 40_000, "{due}");
                self.now_ms += u64::from(due);
            }
            _ => {}
        }
        self.poll();
        Ok(())
    }

    fn start(&mut self, role: Role) {
        let other = match role {
            Role::Controlling => Role::Controlled,
            Role::Controlled => Role::Controlling,
        };
        self.new_credentials();
        let Self { crypto: [mine, theirs], credentials: [local, remote], .. } = self;
        self.agent.start(mine, role, local, remote, self.timing, self.now_ms);
        self.peer.start(theirs, other, remote, local, self.timing, self.now_ms);
        assert_eq!(self.agent.selected(), None);
        self.is_started = true;
        self.proven.clear();
    }

    fn restart(&mut self) {
        self.new_credentials();
        let Self { crypto: [mine, theirs], credentials: [local, remote], .. } = self;
        let selected = self.agent.selected();
        self.agent.restart(mine, local, remote, self.now_ms);
        self.peer.restart(theirs, remote, local, self.now_ms);
        assert_eq!(self.agent.selected(), selected, "data goes on to where it went");
    }

    fn new_credentials(&mut self) {
        self.credentials = self.crypto.each_mut().map(Credentials::generate);
        self.checks.clear();
        self.signed.clear();
        self.allowed += 1;
    }

    /// A message of somebody who may know the passwords.
    fn message(&mut self, input: &mut Unstructured) -> Result<Vec<u8>> {
        let classes = [Class::Request, Class::Success, Class::Error, Class::Indication];
        let class = *input.choose(&classes)?;
        let id = match self.checks.last() {
            Some(_) if class != Class::Request => {
                self.checks[input.choose_index(self.checks.len())?].1
            }
            _ => input.arbitrary()?,
        };
        let mut out = [0; 200];
        let mut writer = Writer::new(&mut out, class, &id);
        let [local, remote] = &self.credentials;
        if class == Class::Request && input.ratio(15, 16)? {
            let user = if input.ratio(7, 8)? { remote.ufrag() } else { "else" };
            writer
                .attribute(attribute::USERNAME, &[local.ufrag().as_bytes(), b":", user.as_bytes()]);
        }
        for _ in 0..input.int_in_range(0..=3)? {
            let number = input.arbitrary::<u64>()?.to_be_bytes();
            match input.int_in_range(0..=7)? {
                0..=1 => writer.attribute(attribute::USE_CANDIDATE, &[]),
                2 => writer.attribute(attribute::ICE_CONTROLLING, &[&number]),
                3 => writer.attribute(attribute::ICE_CONTROLLED, &[&number]),
                4 => writer.attribute(attribute::PRIORITY, &[&number[..4]]),
                5 => writer.error_code(*input.choose(&[487, 401, 420, 300])?),
                6 => writer.mapped_address(address(input)?),
                _ => writer.attribute(input.arbitrary()?, &[&number]),
            }
        }
        let passwords =
            [[local.pwd(), remote.pwd()][usize::from(class != Class::Request)], "", "x"];
        let password = *input.choose(&passwords)?;
        let len = writer.finish(&mut self.crypto[1], password.as_bytes()).expect("it fits");
        if password == remote.pwd() && class == Class::Success {
            self.signed.insert(out[..len - FINGERPRINT].to_vec());
        }
        Ok(out[..len].to_vec())
    }

    fn deliver(&mut self, is_to_agent: bool, from: SocketAddr, datagram: &[u8]) {
        let [mine, theirs] = &mut self.crypto;
        if !is_to_agent {
            self.peer.input(theirs, from, datagram, self.now_ms);
            return;
        }
        let id = Message::read(datagram).map(|message| *message.id());
        let is_answer = id.is_some_and(|id| self.checks.contains(&(from, id)));
        if is_answer && self.signed.contains(&datagram[..datagram.len() - FINGERPRINT]) {
            self.proven.insert(from);
            self.proven_ms = self.now_ms;
        }
        // One answer, and one check that it triggers.
        self.allowed += 2;
        match self.agent.input(mine, from, datagram, self.now_ms) {
            Some(event @ (Event::Connected { to } | Event::Moved { to })) => {
                self.is_connected |= event == Event::Connected { to };
                assert_eq!(self.agent.selected(), Some(to));
            }
            Some(event) => unreachable!("{event:?}"),
            None => {}
        }
        self.check();
    }

    fn poll(&mut self) {
        let passed = self.now_ms - self.counted_ms;
        let mut out = [0; MAX_BYTES];
        match self.agent.expired(self.now_ms) {
            Some(Event::Failed | Event::Disconnected) => {
                assert_eq!(self.agent.selected(), None);
                assert_eq!(self.agent.poll_in(self.now_ms), None);
            }
            Some(event) => unreachable!("{event:?}"),
            None => {}
        }
        if self.agent.selected().is_some() {
            assert!(self.now_ms <= self.proven_ms + 30_000, "consent is over");
        }
        while let Some((to, len)) = self.agent.poll(&mut self.crypto[0], self.now_ms, &mut out) {
            let message = Message::read(&out[..len]).expect("it is well-formed");
            if message.class() == Class::Request {
                assert!(
                    message.is_authentic(&mut self.crypto[1], self.credentials[1].pwd().as_bytes())
                );
                self.checks.push((to, *message.id()));
            }
            self.sent += 1;
            // Where others are, nobody hears it.
            if to == peer_address() {
                self.under_way.push((false, agent_address(), out[..len].to_vec()));
            }
        }
        // A check each 50 ms, and one of consent each 400 ms at least; each start has the first at once.
        let allowed = self.allowed + passed / 50 + passed / 400 + 4;
        assert!(self.sent <= allowed, "{} datagrams, allowed are {allowed}", self.sent);
        assert_ne!(
            self.agent.poll_in(self.now_ms),
            Some(0),
            "it has something to do, and does nothing"
        );
        self.check();

        self.peer.expired(self.now_ms);
        while let Some((to, len)) = self.peer.poll(&mut self.crypto[1], self.now_ms, &mut out) {
            let message = Message::read(&out[..len]).expect("it is well-formed");
            if message.class() == Class::Success {
                self.signed.insert(out[..len - FINGERPRINT].to_vec());
            }
            if to == agent_address() {
                self.under_way.push((true, peer_address(), out[..len].to_vec()));
            }
        }
    }

    /// Data goes only to where an answer proved that the peer is.
    fn check(&mut self) {
        if let Some(selected) = self.agent.selected() {
            assert!(self.proven.contains(&selected), "{selected} has proved nothing");
        }
    }

    /// With an honest peer, and a network that loses nothing more, it connects again.
    fn finish(&mut self) {
        if self.is_started && self.agent.poll_in(self.now_ms).is_some() {
            self.restart();
        } else {
            self.start(Role::Controlling);
        }
        self.under_way.clear();
        self.is_connected = false;
        let added = self.agent.add_remote(&Candidate::host(peer_address()));
        assert!(added.is_ok());
        let limit = self.now_ms + 10_000;
        while !self.is_connected {
            self.poll();
            for (is_to_agent, from, datagram) in std::mem::take(&mut self.under_way) {
                self.deliver(is_to_agent, from, &datagram);
            }
            if self.under_way.is_empty() {
                let due = [&self.agent, &self.peer].map(|agent| agent.poll_in(self.now_ms));
                self.now_ms += u64::from(due.into_iter().flatten().min().expect("both run"));
            }
            assert!(self.now_ms < limit, "it does not connect");
        }
        assert_eq!(self.agent.selected(), Some(peer_address()));
    }
}

/// What follows MESSAGE-INTEGRITY.
const FINGERPRINT: usize = 8;

fn agent_address() -> SocketAddr {
    ([192, 0, 2, 1], 1000).into()
}

fn peer_address() -> SocketAddr {
    ([192, 0, 2, 2], 2000).into()
}

/// Of the peer, or of somebody else.
fn address(input: &mut Unstructured) -> Result<SocketAddr> {
    let others =
        [([192, 0, 2, 3], 3000), ([192, 0, 2, 4], 0), ([0, 0, 0, 0], 1), ([192, 0, 2, 5], 5)];
    Ok(match input.int_in_range(0..=7)? {
        0..=3 => peer_address(),
        4..=6 => (*input.choose(&others)?).into(),
        _ => (input.arbitrary::<[u8; 16]>()?, 9).into(),
    })
}
