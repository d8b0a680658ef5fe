//! Numbers and enums, one row for each of protobuf's types.

use micropb::{DecodeError, PbDecoder, PbRead};

use super::reader::FieldReader;
use super::value::{Element, Number};
use super::writer::FieldWriter;
use crate::codec::rt::{Fixed, Open, Scalar, ZigZag};

macro_rules! numbers {
    ($($name:ident $put:ident $ty:ty, $encoding:ident, $wire:literal $write:ident,
        |$decoder:ident| $read:expr, |$v:ident| $bits:expr;)*) => {
        impl<R: PbRead> FieldReader<'_, R> {
            $(
                pub(crate) fn $name(&mut self) -> $ty {
                    self.value(<$ty as Number<$encoding>>::read)
                }
            )*
        }

        impl FieldWriter<'_> {
            $(
                /// Without presence: 0 is not written. A floating-point −0.0 is.
                pub(crate) fn $name(&mut self, tag: u32, $v: $ty) {
                    if $bits != 0 {
                        self.$put(tag, $v);
                    }
                }

                pub(crate) fn $put(&mut self, tag: u32, $v: $ty) {
                    self.tag(tag);
                    self.$write($bits);
                }
            )*
        }

        $(
            impl Number<$encoding> for $ty {
                fn read<R: PbRead>(
                    $decoder: &mut PbDecoder<R>,
                ) -> Result<Self, DecodeError<R::Error>> {
                    $read
                }

                fn write(&self, w: &mut FieldWriter<'_>) {
                    let $v = *self;
                    w.$write($bits);
                }
            }

            impl Element<$encoding> for $ty {
                const WIRE: u32 = $wire;

                fn decode<R: PbRead>(&mut self, r: &mut FieldReader<'_, R>) {
                    *self = r.$name();
                }

                fn put(&self, w: &mut FieldWriter<'_>, tag: u32) {
                    w.$put(tag, *self);
                }

                fn put_in_entry(&self, w: &mut FieldWriter<'_>, tag: u32) {
                    w.$name(tag, *self);
                }
            }
        )*
    };
}

#[rustfmt::skip]
numbers! {
    //                           encoded         wire type     decoded                                    encoded
    uint32   put_uint32   u32,  Scalar,  0 raw_varint,  |d| d.decode_varint32(),                  |v| u64::from(v);
    int32    put_int32    i32,  Scalar,  0 raw_varint,  |d| d.decode_int32(),                     |v| i64::from(v) as u64;
    sint32   put_sint32   i32,  ZigZag, 0 raw_varint,  |d| d.decode_sint32(),                    |v| u64::from((v << 1 ^ v >> 31) as u32);
    uint64   put_uint64   u64,  Scalar,  0 raw_varint,  |d| d.decode_varint64(),                  |v| v;
    int64    put_int64    i64,  Scalar,  0 raw_varint,  |d| d.decode_int64(),                     |v| v as u64;
    sint64   put_sint64   i64,  ZigZag, 0 raw_varint,  |d| d.decode_sint64(),                    |v| (v << 1 ^ v >> 63) as u64;
    // `decode_bool` looks at the low 32 bits only.
    bool     put_bool     bool, Scalar,  0 raw_varint,  |d| d.decode_varint64().map(|v| v != 0),  |v| u64::from(v);
    fixed32  put_fixed32  u32,  Fixed,  5 raw_fixed32, |d| d.decode_fixed32(),                   |v| v;
    sfixed32 put_sfixed32 i32,  Fixed,  5 raw_fixed32, |d| d.decode_sfixed32(),                  |v| v as u32;
    float    put_float    f32,  Scalar,  5 raw_fixed32, |d| d.decode_float(),                     |v| v.to_bits();
    fixed64  put_fixed64  u64,  Fixed,  1 raw_fixed64, |d| d.decode_fixed64(),                   |v| v;
    sfixed64 put_sfixed64 i64,  Fixed,  1 raw_fixed64, |d| d.decode_sfixed64(),                  |v| v as u64;
    double   put_double   f64,  Scalar,  1 raw_fixed64, |d| d.decode_double(),                    |v| v.to_bits();
}

impl<T: Open> Number<Scalar> for T {
    fn read<R: PbRead>(decoder: &mut PbDecoder<R>) -> Result<Self, DecodeError<R::Error>> {
        decoder.decode_int32().map(T::from_number)
    }

    fn write(&self, w: &mut FieldWriter<'_>) {
        Number::<Scalar>::write(&self.number(), w);
    }
}

impl<T: Open> Element<Scalar> for T {
    const WIRE: u32 = 0;

    fn decode<R: PbRead>(&mut self, r: &mut FieldReader<'_, R>) {
        *self = Self::from_number(r.int32());
    }

    fn put(&self, w: &mut FieldWriter<'_>, tag: u32) {
        w.put_int32(tag, self.number());
    }

    fn put_in_entry(&self, w: &mut FieldWriter<'_>, tag: u32) {
        w.int32(tag, self.number());
    }
}
