//! Copying bytes.

/// Copies `from` into `to`, which has its length.
///
/// Four words a turn and no loop for the rest, so that LLVM does not call `memcpy`: on ARMv7-M that
/// one takes 3.7 instructions a byte where the two are not aligned alike, and 756 bytes of flash.
/// `.ci/run weigh` would show it.
#[cfg_attr(target_pointer_width = "32", inline(never))]
pub fn copy(to: &mut [u8], from: &[u8]) {
    // With this both are known to have one length.
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

/// The same bytes, as a value that is loaded and stored and not a piece of memory that is copied.
fn words(from: [u8; 16]) -> [u8; 16] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = from;
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
}
