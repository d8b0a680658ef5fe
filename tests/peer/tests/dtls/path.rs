//! A path that loses, repeats and reorders datagrams, by seed.

use fastrand::Rng;

#[derive(Clone, Copy, Debug, Default)]
pub struct Conditions {
    pub loss_percent: u8,
    pub repeat_percent: u8,
    /// A datagram is delayed by up to so many ms, and overtaken meanwhile.
    pub jitter_ms: u64,
}

/// One direction.
pub struct Path {
    conditions: Conditions,
    random: Rng,
    on_the_way: Vec<(u64, Vec<u8>)>,
}

impl Path {
    pub fn new(conditions: Conditions, seed: u64) -> Self {
        Self { conditions, random: Rng::with_seed(seed), on_the_way: Vec::new() }
    }

    pub fn send(&mut self, datagram: &[u8], now: u64) {
        let mut copies = 1;
        if self.random.u8(..100) < self.conditions.repeat_percent {
            copies += 1;
        }
        for _ in 0..copies {
            if self.random.u8(..100) >= self.conditions.loss_percent {
                let at = now + self.random.u64(0..=self.conditions.jitter_ms);
                self.on_the_way.push((at, datagram.to_vec()));
            }
        }
    }

    pub fn receive(&mut self, now: u64) -> Option<Vec<u8>> {
        let (next, _) = self.on_the_way.iter().enumerate().min_by_key(|(_, (at, _))| *at)?;
        (self.on_the_way[next].0 <= now).then(|| self.on_the_way.remove(next).1)
    }
}
