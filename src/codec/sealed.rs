//! The traits that every message implements, and no type outside this crate can.

use super::error::DecodeError;
use super::wire::reader::{Merge, Reader};
use super::wire::writer::Write;

/// A message that can be encoded.
///
/// Implemented by every message of this crate, and by no other type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a message of livekit-micro that can be encoded",
    note = "messages are in `livekit_micro::borrowed` and `livekit_micro::owned`",
    note = "a submessage of a borrowed message is a reference to a borrowed message: `(&message).into()`"
)]
pub trait Encode: Write {}

/// A message that can be decoded from bytes that live as long as `'a`.
///
/// Implemented by every message of this crate, and by no other type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a message of livekit-micro that can be decoded",
    note = "messages are in `livekit_micro::borrowed` and `livekit_micro::owned`"
)]
pub trait Decode<'a>: Read<'a> {}

/// A borrowed message, whose submessages are read on demand.
///
/// Implemented by every message of [`borrowed`](crate::borrowed), and by no other type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a message of `livekit_micro::borrowed`",
    note = "an owned message is checked when it is decoded and needs no `validate`"
)]
pub trait Validate<'a>: Borrowed<'a> {}

impl<'a, M: Borrowed<'a>> Validate<'a> for M {}

/// What the functions that decode need.
pub trait Read<'a>: Sized {
    fn empty() -> Self;
    fn reset(&mut self);
    fn read(&mut self, encoded: &'a [u8]) -> Result<(), DecodeError>;
}

/// A borrowed message.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a message of `livekit_micro::borrowed`",
    label = "not a borrowed message",
    note = "fields of borrowed messages hold borrowed messages; `owned::X::try_from(borrowed)` goes the other way"
)]
pub trait Borrowed<'a>: Merge<'a> + Write + Read<'a> + Copy + Default + 'a {
    /// Reads all of its submessages, at most `depth` deep.
    fn check(&self, depth: u8) -> Result<(), DecodeError> {
        let _ = depth; // it has none
        Ok(())
    }
}

/// An owned message.
pub trait Owned: Write + Default {
    /// Decodes the current field of `r`, if it is known.
    fn field(&mut self, r: &mut Reader<'_>, tag: u32);

    /// Empties it in place.
    fn clear(&mut self);

    /// Decodes every field of the current submessage of `r`.
    fn merge(&mut self, r: &mut Reader<'_>) {
        r.fields(|r, tag| self.field(r, tag));
    }
}

/// Reads all of the current submessage of `r` as an `M`, to find what is wrong in it.
pub fn check_submessage<'a, M: Borrowed<'a>>(r: &mut Reader<'a>) {
    let mut message = M::default();
    let mut part = Reader::part(r.content, r.start);
    part.merge(&mut message);
    if let Err(error) = part.finish().and_then(|()| message.check(r.depth)) {
        r.set_error(error);
    }
}
