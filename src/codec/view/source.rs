//! What lists and maps have in common: their values are a slice of the caller's or received fields.

use core::slice;

use crate::codec::wire::fields::{RawFields, RawFieldsAt, RawFieldsIter};
use crate::codec::wire::reader::Reader;
use crate::codec::wire::writer::Writer;

/// All values of a list or a map.
pub enum Source<'a, T, R> {
    Borrowed(&'a [T]),
    Received(R),
}

/// Received fields, with or without the start of their encoded message.
pub trait Fields<'a>: Copy {
    /// The current field of `r` and the rest of its message.
    fn rest_of_message(r: &Reader<'a>) -> Self;
    fn raw(self) -> RawFields<'a>;
    /// The address that offsets of errors count from.
    fn start(self) -> usize;
}

/// Without, for values that are checked when they are decoded: reading them cannot fail.
impl<'a> Fields<'a> for RawFields<'a> {
    fn rest_of_message(r: &Reader<'a>) -> Self {
        RawFieldsAt::rest_of_message(r).fields
    }

    fn raw(self) -> RawFields<'a> {
        self
    }

    fn start(self) -> usize {
        0
    }
}

impl<'a> Fields<'a> for RawFieldsAt<'a> {
    fn rest_of_message(r: &Reader<'a>) -> Self {
        RawFieldsAt::rest_of_message(r)
    }

    fn raw(self) -> RawFields<'a> {
        self.fields
    }

    fn start(self) -> usize {
        self.start
    }
}

impl<T, R: Copy> Clone for Source<'_, T, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, R: Copy> Copy for Source<'_, T, R> {}

impl<'a, T, R: Fields<'a>> Source<'a, T, R> {
    /// Records the current field of `r`. Out of line, so that all element types share one copy.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub fn record(&mut self, r: &mut Reader<'a>) {
        match *self {
            Source::Received(before) => before.raw().check_contiguous(r),
            Source::Borrowed(_) => *self = Source::Received(R::rest_of_message(r)),
        }
    }

    /// Writes the values; `borrowed` writes those of a slice.
    #[inline(always)]
    pub fn write(&self, w: &mut Writer<'_>, borrowed: impl FnOnce(&mut Writer<'_>, &'a [T])) {
        match *self {
            Source::Borrowed(items) => borrowed(w, items),
            Source::Received(fields) => w.received(fields.raw()),
        }
    }

    pub fn iter(&self) -> SourceIter<'a, T> {
        match *self {
            Source::Borrowed(items) => {
                SourceIter { items: items.iter(), fields: RawFieldsIter::default(), start: 0 }
            }
            Source::Received(fields) => {
                SourceIter { items: [].iter(), fields: fields.raw().iter(), start: fields.start() }
            }
        }
    }
}

/// What is left of a list or a map.
pub struct SourceIter<'a, T> {
    items: slice::Iter<'a, T>,
    fields: RawFieldsIter<'a>,
    start: usize,
}

impl<T> Clone for SourceIter<'_, T> {
    fn clone(&self) -> Self {
        Self { items: self.items.clone(), ..*self }
    }
}

/// The next value: an item of the caller's slice, or the tag of a field that a reader has read.
pub enum Next<'a, T> {
    Borrowed(&'a T),
    Field(u32),
}

impl<'a, T> SourceIter<'a, T> {
    /// Returns a reader for [`next`](Self::next).
    pub fn reader(&self) -> Reader<'a> {
        Reader::part(self.fields.rest(), self.start)
    }

    pub fn next(&mut self, r: &mut Reader<'a>) -> Option<Next<'a, T>> {
        if let Some(item) = self.items.next() {
            return Some(Next::Borrowed(item));
        }
        match self.fields.next(r) {
            0 => None,
            tag => Some(Next::Field(tag)),
        }
    }
}
