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

#[cfg(test)]
mod tests {
    use super::{DecodeError, Malformed, Packed, Reader};

    /// Returns the numbers of a packed list.
    fn numbers<const N: usize>(content: &[u8]) -> Result<[u64; N], DecodeError> {
        let (mut reader, mut numbers, mut count) = (Reader::new(content), [0; N], 0);
        reader.packed(Packed::Varint, |r| {
            numbers[count] = r.uint64();
            count += 1;
        });
        reader.finish()?;
        assert_eq!(count, N);
        Ok(numbers)
    }

    fn malformed<const N: usize>(kind: Malformed, offset: usize) -> Result<[u64; N], DecodeError> {
        Err(DecodeError::Malformed { kind, offset })
    }

    #[test]
    fn varints_of_every_length_are_read() {
        assert_eq!(numbers(b"\x00\x01\x7f"), Ok([0, 1, 0x7f]));
        assert_eq!(numbers(b"\x80\x01\xff\x7f"), Ok([0x80, 0x3fff]));
        assert_eq!(numbers(b"\x80\x80\x01\xff\xff\x7f"), Ok([0x4000, 0x1f_ffff]));
        assert_eq!(numbers(b"\xff\xff\xff\xff\x0f"), Ok([u64::from(u32::MAX)]));
        assert_eq!(numbers(b"\xff\xff\xff\xff\xff\xff\xff\xff\x7f"), Ok([u64::MAX >> 1]));
        assert_eq!(numbers(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), Ok([u64::MAX]));
    }

    #[test]
    fn varints_with_more_bytes_than_needed_are_read() {
        assert_eq!(numbers(b"\x81\x00\x81\x80\x80\x00"), Ok([1, 1]));
        assert_eq!(numbers(b"\x81\x80\x80\x80\x80\x80\x80\x80\x80\x00"), Ok([1]));
    }

    #[test]
    fn a_varint_of_more_than_64_bits_is_malformed() {
        let eleven = b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\x00";
        assert_eq!(numbers::<1>(eleven), malformed(Malformed::Varint, 0));
        let sixty_five_bits = b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02";
        assert_eq!(numbers::<1>(sixty_five_bits), malformed(Malformed::Varint, 0));
    }

    #[test]
    fn a_varint_without_its_last_byte_is_truncated() {
        for len in 1..10 {
            let cut = &[0x80; 10][..len];
            assert_eq!(numbers::<1>(cut), malformed(Malformed::Truncated, 0), "{len} bytes");
        }
    }
}
