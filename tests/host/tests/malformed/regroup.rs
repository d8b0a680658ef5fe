//! Mutations that leave all lengths right: fields of a frame, at any depth, come again, are left
//! out, change places, or a submessage comes in two parts.

/// A field of a good frame: its key, and its content with the length in front if it has one.
#[derive(Clone)]
struct Field {
    key: u64,
    content: Vec<u8>,
}

/// `frame` with one such change; as it is if there is nothing to change.
pub fn regroup(rng: &mut fastrand::Rng, frame: &[u8]) -> Vec<u8> {
    let Some(mut fields) = parse(frame).filter(|fields| !fields.is_empty()) else {
        return frame.to_vec();
    };
    let index = rng.usize(..fields.len());
    let place = rng.usize(..=fields.len());
    let Field { key, content } = fields[index].clone();
    let is_message = key & 7 == 2 && parse(&content).is_some_and(|inside| !inside.is_empty());
    match rng.u8(..8) {
        0..4 if is_message => fields[index].content = regroup(rng, &content),
        4 if is_message => {
            let inside = parse(&content).expect("it was parsed before");
            let (one, two) = inside.split_at(rng.usize(..=inside.len()));
            fields[index].content = join(one);
            fields.insert(place.max(index + 1), Field { key, content: join(two) });
        }
        0..5 => fields.insert(place, Field { key, content }),
        5 => drop(fields.remove(index)),
        6 => fields.swap(index, place.min(index)),
        // The number of a neighbour, or another wire type.
        _ => fields[index].key = if rng.bool() { key ^ 8 } else { key ^ 1 << rng.u8(..3) },
    }
    join(&fields)
}

fn join(fields: &[Field]) -> Vec<u8> {
    let mut out = Vec::new();
    for Field { key, content } in fields {
        push_varint(&mut out, *key);
        if key & 7 == 2 {
            push_varint(&mut out, content.len() as u64);
        }
        out.extend_from_slice(content);
    }
    out
}

/// The fields of what may be a message.
fn parse(mut rest: &[u8]) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let key = varint(&mut rest)?;
        let len = match key & 7 {
            0 => {
                let mut behind = rest;
                varint(&mut behind)?;
                rest.len() - behind.len()
            }
            1 => 8,
            2 => usize::try_from(varint(&mut rest)?).ok()?,
            5 => 4,
            _ => return None,
        };
        let (content, behind) = rest.split_at_checked(len)?;
        rest = behind;
        fields.push(Field { key, content: content.to_vec() });
    }
    Some(fields)
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let len = rest.iter().take(9).position(|byte| *byte < 0x80)? + 1;
    let (bytes, behind) = rest.split_at(len);
    *rest = behind;
    Some(bytes.iter().rev().fold(0, |value, byte| value << 7 | u64::from(byte & 0x7f)))
}

fn push_varint(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
