//! base64url without padding (RFC 7515, 2), in place or from one slice into another.
//!
//! Three bytes and four letters at a time, because of a chunk the optimiser sees that nothing panics.

use base64ct::{Base64UrlUnpadded, Encoding};

/// Letters that `bytes` take.
#[cfg(any(feature = "token", test))]
pub(crate) const fn encoded_len(bytes: usize) -> usize {
    bytes.saturating_mul(4).div_ceil(3)
}

/// Bytes that `letters` stand for.
#[cfg(any(feature = "token", test))]
pub(crate) const fn decoded_len(letters: usize) -> usize {
    letters.saturating_mul(3) / 4
}

/// Encodes `bytes` into `out`, which has their [`encoded_len`].
#[cfg(feature = "token")]
pub(crate) fn encode(bytes: &[u8], out: &mut [u8]) -> Option<()> {
    Base64UrlUnpadded::encode(bytes, out).ok().map(drop)
}

/// Encodes all bytes of `buf` from `from` on, and writes the letters to `to` and after it, up to the
/// end. Letters never reach bytes that are still to be encoded, because `from - to` is at least what
/// they are more.
pub(crate) fn encode_in_place(buf: &mut [u8], mut from: usize, mut to: usize) -> Option<()> {
    while from < buf.len() {
        let mut chunk = [0; 3];
        let count = chunk.len().min(buf.len().saturating_sub(from));
        let next = from.saturating_add(count);
        for (slot, byte) in chunk.iter_mut().zip(buf.get(from..next)?) {
            *slot = *byte;
        }
        let mut letters = [0; 4];
        let letters = Base64UrlUnpadded::encode(chunk.get(..count)?, &mut letters).ok()?;
        let end = to.saturating_add(letters.len());
        for (slot, letter) in buf.get_mut(to..end)?.iter_mut().zip(letters.bytes()) {
            *slot = letter;
        }
        (from, to) = (next, end);
    }
    Some(())
}

/// Decodes `text` into the front of `out`; `None` if it is not base64url, or `out` is shorter than its
/// [`decoded_len`].
#[cfg(any(feature = "token", test))]
pub(crate) fn decode<'b>(text: &str, out: &'b mut [u8]) -> Option<&'b [u8]> {
    let mut len = 0usize;
    for chunk in text.as_bytes().chunks(4) {
        let mut letters = [b'A'; 4];
        letters.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        let mut bytes = [0; 3];
        Base64UrlUnpadded::decode(letters, &mut bytes).ok()?;
        let (bytes, trailing) = bytes.split_at_checked(chunk.len().checked_sub(1)?)?;
        // A single trailing letter encodes no byte; trailing bits that are not zero are not canonical.
        if bytes.is_empty() || trailing.iter().any(|byte| *byte != 0) {
            return None;
        }
        for byte in bytes {
            *out.get_mut(len)? = *byte;
            len = len.checked_add(1)?;
        }
    }
    out.get(..len)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648, 10, and the two letters that differ from base64.
    const PAIRS: [(&[u8], &str); 8] = [
        (b"", ""),
        (b"f", "Zg"),
        (b"fo", "Zm8"),
        (b"foo", "Zm9v"),
        (b"foob", "Zm9vYg"),
        (b"fooba", "Zm9vYmE"),
        (b"foobar", "Zm9vYmFy"),
        (b"\xfb\xff", "-_8"),
    ];

    #[test]
    fn encoding_in_place_and_decoding_are_of_the_rfc() {
        for (bytes, text) in PAIRS {
            assert_eq!(
                (encoded_len(bytes.len()), decoded_len(text.len())),
                (text.len(), bytes.len())
            );
            let mut buf = [b'!'; 9];
            let buf = &mut buf[..text.len() + 1];
            let from = buf.len() - bytes.len();
            buf[from..].copy_from_slice(bytes);
            encode_in_place(buf, from, 1).expect("it is long enough");
            assert_eq!((buf[0], &buf[1..]), (b'!', text.as_bytes()));
            let mut out = [0; 6];
            assert_eq!(decode(text, &mut out[..bytes.len()]), Some(bytes));
            assert!(bytes.is_empty() || decode(text, &mut out[..bytes.len() - 1]).is_none());
        }
    }

    #[test]
    fn what_is_not_canonical_is_refused() {
        for text in ["A", "Zm9vY", "Zh", "Zm9", "Zg==", "Zm+v", "Zm/v", "Zm 9v", "Zm9v\n", "Zmé"] {
            assert_eq!(decode(text, &mut [0; 8]), None, "{text}");
        }
    }
}
