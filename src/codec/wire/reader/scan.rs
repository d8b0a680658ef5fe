//! Scanning an encoded message: one field after the other, varints, groups, and the first error.

use super::{DecodeError, Malformed, Packed, Reader};

/// How deep unknown groups may be nested. The schema has no groups.
const GROUPS: usize = 16;

impl<'a> Reader<'a> {
    /// Sets the error, unless there is one already; it is where `place` begins. Ends reading.
    #[cold]
    #[inline(never)]
    pub(crate) fn set_error_at(&mut self, kind: Malformed, place: &[u8]) {
        let offset = place.as_ptr().addr().wrapping_sub(self.start);
        self.set_error(DecodeError::Malformed { kind, offset });
    }

    /// Sets the error, unless there is one already. Ends reading.
    #[cold]
    #[inline(never)]
    pub(crate) fn set_error(&mut self, error: DecodeError) {
        if self.result.is_ok() {
            self.result = Err(error);
        }
        self.rest = &[];
        self.content = &[];
        self.varint = 0;
    }

    /// Sets an error of the current field. Returns 0, the tag that ends every loop.
    #[cold]
    #[inline(never)]
    pub(crate) fn set_field_error(&mut self, kind: Malformed) -> u32 {
        self.set_error_at(kind, self.field);
        0
    }

    /// Narrows the reader to the content of the current field; returns the rest of the outer message.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn enter(&mut self) -> &'a [u8] {
        let outer = self.rest;
        self.rest = self.content;
        match self.depth.checked_sub(1) {
            Some(depth) => self.depth = depth,
            None => drop(self.set_field_error(Malformed::Nesting)),
        }
        outer
    }

    /// Goes back to the outer message, of which [`enter`](Self::enter) returned the rest.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn leave(&mut self, outer: &'a [u8]) {
        self.depth = self.depth.wrapping_add(1);
        if self.result.is_ok() {
            self.rest = outer;
        }
    }

    /// Reads one field; returns its tag, or 0 at the end of the message and after most errors.
    ///
    /// `rest` is written back once a path and not after each byte, which takes fewer instructions.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn next(&mut self) -> u32 {
        self.field = self.rest;
        let (tag, rest) = match self.rest {
            [] => return 0,
            [byte, rest @ ..] if *byte < 0x80 => (u32::from(*byte), rest),
            _ => (self.read_long_varint32(Malformed::FieldNumber), self.rest),
        };
        self.tag = tag;
        if tag < 8 {
            return self.set_field_error(Malformed::FieldNumber);
        }
        let (len, rest) = match tag & 7 {
            2 => match rest {
                [byte, rest @ ..] if *byte < 0x80 => (usize::from(*byte), rest),
                _ => {
                    self.rest = rest;
                    (self.read_long_varint32(Malformed::Truncated) as usize, self.rest)
                }
            },
            0 => {
                self.rest = rest;
                self.varint = self.read_varint();
                return tag;
            }
            1 => (8, rest),
            5 => (4, rest),
            _ => {
                self.rest = rest;
                return self.group(tag);
            }
        };
        match rest.split_at_checked(len) {
            Some((content, rest)) => {
                self.content = content;
                self.rest = rest;
                tag
            }
            None => self.set_field_error(Malformed::Truncated),
        }
    }

    /// Skips the group that begins here; returns its tag. Groups are deprecated, and LiveKit has
    /// none.
    #[cold]
    #[inline(never)]
    fn group(&mut self, first: u32) -> u32 {
        if self.in_group {
            return first; // nested group: the caller is the loop below
        }
        let start = self.field;
        // The tags that the open groups end with.
        let mut ends = [0; GROUPS];
        let (mut depth, mut tag) = (0usize, first);
        self.in_group = true;
        loop {
            match tag & 7 {
                3 => match ends.get_mut(depth) {
                    Some(end) => {
                        *end = tag + 1;
                        depth += 1;
                    }
                    None => return self.set_field_error(Malformed::Nesting),
                },
                4 => {
                    depth = depth.wrapping_sub(1);
                    if ends.get(depth) != Some(&tag) {
                        return self.set_field_error(Malformed::Group);
                    }
                }
                6 | 7 => return self.set_field_error(Malformed::WireType),
                _ => {}
            }
            if depth == 0 {
                self.in_group = false;
                self.field = start;
                return first;
            }
            tag = self.next();
            if tag == 0 {
                // Unless there was an error before, which is kept.
                self.set_error_at(Malformed::Truncated, start);
                return 0;
            }
        }
    }

    /// Reads one number of a packed list.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn number(&mut self, kind: Packed) {
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
            None => drop(self.set_field_error(Malformed::Truncated)),
        }
    }

    /// Reads a tag or a length; `beyond` is the error if it has more than 32 bits.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    fn read_long_varint32(&mut self, beyond: Malformed) -> u32 {
        if let [low, high, rest @ ..] = self.rest
            && *high < 0x80
        {
            self.rest = rest;
            return u32::from(*low) & 0x7f | u32::from(*high) << 7;
        }
        let value = self.read_long_varint();
        u32::try_from(value).unwrap_or_else(|_| self.set_field_error(beyond))
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

    /// Most varints of more than one byte have two. In longer ones the bits are shifted in from
    /// above, so that every shift is by a constant: on a 32-bit core one of 64 bits by a variable
    /// takes more instructions.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    fn read_long_varint(&mut self) -> u64 {
        if let [low, high, rest @ ..] = self.rest
            && *high < 0x80
        {
            self.rest = rest;
            return u64::from(u32::from(*low) & 0x7f | u32::from(*high) << 7);
        }
        let (mut value, mut unused) = (0u64, 64u32);
        let mut rest = self.rest;
        while let [byte, tail @ ..] = rest {
            let byte = *byte;
            rest = tail;
            if unused == 1 {
                // The tenth byte has one bit.
                if byte > 1 {
                    return u64::from(self.set_field_error(Malformed::Varint));
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
        u64::from(self.set_field_error(Malformed::Truncated))
    }
}
