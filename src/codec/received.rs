//! Fields that stay where they are in a frame until somebody asks for them.

use super::error::{DecodeError, Malformed};
use super::reader::Reader;

/// The fields of one number in one message, from the key of the first on: to its end, to the end
/// of the last, or to the end of the message.
#[derive(Clone, Copy)]
pub struct Received<'a> {
    bytes: &'a [u8],
    /// [`pass_on`]. It is kept beside what it reads, so that a firmware that never decodes links no
    /// reader for what it might have to pass on.
    pass_on: fn(&[u8], &mut [u8], CopyBytes) -> usize,
}

/// How bytes are copied. The writer brings it along, so that a firmware that never encodes does not
/// link it.
pub type CopyBytes = fn(&mut [u8], &[u8]);

/// The same, and where its frame begins.
#[derive(Clone, Copy)]
pub struct Located<'a> {
    pub(super) received: Received<'a>,
    /// The address that offsets of errors count from.
    pub(super) start: usize,
}

impl<'a> Located<'a> {
    /// No field.
    pub(super) const NOTHING: Self = Self { received: Received::new(&[]), start: 0 };

    pub(super) fn is_nothing(&self) -> bool {
        self.received.bytes.is_empty()
    }

    /// Hands every submessage among the fields to `take`, which merges it.
    #[inline(always)]
    pub(super) fn read(self, mut take: impl FnMut(&mut Reader<'a>)) -> Result<(), DecodeError> {
        let mut r = Reader::part(self.received.bytes, self.start);
        r.rest = self.received.bytes;
        let mut number = 0;
        loop {
            let key = r.next();
            if number == 0 {
                number = key >> 3;
            }
            match key {
                0 => break,
                key if key >> 3 == number && key & 7 == 2 => take(&mut r),
                _ => {} // another field, or of a wire type that is not the schema's
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
    const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, pass_on }
    }

    pub(super) fn records(self) -> Records<'a> {
        Records::new(self.bytes)
    }

    /// Copies as many of the fields as there is room for; returns the length of all, keys included.
    pub(super) fn copy_to(self, room: &mut [u8], copy: CopyBytes) -> usize {
        (self.pass_on)(self.bytes, room, copy)
    }

    /// Bytes of a submessage, without its key and length; of one in parts those of the others count.
    pub(super) fn content_len(self) -> usize {
        let head = self.bytes.len().wrapping_sub(content_of(self.bytes).len());
        self.copy_to(&mut [], |_, _| {}).wrapping_sub(head)
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
        let (mut ours, mut theirs) = (self.records(), other.records());
        loop {
            let (one, two) = (ours.next_record(), theirs.next_record());
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
    #[cfg_attr(target_pointer_width = "32", inline(never))]
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

    /// The next field with its key; empty at the end.
    fn next_record(&mut self) -> &'a [u8] {
        let mut r = Reader::new(self.rest);
        match self.next(&mut r) {
            0 => &[],
            _ => r.record(),
        }
    }
}

fn pass_on(bytes: &[u8], mut room: &mut [u8], copy: CopyBytes) -> usize {
    let (mut r, mut records) = (Reader::new(bytes), Records::new(bytes));
    let mut len = 0usize;
    while records.next(&mut r) != 0 {
        let record = r.record();
        len = len.wrapping_add(record.len());
        if let Some((to, rest)) = core::mem::take(&mut room).split_at_mut_checked(record.len()) {
            copy(to, record);
            room = rest;
        }
    }
    len
}

impl<'a> Reader<'a> {
    /// The field at hand, with its key.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn record(&self) -> &'a [u8] {
        self.field.get(..self.field.len().wrapping_sub(self.rest.len())).unwrap_or(&[])
    }

    /// The field at hand and all that follows in its message.
    #[inline(always)]
    pub(super) fn to_the_end(&self) -> Located<'a> {
        self.located(self.field)
    }

    /// The field at hand and no more.
    #[inline(always)]
    pub(super) fn one(&self) -> Located<'a> {
        self.located(self.record())
    }

    #[inline(always)]
    fn located(&self, bytes: &'a [u8]) -> Located<'a> {
        Located { received: Received::new(bytes), start: self.start }
    }

    /// The field at hand belongs to what was kept before [`to_the_end`](Self::to_the_end) of a
    /// message: that must be the message that is read now.
    ///
    /// Where one submessage came in two parts, and each has this field, it lies in two places, and
    /// one slice cannot remember them.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(super) fn again(&mut self, kept: Received<'a>) {
        if kept.bytes.as_ptr_range().end != self.field.as_ptr_range().end {
            self.fail_field(Malformed::SplitSubmessage);
        }
    }

    /// The field at hand, or what was kept of the same number as [`one`](Self::one) before and all
    /// up to the end of the message, if both stand in the message that is read now.
    #[inline(always)]
    pub(super) fn one_or_more(&mut self, kept: Option<Received<'a>>) -> Located<'a> {
        let bytes = match kept {
            Some(kept) => self.more(kept.bytes),
            None => self.record(),
        };
        self.located(bytes)
    }

    #[cold]
    #[inline(never)]
    fn more(&mut self, kept: &'a [u8]) -> &'a [u8] {
        let message = self.message;
        let at = kept.as_ptr().addr().wrapping_sub(message.as_ptr().addr());
        match message.get(at..) {
            Some(bytes) => bytes,
            None => {
                self.fail_field(Malformed::SplitSubmessage);
                kept
            }
        }
    }
}
