//! The pull reader: the fields of an encoded message, one by one, without a message type.

mod scan;

use crate::codec::error::{DecodeError, Malformed};

/// How deep messages may be nested in one another where a whole encoded message is read at once.
/// The schema's deepest is 10; values of JSON, three messages each, can be 16 deep.
pub const NESTING: u8 = 50;

/// Reads an encoded message field by field: the smallest and fastest way to a few values of it.
///
/// A field's tag is its number and wire type; [`tags`](crate::tags) has one constant a field.
/// [`fields`](Self::fields) calls a closure with each field of a message, and again inside that
/// closure for a submessage. After the first error there are no more fields and every value is
/// empty; [`finish`](Self::finish) returns the error.
///
/// ```
/// use livekit_micro::Reader;
/// use livekit_micro::tags::{data_packet, user_packet};
///
/// let encoded = b"\x12\x0c\x12\x0421.5\x22\x04unit\x80\x01\x07";
/// let (mut payload, mut topic, mut sequence) = (&[][..], None, 0);
///
/// let mut reader = Reader::new(encoded);
/// reader.fields(|r, tag| match tag {
///     data_packet::USER => r.fields(|r, tag| match tag {
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
/// The closure sees every occurrence of a field: use the last one, or all of them for a list.
/// Today's encoders pack a list of numbers into one field of bytes: its tag is that of the packed
/// form, and [`packed`](Self::packed) yields the numbers. A field of another wire type than the
/// schema's is an unknown field.
pub struct Reader<'a> {
    /// The message that is decoded: all of it, or one of the parts that it was received in.
    pub(crate) message: &'a [u8],
    /// The address that offsets of errors count from: where the outermost encoded message begins.
    pub(crate) start: usize,
    /// What is left of the current message.
    pub(crate) rest: &'a [u8],
    /// From the tag of the current field to the end of the current message.
    pub(crate) field: &'a [u8],
    /// The content of the current field, unless it is a varint.
    pub(crate) content: &'a [u8],
    varint: u64,
    pub(crate) tag: u32,
    pub(crate) depth: u8,
    /// Inside a group, which is skipped.
    in_group: bool,
    result: Result<(), DecodeError>,
}

/// A borrowed message, which decodes one field at a time. A trait object of it lets all messages
/// share one loop over their fields.
pub trait Merge<'a> {
    /// Decodes the current field of `r`, if it is known.
    fn field(&mut self, r: &mut Reader<'a>, tag: u32);
}

impl<'a> Reader<'a> {
    /// Returns a reader of all of `encoded`.
    #[inline(always)]
    pub fn new(encoded: &'a [u8]) -> Self {
        Self::part(encoded, encoded.as_ptr().addr())
    }

    /// Returns a reader of `part` of an encoded message that begins at the address `start`.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn part(part: &'a [u8], start: usize) -> Self {
        Self {
            message: part,
            start,
            rest: &[],
            field: part,
            content: part,
            varint: 0,
            tag: 0,
            depth: NESTING,
            in_group: false,
            result: Ok(()),
        }
    }

    /// Calls `each` with every field of the encoded message, or of the current submessage, and its
    /// tag.
    #[inline(always)]
    pub fn fields(&mut self, mut each: impl FnMut(&mut Self, u32)) {
        let outer = self.enter();
        loop {
            match self.next() {
                0 => break,
                tag => each(self, tag),
            }
        }
        self.leave(outer);
    }

    /// Calls `each` for every number of the current packed list; the method named as the number's
    /// type returns it.
    pub fn packed(&mut self, kind: Packed, mut each: impl FnMut(&mut Self)) {
        let outer = self.enter();
        while !self.rest.is_empty() {
            self.number(kind);
            if self.result.is_ok() {
                each(self);
            }
        }
        self.leave(outer);
    }

    /// Returns the first error, if any.
    ///
    /// # Errors
    /// [`DecodeError::Malformed`] if what was read is not a valid encoding.
    pub fn finish(&self) -> Result<(), DecodeError> {
        self.result
    }

    /// Decodes all of `encoded` into `message`.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn decode(
        encoded: &'a [u8],
        message: &mut dyn Merge<'a>,
    ) -> Result<(), DecodeError> {
        let mut r = Reader::new(encoded);
        r.merge(message);
        r.finish()
    }

    /// Decodes every field of the current submessage into `message`.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn merge(&mut self, message: &mut dyn Merge<'a>) {
        self.message = self.content;
        self.fields(|r, tag| message.field(r, tag));
    }

    /// The current field, with its tag.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn raw_field(&self) -> &'a [u8] {
        self.field.get(..self.field.len().wrapping_sub(self.rest.len())).unwrap_or(&[])
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

/// Decodes a string. One that is not UTF-8 is an error and decodes as an empty one.
///
/// Out of line and in a generated method's order of arguments, so that an arm of that method only
/// says where to.
#[cfg_attr(target_pointer_width = "32", inline(never))]
pub fn string<'a>(slot: &mut &'a str, r: &mut Reader<'a>) {
    *slot = match core::str::from_utf8(r.content) {
        Ok(text) => text,
        Err(error) => {
            let place = r.content.get(error.valid_up_to()..).unwrap_or(&[]);
            r.set_error_at(Malformed::Utf8, place);
            ""
        }
    };
}

/// Decodes a string that has presence.
#[cfg_attr(target_pointer_width = "32", inline(never))]
pub fn some_string<'a>(slot: &mut Option<&'a str>, r: &mut Reader<'a>) {
    string(slot.insert(""), r);
}

/// The value of the current field, as the type that the schema gives it.
impl<'a> Reader<'a> {
    /// A `bytes` field; of a submessage, its encoded bytes.
    pub fn bytes(&self) -> &'a [u8] {
        self.content
    }

    /// A `string`. One that is not UTF-8 is an error, and empty.
    pub fn str(&mut self) -> &'a str {
        let mut out = "";
        string(&mut out, self);
        out
    }

    /// A `bool`: any number but 0 is `true`.
    pub fn bool(&self) -> bool {
        self.varint != 0
    }

    /// A `uint32`: the low 32 bits of the varint.
    pub fn uint32(&self) -> u32 {
        self.varint as u32
    }

    /// An `int32`, or the number of an enum's value: the low 32 bits of the varint.
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
