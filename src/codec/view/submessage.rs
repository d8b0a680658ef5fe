//! A submessage, which is read on demand.

use core::fmt;

use crate::codec::element::{Element, Message};
use crate::codec::error::{DecodeError, Malformed};
use crate::codec::fmt as print;
use crate::codec::sealed::{Borrowed, Encode};
use crate::codec::wire::fields::RawFieldsAt;
use crate::codec::wire::reader::{Merge, Reader};
use crate::codec::wire::writer::{Raw, Write, Writer};

/// A submessage of a borrowed message: one to be sent, or a received one that is read on demand.
///
/// *Decode checks the message; read checks the submessage.* One to be sent is given as a reference
/// ([`From`]). A received one stays in the encoded message until [`read`](Self::read) returns it by
/// value, or [`read_into`](Self::read_into) decodes it into a message of the caller's, which copies
/// nothing. Each call decodes it anew: keep what they return.
///
/// ```
/// use livekit_micro::borrowed::{DataPacket, UserPacket, data_packet::Value};
/// use livekit_micro::{from_bytes, to_slice};
///
/// let user = UserPacket { payload: b"21.5", topic: Some("readings"), ..Default::default() };
/// let packet = DataPacket { value: Some(Value::User((&user).into())), ..Default::default() };
/// let mut buf = [0; 64];
/// let encoded = to_slice(&packet, &mut buf)?;
///
/// let packet: DataPacket = from_bytes(encoded)?;
/// if let Some(Value::User(user)) = packet.value {
///     assert_eq!(user.read()?.payload, b"21.5"); // by value
///     let mut message = UserPacket::default();
///     assert_eq!(user.read_into(&mut message)?.topic, Some("readings")); // in place
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Submessage<'a, T>(Inner<'a, T>);

#[derive(Clone, Copy)]
enum Inner<'a, T> {
    /// The message twice: to be read, and to be written. The trait object is made here, so that the
    /// encoder of `T` is linked only where a firmware sends one.
    Borrowed(&'a T, &'a dyn Write),
    Received(RawFieldsAt<'a>),
}

impl<'a, T: Encode> Submessage<'a, T> {
    /// A submessage to be sent; `From` does the same.
    pub const fn new(message: &'a T) -> Self {
        Self(Inner::Borrowed(message, message))
    }
}

impl<'a, T: Encode> From<&'a T> for Submessage<'a, T> {
    /// A submessage to be sent.
    fn from(message: &'a T) -> Self {
        Self::new(message)
    }
}

impl<'a, T: Borrowed<'a>> Submessage<'a, T> {
    /// Returns the submessage by value.
    ///
    /// # Errors
    /// [`DecodeError::Malformed`] if it is received and its encoding is not valid; its offset counts
    /// from the start of the outermost encoded message.
    pub fn read(&self) -> Result<T, DecodeError> {
        self.item().read()
    }

    /// Returns a reference to the submessage: to the one given, or to `message`, into which a received
    /// one is decoded. `message` is reset first.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_into<'r>(&self, message: &'r mut T) -> Result<&'r T, DecodeError>
    where
        'a: 'r,
    {
        // Before the match: a default that the caller has just made is then not stored twice.
        *message = T::default();
        match &self.0 {
            Inner::Borrowed(given, _) => Ok(given),
            Inner::Received(fields) => {
                merge(fields, message)?;
                Ok(message)
            }
        }
    }

    /// Reads all that is in it, at most `depth` messages deep.
    pub(crate) fn check(&self, depth: u8) -> Result<(), DecodeError> {
        self.item().check(depth)
    }
}

impl<'a, T> Submessage<'a, T> {
    #[inline(always)]
    pub(crate) fn received(fields: RawFieldsAt<'a>) -> Self {
        Self(Inner::Received(fields))
    }

    #[inline(always)]
    pub(crate) fn raw(&self) -> Raw<'a> {
        match self.0 {
            Inner::Borrowed(_, message) => Raw::Borrowed(message),
            Inner::Received(at) => Raw::Received(at.fields),
        }
    }

    #[inline(always)]
    pub(crate) fn item(&self) -> Item<'a, T> {
        match self.0 {
            Inner::Borrowed(message, _) => Item(Place::Borrowed(message)),
            Inner::Received(fields) => Item(Place::Received(fields)),
        }
    }

    /// Writes a submessage, if there is one. Out of line, so that all message types share one copy.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn write(slot: &Option<Self>, w: &mut Writer<'_>, tag: u32) {
        if let Some(message) = slot {
            w.submessage(tag, message.raw());
        }
    }

    /// Records the current field of `r`.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn record(slot: &mut Option<Self>, r: &mut Reader<'a>) {
        let before = match *slot {
            Some(Self(Inner::Received(before))) => Some(before.fields),
            _ => None,
        };
        *slot = Some(Self(Inner::Received(RawFieldsAt::this_field_merged(r, before))));
    }
}

