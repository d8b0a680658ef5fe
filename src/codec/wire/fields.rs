//! Fields that stay in the encoded message until they are read or copied.

use crate::codec::error::{DecodeError, Malformed};
use crate::codec::wire::reader::Reader;

/// The fields of one number in one message, as received. Begins with the tag of the first of them
/// and ends with the last of them or later, at most at the end of the message.
#[derive(Clone, Copy)]
pub struct RawFields<'a> {
    bytes: &'a [u8],
    /// [`copy_fields`]. A function pointer beside the bytes that it reads: a firmware that never
    /// decodes then links no reader, although it could encode received fields.
    copy_fields: fn(&[u8], &mut [u8], CopyBytes) -> usize,
}

/// Copies bytes. The writer passes its own, so that a firmware that never encodes does not link it.
pub type CopyBytes = fn(&mut [u8], &[u8]);

/// [`RawFields`], and the start of the encoded message that offsets of errors count from.
#[derive(Clone, Copy)]
pub struct RawFieldsAt<'a> {
    pub(crate) fields: RawFields<'a>,
    /// The address of that start.
    pub(crate) start: usize,
}

impl<'a> RawFieldsAt<'a> {
    /// No field.
    pub(crate) const NOTHING: Self = Self { fields: RawFields::new(&[]), start: 0 };

    pub(crate) fn is_nothing(&self) -> bool {
        self.fields.bytes.is_empty()
    }

    /// The current field of `r` and the rest of its message.
    #[inline(always)]
    pub(crate) fn rest_of_message(r: &Reader<'a>) -> Self {
        Self::of(r, r.field)
    }

    /// The current field of `r` alone.
    #[inline(always)]
    pub(crate) fn this_field(r: &Reader<'a>) -> Self {
        Self::of(r, r.raw_field())
    }

    /// The current field of `r` alone, or, if `before` holds an earlier one of its number, from that
    /// one to the end of the message. Both have to lie in the message that `r` decodes.
    #[inline(always)]
    pub(crate) fn this_field_merged(r: &mut Reader<'a>, before: Option<RawFields<'a>>) -> Self {
        let bytes = match before {
            Some(before) => extend_from(r, before.bytes),
            None => r.raw_field(),
        };
        Self::of(r, bytes)
    }

    #[inline(always)]
    fn of(r: &Reader<'a>, bytes: &'a [u8]) -> Self {
        Self { fields: RawFields::new(bytes), start: r.start }
    }

    /// Calls `each` with every submessage among the fields, to merge it.
    #[inline(always)]
    pub(crate) fn read(self, mut each: impl FnMut(&mut Reader<'a>)) -> Result<(), DecodeError> {
        let mut r = Reader::part(self.fields.bytes, self.start);
        r.rest = self.fields.bytes;
        let mut number = 0;
        loop {
            let tag = r.next();
            if number == 0 {
                number = tag >> 3;
            }
            match tag {
                0 => break,
                tag if tag >> 3 == number && tag & 7 == 2 => each(&mut r),
                _ => {} // another field, or of a wire type that is not the schema's
            }
        }
        r.finish()
    }

    /// Returns the error `kind` at the first of the fields.
    pub(crate) fn error(&self, kind: Malformed) -> DecodeError {
        let offset = self.fields.bytes.as_ptr().addr().wrapping_sub(self.start);
        DecodeError::Malformed { kind, offset }
    }
}

/// Returns all from `before`, a part of the message that `r` decodes, to the end of that message.
#[cold]
#[inline(never)]
fn extend_from<'a>(r: &mut Reader<'a>, before: &'a [u8]) -> &'a [u8] {
    let message = r.message;
    let at = before.as_ptr().addr().wrapping_sub(message.as_ptr().addr());
    match message.get(at..) {
        Some(bytes) => bytes,
        None => {
            r.set_field_error(Malformed::SplitSubmessage);
            before
        }
    }
}

impl<'a> RawFields<'a> {
    const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, copy_fields }
    }

    pub(crate) fn iter(self) -> RawFieldsIter<'a> {
        RawFieldsIter::new(self.bytes)
    }

    /// Checks that the current field of `r` lies in the same message as these, which go to the end
    /// of theirs.
    ///
    /// Where a submessage was received in two parts and both have this field, it lies in two places,
    /// and one slice cannot span them.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn check_contiguous(self, r: &mut Reader<'a>) {
        if self.bytes.as_ptr_range().end != r.field.as_ptr_range().end {
            r.set_field_error(Malformed::SplitSubmessage);
        }
    }

    /// Copies fields to `to`, each as a whole and as many as fit; returns the length of all of them,
    /// tags included.
    pub(crate) fn copy_to(self, to: &mut [u8], copy: CopyBytes) -> usize {
        (self.copy_fields)(self.bytes, to, copy)
    }

    /// Returns the length of a submessage without its tag and length; if it was received in parts,
    /// those of all parts but the first count.
    pub(crate) fn content_len(self) -> usize {
        let prefix = self.bytes.len().wrapping_sub(content_of(self.bytes).len());
        self.copy_to(&mut [], |_, _| {}).wrapping_sub(prefix)
    }
}

/// Skips the two varints that a field of bytes begins with.
fn content_of(field: &[u8]) -> &[u8] {
    let mut varints = 0;
    let prefix = field.iter().take_while(|byte| {
        let inside = varints < 2;
        varints += u8::from(**byte < 0x80);
        inside
    });
    field.get(prefix.count()..).unwrap_or(&[])
}

/// Equal if the same bytes were received.
impl PartialEq for RawFields<'_> {
    fn eq(&self, other: &Self) -> bool {
        let (mut ours, mut theirs) = (self.iter(), other.iter());
        loop {
            let (one, two) = (ours.next_raw(), theirs.next_raw());
            if one != two || one.is_empty() {
                return one == two;
            }
        }
    }
}

/// What is left of the fields of one number. The first tag says which number that is.
#[derive(Clone, Copy, Default)]
pub struct RawFieldsIter<'a> {
    rest: &'a [u8],
    number: u32,
}

impl<'a> RawFieldsIter<'a> {
    fn new(rest: &'a [u8]) -> Self {
        Self { rest, number: 0 }
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Lets `r` read the next field; returns its tag, or 0 at the end and after an error.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn next(&mut self, r: &mut Reader<'a>) -> u32 {
        r.rest = self.rest;
        loop {
            let tag = r.next();
            if self.number == 0 {
                self.number = tag >> 3;
            }
            if tag == 0 || tag >> 3 == self.number {
                self.rest = r.rest;
                return tag;
            }
        }
    }

    /// The next field with its tag; empty at the end.
    fn next_raw(&mut self) -> &'a [u8] {
        let mut r = Reader::new(self.rest);
        match self.next(&mut r) {
            0 => &[],
            _ => r.raw_field(),
        }
    }
}

/// See [`RawFields::copy_to`].
fn copy_fields(bytes: &[u8], mut to: &mut [u8], copy: CopyBytes) -> usize {
    let (mut r, mut fields) = (Reader::new(bytes), RawFieldsIter::new(bytes));
    let mut len = 0usize;
    while fields.next(&mut r) != 0 {
        let field = r.raw_field();
        len = len.wrapping_add(field.len());
        if let Some((part, rest)) = core::mem::take(&mut to).split_at_mut_checked(field.len()) {
            copy(part, field);
            to = rest;
        }
    }
    len
}
