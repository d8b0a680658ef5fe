//! The rounds of SHA-1. RustCrypto's have no loop, which takes 2.9 KB: for a message of STUN every few seconds.

/// RFC 3174, 6.2: with 16 words of the message schedule at a time.
pub(super) fn compress(state: &mut [u32; 8], block: &[u8; 64]) {
    let mut words = [0; 16];
    for (word, four) in words.iter_mut().zip(block.as_chunks::<4>().0) {
        *word = u32::from_be_bytes(*four);
    }
    let [mut a, mut b, mut c, mut d, mut e, ..] = *state;
    for round in 0u32..80 {
        let word = |ahead: u32| {
            let at = round.wrapping_add(ahead) % 16;
            words.get(at as usize).copied().unwrap_or_default()
        };
        let mut next = word(0);
        if round >= 16 {
            next = (word(13) ^ word(8) ^ word(2) ^ next).rotate_left(1);
            if let Some(word) = words.get_mut(round as usize % 16) {
                *word = next;
            }
        }
        // 5: the functions and the constants.
        let (mix, constant) = match round {
            0..20 => (d ^ b & (c ^ d), 0x5a82_7999),
            20..40 => (b ^ c ^ d, 0x6ed9_eba1),
            40..60 => (b & c | d & (b | c), 0x8f1b_bcdc),
            _ => (b ^ c ^ d, 0xca62_c1d6u32),
        };
        let first = a
            .rotate_left(5)
            .wrapping_add(mix)
            .wrapping_add(e)
            .wrapping_add(next)
            .wrapping_add(constant);
        (a, b, c, d, e) = (first, a, b.rotate_left(30), c, d);
    }
    for (word, more) in state.iter_mut().zip([a, b, c, d, e]) {
        *word = word.wrapping_add(more);
    }
}
