//! Copying bytes.

/// Copies `from` into `to`, which has its length.
///
/// Two words a turn and no loop for the rest, so that LLVM does not call `memcpy`: on ARMv7-M that
/// one takes 3.7 instructions a byte where the two are not aligned alike, and 756 bytes of flash.
/// `.ci/run weigh` would show it.
#[inline(never)]
pub fn copy(to: &mut [u8], from: &[u8]) {
    let (to, to_tail) = to.as_chunks_mut::<8>();
    let (from, from_tail) = from.as_chunks::<8>();
    for (to, from) in to.iter_mut().zip(from) {
        let [a, b, c, d, e, f, g, h] = *from;
        let (x, y) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
        let ([a, b, c, d], [e, f, g, h]) = (x.to_le_bytes(), y.to_le_bytes());
        *to = [a, b, c, d, e, f, g, h];
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