/// A message of a list or a map: one to be sent, or a received one that is read on demand, as a
/// [`Submessage`] is.
#[derive(Clone, Copy)]
pub struct Item<'a, T>(pub(crate) Place<'a, T>);

#[derive(Clone, Copy)]
pub(crate) enum Place<'a, T> {
    Borrowed(&'a T),
    /// Of several fields the message is all of them, merged.
    Received(RawFieldsAt<'a>),
}

impl<'a, T: Borrowed<'a>> Item<'a, T> {
    /// Returns the message by value.
    ///
    /// # Errors
    /// [`DecodeError::Malformed`] if it is received and its encoding is not valid; its offset counts
    /// from the start of the outermost encoded message.
    pub fn read(&self) -> Result<T, DecodeError> {
        let mut message = T::default();
        match self.0 {
            Place::Borrowed(given) => Ok(*given),
            Place::Received(fields) => {
                merge(&fields, &mut message)?;
                Ok(message)
            }
        }
    }

    /// Returns a reference to the message: to the one given, or to `message`, into which a received one
    /// is decoded. `message` is reset first.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_into<'r>(&self, message: &'r mut T) -> Result<&'r T, DecodeError>
    where
        'a: 'r,
    {
        *message = T::default();
        match &self.0 {
            Place::Borrowed(given) => Ok(given),
            Place::Received(fields) => {
                merge(fields, message)?;
                Ok(message)
            }
        }
    }

    /// Reads all that is in it, at most `depth` messages deep.
    pub(crate) fn check(&self, depth: u8) -> Result<(), DecodeError> {
        let mut buf = T::default();
        let message = self.read_into(&mut buf)?;
        match (depth.checked_sub(1), self.0) {
            (Some(depth), _) => message.check(depth),
            (None, Place::Received(fields)) if !fields.is_nothing() => {
                Err(fields.error(Malformed::Nesting))
            }
            // One of the caller's, or a map's value that is left out.
            (None, _) => Ok(()),
        }
    }
}

#[cfg_attr(target_pointer_width = "32", inline(never))]
fn merge<'a>(fields: &RawFieldsAt<'a>, message: &mut dyn Merge<'a>) -> Result<(), DecodeError> {
    fields.read(|r| r.merge(message))
}

impl<'a, M: Borrowed<'a>> Element<'a, Message> for M {
    type Out = Item<'a, M>;

    fn default_value() -> Item<'a, M> {
        Item(Place::Received(RawFieldsAt::NOTHING))
    }

    /// From the first field of this number on, it is all of them that follow in the map entry.
    fn decode(out: &mut Item<'a, M>, r: &mut Reader<'a>) {
        if let Item(Place::Received(fields)) = out
            && fields.is_nothing()
        {
            *fields = RawFieldsAt::rest_of_message(r);
        }
    }

    fn slice_item(&'a self) -> Item<'a, M> {
        Item(Place::Borrowed(self))
    }
}

/// Two received ones are equal if the same bytes were received, two to be sent if they are equal. To
/// compare one with the other the received one is read.
impl<'a, T: Borrowed<'a> + PartialEq> PartialEq for Submessage<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        self.item() == other.item()
    }
}

/// Equal as two [`Submessage`]s are.
impl<'a, T: Borrowed<'a> + PartialEq> PartialEq for Item<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        let mut buf = T::default();
        match (self.0, other.0) {
            (Place::Borrowed(one), Place::Borrowed(two)) => one == two,
            (Place::Borrowed(given), _) => other.read_into(&mut buf).is_ok_and(|m| m == given),
            (_, Place::Borrowed(given)) => self.read_into(&mut buf).is_ok_and(|m| m == given),
            (Place::Received(one), Place::Received(two)) => one.fields == two.fields,
        }
    }
}

/// Prints its length, `<31 bytes>`: to read it would link its decoder. Print what `read` returns.
impl<T> fmt::Debug for Submessage<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print::bytes(self.raw().len()).fmt(f)
    }
}

/// Prints its length, as of a [`Submessage`].
impl<T: Write> fmt::Debug for Item<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print::bytes(self.len()).fmt(f)
    }
}

#[cfg(feature = "defmt")]
impl<T> defmt::Format for Submessage<'_, T> {
    fn format(&self, f: defmt::Formatter<'_>) {
        print::bytes(self.raw().len()).format(f)
    }
}

#[cfg(feature = "defmt")]
impl<T: Write> defmt::Format for Item<'_, T> {
    fn format(&self, f: defmt::Formatter<'_>) {
        print::bytes(self.len()).format(f)
    }
}

impl<T: Write> Item<'_, T> {
    fn len(&self) -> usize {
        match self.0 {
            Place::Borrowed(message) => Writer::len_of(message),
            Place::Received(at) => at.fields.content_len(),
        }
    }
}
