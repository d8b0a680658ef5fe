//! The way through micropb's traits: decoded from pieces, encoded to a `PbWrite`.

use std::convert::Infallible;

use micropb::{DecodeError, MessageDecode, MessageEncode, PbDecoder, PbEncoder, PbRead};

/// From an encoded message to what micropb's traits encode again.
pub type Way = fn(&[u8]) -> Result<Vec<u8>, DecodeError<Infallible>>;

/// Decodes `encoded` from pieces and encodes the message again.
///
/// # Panics
/// If the sizes that micropb asks for are not the right ones.
pub fn again<M: MessageDecode + MessageEncode + Default>(
    encoded: &[u8],
) -> Result<Vec<u8>, DecodeError<Infallible>> {
    let mut message = Box::<M>::default();
    message.decode(&mut PbDecoder::new(Pieces(encoded)), encoded.len())?;
    let mut encoder = PbEncoder::new(Vec::new());
    let Ok(()) = message.encode(&mut encoder);
    let again = encoder.into_writer();
    assert_eq!(message.compute_size(), again.len(), "compute_size");
    assert!(M::MAX_SIZE.is_ok_and(|size| again.len() <= size), "MAX_SIZE");
    Ok(again)
}

/// Hands out one to five bytes at a time.
pub struct Pieces<'a>(pub &'a [u8]);

impl PbRead for Pieces<'_> {
    type Error = Infallible;

    fn pb_read_chunk(&mut self) -> Result<&[u8], Infallible> {
        let len = self.0.len();
        Ok(&self.0[..len.min(1 + len * 3 % 5)])
    }

    fn pb_advance(&mut self, bytes: usize) {
        self.0 = &self.0[bytes..];
    }
}
