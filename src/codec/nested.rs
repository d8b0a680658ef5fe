//! A submessage: read when it is asked for.

use core::fmt;

use super::error::{DecodeError, Malformed};
use super::reader::Reader;
use super::received::{Located, Received};
use super::sealed::{Borrowed, Merge, Write};
use super::writer::Writer;
use super::{Encode, log};

/// A submessage of a borrowed message: one to be sent, or a received one that is read on demand.
///
/// *Decode checks the message; read checks the submessage.* One to be sent is put in as a reference
/// ([`From`]); of a received one only its place in the frame is known until [`read`](Self::read)
/// returns it by value, or [`read_into`](Self::read_into) reads it into a place of the caller's, which copies
/// nothing. Neither remembers anything: keep what they return.
///
/// ```
/// use livekit_micro::borrowed::{DataPacket, UserPacket, data_packet::Value};
/// use livekit_micro::{from_bytes, to_slice};
///
/// let user = UserPacket { payload: b"21.5", topic: Some("readings"), ..Default::default() };
/// let packet = DataPacket { value: Some(Value::User((&user).into())), ..Default::default() };
/// let mut buf = [0; 64];
/// let frame = to_slice(&packet, &mut buf)?;
///
/// let packet: DataPacket = from_bytes(frame)?;
/// if let Some(Value::User(user)) = packet.value {
///     assert_eq!(user.read()?.payload, b"21.5"); // by value
///     let mut room = UserPacket::default();
///     assert_eq!(user.read_into(&mut room)?.topic, Some("readings")); // in place
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Submessage<'a, T>(Inner<'a, T>);

#[derive(Clone, Copy)]
enum Inner<'a, T> {
    /// The same twice: what it is, and how it is written. CapacityKind here, so that its encoder is linked
    /// only where one is put in.
    Own(&'a T, &'a dyn Write),
    Received(Located<'a>),
}

/// What encoding needs of a submessage, whatever its type.
#[derive(Clone, Copy)]
pub enum Raw<'a> {
    Own(&'a dyn Write),
    Received(Received<'a>),
}

impl<'a, T: Encode> Submessage<'a, T> {
    /// A submessage to be sent; `From` does the same.
    pub const fn new(message: &'a T) -> Self {
        Self(Inner::Own(message, message))
    }
}

impl<'a, T: Encode> From<&'a T> for Submessage<'a, T> {
    /// A submessage to be sent.
    fn from(message: &'a T) -> Self {
        Self::new(message)
    }
}

impl<'a, T: Borrowed<'a>> Submessage<'a, T> {
    /// The submessage, by value.
    ///
    /// # Errors
    /// [`DecodeError::Malformed`] if it is received and not in order; its offset counts from the
    /// start of the frame.
    pub fn read(&self) -> Result<T, DecodeError> {
        self.item().read()
    }

    /// The submessage: the one put in, or the one that is read into `room`. What `room` held before
    /// is gone.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_into<'r>(&self, room: &'r mut T) -> Result<&'r T, DecodeError>
    where
        'a: 'r,
    {
        // Before the match: the caller's own default, just made, is then not stored as well.
        *room = T::default();
        match &self.0 {
            Inner::Own(own, _) => Ok(own),
            Inner::Received(located) => {
                read_into(located, room)?;
                Ok(room)
            }
        }
    }
}

impl<'a, T: Borrowed<'a>> Submessage<'a, T> {
    /// Reads all that is in it, at most `depth` messages deep.
    pub(crate) fn check(&self, depth: u8) -> Result<(), DecodeError> {
        self.item().check(depth)
    }
}

impl<'a, T> Submessage<'a, T> {
    #[inline(always)]
    pub(crate) fn received(located: Located<'a>) -> Self {
        Self(Inner::Received(located))
    }

    #[inline(always)]
    pub(crate) fn raw(&self) -> Raw<'a> {
        match self.0 {
            Inner::Own(_, message) => Raw::Own(message),
            Inner::Received(located) => Raw::Received(located.received),
        }
    }

    #[inline(always)]
    pub(super) fn item(&self) -> Item<'a, T> {
        match self.0 {
            Inner::Own(message, _) => Item(Place::Own(message)),
            Inner::Received(located) => Item(Place::Received(located)),
        }
    }

    /// Writes a submessage, if there is one. Out of line, so that all of them are one.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn write(slot: &Option<Self>, w: &mut Writer<'_>, key: u32) {
        if let Some(message) = slot {
            w.nested(key, message.raw());
        }
    }

    /// Takes in the field that `r` has at hand.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn keep(slot: &mut Option<Self>, r: &mut Reader<'a>) {
        let kept = match *slot {
            Some(Self(Inner::Received(kept))) => Some(kept.received),
            _ => None,
        };
        *slot = Some(Self(Inner::Received(r.one_or_more(kept))));
    }
}

/// A message of a list or a map: one to be sent, or a received one that is read on demand, as a
/// [`Submessage`] is.
#[derive(Clone, Copy)]
pub struct Item<'a, T>(pub(super) Place<'a, T>);

