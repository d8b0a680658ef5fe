//! The pull reader: what a frame holds, field by field, without any message.

use super::error::{DecodeError, Malformed};

/// How deep messages may be nested in one another where all of a frame is read at once. The schema's
/// deepest is 10; values of JSON, three messages each, can be 16 deep.
pub const NESTING: u8 = 50;

/// How deep groups may be nested that the schema does not know: it has none.
const GROUPS: usize = 16;

/// Reads a frame field by field: the smallest and fastest way to a few values of it.
///
/// A field's key is its number and wire type; [`keys`](crate::keys) has one constant a field.
/// [`fields`](Self::fields) hands each field of a message to a closure, and again inside it for a
/// submessage. After the first error there are no more fields, and every value is empty:
/// [`finish`](Self::finish) tells.
///
/// ```
/// use livekit_micro::Reader;
/// use livekit_micro::keys::{data_packet, user_packet};
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
    #[inline(never)]
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

    /// Notes the first error, which begins where `place` does; there is nothing more to read.
    #[cold]
    #[inline(never)]
    pub(super) fn fail(&mut self, kind: Malformed, place: &[u8]) {
        let offset = place.as_ptr().addr().wrapping_sub(self.start);
        self.note(DecodeError::Malformed { kind, offset });
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn note(&mut self, error: DecodeError) {
        if self.result.is_ok() {
            self.result = Err(error);
        }
        self.rest = &[];
        self.content = &[];
        self.varint = 0;
    }

    /// Notes an error of the field at hand. The 0 it returns is the key that ends every loop.
    #[cold]
    #[inline(never)]
    pub(crate) fn fail_field(&mut self, kind: Malformed) -> u32 {
        self.fail(kind, self.field);
        0
    }

    /// Narrows to the content of the field at hand; returns what stands behind it.
    #[inline(never)]
    pub(super) fn enter(&mut self) -> &'a [u8] {
        let behind = self.rest;
        self.rest = self.content;
        match self.depth.checked_sub(1) {
            Some(depth) => self.depth = depth,
            None => drop(self.fail_field(Malformed::Nesting)),
        }
        behind
    }

    #[inline(never)]
    pub(super) fn leave(&mut self, behind: &'a [u8]) {
        self.depth = self.depth.wrapping_add(1);
        if self.result.is_ok() {
            self.rest = behind;
        }
    }

    /// Reads one field; returns its key, or 0 at the end of the message and after most errors.
    #[inline(never)]
    pub(super) fn next(&mut self) -> u32 {
        self.field = self.rest;
        if self.rest.is_empty() {
            return 0;
        }
        let key = self.read_varint32(Malformed::FieldNumber);
        self.key = key;
        if key < 8 {
            return self.fail_field(Malformed::FieldNumber);
        }
        let len = match key & 7 {
            0 => {
                self.varint = self.read_varint();
                return key;
            }
            1 => 8,
            2 => self.read_varint32(Malformed::Truncated) as usize,
            5 => 4,
            _ => return self.group(key),
        };
        match self.rest.split_at_checked(len) {
            Some((content, rest)) => {
                self.content = content;
                self.rest = rest;
                key
            }
            None => self.fail_field(Malformed::Truncated),
        }
    }

    /// Skips the group that begins here, which protobuf gave up long ago and LiveKit never used;
    /// returns its key.
    #[cold]
    #[inline(never)]
    fn group(&mut self, first: u32) -> u32 {
        if self.is_skipping {
            return first; // to the loop below
        }
        let start = self.field;
        // The keys that the open groups end with.
        let mut ends = [0; GROUPS];
        let (mut depth, mut key) = (0usize, first);
        self.is_skipping = true;
        loop {
            match key & 7 {
                3 => match ends.get_mut(depth) {
                    Some(end) => {
                        *end = key + 1;
                        depth += 1;
                    }
                    None => return self.fail_field(Malformed::Nesting),
                },
                4 => {
                    depth = depth.wrapping_sub(1);
                    if ends.get(depth) != Some(&key) {
                        return self.fail_field(Malformed::Group);
                    }
                }
                6 | 7 => return self.fail_field(Malformed::WireType),
                _ => {}
            }
            if depth == 0 {
                self.is_skipping = false;
                self.field = start;
                return first;
            }
            key = self.next();
            if key == 0 {
                // Unless there was another error before: then this one is not noted.
                self.fail(Malformed::Truncated, start);
                return 0;
            }
        }
    }

    /// Reads one number of a packed list.
    #[inline(never)]
    pub(super) fn number(&mut self, kind: Packed) {
        let len = match kind {
            Packed::Varint => {
                self.varint = self.read_varint();
                return;
            }
            Packed::Fixed64 => 8,
            Packed::Fixed32 => 4,
        };
        match self.rest.split_at_checked(len) {
            Some((content, rest)) => {
                self.content = content;
                self.rest = rest;
            }
            None => drop(self.fail_field(Malformed::Truncated)),
        }
    }

    /// A key or a length: `beyond` is the error if it has more than 32 bits.
    #[inline(always)]
    fn read_varint32(&mut self, beyond: Malformed) -> u32 {
        match self.rest {
            [byte, rest @ ..] if *byte < 0x80 => {
                self.rest = rest;
                u32::from(*byte)
            }
            _ => self.read_long_varint32(beyond),
        }
    }

    #[inline(never)]
    fn read_long_varint32(&mut self, beyond: Malformed) -> u32 {
        if let [low, high, rest @ ..] = self.rest
            && *high < 0x80
        {
            self.rest = rest;
            return u32::from(*low) & 0x7f | u32::from(*high) << 7;
        }
        let value = self.read_long_varint();
        u32::try_from(value).unwrap_or_else(|_| self.fail_field(beyond))
    }

    #[inline(always)]
    fn read_varint(&mut self) -> u64 {
        match self.rest {
            [byte, rest @ ..] if *byte < 0x80 => {
                self.rest = rest;
                u64::from(*byte)
            }
            _ => self.read_long_varint(),
        }
    }

    /// Shifts the bits in from above, so that every byte is shifted alike.
    #[inline(never)]
    fn read_long_varint(&mut self) -> u64 {
        let (mut value, mut unused) = (0u64, 64u32);
        let mut rest = self.rest;
        while let [byte, tail @ ..] = rest {
            let byte = *byte;
            rest = tail;
            if unused == 1 {
                // The tenth byte has one bit.
                if byte > 1 {
                    return u64::from(self.fail_field(Malformed::Varint));
                }
                self.rest = rest;
                return value >> 1 | u64::from(byte) << 63;
            }
            value = value >> 7 | u64::from(byte & 0x7f) << 57;
            unused -= 7;
            if byte < 0x80 {
                self.rest = rest;
                return value >> unused;
            }
        }
        u64::from(self.fail_field(Malformed::Truncated))
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

/// The value of the field at hand, as the type that the schema gives it.
impl<'a> Reader<'a> {
    /// A `bytes` field; of a submessage, its encoded bytes.
    pub fn bytes(&self) -> &'a [u8] {
        self.content
    }

    /// A text. One that is no UTF-8 is an error, and empty.
    #[inline(never)]
    pub fn str(&mut self) -> &'a str {
        match core::str::from_utf8(self.content) {
            Ok(text) => text,
            Err(error) => {
                let place = self.content.get(error.valid_up_to()..).unwrap_or(&[]);
                self.fail(Malformed::Utf8, place);
                ""
            }
        }
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
