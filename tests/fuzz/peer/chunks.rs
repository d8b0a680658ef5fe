//! The chunks of SCTP that a peer may make of an input's numbers.

use libfuzzer_sys::arbitrary::{Result, Unstructured};

use super::packet::chunk;

/// What a peer knows of the other end's numbers.
#[derive(Clone, Copy, Default)]
pub struct Known {
    /// The TSN that the other end expects next.
    pub tsn: u32,
    /// The first of the other end's.
    pub theirs: u32,
    /// The other end's tag.
    pub tag: u32,
}

/// Any chunk: mostly one that could be right.
pub fn any(input: &mut Unstructured, known: &Known) -> Result<Vec<u8>> {
    let near = |input: &mut Unstructured, number: u32| -> Result<[u8; 4]> {
        Ok(if input.ratio(1, 16)? {
            input.arbitrary::<u32>()?.to_be_bytes()
        } else {
            number.wrapping_add_signed(input.int_in_range(-3..=9)?).to_be_bytes()
        })
    };
    let stream = |input: &mut Unstructured| -> Result<[u8; 2]> {
        Ok(if input.ratio(1, 16)? { input.arbitrary()? } else { [0, input.int_in_range(0..=4)?] })
    };
    let (kind, flags, body) = match input.int_in_range(0..=15)? {
        0..=4 => {
            let mut body = near(input, known.tsn)?.to_vec();
            body.extend(stream(input)?);
            body.extend(input.arbitrary::<[u8; 2]>()?);
            let ppids = [50, 51, 53, 56, 57, input.arbitrary()?];
            body.extend([0, 0, 0, *input.choose(&ppids)?]);
            body.extend(bytes(input)?);
            (0, input.int_in_range(0..=15)?, body)
        }
        5..=6 => {
            let mut body = near(input, known.theirs)?.to_vec();
            let windows = [0u32, 1, 1200, 100_000, input.arbitrary()?];
            body.extend(input.choose(&windows)?.to_be_bytes());
            let blocks = input.int_in_range(0..=3u8)?;
            body.extend([0, if input.ratio(1, 16)? { input.arbitrary()? } else { blocks }, 0, 0]);
            for _ in 0..blocks {
                body.extend([0, input.int_in_range(0..=9)?, 0, input.int_in_range(0..=9)?]);
            }
            (3, 0, body)
        }
        7 => {
            let mut body = near(input, known.tsn)?.to_vec();
            if input.arbitrary()? {
                body.extend(input.arbitrary::<[u8; 4]>()?);
            }
            (192, 0, body)
        }
        8..=9 => (130, 0, reset(input, known)?),
        10 => {
            let mut body = near(input, known.tag)?.to_vec();
            body.extend(input.arbitrary::<[u8; 12]>()?);
            body.extend([0xc0, 0, 0, 4, 0x80, 8, 0, 6, 130, 192, 0, 0]);
            body.extend(bytes(input)?);
            (1, 0, body)
        }
        11 => (7, 0, near(input, known.theirs)?.to_vec()),
        _ => {
            let kinds = [4, 5, 6, 8, 9, 10, 11, 14, 2, input.arbitrary()?];
            (*input.choose(&kinds)?, input.arbitrary()?, bytes(input)?)
        }
    };
    let mut chunk = chunk(kind, flags, &body);
    if input.ratio(1, 16)? {
        let at = input.choose_index(chunk.len())?;
        chunk[at] = input.arbitrary()?;
    }
    Ok(chunk)
}

/// Requests to reset streams, and responses.
fn reset(input: &mut Unstructured, known: &Known) -> Result<Vec<u8>> {
    let number = |input: &mut Unstructured, base: u32| -> Result<[u8; 4]> {
        Ok(base.wrapping_add_signed(input.int_in_range(-1..=3)?).to_be_bytes())
    };
    Ok(if input.arbitrary()? {
        let mut body = number(input, known.tsn)?.to_vec();
        body.extend(number(input, known.theirs)?);
        body.extend(number(input, known.tsn.wrapping_sub(1))?);
        for _ in 0..input.int_in_range(0..=3)? {
            body.extend([0, input.int_in_range(0..=4)?]);
        }
        [&[0, input.int_in_range(13..=18)?, 0, body.len() as u8 + 4], &body[..]].concat()
    } else {
        let mut body = number(input, known.theirs)?.to_vec();
        body.extend([0, 0, 0, input.int_in_range(0..=7)?]);
        [&[0, 16, 0, 12], &body[..]].concat()
    })
}

/// A datagram of somebody on the path.
pub fn forged(datagrams: &[Vec<u8>], input: &mut Unstructured) -> Result<Vec<u8>> {
    if datagrams.is_empty() || input.arbitrary()? {
        return bytes(input);
    }
    let mut datagram = input.choose(datagrams)?.clone();
    let at = input.choose_index(datagram.len())?;
    if input.arbitrary()? {
        datagram.truncate(at);
    } else {
        datagram[at] = input.arbitrary()?;
    }
    Ok(datagram)
}

/// Bytes, of which an input need not pay for each.
pub fn bytes(input: &mut Unstructured) -> Result<Vec<u8>> {
    let len = match input.int_in_range(0..=7)? {
        0 => usize::from(input.int_in_range(0..=2000u16)?),
        _ => usize::from(input.int_in_range(0..=40u8)?),
    };
    let mut bytes = input.bytes(len.min(input.len()).min(40))?.to_vec();
    bytes.resize(len, 7);
    Ok(bytes)
}
