//! The pull reader: what a frame holds, field by field, without any message.

mod scan;

use super::error::{DecodeError, Malformed};

/// How deep messages may be nested in one another where all of a frame is read at once. The schema's
/// deepest is 10; values of JSON, three messages each, can be 16 deep.
pub const NESTING: u8 = 50;

/// Reads a frame field by field: the smallest and fastest way to a few values of it.
///
/// A field's key is its number and wire type; [`tags`](crate::tags) has one constant a field.
/// [`fields`](Self::fields) hands each field of a message to a closure, and again inside it for a
/// submessage. After the first error there are no more fields, and every value is empty:
/// [`finish`](Self::finish) tells.
///
/// ```
/// use livekit_micro::Reader;
/// use livekit_micro::tags::{data_packet, user_packet};
///
/// let frame = b"\x12\x0c\x12\x0421.5\x22\x04unit\x80\x01\x07";
/// let (mut payload, mut topic, mut sequence) = (&[][..], None, 0);
///
/// let mut reader = Reader::new(frame);
/// reader.fields(|r, key| match key {
///     data_packet::USER => r.fields(|r, key| match key {
///         user_packet::PAYLOAD => payload = r.bytes(),
///         user_packet::TOPIC => topic = Some(r.str()),
///         _ => {}
///     }),
///     data_packet::SEQUENCE => sequence = r.uint32(),
///     _ => {}
/// });
/// reader.finish()?;
///
/// assert_eq!((payload, topic, sequence), (&b"21.5"[..], Some("unit"), 7));
/// # Ok::<(), livekit_micro::DecodeError>(())
/// ```
///
/// Of a field that comes several times the closure sees every one: take the last, or all of a
/// list. A list of numbers comes packed, as bytes, from today's encoders: its key is that of the
/// packed form, and [`packed`](Self::packed) hands out the numbers. A field of another wire type
/// than the schema's is an unknown one.
pub struct Reader<'a> {
    /// The message that is taken in: all of it, or one of the parts that it came in.
    pub(super) message: &'a [u8],
    /// The address that offsets of errors count from: where the whole frame begins.
    pub(super) start: usize,
    /// What is left of the message at hand.
    pub(super) rest: &'a [u8],
    /// From the key of the field at hand to the end of the message at hand.
    pub(super) field: &'a [u8],
    /// The content of the field at hand, unless it is a varint.
    pub(super) content: &'a [u8],
    pub(super) varint: u64,
    pub(super) key: u32,
    pub(super) depth: u8,
    /// Inside a group that is skipped.
    is_skipping: bool,
    result: Result<(), DecodeError>,
}

impl<'a> Reader<'a> {
    /// A reader of all of `frame`.
    #[inline(always)]
    pub fn new(frame: &'a [u8]) -> Self {
        Self::part(frame, frame.as_ptr().addr())
    }

    /// A reader of `part` of a frame that begins at the address `start`.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(super) fn part(part: &'a [u8], start: usize) -> Self {
        Self {
            message: part,
            start,
            rest: &[],
            field: part,
            content: part,
            varint: 0,
            key: 0,
            depth: NESTING,
            is_skipping: false,
            result: Ok(()),
        }
    }

    /// Hands every field of the frame, or of the submessage at hand, to `take`, with its key.
    #[inline(always)]
    pub fn fields(&mut self, mut take: impl FnMut(&mut Self, u32)) {
        let behind = self.enter();
        loop {
            match self.next() {
                0 => break,
                key => take(self, key),
            }
        }
        self.leave(behind);
    }

    /// Hands every number of the packed list at hand to `take`, which asks for it by its type.
    pub fn packed(&mut self, kind: Packed, mut take: impl FnMut(&mut Self)) {
        let behind = self.enter();
        while !self.rest.is_empty() {
            self.number(kind);
            if self.result.is_ok() {
                take(self);
            }
        }
        self.leave(behind);
    }

    /// Was all of it in order?
    ///
    /// # Errors
    /// [`DecodeError::Malformed`], the first error there was.
    pub fn finish(&self) -> Result<(), DecodeError> {
        self.result
    }
}

/// How the numbers of a packed list are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packed {
    /// `int32` to `sint64`, `bool`, enums.
    Varint,
    /// `fixed32`, `sfixed32`, `float`.
    Fixed32,
    /// `fixed64`, `sfixed64`, `double`.
    Fixed64,
}

/// Takes a text; in place of one that is no UTF-8, an error and an empty one.
///
/// Out of line and in a generated method's order of arguments, so that an arm of that one only says
/// where to.
#[cfg_attr(target_pointer_width = "32", inline(never))]
pub fn text<'a>(slot: &mut &'a str, r: &mut Reader<'a>) {
    *slot = match core::str::from_utf8(r.content) {
        Ok(text) => text,
        Err(error) => {
            let place = r.content.get(error.valid_up_to()..).unwrap_or(&[]);
            r.fail(Malformed::Utf8, place);
            ""
        }
    };
}

/// Takes a text that has presence.
#[cfg_attr(target_pointer_width = "32", inline(never))]
pub fn some_text<'a>(slot: &mut Option<&'a str>, r: &mut Reader<'a>) {
    text(slot.insert(""), r);
}

/// The value of the field at hand, as the type that the schema gives it.
impl<'a> Reader<'a> {
    /// A `bytes` field; of a submessage, its encoded bytes.
    pub fn bytes(&self) -> &'a [u8] {
        self.content
    }

    /// A text. One that is no UTF-8 is an error, and empty.
    pub fn str(&mut self) -> &'a str {
        let mut out = "";
        text(&mut out, self);
        out
    }

    /// A bool: any number but 0 is true.
    pub fn bool(&self) -> bool {
        self.varint != 0
    }

    /// A `uint32`: the low 32 bits of what came.
    pub fn uint32(&self) -> u32 {
        self.varint as u32
    }

    /// An `int32`, or the number of an enum's value: the low 32 bits of what came.
    pub fn int32(&self) -> i32 {
        self.varint as i32
    }

    /// A `sint32`, which has its sign in the lowest bit.
    pub fn sint32(&self) -> i32 {
        let bits = self.varint as u32;
        (bits >> 1) as i32 ^ -((bits & 1) as i32)
    }

    /// A `uint64`.
    pub fn uint64(&self) -> u64 {
        self.varint
    }

    /// An `int64`.
    pub fn int64(&self) -> i64 {
        self.varint as i64
    }

    /// A `sint64`, which has its sign in the lowest bit.
    pub fn sint64(&self) -> i64 {
        (self.varint >> 1) as i64 ^ -((self.varint & 1) as i64)
    }

    /// A `fixed32`.
    pub fn fixed32(&self) -> u32 {
        match self.content {
            [a, b, c, d] => u32::from_le_bytes([*a, *b, *c, *d]),
            _ => 0,
        }
    }

    /// A `fixed64`.
    pub fn fixed64(&self) -> u64 {
        match *self.content {
            [a, b, c, d, e, f, g, h] => u64::from_le_bytes([a, b, c, d, e, f, g, h]),
            _ => 0,
        }
    }

    /// A `sfixed32`.
    pub fn sfixed32(&self) -> i32 {
        self.fixed32() as i32
    }

    /// A `sfixed64`.
    pub fn sfixed64(&self) -> i64 {
        self.fixed64() as i64
    }

    /// A `float`.
    pub fn float(&self) -> f32 {
        f32::from_bits(self.fixed32())
    }

    /// A `double`.
    pub fn double(&self) -> f64 {
        f64::from_bits(self.fixed64())
    }
}
