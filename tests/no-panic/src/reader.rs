//! The pull reader, which needs no message.

use core::hint::black_box;

use livekit_micro::Reader;
use livekit_micro::codec::Packed;

/// Reads every field of `frame`, and of what could be messages in it, as each type there is; how
/// many it has.
pub fn exercise(frame: &[u8]) -> usize {
    let mut fields = 0usize;
    let mut reader = Reader::new(black_box(frame));
    reader.fields(|r, key| {
        fields = fields.wrapping_add(1);
        read(r);
        match black_box(key) {
            1 => r.fields(|r, _| read(r)),
            2 => r.packed(Packed::Varint, |r| read(r)),
            3 => r.packed(Packed::Fixed32, |r| read(r)),
            4 => r.packed(Packed::Fixed64, |r| read(r)),
            _ => {}
        }
    });
    let _ = black_box(reader.finish());
    fields
}

fn read(r: &mut Reader<'_>) {
    black_box((r.bool(), r.uint32(), r.int32(), r.sint32(), r.uint64(), r.int64(), r.sint64()));
    black_box((r.fixed32(), r.sfixed32(), r.float(), r.fixed64(), r.sfixed64(), r.double()));
    black_box((r.bytes(), r.str()));
}
