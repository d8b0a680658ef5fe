//! Reading one entry of a map.

#![allow(dead_code, reason = "not every feature's messages have maps")]

use micropb::{DecodeError, PbDecoder, PbRead};

type Result<T, R> = core::result::Result<T, DecodeError<<R as PbRead>::Error>>;

/// Reads an entry with its length; `key` and `value` read its halves.
///
/// A half that is left out is its default: prost and Go leave out an empty value, which to LiveKit
/// means "delete this attribute". micropb's own reading drops such entries.
pub fn map_entry<R: PbRead, K: Default, V: Default>(
    decoder: &mut PbDecoder<R>,
    key: impl Fn(&mut K, &mut PbDecoder<R>) -> Result<(), R>,
    value: impl Fn(&mut V, &mut PbDecoder<R>) -> Result<(), R>,
) -> Result<Option<(K, V)>, R> {
    let mut entry = (K::default(), V::default());
    let len = decoder.decode_varint32()? as usize;
    let start = decoder.bytes_read();
    while decoder.bytes_read() - start < len {
        let tag = decoder.decode_tag()?;
        match tag.field_num() {
            0 => return Err(DecodeError::ZeroField),
            1 => key(&mut entry.0, decoder)?,
            2 => value(&mut entry.1, decoder)?,
            _ => decoder.skip_wire_value(tag.wire_type())?,
        }
    }
    match decoder.bytes_read() - start == len {
        true => Ok(Some(entry)),
        false => Err(DecodeError::WrongLen),
    }
}
