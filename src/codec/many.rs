//! What lists and maps have in common: a slice of the caller's, or fields that stand in a frame.

use core::slice;

use super::reader::Reader;
use super::received::{Located, Received, Records};
use super::writer::Writer;

/// All values of a list or a map.
pub(super) enum Many<'a, T, R> {
    Own(&'a [T]),
    Received(R),
}

/// Received fields, with or without the place of their frame.
pub(super) trait Fields<'a>: Copy {
    fn from_here(r: &Reader<'a>) -> Self;
    fn received(self) -> Received<'a>;
    /// The address that offsets of errors count from.
    fn start(self) -> usize;
}

/// Without, for what is checked when it is decoded: there will be no error to locate.
impl<'a> Fields<'a> for Received<'a> {
    fn from_here(r: &Reader<'a>) -> Self {
        r.to_the_end().received
    }

    fn received(self) -> Received<'a> {
        self
    }

    fn start(self) -> usize {
        0
    }
}

impl<'a> Fields<'a> for Located<'a> {
    fn from_here(r: &Reader<'a>) -> Self {
        r.to_the_end()
    }

    fn received(self) -> Received<'a> {
        self.received
    }

    fn start(self) -> usize {
        self.start
    }
}

impl<T, R: Copy> Clone for Many<'_, T, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, R: Copy> Copy for Many<'_, T, R> {}

impl<'a, T, R: Fields<'a>> Many<'a, T, R> {
    /// Takes in the field that `r` has at hand. Out of line, so that all of them are one.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(super) fn keep(&mut self, r: &mut Reader<'a>) {
        match *self {
            Many::Received(kept) => r.again(kept.received()),
            Many::Own(_) => *self = Many::Received(R::from_here(r)),
        }
    }

    /// Writes them, `own` those of the caller's.
    #[inline(always)]
    pub(super) fn write(&self, w: &mut Writer<'_>, own: impl FnOnce(&mut Writer<'_>, &'a [T])) {
        match *self {
            Many::Own(items) => own(w, items),
            Many::Received(fields) => w.received(fields.received()),
        }
    }

    pub(super) fn walk(&self) -> Walk<'a, T> {
        match *self {
            Many::Own(items) => Walk { own: items.iter(), records: Records::default(), start: 0 },
            Many::Received(fields) => {
                Walk { own: [].iter(), records: fields.received().records(), start: fields.start() }
            }
        }
    }
}

/// What is left of a list or a map.
pub(super) struct Walk<'a, T> {
    own: slice::Iter<'a, T>,
    records: Records<'a>,
    start: usize,
}

impl<T> Clone for Walk<'_, T> {
    fn clone(&self) -> Self {
        Self { own: self.own.clone(), ..*self }
    }
}

/// The next value: one of the caller's, or the field that the reader has at hand.
pub(super) enum Next<'a, T> {
    Own(&'a T),
    Field(u32),
}

impl<'a, T> Walk<'a, T> {
    pub(super) fn reader(&self) -> Reader<'a> {
        Reader::part(self.records.rest(), self.start)
    }

    pub(super) fn next(&mut self, r: &mut Reader<'a>) -> Option<Next<'a, T>> {
        if let Some(own) = self.own.next() {
            return Some(Next::Own(own));
        }
        match self.records.next(r) {
            0 => None,
            key => Some(Next::Field(key)),
        }
    }
}
