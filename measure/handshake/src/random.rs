//! Random numbers that are the same each time.

/// A source of bytes that look random: SplitMix64 of a counter.
pub fn random(seed: u64) -> impl FnMut(&mut [u8]) + Clone {
    let mut counter = seed;
    move |bytes| {
        for byte in bytes {
            counter = counter.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = counter;
            mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (mixed ^ mixed >> 31) as u8;
        }
    }
}
