//! What generated code is written with: the one module of the codec that it names.

#![allow(unused_imports, unused_macros, reason = "a build without messages needs nothing of it")]

pub use super::element::{Fixed, Message, Open, Scalar, ZigZag};
pub use super::error::{CapacityKind, DecodeError, FieldName};
pub use super::owned::copy_from::{CopyField, CopyMessage};
pub use super::owned::map::write_map;
pub use super::sealed::{Borrowed, Owned, Read, check_submessage};
pub(crate) use super::view::maps_are_equal;
pub use super::view::oneof::{Oneof, record_oneof, write_member};
pub use super::view::{MapView, Repeated, RepeatedMessages, Submessage};
pub use super::wire::copy::copy;
pub use super::wire::fields::RawFieldsAt;
pub use super::wire::reader::{Merge, Reader, some_string, string};
pub use super::wire::writer::{Raw, Write, Writer};

/// Implements `Encode`, `Decode` and `Default` for a borrowed message.
macro_rules! borrowed {
    ($message:ty) => {
        impl<'a> crate::codec::Encode for $message {}

        impl<'a> crate::codec::Decode<'a> for $message {}

        // Inlined, and not derived: a derived one calls `memclr8` in a sender.
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

            fn read(&mut self, encoded: &'a [u8]) -> Result<(), crate::codec::DecodeError> {
                crate::codec::rt::Reader::decode(encoded, self)
            }
        }
    };
}

/// Implements `Encode`, `Decode` and `TryFrom` its borrowed counterpart for an owned message.
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

            fn read(&mut self, encoded: &[u8]) -> Result<(), crate::codec::DecodeError> {
                let mut r = crate::codec::rt::Reader::new(encoded);
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

pub(crate) use {borrowed, owned};
