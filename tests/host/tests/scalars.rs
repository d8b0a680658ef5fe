//! Each scalar type of protobuf, written and read field by field, beside prost.

use livekit_micro::{Reader, Writer, to_slice_with};
use prost_reflect::prost::encoding;

/// A field of number 3 and of number 300: tags of one byte and of two.
const FIELDS: [u32; 2] = [3, 300];

/// Compares what `$name` of the writer writes with prost's bytes, and what `$name` of the reader reads of them
/// with the value.
macro_rules! check {
    ($($name:ident $put:ident $wire:literal $values:expr;)*) => {$(
        #[test]
        fn $name() {
            for field in FIELDS {
                let tag = field << 3 | $wire;
                for value in $values {
                    let mut theirs = Vec::new();
                    encoding::$name::encode(field, &value, &mut theirs);
                    let mut buf = [0; 16];
                    let put = to_slice_with(&mut buf, |w: &mut Writer<'_>| w.$put(tag, value));
                    assert_eq!(put, Ok(&theirs[..]), "{value:?}");
                    // A default is left out, unless it is put.
                    let is_default = value == Default::default();
                    let written = to_slice_with(&mut buf, |w| w.$name(tag, value));
                    let expected = if is_default { &[][..] } else { &theirs };
                    assert_eq!(written, Ok(expected), "{value:?}");

                    let (mut read, mut reader) = (None, Reader::new(&theirs));
                    reader.fields(|r, found| {
                        assert_eq!(found, tag);
                        read = Some(r.$name());
                    });
                    assert_eq!((reader.finish(), read), (Ok(()), Some(value)));
                }
            }
        }
    )*};
}

check! {
    bool put_bool 0 [false, true];
    int32 put_int32 0 [0, 1, -1, 127, 128, i32::MAX, i32::MIN];
    int64 put_int64 0 [0, 1, -1, 1 << 31, 1 << 32, i64::MAX, i64::MIN];
    uint32 put_uint32 0 [0, 1, 127, 128, 1 << 14, 1 << 21, 1 << 28, u32::MAX];
    uint64 put_uint64 0 [0, 1, 1 << 32, 1 << 35, 1 << 56, 1 << 63, u64::MAX];
    sint32 put_sint32 0 [0, 1, -1, 63, -64, 64, -65, i32::MAX, i32::MIN];
    sint64 put_sint64 0 [0, 1, -1, 1 << 40, -(1 << 40), i64::MAX, i64::MIN];
    fixed32 put_fixed32 5 [0, 1, 0x0102_0304, u32::MAX];
    fixed64 put_fixed64 1 [0, 1, 0x0102_0304_0506_0708, u64::MAX];
    sfixed32 put_sfixed32 5 [0, 1, -1, i32::MAX, i32::MIN];
    sfixed64 put_sfixed64 1 [0, 1, -1, i64::MAX, i64::MIN];
    float put_float 5 [0.0, 1.5, -1.5, f32::MIN_POSITIVE, f32::INFINITY];
    double put_double 1 [0.0, 1.5, -1.5, f64::MIN_POSITIVE, f64::INFINITY];
}
