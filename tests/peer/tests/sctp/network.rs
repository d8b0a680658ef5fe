//! A model of a network: loss, duplication, delay, reordering, bandwidth, from one seed.

use fastrand::Rng;
use livekit_micro_peer::sctp::Delivery;

/// What the network does with packets, each way.
#[derive(Clone, Copy, Debug)]
pub struct Conditions {
    /// Lost, of 1000 packets.
    pub loss: u32,
    /// Arriving twice, of 1000 packets.
    pub duplicated: u32,
    /// A packet takes as long as this, in ms,
    pub delay: u64,
    /// and up to this much longer: packets overtake each other.
    pub jitter: u64,
    /// Bytes a ms; 0: without limit.
    pub bandwidth: u64,
}

pub const PERFECT: Conditions =
    Conditions { loss: 0, duplicated: 0, delay: 1, jitter: 0, bandwidth: 0 };

/// One end of an association.
pub trait End {
    fn input(&mut self, packet: &[u8], now: u64);
    /// The next packet.
    fn output(&mut self, now: u64) -> Option<Vec<u8>>;
    /// When it has something to do, if nothing arrives.
    fn due(&mut self, now: u64) -> Option<u64>;
    fn connected(&self) -> bool;
    fn closed(&self) -> bool;
    /// Hands over a message; `false` if it is refused for now.
    fn send(&mut self, stream: u16, delivery: Delivery, message: &[u8], now: u64) -> bool;
    /// The messages that arrived since the last call.
    fn received(&mut self) -> Vec<(u16, Vec<u8>)>;
    /// How many bytes may wait inside before a caller had better wait.
    fn busy(&mut self) -> bool;
}

/// Packets under way between end 0 and end 1.
pub struct Network {
    rng: Rng,
    pub conditions: Conditions,
    under_way: Vec<(u64, usize, Vec<u8>)>,
    /// Until when the line to an end is in use, in bytes of its bandwidth.
    line: [u64; 2],
    pub now: u64,
    /// How many packets were sent to each end.
    pub packets: [u32; 2],
}

impl Network {
    pub fn new(seed: u64, conditions: Conditions) -> Self {
        let rng = Rng::with_seed(seed);
        Self { rng, conditions, under_way: vec![], line: [0; 2], now: 0, packets: [0; 2] }
    }

    fn send(&mut self, to: usize, packet: Vec<u8>) {
        self.packets[to] += 1;
        let Conditions { loss, duplicated, delay, jitter, bandwidth } = self.conditions;
        if self.rng.u32(0..1000) < loss {
            return;
        }
        let mut left = self.now;
        if bandwidth > 0 {
            self.line[to] = self.line[to].max(self.now * bandwidth) + packet.len() as u64;
            left = self.line[to] / bandwidth;
        }
        let copies = if self.rng.u32(0..1000) < duplicated { 2 } else { 1 };
        for _ in 0..copies {
            let at = left + delay + self.rng.u64(0..=jitter);
            self.under_way.push((at, to, packet.clone()));
        }
    }

    /// The next packet that arrived, in the order of arrival.
    fn arrived(&mut self) -> Option<(usize, Vec<u8>)> {
        let first = self.under_way.iter().enumerate().min_by_key(|(_, (at, ..))| *at)?.0;
        (self.under_way[first].0 <= self.now).then(|| {
            let (_, to, packet) = self.under_way.remove(first);
            (to, packet)
        })
    }

    /// Lets time pass until `done` says so, or until `limit`; `done` is called whenever something happened, and may
    /// send. Returns whether it was done.
    pub fn run(
        &mut self,
        ends: &mut [&mut dyn End; 2],
        limit: u64,
        mut done: impl FnMut(&mut [&mut dyn End; 2], u64) -> bool,
    ) -> bool {
        loop {
            while let Some((to, packet)) = self.arrived() {
                ends[to].input(&packet, self.now);
                self.collect(ends);
            }
            self.collect(ends);
            if done(ends, self.now) {
                self.collect(ends);
                return true;
            }
            self.collect(ends);
            let packet = self.under_way.iter().map(|(at, ..)| *at).min();
            let due = [ends[0].due(self.now), ends[1].due(self.now), packet];
            let Some(next) = due.into_iter().flatten().min() else { return false };
            assert!(
                next > self.now || packet == Some(self.now),
                "an end has nothing to do, but says so"
            );
            if next > limit {
                self.now = limit;
                return false;
            }
            self.now = next;
        }
    }

    fn collect(&mut self, ends: &mut [&mut dyn End; 2]) {
        for (from, end) in ends.iter_mut().enumerate() {
            let mut count = 0;
            while let Some(packet) = end.output(self.now) {
                self.send(1 - from, packet);
                count += 1;
                assert!(count < 10_000, "an end sends without end");
            }
        }
    }
}
