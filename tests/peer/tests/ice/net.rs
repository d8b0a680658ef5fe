//! A simulated network: seeded loss, delay and reordering, and NATs that give hosts other addresses.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use livekit_micro_peer::RustCrypto;
use livekit_micro_peer::ice::{Agent, Candidate, Credentials, Event, MAX_BYTES, Role, Timing};

pub type Crypto = RustCrypto<Box<dyn FnMut(&mut [u8])>>;

/// Random numbers of a seed.
pub fn crypto(seed: u64) -> Crypto {
    let mut random = fastrand::Rng::with_seed(seed);
    RustCrypto::new(Box::new(move |bytes| random.fill(bytes)))
}

pub fn address(text: &str) -> SocketAddr {
    text.parse().expect("a literal address")
}

/// A host with an agent, at an address that the other host sees.
pub struct Host {
    pub agent: Agent<4>,
    pub crypto: Crypto,
    pub credentials: Credentials,
    pub address: SocketAddr,
    /// Drops everything from and to it.
    pub is_cut_off: bool,
    /// It is behind a NAT that drops what arrives from an address that nothing was sent to.
    pub is_behind_nat: bool,
    pub events: Vec<(u64, Event)>,
    pub sent: Vec<(u64, SocketAddr, Vec<u8>)>,
}

impl Host {
    pub fn new(seed: u64, at: &str) -> Self {
        let mut crypto = crypto(seed);
        let credentials = Credentials::generate(&mut crypto);
        Self {
            agent: Agent::new(),
            crypto,
            credentials,
            address: address(at),
            is_cut_off: false,
            is_behind_nat: false,
            events: Vec::new(),
            sent: Vec::new(),
        }
    }

    pub fn start(&mut self, role: Role, remote: &Credentials, timing: Timing, now: u64) {
        let Self { agent, crypto, credentials, .. } = self;
        agent.start(crypto, role, credentials, remote, timing, now);
    }

    pub fn add(&mut self, candidate: Candidate) {
        self.agent.add_remote(&candidate).expect("there is space for it");
    }

    pub fn kinds(&self) -> Vec<Event> {
        self.events.iter().map(|(_, event)| *event).collect()
    }
}

pub struct Net {
    pub now: u64,
    pub hosts: [Host; 2],
    /// Lost packets, and those that arrive twice, in percent.
    pub loss: u32,
    pub copies: u32,
    /// The longest way of a packet, in milliseconds; the shortest is a tenth of it.
    pub delay: u64,
    random: fastrand::Rng,
    /// By the time of arrival: from, to, bytes.
    flight: BTreeMap<(u64, u64), (SocketAddr, SocketAddr, Vec<u8>)>,
    count: u64,
}

impl Net {
    /// A controlling and a controlled host that are not started.
    pub fn new(seed: u64) -> Self {
        Self {
            // Clocks of 32 bits wrap in every test.
            now: u64::from(u32::MAX) - 1_000,
            hosts: [Host::new(seed, "192.0.2.1:1111"), Host::new(!seed, "198.51.100.2:2222")],
            loss: 0,
            copies: 0,
            delay: 20,
            random: fastrand::Rng::with_seed(seed ^ 0x5eed),
            flight: BTreeMap::new(),
            count: 0,
        }
    }

    /// Starts both, and tells the first where the second is.
    pub fn start(&mut self) {
        self.start_as([Role::Controlling, Role::Controlled], Timing::DEFAULT);
        let candidate = Candidate::host(self.hosts[1].address);
        self.hosts[0].add(candidate);
    }

    pub fn start_as(&mut self, roles: [Role; 2], timing: Timing) {
        let credentials = self.hosts.each_ref().map(|it| it.credentials.clone());
        for (index, host) in self.hosts.iter_mut().enumerate() {
            host.start(roles[index], &credentials[1 - index], timing, self.now);
        }
    }

    /// Goes on until `ms` have passed.
    pub fn run(&mut self, ms: u64) {
        let end = self.now + ms;
        self.run_until(end, |_| false);
    }

    /// Goes on until it is so, and says whether it was before `end`.
    pub fn run_until(&mut self, end: u64, is_so: impl Fn(&Self) -> bool) -> bool {
        loop {
            for index in 0..2 {
                self.poll(index);
            }
            if is_so(self) {
                return true;
            }
            let polls = self.hosts.iter().filter_map(|it| it.agent.poll_in(self.now)).min();
            let polls = polls.map(|ms| self.now + u64::from(ms));
            let arrival = self.flight.keys().next().map(|key| key.0);
            let next = polls.into_iter().chain(arrival).min().unwrap_or(end);
            if next > end {
                self.now = end;
                return false;
            }
            assert!(
                next > self.now || arrival == Some(next),
                "poll_in is 0, and poll does nothing"
            );
            self.now = next;
            while let Some(entry) = self.flight.first_entry() {
                if entry.key().0 > self.now {
                    break;
                }
                let (from, to, bytes) = entry.remove();
                self.deliver(from, to, &bytes);
            }
            if self.now == end {
                return is_so(self);
            }
        }
    }

    fn poll(&mut self, index: usize) {
        let host = &mut self.hosts[index];
        host.events.extend(host.agent.expired(self.now).map(|event| (self.now, event)));
        let mut out = [0; MAX_BYTES];
        while let Some((to, len)) = host.agent.poll(&mut host.crypto, self.now, &mut out) {
            host.sent.push((self.now, to, out[..len].to_vec()));
            let is_lost = self.random.u32(0..100) < self.loss || host.is_cut_off;
            let copies = 1 + u32::from(self.random.u32(0..100) < self.copies);
            for _ in 0..if is_lost { 0 } else { copies } {
                let arrival = self.now + self.random.u64(self.delay.div_ceil(10)..=self.delay);
                self.count += 1;
                let packet = (host.address, to, out[..len].to_vec());
                self.flight.insert((arrival, self.count), packet);
            }
        }
    }

    /// A packet reaches the host that has its address now.
    pub fn deliver(&mut self, from: SocketAddr, to: SocketAddr, bytes: &[u8]) {
        let Some(host) = self.hosts.iter_mut().find(|it| it.address == to && !it.is_cut_off) else {
            return;
        };
        if host.is_behind_nat && host.sent.iter().all(|it| it.1 != from) {
            return;
        }
        let event = host.agent.input(&mut host.crypto, from, bytes, self.now);
        host.events.extend(event.map(|event| (self.now, event)));
    }
}
