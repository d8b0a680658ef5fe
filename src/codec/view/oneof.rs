//! Oneofs of borrowed messages, as far as their members are messages.

use crate::codec::wire::fields::RawFieldsAt;
use crate::codec::wire::reader::Reader;
use crate::codec::wire::writer::{Raw, Writer};

/// A oneof with members that are messages.
pub trait Oneof<'a>: Copy {
    /// Returns the number of the member.
    fn number(&self) -> u32;
    /// Returns the member of this number, if it is a message.
    fn received(number: u32, fields: RawFieldsAt<'a>) -> Option<Self>;
    /// Returns the member, if it is a message.
    fn raw(&self) -> Option<Raw<'a>>;
}

/// Records the current field of `r` in a oneof, if it is one of its messages.
#[cfg_attr(target_pointer_width = "32", inline(never))]
pub fn record_oneof<'a, O: Oneof<'a>>(slot: &mut Option<O>, r: &mut Reader<'a>) {
    let number = r.tag >> 3;
    let same = slot.as_ref().filter(|member| member.number() == number);
    let before = match same.and_then(O::raw) {
        Some(Raw::Received(before)) => Some(before),
        _ => None,
    };
    if let Some(member) = O::received(number, RawFieldsAt::this_field_merged(r, before)) {
        *slot = Some(member);
    }
}

/// Writes a member of a oneof that is a message.
#[inline(always)]
pub fn write_member<'a, O: Oneof<'a>>(member: &O, w: &mut Writer<'_>) {
    if let Some(raw) = member.raw() {
        w.submessage(member.number() << 3 | 2, raw);
    }
}
