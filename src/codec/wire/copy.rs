//! Copying bytes.

/// Copies `from` into the first `from.len()` bytes of `to`; does nothing if `to` is shorter.
///
/// Copies 16 bytes per iteration, and the rest without a loop, so that LLVM does not call `memcpy`:
/// on ARMv7-M that takes 3.7 instructions a byte where the two are not aligned alike, and 756 bytes
/// of flash. `.ci/run weigh` shows it.
#[cfg_attr(target_pointer_width = "32", inline(never))]
pub fn copy(to: &mut [u8], from: &[u8]) {
    // Tells LLVM that both slices have the same length, which removes the bounds checks.
    let Some(to) = to.get_mut(..from.len()) else { return };
    let (to, to_tail) = to.as_chunks_mut::<16>();
    let (from, from_tail) = from.as_chunks::<16>();
    for (to, from) in to.iter_mut().zip(from) {
        *to = words(*from);
    }
    let (to, to_tail) = to_tail.as_chunks_mut::<8>();
    let (from, from_tail) = from_tail.as_chunks::<8>();
    if let ([to], [from]) = (to, from) {
        *to = *from;
    }
    let (to, to_tail) = to_tail.as_chunks_mut::<4>();
    let (from, from_tail) = from_tail.as_chunks::<4>();
    if let ([to], [from]) = (to, from) {
        *to = *from;
    }
    let (to, to_tail) = to_tail.as_chunks_mut::<2>();
    let (from, from_tail) = from_tail.as_chunks::<2>();
    if let ([to], [from]) = (to, from) {
        *to = *from;
    }
    if let ([to], [from]) = (to_tail, from_tail) {
        *to = *from;
    }
}

/// Returns `from` as a value that LLVM loads and stores in registers; an array that is assigned as
/// a whole becomes a call of `memcpy`.
fn words(from: [u8; 16]) -> [u8; 16] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = from;
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
}

#[cfg(test)]
mod tests {
    use super::copy;

    const FROM: [u8; 70] = {
        let mut bytes = [0; 70];
        let mut i = 0;
        while i < bytes.len() {
            bytes[i] = i as u8 + 1;
            i += 1;
        }
        bytes
    };

    #[test]
    fn every_length_at_every_alignment_is_copied_and_nothing_more() {
        for len in 0..=65 {
            for (from_at, to_at) in [(0, 0), (0, 1), (1, 0), (3, 2), (2, 3)] {
                let from = &FROM[from_at..][..len];
                let mut to = [0; 72];
                copy(&mut to[to_at..][..len + 1], from);
                assert_eq!(&to[to_at..][..len], from);
                assert!(to[..to_at].iter().chain(&to[to_at + len..]).all(|byte| *byte == 0));
            }
        }
    }

    #[test]
    fn a_target_too_short_is_left_alone() {
        let mut to = [7; 3];
        copy(&mut to, &[1, 2, 3, 4]);
        assert_eq!(to, [7; 3]);
    }
}
