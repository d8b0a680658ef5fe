//! One direction of a serial line, byte by byte.

use std::collections::VecDeque;

/// What happens to bytes: of 100 000, so many.
#[derive(Debug, Clone, Copy, Default)]
pub struct Faults {
    pub lost: u32,
    pub garbled: u32,
    pub doubled: u32,
}

pub struct Wire {
    on_the_way: VecDeque<u8>,
    faults: Faults,
    random: fastrand::Rng,
    pub bytes_per_ms: usize,
    /// Nothing arrives.
    pub is_cut: bool,
}

impl Wire {
    /// A line of 115 200 baud.
    pub fn new(faults: Faults, seed: u64) -> Self {
        let random = fastrand::Rng::with_seed(seed);
        Self { on_the_way: VecDeque::new(), faults, random, bytes_per_ms: 12, is_cut: false }
    }

    /// Whether a driver with a buffer of 300 bytes takes a frame.
    pub fn is_writable(&self) -> bool {
        self.on_the_way.len() < 300
    }

    pub fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let Faults { lost, garbled, doubled } = self.faults;
            let fate = self.random.u32(..100_000);
            if fate < lost {
                continue;
            }
            let is_garbled = fate < lost + garbled;
            let byte = if is_garbled { *byte ^ self.random.u8(1..) } else { *byte };
            self.on_the_way.push_back(byte);
            if (lost + garbled..lost + garbled + doubled).contains(&fate) {
                self.on_the_way.push_back(byte);
            }
        }
    }

    /// What arrives within a millisecond.
    pub fn read(&mut self) -> Vec<u8> {
        let count = self.bytes_per_ms.min(self.on_the_way.len());
        let bytes: Vec<u8> = self.on_the_way.drain(..count).collect();
        if self.is_cut { Vec::new() } else { bytes }
    }
}