#[derive(Clone, Copy)]
pub(super) enum Place<'a, T> {
    Own(&'a T),
    /// Of several fields the message is all of them, merged.
    Received(Located<'a>),
}

impl<'a, T: Borrowed<'a>> Item<'a, T> {
    /// The message, by value.
    ///
    /// # Errors
    /// [`DecodeError::Malformed`] if it is received and not in order; its offset counts from the
    /// start of the frame.
    pub fn read(&self) -> Result<T, DecodeError> {
        let mut message = T::default();
        match self.0 {
            Place::Own(own) => Ok(*own),
            Place::Received(located) => {
                read_into(&located, &mut message)?;
                Ok(message)
            }
        }
    }

    /// The message: the one put in, or the one that is read into `room`. What `room` held before is
    /// gone.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_into<'r>(&self, room: &'r mut T) -> Result<&'r T, DecodeError>
    where
        'a: 'r,
    {
        *room = T::default();
        match &self.0 {
            Place::Own(own) => Ok(own),
            Place::Received(located) => {
                read_into(located, room)?;
                Ok(room)
            }
        }
    }

    /// Reads all that is in it, at most `depth` messages deep.
    pub(super) fn check(&self, depth: u8) -> Result<(), DecodeError> {
        let mut room = T::default();
        let message = self.read_into(&mut room)?;
        match (depth.checked_sub(1), self.0) {
            (Some(depth), _) => message.check(depth),
            (None, Place::Received(located)) if !located.is_nothing() => {
                Err(located.error(Malformed::Nesting))
            }
            // One of the caller's, or a map's value that is left out.
            (None, _) => Ok(()),
        }
    }
}

#[cfg_attr(target_pointer_width = "32", inline(never))]
fn read_into<'a>(located: &Located<'a>, message: &mut dyn Merge<'a>) -> Result<(), DecodeError> {
    located.read(|r| r.merge(message))
}

impl<'a> Reader<'a> {
    /// Takes every field of the message at hand into `message`.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    fn merge(&mut self, message: &mut dyn Merge<'a>) {
        self.message = self.content;
        self.fields(|r, key| message.field(r, key));
    }

    /// Reads all of the message at hand, and forgets it.
    pub(crate) fn check<M: Borrowed<'a>>(&mut self) {
        let mut message = M::default();
        let mut part = Reader::part(self.content, self.start);
        part.merge(&mut message);
        if let Err(error) = part.finish().and_then(|()| message.check(self.depth)) {
            self.note(error);
        }
    }

    /// Takes all of `frame` into `message`.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn decode(frame: &'a [u8], message: &mut dyn Merge<'a>) -> Result<(), DecodeError> {
        let mut r = Reader::new(frame);
        r.merge(message);
        r.finish()
    }
}

impl Writer<'_> {
    /// A submessage of a borrowed message.
    #[inline(always)]
    pub(crate) fn nested(&mut self, key: u32, raw: Raw<'_>) {
        match raw {
            Raw::Own(message) => self.own(key, message),
            Raw::Received(received) => self.received(received),
        }
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    fn own(&mut self, key: u32, message: &dyn Write) {
        self.message(key, message);
    }
}

/// Two that are received are equal if they came as the same bytes, two that are put in if they are
/// equal. To compare one with the other it is read.
impl<'a, T: Borrowed<'a> + PartialEq> PartialEq for Submessage<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        self.item() == other.item()
    }
}

/// Equal as two [`Submessage`] are.
impl<'a, T: Borrowed<'a> + PartialEq> PartialEq for Item<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        let mut room = T::default();
        match (self.0, other.0) {
            (Place::Own(one), Place::Own(two)) => one == two,
            (Place::Own(own), _) => other.read_into(&mut room).is_ok_and(|read| read == own),
            (_, Place::Own(own)) => self.read_into(&mut room).is_ok_and(|read| read == own),
            (Place::Received(one), Place::Received(two)) => one.received == two.received,
        }
    }
}

/// Its length, `<31 bytes>`: to read it would link its decoder. Print what `read` returns.
impl<T> fmt::Debug for Submessage<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        log::bytes(self.raw().len()).fmt(f)
    }
}

/// Its length, as of a [`Submessage`].
impl<T: Write> fmt::Debug for Item<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        log::bytes(self.len()).fmt(f)
    }
}

#[cfg(feature = "defmt")]
impl<T> defmt::Format for Submessage<'_, T> {
    fn format(&self, f: defmt::Formatter<'_>) {
        log::bytes(self.raw().len()).format(f)
    }
}

#[cfg(feature = "defmt")]
impl<T: Write> defmt::Format for Item<'_, T> {
    fn format(&self, f: defmt::Formatter<'_>) {
        log::bytes(self.len()).format(f)
    }
}

/// Bytes of the submessage, without its key and length.
impl Raw<'_> {
    fn len(self) -> usize {
        match self {
            Raw::Own(message) => Writer::len_of(message),
            Raw::Received(received) => received.content_len(),
        }
    }
}

impl<T: Write> Item<'_, T> {
    fn len(&self) -> usize {
        match self.0 {
            Place::Own(message) => Writer::len_of(message),
            Place::Received(located) => located.received.content_len(),
        }
    }
}
