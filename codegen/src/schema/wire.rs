//! Protobuf's wire format, as far as descriptors use it: varints and length-delimited fields.
//!
//! A protobuf library here would cost every firmware build its compile time.

use crate::error::{Error, Result, err};

/// The value of one field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value<'a> {
    Varint(u64),
    Bytes(&'a [u8]),
}

impl<'a> Value<'a> {
    /// Returns the value of a varint.
    pub fn number(self) -> Result<u64> {
        match self {
            Value::Varint(number) => Ok(number),
            Value::Bytes(_) => err!("schema: expected a varint, found a length-delimited field"),
        }
    }

    /// Returns the content of a length-delimited field.
    pub fn bytes(self) -> Result<&'a [u8]> {
        match self {
            Value::Bytes(bytes) => Ok(bytes),
            Value::Varint(_) => err!("schema: expected a length-delimited field, found a varint"),
        }
    }

    /// Returns a string.
    pub fn string(self) -> Result<String> {
        let text = String::from_utf8(self.bytes()?.to_vec());
        text.map_err(|_| Error::new("schema: a string is not UTF-8"))
    }
}

/// Decodes the fields of one message: number and value, in order.
pub fn fields(mut bytes: &[u8]) -> Result<Vec<(u64, Value<'_>)>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes)?;
        let value = match tag & 7 {
            0 => Value::Varint(varint(&mut bytes)?),
            2 => {
                let len = varint(&mut bytes)?;
                let split = usize::try_from(len).ok().and_then(|len| bytes.split_at_checked(len));
                let (value, rest) = split.ok_or_else(truncated)?;
                bytes = rest;
                Value::Bytes(value)
            }
            other => return err!("schema: wire type {other}, which descriptors do not use"),
        };
        fields.push((tag >> 3, value));
    }
    Ok(fields)
}

/// Decodes the numbers of a packed list.
pub fn packed(mut bytes: &[u8]) -> Result<Vec<u64>> {
    let mut numbers = Vec::new();
    while !bytes.is_empty() {
        numbers.push(varint(&mut bytes)?);
    }
    Ok(numbers)
}

fn varint(bytes: &mut &[u8]) -> Result<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first().ok_or_else(truncated)?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    err!("schema: a varint of more than 10 bytes")
}

fn truncated() -> Error {
    Error::new("schema: truncated; compile it again with tools/schema")
}

/// Appends one field.
pub fn push_field(out: &mut Vec<u8>, (number, value): (u64, Value)) {
    match value {
        Value::Varint(value) => {
            push_varint(out, number << 3);
            push_varint(out, value);
        }
        Value::Bytes(bytes) => {
            push_varint(out, number << 3 | 2);
            push_varint(out, bytes.len() as u64);
            out.extend_from_slice(bytes);
        }
    }
}

fn push_varint(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_in_order_with_number_and_value() {
        let bytes = [0x0a, 3, b'a', b'b', b'c', 0x18, 0x96, 0x01, 0x0a, 0];
        let expected =
            [(1, Value::Bytes(b"abc".as_slice())), (3, Value::Varint(150)), (1, Value::Bytes(&[]))];
        assert_eq!(fields(&bytes).unwrap(), expected);
        assert_eq!(fields(&[]).unwrap(), []);
    }

    #[test]
    fn truncation_inside_a_field_is_an_error() {
        let bytes = [0x0a, 3, b'a', b'b', b'c', 0x98, 0x01, 0x96, 0x01];
        for len in 0..bytes.len() {
            assert_eq!(fields(&bytes[..len]).is_ok(), len == 0 || len == 5, "{len} bytes");
        }
        assert!(
            fields(&[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]).is_err()
        );
    }

    #[test]
    fn wire_types_of_fixed_fields_and_groups_are_errors() {
        for wire_type in [1, 3, 4, 5, 6, 7] {
            assert!(fields(&[0x08 | wire_type, 0, 0, 0, 0, 0, 0, 0, 0]).is_err(), "{wire_type}");
        }
    }

    #[test]
    fn a_value_of_the_other_wire_type_is_an_error() {
        assert!(Value::Bytes(b"1").number().is_err());
        assert!(Value::Varint(1).bytes().is_err());
        assert!(Value::Bytes(&[0xff]).string().is_err());
        assert_eq!(Value::Bytes(b"abc").string().unwrap(), "abc");
    }

    #[test]
    fn varints_round_trip() {
        for value in [0, 1, 0x7f, 0x80, 0x3fff, 0x4000, u64::from(u32::MAX), u64::MAX] {
            let mut bytes = Vec::new();
            push_varint(&mut bytes, value);
            assert_eq!(packed(&bytes).unwrap(), [value]);
            let bits = 64 - value.leading_zeros().min(63);
            assert_eq!(bytes.len(), bits.div_ceil(7) as usize, "{value} in the fewest bytes");
        }
        let written = [(1, Value::Varint(300)), (16, Value::Bytes(b"abc"))];
        let mut bytes = Vec::new();
        written.into_iter().for_each(|field| push_field(&mut bytes, field));
        assert_eq!(fields(&bytes).unwrap(), written);
        assert_eq!(packed(&[1, 0x96, 1]).unwrap(), [1, 150]);
        assert!(packed(&[0x80]).is_err());
        assert!(packed(&[0x80; 11]).is_err());
    }
}
