//! What messages implement, and nobody outside can.

use super::error::DecodeError;
use super::nested::Raw;
use super::reader::Reader;
use super::received::Located;
use super::writer::Writer;

/// Writes its fields, from the last to the first. `Sync`, so that a message may refer to one of
/// another thread or interrupt.
pub trait Write: Sync {
    fn write(&self, w: &mut Writer<'_>);
}

/// Takes in one field at a time: a borrowed message, whose fields' loop is one for all.
pub trait Merge<'a> {
    /// Takes the field that `r` has at hand, if it is known.
    fn field(&mut self, r: &mut Reader<'a>, key: u32);
}

/// What the verbs that decode need.
pub trait Read<'a>: Sized {
    fn empty() -> Self;
    fn reset(&mut self);
    fn read(&mut self, frame: &'a [u8]) -> Result<(), DecodeError>;
}

/// A borrowed message.
pub trait Borrowed<'a>: Merge<'a> + Write + Read<'a> + Copy + Default + 'a {
    /// Reads all of its submessages, at most `depth` deep.
    fn check(&self, depth: u8) -> Result<(), DecodeError> {
        let _ = depth; // it has none
        Ok(())
    }
}

/// An owned message.
pub trait Owned: Write + Default {
    /// Takes the field that `r` has at hand, if it is known.
    fn field(&mut self, r: &mut Reader<'_>, key: u32);

    /// Empties it in its place.
    fn clear(&mut self);

    /// Takes every field of the message that `r` has at hand.
    fn merge(&mut self, r: &mut Reader<'_>) {
        r.merge_owned(self);
    }
}

/// A oneof of a borrowed message, as far as its members are messages.
pub trait Oneof<'a>: Copy {
    /// The number of the member.
    fn number(&self) -> u32;
    /// The member of this number, if it is a message.
    fn received(number: u32, located: Located<'a>) -> Option<Self>;
    /// The member, if it is a message.
    fn raw(&self) -> Option<Raw<'a>>;
}

/// Takes the field that `r` has at hand into a oneof, if it is one of its messages.
#[cfg_attr(target_pointer_width = "32", inline(never))]
pub fn keep<'a, O: Oneof<'a>>(slot: &mut Option<O>, r: &mut Reader<'a>) {
    let number = r.key >> 3;
    let before = slot.as_ref().filter(|member| member.number() == number);
    let kept = match before.and_then(O::raw) {
        Some(Raw::Received(kept)) => Some(kept),
        _ => None,
    };
    if let Some(member) = O::received(number, r.one_or_more(kept)) {
        *slot = Some(member);
    }
}

/// Writes a member of a oneof that is a message.
#[inline(always)]
pub fn write_member<'a, O: Oneof<'a>>(member: &O, w: &mut Writer<'_>) {
    if let Some(raw) = member.raw() {
        w.nested(member.number() << 3 | 2, raw);
    }
}

/// The verbs for a borrowed message.
#[allow(unused_macros, reason = "a build without messages needs none")]
macro_rules! borrowed {
    ($message:ty) => {
        impl<'a> crate::codec::Encode for $message {}

        impl<'a> crate::codec::Decode<'a> for $message {}

        // Inlined, and not derived: in a sender that one calls `memclr8`.
        impl<'a> Default for $message {
            #[inline(always)]
            fn default() -> Self {
                Self::new()
            }
        }

        impl<'a> crate::codec::rt::Read<'a> for $message {
            fn empty() -> Self {
                Self::default()
            }

            fn reset(&mut self) {
                *self = Self::default();
            }

            fn read(&mut self, frame: &'a [u8]) -> Result<(), crate::codec::DecodeError> {
                crate::codec::rt::Reader::decode(frame, self)
            }
        }
    };
}

/// The verbs for an owned message, and the way to it from its borrowed twin.
#[allow(unused_macros, reason = "a build without messages needs none")]
macro_rules! owned {
    ($message:ty, $borrowed:ty) => {
        impl crate::codec::Encode for $message {}

        impl crate::codec::Decode<'_> for $message {}

        impl crate::codec::rt::Read<'_> for $message {
            fn empty() -> Self {
                Self::new()
            }

            fn reset(&mut self) {
                crate::codec::rt::Owned::clear(self);
            }

            fn read(&mut self, frame: &[u8]) -> Result<(), crate::codec::DecodeError> {
                let mut r = crate::codec::rt::Reader::new(frame);
                crate::codec::rt::Owned::merge(self, &mut r);
                r.finish()
            }
        }

        impl TryFrom<$borrowed> for $message {
            type Error = crate::codec::DecodeError;

            fn try_from(from: $borrowed) -> Result<Self, Self::Error> {
                let mut message = Self::new();
                crate::codec::copy_from(&mut message, &from)?;
                Ok(message)
            }
        }
    };
}

#[allow(unused_imports, reason = "a build without messages needs neither")]
pub(crate) use {borrowed, owned};
