//! Numbers and enums: how each kind of protobuf's is read and written.

use super::error::{CapacityKind, FieldName};
use super::reader::{Packed, Reader};
use super::value::{Element, Fixed, Hold, Number, Scalar, Value, ZigZag};
use super::writer::Writer;

/// Everything that is a number, one row each: the fields' methods of a writer, and the values.
macro_rules! numbers {
    ($($name:ident $put:ident $ty:ty, $encoding:ident, $packed:ident $wire:literal:
        $implicit:ident $explicit:ident $raw:ident, |$v:ident| $bits:expr;)*) => {
        impl Writer<'_> {
            $(
                #[inline]
                pub(crate) fn $name(&mut self, key: u32, $v: $ty) {
                    self.$implicit(key, $bits);
                }

                #[inline]
                pub(crate) fn $put(&mut self, key: u32, $v: $ty) {
                    self.$explicit(key, $bits);
                }
            )*
        }

        $(
            impl Value<$encoding> for $ty {
                const WIRE: u32 = $wire;

                fn put(&self, w: &mut Writer<'_>, key: u32) {
                    w.$put(key, *self);
                }

                fn put_half(&self, w: &mut Writer<'_>, key: u32) {
                    w.$name(key, *self);
                }
            }

            impl Number<$encoding> for $ty {
                const PACKED: Packed = Packed::$packed;

                fn of(r: &Reader<'_>) -> Self {
                    r.$name()
                }

                fn put_packed(self, w: &mut Writer<'_>) {
                    let $v = self;
                    w.$raw($bits);
                }
            }

            impl<'a> Element<'a, $encoding> for $ty {
                type Out = Self;

                const PACKED: Option<Packed> = Some(Packed::$packed);

                fn absent() -> Self {
                    Self::default()
                }

                fn take(out: &mut Self, r: &mut Reader<'a>) {
                    *out = r.$name();
                }

                fn own(&'a self) -> Self {
                    *self
                }
            }

            impl Hold<$encoding> for $ty {
                fn empty() -> Self {
                    Self::default()
                }

                fn take(&mut self, r: &mut Reader<'_>, _: FieldName, _: CapacityKind) {
                    *self = r.$name();
                }
            }
        )*
    };
}

#[rustfmt::skip]
numbers! {
    //                          encoded          wire type   without, with presence   without key
    uint32   put_uint32   u32,  Scalar,  Varint   0: varint_field put_varint   varint, |v| u64::from(v);
    int32    put_int32    i32,  Scalar,  Varint   0: varint_field put_varint   varint, |v| i64::from(v) as u64;
    sint32   put_sint32   i32,  ZigZag, Varint   0: varint_field put_varint   varint, |v| u64::from((v << 1 ^ v >> 31) as u32);
    uint64   put_uint64   u64,  Scalar,  Varint   0: varint_field put_varint   varint, |v| v;
    int64    put_int64    i64,  Scalar,  Varint   0: varint_field put_varint   varint, |v| v as u64;
    sint64   put_sint64   i64,  ZigZag, Varint   0: varint_field put_varint   varint, |v| (v << 1 ^ v >> 63) as u64;
    bool     put_bool     bool, Scalar,  Varint   0: varint_field put_varint   varint, |v| u64::from(v);
    fixed32  put_fixed32  u32,  Fixed,  Fixed32  5: word         put_word     raw_word, |v| v;
    sfixed32 put_sfixed32 i32,  Fixed,  Fixed32  5: word         put_word     raw_word, |v| v as u32;
    float    put_float    f32,  Scalar,  Fixed32  5: word         put_word     raw_word, |v| v.to_bits();
    fixed64  put_fixed64  u64,  Fixed,  Fixed64  1: double_word  put_double_word raw_double_word, |v| v;
    sfixed64 put_sfixed64 i64,  Fixed,  Fixed64  1: double_word  put_double_word raw_double_word, |v| v as u64;
    double   put_double   f64,  Scalar,  Fixed64  1: double_word  put_double_word raw_double_word, |v| v.to_bits();
}

/// An enum of the schema: a number with names.
pub trait Open: Copy + Default {
    fn number(self) -> i32;
    fn from_number(number: i32) -> Self;
}

impl<T: Open> Value<Scalar> for T {
    const WIRE: u32 = 0;

    fn put(&self, w: &mut Writer<'_>, key: u32) {
        w.put_int32(key, self.number());
    }

    fn put_half(&self, w: &mut Writer<'_>, key: u32) {
        w.int32(key, self.number());
    }
}

impl<T: Open> Number<Scalar> for T {
    const PACKED: Packed = Packed::Varint;

    fn of(r: &Reader<'_>) -> Self {
        Self::from_number(r.int32())
    }

    fn put_packed(self, w: &mut Writer<'_>) {
        w.varint(i64::from(self.number()) as u64);
    }
}

impl<'a, T: Open + 'a> Element<'a, Scalar> for T {
    type Out = Self;

    const PACKED: Option<Packed> = Some(Packed::Varint);

    fn absent() -> Self {
        Self::default()
    }

    fn take(out: &mut Self, r: &mut Reader<'a>) {
        *out = Self::of(r);
    }

    fn own(&'a self) -> Self {
        *self
    }
}

impl<T: Open> Hold<Scalar> for T {
    fn empty() -> Self {
        Self::default()
    }

    fn take(&mut self, r: &mut Reader<'_>, _: FieldName, _: CapacityKind) {
        *self = Self::of(r);
    }
}
