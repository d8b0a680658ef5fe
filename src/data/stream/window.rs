//! A chunk that is larger than the receive buffer: the head of its frame, then content as it comes.
//!
//! LiveKit's server writes a packet's other fields before its content, and a chunk's content last, so that
//! content ends where the frame does.

use crate::data::id::Sid;
use crate::tags::data_packet;
use crate::tags::data_stream::chunk;

/// The head of a frame with a chunk.
pub(in crate::data) struct Head<'a> {
    pub(in crate::data) sid: Sid,
    pub(in crate::data) sequence: u32,
    pub(in crate::data) id: &'a [u8],
    pub(in crate::data) index: u32,
    /// Where in the frame the content begins.
    pub(in crate::data) content: usize,
    /// Where the frame ends.
    pub(in crate::data) total: usize,
}

/// Reads the head of a frame that begins with `prefix`; `None` unless it is that of a chunk whose content comes last.
/// `total` is the length of the frame, if it is known: otherwise it ends where the chunk does.
#[inline(never)]
pub(in crate::data) fn head(prefix: &[u8], total: Option<usize>) -> Option<Head<'_>> {
    let mut head = Head {
        sid: Sid::NONE,
        sequence: 0,
        id: &[],
        index: 0,
        content: 0,
        total: total.unwrap_or(0),
    };
    let (mut at, mut is_inside) = (0, false);
    loop {
        let tag = varint(prefix, &mut at)?;
        let value = varint(prefix, &mut at)?;
        let mut bytes = &[][..];
        if tag & 7 == 2 {
            let end = at.checked_add(value as usize)?;
            match (is_inside, tag) {
                (true, chunk::CONTENT) if end == head.total => {
                    head.content = at;
                    return Some(head);
                }
                (false, data_packet::STREAM_CHUNK)
                    if end == head.total || total.is_none() && end > prefix.len() =>
                {
                    head.total = end;
                    is_inside = true;
                    continue;
                }
                _ => {}
            }
            bytes = prefix.get(at..end)?;
            at = end;
        } else if tag & 7 != 0 {
            return None;
        }
        match (is_inside, tag) {
            (false, data_packet::PARTICIPANT_SID) => head.sid.set(bytes),
            (false, data_packet::SEQUENCE) => head.sequence = value,
            (true, chunk::STREAM_ID) => head.id = bytes,
            (true, chunk::CHUNK_INDEX) => head.index = value,
            _ => {}
        }
    }
}

/// A varint of 32 bits.
fn varint(bytes: &[u8], at: &mut usize) -> Option<u32> {
    let mut value = 0u32;
    for shift in [0, 7, 14, 21, 28] {
        let byte = *bytes.get(*at)?;
        *at = at.checked_add(1)?;
        value |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return (shift < 28 || byte < 0x10).then_some(value);
        }
    }
    None
}
