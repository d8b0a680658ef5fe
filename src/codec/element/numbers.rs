//! Numbers and enums: how each of protobuf's types is read and written.

use super::{Element, Fixed, Number, OwnedElement, Scalar, ZigZag};
use crate::codec::error::{CapacityKind, FieldName};
use crate::codec::wire::reader::{Packed, Reader};
use crate::codec::wire::writer::{PackedValue, Value, Writer};

/// Implements one numeric type a row: a writer's methods for its fields, and the element traits.
macro_rules! numbers {
    ($($name:ident $put:ident $ty:ty, $encoding:ident, $packed:ident $wire:literal:
        $implicit:ident $explicit:ident $raw:ident, |$v:ident| $bits:expr;)*) => {
        impl Writer<'_> {
            $(
                #[doc = concat!("A `", stringify!($name), "` without presence: not written if it is 0.")]
                #[inline]
                pub fn $name(&mut self, tag: u32, $v: $ty) {
                    self.$implicit(tag, $bits);
                }

                #[doc = concat!("A `", stringify!($name), "` with presence: written also if it is 0.")]
                #[inline]
                pub fn $put(&mut self, tag: u32, $v: $ty) {
                    self.$explicit(tag, $bits);
                }
            )*
        }

        $(
            impl Value<$encoding> for $ty {
                const WIRE: u32 = $wire;

                fn put(&self, w: &mut Writer<'_>, tag: u32) {
                    w.$put(tag, *self);
                }

                fn write_map_entry_field(&self, w: &mut Writer<'_>, tag: u32) {
                    w.$name(tag, *self);
                }
            }

            impl Number<$encoding> for $ty {
                const PACKED: Packed = Packed::$packed;

                fn of(r: &Reader<'_>) -> Self {
                    r.$name()
                }
            }

            impl PackedValue<$encoding> for $ty {
                fn put_packed(self, w: &mut Writer<'_>) {
                    let $v = self;
                    w.$raw($bits);
                }
            }

            impl<'a> Element<'a, $encoding> for $ty {
                type Out = Self;

                const PACKED: Option<Packed> = Some(Packed::$packed);

                fn default_value() -> Self {
                    Self::default()
                }

                fn decode(out: &mut Self, r: &mut Reader<'a>) {
                    *out = r.$name();
                }

                fn slice_item(&'a self) -> Self {
                    *self
                }
            }

            impl OwnedElement<$encoding> for $ty {
                fn empty() -> Self {
                    Self::default()
                }

                fn decode(&mut self, r: &mut Reader<'_>, _: FieldName, _: CapacityKind) {
                    *self = r.$name();
                }
            }
        )*
    };
}

#[rustfmt::skip]
numbers! {
    //                          encoded          wire type   without presence, with it              without a tag
    uint32   put_uint32   u32,  Scalar, Varint   0: varint_field  put_varint_field  varint,      |v| u64::from(v);
    int32    put_int32    i32,  Scalar, Varint   0: varint_field  put_varint_field  varint,      |v| i64::from(v) as u64;
    sint32   put_sint32   i32,  ZigZag, Varint   0: varint_field  put_varint_field  varint,      |v| u64::from((v << 1 ^ v >> 31) as u32);
    uint64   put_uint64   u64,  Scalar, Varint   0: varint_field  put_varint_field  varint,      |v| v;
    int64    put_int64    i64,  Scalar, Varint   0: varint_field  put_varint_field  varint,      |v| v as u64;
    sint64   put_sint64   i64,  ZigZag, Varint   0: varint_field  put_varint_field  varint,      |v| (v << 1 ^ v >> 63) as u64;
    bool     put_bool     bool, Scalar, Varint   0: varint_field  put_varint_field  varint,      |v| u64::from(v);
    fixed32  put_fixed32  u32,  Fixed,  Fixed32  5: fixed32_field put_fixed32_field raw_fixed32, |v| v;
    sfixed32 put_sfixed32 i32,  Fixed,  Fixed32  5: fixed32_field put_fixed32_field raw_fixed32, |v| v as u32;
    float    put_float    f32,  Scalar, Fixed32  5: fixed32_field put_fixed32_field raw_fixed32, |v| v.to_bits();
    fixed64  put_fixed64  u64,  Fixed,  Fixed64  1: fixed64_field put_fixed64_field raw_fixed64, |v| v;
    sfixed64 put_sfixed64 i64,  Fixed,  Fixed64  1: fixed64_field put_fixed64_field raw_fixed64, |v| v as u64;
    double   put_double   f64,  Scalar, Fixed64  1: fixed64_field put_fixed64_field raw_fixed64, |v| v.to_bits();
}

/// An enum of the schema: a number with names.
pub trait Open: Copy + Default {
    fn number(self) -> i32;
    fn from_number(number: i32) -> Self;
}

impl<T: Open> Value<Scalar> for T {
    const WIRE: u32 = 0;

    fn put(&self, w: &mut Writer<'_>, tag: u32) {
        w.put_int32(tag, self.number());
    }

    fn write_map_entry_field(&self, w: &mut Writer<'_>, tag: u32) {
        w.int32(tag, self.number());
    }
}

impl<T: Open> Number<Scalar> for T {
    const PACKED: Packed = Packed::Varint;

    fn of(r: &Reader<'_>) -> Self {
        Self::from_number(r.int32())
    }
}

impl<T: Open> PackedValue<Scalar> for T {
    fn put_packed(self, w: &mut Writer<'_>) {
        w.varint(i64::from(self.number()) as u64);
    }
}

impl<'a, T: Open + 'a> Element<'a, Scalar> for T {
    type Out = Self;

    const PACKED: Option<Packed> = Some(Packed::Varint);

    fn default_value() -> Self {
        Self::default()
    }

    fn decode(out: &mut Self, r: &mut Reader<'a>) {
        *out = Self::of(r);
    }

    fn slice_item(&'a self) -> Self {
        *self
    }
}

impl<T: Open> OwnedElement<Scalar> for T {
    fn empty() -> Self {
        Self::default()
    }

    fn decode(&mut self, r: &mut Reader<'_>, _: FieldName, _: CapacityKind) {
        *self = Self::of(r);
    }
}
