//! One direction of a network that loses, repeats and reorders datagrams, by a seed.

use std::collections::VecDeque;

use fastrand::Rng;

/// What a network does to datagrams, each in percent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    pub lost: u8,
    pub repeated: u8,
    /// Delayed by up to 60 ms, so that later ones overtake.
    pub delayed: u8,
}

/// The datagrams on their way.
pub struct Network {
    faults: Faults,
    rng: Rng,
    waiting: VecDeque<(u64, Vec<u8>)>,
}

impl Network {
    pub fn new(faults: Faults, seed: u64) -> Self {
        Self { faults, rng: Rng::with_seed(seed), waiting: VecDeque::new() }
    }

    pub fn send(&mut self, datagram: Vec<u8>, now_ms: u64) {
        if self.happens(self.faults.lost) {
            return;
        }
        let copies = if self.happens(self.faults.repeated) { 2 } else { 1 };
        for _ in 0..copies {
            let delay = if self.happens(self.faults.delayed) { self.rng.u64(1..60) } else { 0 };
            self.waiting.push_back((now_ms + LATENCY_MS + delay, datagram.clone()));
        }
    }

    /// The next datagram that has arrived.
    pub fn receive(&mut self, now_ms: u64) -> Option<Vec<u8>> {
        let first = self.waiting.iter().enumerate().min_by_key(|(_, (at, _))| *at)?.0;
        let arrived = self.waiting.get(first).is_some_and(|(at, _)| now_ms >= *at);
        if arrived { self.waiting.remove(first).map(|(_, datagram)| datagram) } else { None }
    }

    /// When the next datagram arrives.
    pub fn next_at(&self) -> Option<u64> {
        self.waiting.iter().map(|(at, _)| *at).min()
    }

    fn happens(&mut self, percent: u8) -> bool {
        self.rng.u8(..100) < percent
    }
}

const LATENCY_MS: u64 = 5;
