//! Putting fields behind fields, as far as there is room.

use heapless::{CapacityError, Vec};

use crate::limits::STRUCT_BYTES;

type Bytes = Vec<u8, STRUCT_BYTES>;
type Result = core::result::Result<(), CapacityError>;

/// Runs `write` on `out`; what it wrote is taken back if not all of it fits.
pub fn append(out: &mut Bytes, write: impl FnOnce(&mut Bytes) -> Result) -> Result {
    let len = out.len();
    write(out).inspect_err(|_| out.truncate(len))
}

/// `key`, the length of what `write` writes, and that.
pub fn push_message(out: &mut Bytes, key: u8, write: impl FnOnce(&mut Bytes) -> Result) -> Result {
    let mut content = Bytes::new();
    write(&mut content)?;
    push(out, &[key])?;
    push_bytes(out, &content)
}

/// The length of `bytes` and they themselves.
pub fn push_bytes(out: &mut Bytes, bytes: &[u8]) -> Result {
    push_varint(out, bytes.len() as u64)?;
    push(out, bytes)
}

pub fn push_varint(out: &mut Bytes, mut value: u64) -> Result {
    while value > 0x7f {
        push(out, &[value as u8 | 0x80])?;
        value >>= 7;
    }
    push(out, &[value as u8])
}

pub fn push(out: &mut Bytes, bytes: &[u8]) -> Result {
    out.extend_from_slice(bytes)
}
