//! Lists of messages.

use core::fmt;

use super::source::{Next, Source, SourceIter};
use super::submessage::{Item, Place};
use crate::codec::error::DecodeError;
use crate::codec::sealed::Borrowed;
use crate::codec::wire::fields::RawFieldsAt;
use crate::codec::wire::reader::Reader;
use crate::codec::wire::writer::{Write, Writer};

/// A list of messages in a borrowed message: a slice of the caller's, or received fields.
///
/// Iterating yields an [`Item`] each, which is read on demand as a [`Submessage`](super::Submessage)
/// is. [`len`](Self::len) and [`get`](Self::get) go through the encoded list from its start.
///
/// ```
/// use livekit_micro::borrowed::{Transcription, TranscriptionSegment};
/// use livekit_micro::{from_bytes, to_slice};
///
/// let segments = [TranscriptionSegment { text: "stop", ..Default::default() }];
/// let all = Transcription { segments: (&segments).into(), ..Default::default() };
/// let mut buf = [0; 64];
/// let received: Transcription = from_bytes(to_slice(&all, &mut buf)?)?;
/// for segment in &received.segments {
///     assert_eq!(segment.read()?.text, "stop");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RepeatedMessages<'a, T>(Source<'a, T, RawFieldsAt<'a>>);

impl<'a, T> RepeatedMessages<'a, T> {
    /// A list to be sent.
    pub const fn new(items: &'a [T]) -> Self {
        Self(Source::Borrowed(items))
    }

    /// Returns the messages, in order.
    pub fn iter(&self) -> RepeatedMessagesIter<'a, T> {
        RepeatedMessagesIter(self.0.iter())
    }

    /// Returns the number of messages.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Returns `true` if there are no messages.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Returns the message at `index`, counted from 0.
    pub fn get(&self, index: usize) -> Option<Item<'a, T>> {
        self.iter().nth(index)
    }

    /// Records the message in the current field of `r`.
    #[inline(always)]
    pub(crate) fn record(&mut self, r: &mut Reader<'a>) {
        self.0.record(r);
    }
}

impl<T: Write> RepeatedMessages<'_, T> {
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn write(&self, w: &mut Writer<'_>, tag: u32) {
        self.0.write(w, |w, items| w.items(tag, items));
    }
}

impl<'a, T: Borrowed<'a>> RepeatedMessages<'a, T> {
    /// Reads all that is in them.
    pub(crate) fn check(&self, depth: u8) -> Result<(), DecodeError> {
        self.iter().try_for_each(|item| item.check(depth))
    }
}

/// Iterates over the messages of [`RepeatedMessages`].
pub struct RepeatedMessagesIter<'a, T>(SourceIter<'a, T>);

impl<'a, T> Iterator for RepeatedMessagesIter<'a, T> {
    type Item = Item<'a, T>;

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    fn next(&mut self) -> Option<Item<'a, T>> {
        let mut r = self.0.reader();
        loop {
            match self.0.next(&mut r)? {
                Next::Borrowed(item) => return Some(Item(Place::Borrowed(item))),
                Next::Field(tag) if tag & 7 == 2 => {
                    return Some(Item(Place::Received(RawFieldsAt::this_field(&r))));
                }
                Next::Field(_) => {} // of a wire type that is not the schema's
            }
        }
    }
}

impl<T> Clone for RepeatedMessages<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for RepeatedMessages<'_, T> {}

impl<T> Default for RepeatedMessages<'_, T> {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl<T> Clone for RepeatedMessagesIter<'_, T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<'a, T> From<&'a [T]> for RepeatedMessages<'a, T> {
    fn from(items: &'a [T]) -> Self {
        Self::new(items)
    }
}

impl<'a, T, const N: usize> From<&'a [T; N]> for RepeatedMessages<'a, T> {
    fn from(items: &'a [T; N]) -> Self {
        Self::new(items)
    }
}

impl<'a, T> IntoIterator for &RepeatedMessages<'a, T> {
    type Item = Item<'a, T>;
    type IntoIter = RepeatedMessagesIter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Equal if the messages are, in order, as two [`Submessage`](super::Submessage)s are.
impl<'a, T: Borrowed<'a> + PartialEq> PartialEq for RepeatedMessages<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// Prints the length of each: `[<31 bytes>, <20 bytes>]`.
impl<T: Write> fmt::Debug for RepeatedMessages<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

#[cfg(feature = "defmt")]
impl<T: Write> defmt::Format for RepeatedMessages<'_, T> {
    fn format(&self, f: defmt::Formatter<'_>) {
        crate::codec::fmt::list(f, self.iter());
    }
}
