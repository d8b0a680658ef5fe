//! What a client sends: keys of the opening handshake, and frames.

use base64ct::{Base64, Encoding as _};
use sha1::{Digest as _, Sha1};

use super::Opcode;

/// The value of `Sec-WebSocket-Key` of 16 random bytes (RFC 6455, 4.1).
pub(in crate::signal) fn nonce(random: &[u8; 16]) -> [u8; 24] {
    let mut text = [0; 24];
    // It fits: 16 bytes are 24 letters.
    let _ = Base64::encode(random, &mut text);
    text
}

/// The value of `Sec-WebSocket-Accept` that belongs to a key.
pub(in crate::signal) fn accept_key(key: &[u8; 24]) -> [u8; 28] {
    // RFC 6455, 4.2.2: the key, and this string.
    let digest = Sha1::new()
        .chain_update(key)
        .chain_update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
        .finalize();
    let mut text = [0; 28];
    let _ = Base64::encode(&digest, &mut text);
    text
}

/// Makes a frame of the `len` last bytes of `buf`: masks them, puts the head in front of them, and returns where the
/// frame begins. `None` if the head, 8 bytes at most, does not fit.
///
/// RFC 6455, 5.3: `mask` is four random bytes, others for each frame.
pub(in crate::signal) fn head_of(
    opcode: Opcode,
    len: usize,
    mask: [u8; 4],
    buf: &mut [u8],
) -> Option<usize> {
    let end = buf.len().checked_sub(len)?;
    for (byte, mask) in buf.get_mut(end..)?.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
    let len16 = u16::try_from(len).ok()?;
    let [high, low] = len16.to_be_bytes();
    let [a, b, c, d] = mask;
    // FIN; MASK and the length.
    let first = 0x80 | opcode as u8;
    let (short, long) = ([first, 0x80 | low, a, b, c, d], [first, 0xfe, high, low, a, b, c, d]);
    let head: &[u8] = if len <= 125 { &short } else { &long };
    let start = end.checked_sub(head.len())?;
    crate::codec::rt::copy(buf.get_mut(start..end)?, head);
    Some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc_is_accepted() {
        // RFC 6455, 1.3.
        let key = nonce(b"the sample nonce");
        assert_eq!(&key, b"dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!(&accept_key(&key), b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn a_frame_is_masked() {
        // RFC 6455, 5.7: "A single-frame masked text message", as binary.
        let mut buf = *b"......Hello";
        let start = head_of(Opcode::Binary, 5, [0x37, 0xfa, 0x21, 0x3d], &mut buf);
        let expected = [0x82, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
        assert_eq!((start, &buf), (Some(0), &expected));
        let mut buf = [0; 300];
        assert_eq!(head_of(Opcode::Pong, 126, [0; 4], &mut buf), Some(300 - 126 - 8));
        assert_eq!(buf[166..170], [0x8a, 0xfe, 0, 126]);
        assert_eq!(head_of(Opcode::Binary, 295, [0; 4], &mut buf), None);
    }
}
