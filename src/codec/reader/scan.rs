//! Going through a frame: one field after the other, varints, groups, and the first error.

use super::{DecodeError, Malformed, Packed, Reader};

/// How deep groups may be nested that the schema does not know: it has none.
const GROUPS: usize = 16;

impl<'a> Reader<'a> {
    /// Notes the first error, which begins where `place` does; there is nothing more to read.
    #[cold]
    #[inline(never)]
    pub(crate) fn fail(&mut self, kind: Malformed, place: &[u8]) {
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
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn enter(&mut self) -> &'a [u8] {
        let behind = self.rest;
        self.rest = self.content;
        match self.depth.checked_sub(1) {
            Some(depth) => self.depth = depth,
            None => drop(self.fail_field(Malformed::Nesting)),
        }
        behind
    }

    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn leave(&mut self, behind: &'a [u8]) {
        self.depth = self.depth.wrapping_add(1);
        if self.result.is_ok() {
            self.rest = behind;
        }
    }

    /// Reads one field; returns its key, or 0 at the end of the message and after most errors.
    ///
    /// What is left is written back once, where it is known.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
    pub(crate) fn next(&mut self) -> u32 {
        self.field = self.rest;
        let (key, rest) = match self.rest {
            [] => return 0,
            [byte, rest @ ..] if *byte < 0x80 => (u32::from(*byte), rest),
            _ => (self.read_long_varint32(Malformed::FieldNumber), self.rest),
        };
        self.key = key;
        if key < 8 {
            return self.fail_field(Malformed::FieldNumber);
        }
        let (len, rest) = match key & 7 {
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
                return key;
            }
            1 => (8, rest),
            5 => (4, rest),
            _ => {
                self.rest = rest;
                return self.group(key);
            }
        };
        match rest.split_at_checked(len) {
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
            None => drop(self.fail_field(Malformed::Truncated)),
        }
    }

    /// A key or a length: `beyond` is the error if it has more than 32 bits.
    #[cfg_attr(target_pointer_width = "32", inline(never))]
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

    /// Two bytes hold most of what one does not. Of more, the bits are shifted in from above, so
    /// that every byte is shifted alike.
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
