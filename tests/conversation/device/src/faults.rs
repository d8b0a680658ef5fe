//! What a network does to datagrams.

use std::env;
use std::str::FromStr;

use fastrand::Rng;

/// Loses, duplicates and reorders, each so many of a thousand.
pub struct Faults<T> {
    dice: Rng,
    loss: u32,
    duplicate: u32,
    reorder: u32,
    /// Comes after the next one.
    held: Option<T>,
}

impl<T: Clone> Faults<T> {
    /// As LOSS, DUPLICATE and REORDER say. The same SEED throws the same dice; `way` makes both ways differ.
    pub fn new(way: u64) -> Self {
        let seed: u64 = variable("SEED").unwrap_or_default();
        let per_mille = |name| variable(name).unwrap_or_default();
        Self {
            dice: Rng::with_seed(seed.wrapping_mul(2).wrapping_add(way)),
            loss: per_mille("LOSS"),
            duplicate: per_mille("DUPLICATE"),
            reorder: per_mille("REORDER"),
            held: None,
        }
    }

    /// What arrives when this datagram is sent.
    pub fn pass(&mut self, datagram: T) -> Vec<T> {
        let mut passed = Vec::new();
        if !self.happens(self.loss) {
            if self.held.is_none() && self.happens(self.reorder) {
                self.held = Some(datagram);
                return passed;
            }
            if self.happens(self.duplicate) {
                passed.push(datagram.clone());
            }
            passed.push(datagram);
        }
        passed.extend(self.held.take());
        passed
    }

    fn happens(&mut self, per_mille: u32) -> bool {
        self.dice.u32(..1_000) < per_mille
    }
}

/// A number of the environment.
pub fn variable<T: FromStr>(name: &str) -> Option<T> {
    let value = env::var(name).ok().filter(|value| !value.is_empty())?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name} is no number: {value}")))
}
