//! Fields that stay where they are in a frame until somebody asks for them.

use super::error::{DecodeError, Malformed};
use super::reader::Reader;

/// The fields of one number in one message, from the key of the first on: to its end, to the end
/// of the last, or to the end of the message.
#[derive(Clone, Copy)]
pub struct Received<'a> {
    bytes: &'a [u8],
    /// [`next_record`]. It is kept beside what it reads, so that a firmware that never
    /// decodes links no reader for what it might have to pass on.
    next: NextRecord,
}

type NextRecord = for<'x> fn(&mut Records<'x>) -> &'x [u8];

/// The same, and where its frame begins.
#[derive(Clone, Copy)]
pub struct Located<'a> {
    pub(super) received: Received<'a>,
    /// The address that offsets of errors count from.
    pub(super) start: usize,
}

impl<'a> Located<'a> {
    /// No field.
    pub(super) fn nothing() -> Self {
        Self { received: Received::new(&[]), start: 0 }
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.received.bytes.is_empty()
    }

    /// Hands every submessage among the fields to `take`, which merges it.
    #[inline(always)]
    pub(super) fn read(self, mut take: impl FnMut(&mut Reader<'a>)) -> Result<(), DecodeError> {
        let mut r = Reader::part(self.received.bytes, self.start);
        let mut records = self.received.records();
        loop {
            match records.next(&mut r) {
                0 => break,
                key if key & 7 == 2 => take(&mut r),
                _ => {} // of a wire type that is not the schema's
            }
        }
        r.finish()
    }

    /// What is wrong where it begins.
    pub(super) fn error(&self, kind: Malformed) -> DecodeError {
        let offset = self.received.bytes.as_ptr().addr().wrapping_sub(self.start);
        DecodeError::Malformed { kind, offset }
    }
}

impl<'a> Received<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, next: next_record }
    }

    pub(super) fn records(self) -> Records<'a> {
        Records::new(self.bytes)
    }

    /// Hands every field, with its key, to `take`.
    pub(super) fn each(self, take: &mut dyn FnMut(&'a [u8])) {
        let mut records = self.records();
        loop {
            match (self.next)(&mut records) {
                [] => break,
                record => take(record),
            }
        }
    }

    /// Bytes of all fields, without their keys and lengths.
    pub(super) fn content_len(self) -> usize {
        let mut len = 0usize;
        self.each(&mut |record| len = len.wrapping_add(content_of(record).len()));
        len
    }
}

/// What stands behind the two varints that a field of bytes begins with.
fn content_of(record: &[u8]) -> &[u8] {
    let mut varints = 0;
    let head = record.iter().take_while(|byte| {
        let inside = varints < 2;
        varints += u8::from(**byte < 0x80);
        inside
    });
    record.get(head.count()..).unwrap_or(&[])
}

/// Equal if the same bytes came.
impl PartialEq for Received<'_> {
    fn eq(&self, other: &Self) -> bool {
        let (mut ours, mut theirs) = (Records::new(self.bytes), Records::new(other.bytes));
        loop {
            let (one, two) = ((self.next)(&mut ours), (other.next)(&mut theirs));
            if one != two || one.is_empty() {
                return one == two;
            }
        }
    }
}

/// What is left of the fields of one number. The first key says which number that is.
#[derive(Clone, Copy, Default)]
pub struct Records<'a> {
    rest: &'a [u8],
    number: u32,
}

impl<'a> Records<'a> {
    fn new(rest: &'a [u8]) -> Self {
        Self { rest, number: 0 }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Lets `r` read the next field; returns its key, or 0 at the end and after an error.
    #[inline(never)]
    pub(super) fn next(&mut self, r: &mut Reader<'a>) -> u32 {
        r.rest = self.rest;
        loop {
            let key = r.next();
            if self.number == 0 {
                self.number = key >> 3;
            }
            if key == 0 || key >> 3 == self.number {
                self.rest = r.rest;
                return key;
            }
        }
    }
}

/// The next field with its key; empty at the end.
fn next_record<'a>(records: &mut Records<'a>) -> &'a [u8] {
    let mut r = Reader::part(records.rest, 0);
    match records.next(&mut r) {
        0 => &[],
        _ => r.record(),
    }
}

impl<'a> Reader<'a> {
    /// The field at hand, with its key.
    pub(crate) fn record(&self) -> &'a [u8] {
        self.field.get(..self.field.len().wrapping_sub(self.rest.len())).unwrap_or(&[])
    }

    /// The field at hand and all that follows in its message.
    #[inline(never)]
    pub(super) fn to_the_end(&self) -> Located<'a> {
        Located { received: Received::new(self.field), start: self.start }
    }

    /// The field at hand and no more.
    #[inline(never)]
    pub(super) fn one(&self) -> Located<'a> {
        Located { received: Received::new(self.record()), start: self.start }
    }

    /// The field at hand belongs to what was kept before [`to_the_end`](Self::to_the_end) of a
    /// message: that must be the message that is read now.
    ///
    /// Where one submessage came in two parts, and each has this field, it lies in two places, and
    /// one slice cannot remember them.
    #[inline(never)]
    pub(super) fn again(&mut self, kept: Received<'a>) {
        if kept.bytes.as_ptr_range().end != self.field.as_ptr_range().end {
            self.fail_field(Malformed::Split);
        }
    }

    /// The field at hand belongs to what was kept as [`one`](Self::one): from there to the end of
    /// the message, if both stand in one.
    #[cold]
    #[inline(never)]
    pub(super) fn more(&mut self, kept: Located<'a>) -> Located<'a> {
        let mut all = kept;
        let first = kept.received.bytes.as_ptr().addr();
        let here = self.field.as_ptr_range();
        if kept.received.bytes.as_ptr_range().end == here.end {
            return kept;
        }
        let frame = self.frame.as_ptr().addr();
        let range = first.wrapping_sub(frame)..here.end.addr().wrapping_sub(frame);
        all.received.bytes = self.frame.get(range).unwrap_or(&[]);
        // It is one message if walking on from the first field leads to the field at hand, which is
        // read again then.
        let (field, key) = (self.field, self.key);
        self.rest = all.received.bytes;
        while self.next() != 0 {
            if self.field.as_ptr() == here.start {
                return all;
            }
        }
        (self.field, self.key) = (field, key);
        self.fail_field(Malformed::Split);
        kept
    }
}
